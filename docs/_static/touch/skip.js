"use strict";
// A second way past the lists of pages, for the keyboard: to the pad.

(() => {
  const skip = document.querySelector(".skip-to-content");
  const toPad = skip.cloneNode();
  toPad.textContent = lenet.say("Skip to the pad");
  toPad.href = "#touch-pad";
  skip.after(toPad);
  document.getElementById("touch-frame").hidden = false;
})();
