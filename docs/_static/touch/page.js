"use strict";
// The page: from a drawing or a test digit through the sliders to the network, and what it says.
//
// For programs: lenet.ask(grey) takes 28 x 28 or 32 x 32 grey levels, 0 for the background, in one
// array, and returns {answer, penalties, confidence, states}; lenet.shown() tells what the page shows.

(() => {
  const { forward, frame, alter, connections, board: boards } = lenet;
  const { layers, code, amplitude } = lenet.data;
  const SPEAK = 500; // milliseconds without a change before the answer is spoken
  const part = (name) => document.getElementById(`touch-${name}`);
  const part2d = (name) => part(name).querySelector("canvas");

  lenet.ask = (grey) => {
    const states = forward.states(grey.length === 28 * 28 ? frame.padded(Uint8Array.from(grey)) : grey);
    return { penalties: states.output, states, ...forward.answer(states.output) };
  };

  let field = null; // 32 x 32, before the sliders; null while there is nothing to see
  let altered = null; // after them
  let result = null; // what `ask` returned
  let pinned = null; // the unit that stays lit
  let pointed = null; // the unit under the mouse
  let draw = 0; // number of the noise
  lenet.shown = () => ({ field, altered, result, unit: pointed ?? pinned });

  const light = (layer) => (unit, stays) => {
    const named = unit && { layer, ...unit };
    if (stays) [pinned, pointed] = [named, null];
    else pointed = named;
    relight();
  };

  const shapes = {
    input: { maps: 1, rows: 32, columns: 32, across: 1, most: 255 },
    C1: { across: 6, narrow: 3 },
    S2: { across: 6 },
    C3: { across: 8 },
    S4: { across: 8 },
    C5: { across: 24, narrow: 20 },
    F6: { maps: 1, ...code, across: 1, most: amplitude },
    output: { maps: 10, ...code, across: 10, narrow: 5, most: amplitude, whole: true },
  };
  const board = {};
  for (const { name, maps, size } of layers) {
    const shape = { maps, rows: size, columns: size, most: amplitude, ...shapes[name] };
    board[name] = new boards.Board(part2d(name), shape, light(name));
  }
  // The input once more, small, in view while the layers are looked at.
  const mini = new boards.Board(part2d("mini"), shapes.input, () => {});
  // F6 is one map of 84 squares here; as units they are numbered from 0.
  const { columns } = code;
  const asUnit = ({ row, column }) => ({ map: row * columns + column, row: 0, column: 0 });
  const asSquare = ({ map }) => ({ map: 0, row: Math.floor(map / columns), column: map % columns });
  board.F6.chosen = (unit, stays) => light("F6")(unit && asUnit(unit), stays);
  board.output.show(lenet.unpack.codes.flat());

  const bars = Array.from(part("penalties").children, (row) => ({
    row,
    bar: row.querySelector(".touch-bar"),
    number: row.querySelector(".touch-number"),
  }));

  // Sliders: their names are those of alter.NEUTRAL; noise is in percent on the page.
  const sliders = Object.fromEntries(
    Array.from(part("sliders").querySelectorAll("input"), (input) => [input.name, input]));
  const units = { right: " px", down: " px", scale: " ×", degrees: "°", noise: " %" };

  function how() {
    const values = Object.fromEntries(Object.entries(sliders).map(([name, input]) => [name, Number(input.value)]));
    return { ...values, noise: values.noise / 100, draw };
  }

  function asked() {
    altered = field && alter.altered(field, how());
    result = altered && lenet.ask(altered);
    for (const { name } of layers) {
      if (name !== "output") board[name].show(result && (name === "input" ? altered : result.states[name]));
    }
    mini.show(altered);
    showPenalties();
    relight();
    speak();
  }

  function showPenalties() {
    const most = result ? Math.max(...result.penalties) : 1;
    bars.forEach(({ row, bar, number }, digit) => {
      const penalty = result ? result.penalties[digit] : 0;
      row.classList.toggle("touch-answer", result !== null && result.answer === digit);
      bar.style.width = `${(100 * penalty) / most}%`;
      number.textContent = result ? penalty.toFixed(2) : "–";
    });
    const answer = result ? String(result.answer) : "–";
    for (const place of [part("big"), part("mini").querySelector("b")]) place.textContent = answer;
    part("confidence").textContent = result ? `confidence ${(100 * result.confidence).toFixed(1)} %` : "";
  }

  let waiting = 0;
  /** Say the answer once the drawing rests. */
  function speak() {
    clearTimeout(waiting);
    waiting = setTimeout(() => (part("said").textContent = sentence()), SPEAK);
  }

  function sentence() {
    if (!result) return "Nothing is drawn.";
    const { answer, penalties, confidence } = result;
    const order = Array.from(penalties.keys()).sort((a, b) => penalties[a] - penalties[b]);
    const next = order[1];
    return (
      `The answer is ${answer}, with a penalty of ${penalties[answer].toFixed(2)} and a confidence of ` +
      `${(100 * confidence).toFixed(1)} %. Next is ${next}, with ${penalties[next].toFixed(2)}.`
    );
  }

  /** Light the unit under the pointer, or else the one that stays lit. */
  function relight() {
    const unit = pointed ?? pinned;
    const marks = Object.fromEntries(layers.map(({ name }) => [name, { lit: null, unit: null }]));
    if (unit) {
      const below = connections.below(unit);
      if (below) marks[below.layer].lit = below.layer === "F6" ? { ...below, maps: [0], top: 0, left: 0, whole: true } : below;
      marks.input.lit = { maps: [0], ...connections.field(unit) };
      marks[unit.layer].unit = unit.layer === "F6" ? asSquare(unit) : unit;
    }
    for (const [name, { lit, unit: ring }] of Object.entries(marks)) board[name].light(lit, ring);
    mini.light(marks.input.lit, null);
    if (unit && result) part("unit").textContent = connections.told(unit, result.states);
    else part("unit").textContent = "Point at a unit of any layer, or go to one with Tab and the arrow keys.";
  }

  const pad = lenet.pad(part("pad"), drawn, (words) => (part("keys-did").textContent = words));
  const mark = lenet.digits(part("right"), part("misread"), pick);
  let due = false;

  /** Once a frame, whatever the pen does. */
  function drawn() {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      const digit = frame.field(pad.grey(), pad.SIDE, pad.SIDE);
      field = digit && frame.padded(digit);
      mark(null);
      asked();
    });
  }

  /** A test digit goes to the network as it is. */
  function pick(digit) {
    pad.put(digit.pixels);
    field = frame.padded(digit.pixels);
    mark(digit);
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
  part("clear").addEventListener("click", () => {
    pad.clear();
    drawn();
  });
  part("reset").addEventListener("click", () => {
    for (const input of Object.values(sliders)) input.value = input.defaultValue;
    draw = 0;
    moved();
  });
  part("noise-again").addEventListener("click", () => {
    draw += 1;
    moved();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && pinned) {
      pinned = null;
      relight();
    }
  });

  // The theme is an attribute that furo sets, or the reader's own setting.
  new MutationObserver(boards.redraw).observe(document.body, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", boards.redraw);

  part("frame").hidden = false;
  pick(lenet.unpack.digits[0]);
  moved();
})();
