"use strict";
// The page: from a drawing or a test digit through the sliders to the network, and what it says.
//
// For programs: lenet.ask(grey) takes 28 x 28 or 32 x 32 grey levels, 0 for the background, in one
// array, and returns {answer, digit, penalties, posterior, confidence, states}; lenet.shown() tells what
// the page shows.

(() => {
  const { forward, frame, alter, layers, answer, arithmetic, say } = lenet;
  const part = (name) => document.getElementById(`touch-${name}`);

  let weight = lenet.unpack.parameters; // of the network that is asked
  lenet.ask = (grey, asked = weight) => {
    const states = forward.states(grey.length === 28 * 28 ? frame.padded(Uint8Array.from(grey)) : grey, asked);
    return { penalties: states.output, states, ...forward.answer(states.output) };
  };

  let field = null; // 32 x 32, before the sliders; null while there is nothing to see
  let picked = null; // the test digit that it is, if it is one
  let altered = null; // after the sliders
  let result = null; // what `ask` returned
  let draw = 0; // number of the noise
  lenet.shown = () => ({ field, altered, result, unit: layers.unit() });

  // Sliders: their names are those of alter.NEUTRAL; noise is in percent on the page.
  const sliders = Object.fromEntries(
    Array.from(part("sliders").querySelectorAll("input"), (input) => [input.name, input]));
  const units = { right: " px", down: " px", scale: " ×", degrees: "°", noise: " %" };

  function how() {
    const values = Object.fromEntries(Object.entries(sliders).map(([name, input]) => [name, Number(input.value)]));
    return { ...values, noise: values.noise / 100, draw };
  }

  let later = 0;
  function asked() {
    altered = field && alter.altered(field, how());
    result = altered && lenet.ask(altered);
    answer.show(result, picked, lenet.small.told);
    layers.show(altered, result && result.states);
    cancelAnimationFrame(later); // what is not the answer comes a frame later
    later = requestAnimationFrame(() => {
      work();
      lenet.small.show(altered);
      lenet.learning.show(altered, picked);
    });
  }

  const work = () => arithmetic.show(layers.pinned(), result && result.states, weight);
  layers.onChosen(work);

  const pad = lenet.pad(part("pad"), part("clear"), drawn, (words) => (part("keys-did").textContent = words));
  const mark = lenet.digits(part("right"), part("misread"), pick);

  function drawn() {
    const digit = frame.field(pad.grey(), pad.width, pad.height);
    field = digit && frame.padded(digit);
    part("invitation").hidden = field !== null;
    mark((picked = null));
    asked();
  }

  /** A test digit goes to the network as it is. */
  function pick(digit) {
    pad.put(digit.pixels);
    part("invitation").hidden = true;
    field = frame.padded(digit.pixels);
    mark((picked = digit));
    asked();
  }

  function moved() {
    for (const [name, input] of Object.entries(sliders)) {
      const text = `${input.value.replace("-", "−")}${units[name]}`;
      input.nextElementSibling.textContent = text;
      input.setAttribute("aria-valuetext", text);
    }
    asked();
  }

  part("sliders").addEventListener("input", moved);
  part("reset").addEventListener("click", () => {
    for (const input of Object.values(sliders)) input.value = input.defaultValue;
    draw = 0;
    moved();
  });
  part("noise-again").addEventListener("click", () => {
    draw += 1;
    moved();
  });

  // Ours is at hand; the other is fetched when it is first asked for.
  part("networks").addEventListener("change", async ({ target }) => {
    try {
      const [found] = target.value === "ours" ? [lenet.unpack.parameters] : await lenet.unpack.later(target.value);
      if (!target.checked) return; // another was asked for meanwhile
      weight = found;
      part("networks-told").textContent = "";
    } catch (error) {
      part("networks").querySelector("[value=ours]").checked = true;
      weight = lenet.unpack.parameters;
      part("networks-told").textContent = say("It cannot be had here: {why}.", { why: error.message });
    }
    asked();
  });

  // The theme is an attribute that furo sets, or the reader's own setting.
  const { redraw } = lenet.board;
  new MutationObserver(redraw).observe(document.body, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

  moved();
})();
