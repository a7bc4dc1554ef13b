// Shows the claims of one verdict and one kind, and says how many these are. Opens the claim that
// the address names.
const form = document.querySelector(".claims-filter");
const claims = [...document.querySelectorAll("details.claim")];

function show() {
  const wanted = [...form.querySelectorAll("select")].map(choice => choice.value);
  for (const claim of claims) {
    claim.hidden = !wanted.every(name => claim.classList.contains(name));
  }
  for (const list of document.querySelectorAll(".claims")) {
    list.closest("section").hidden = !list.querySelector("details.claim:not([hidden])");
  }
  const shown = claims.filter(claim => !claim.hidden).length;
  form.querySelector("output").textContent = `${shown} of ${claims.length} claims`;
}

form.hidden = false;
form.addEventListener("change", show);
addEventListener("pageshow", show);
function follow() {
  const named = claims.find(claim => `#${claim.id}` === location.hash);
  if (named) named.open = true;
}
addEventListener("hashchange", follow);
follow();
