"use strict";
// The layers as boards, and the unit that is pointed at or chosen: what it sees is lit, and a panel
// below the layers says what it is. A chosen unit stays lit until Escape, or the panel's button.

lenet.layers = (() => {
  const { connections, board: boards, say } = lenet;
  const { layers, code, amplitude } = lenet.data;
  const part = (name) => document.getElementById(`touch-${name}`);
  const part2d = (name) => part(name).querySelector("canvas");

  let pinned = null; // the unit that stays lit
  let pointed = null; // the unit under the mouse
  let shown = null; // states by layer
  let chosen = () => {}; // called with the unit that stays, or null

  const shapes = {
    input: { maps: 1, rows: 32, columns: 32, across: 1, most: 255 },
    C1: { across: 6, narrow: 3 },
    S2: { across: 6 },
    C3: { across: 16, narrow: 8 },
    S4: { across: 16, narrow: 8 },
    C5: { across: 40, narrow: 20 },
    F6: { maps: 1, ...code, across: 1, most: amplitude },
    output: { maps: 10, ...code, across: 10, narrow: 5, most: amplitude, whole: true },
  };

  const light = (layer) => (unit, stays) => {
    const named = unit && { layer, ...unit };
    if (stays) [pinned, pointed] = [named, null];
    else pointed = named;
    relight();
    if (stays) chosen(pinned);
  };

  const board = {};
  for (const { name, maps, size } of layers) {
    const shape = { maps, rows: size, columns: size, most: amplitude, ...shapes[name] };
    board[name] = new boards.Board(part2d(name), shape, light(name));
  }
  // The input once more, small, beside the words about a unit.
  const mini = new boards.Board(part2d("mini"), shapes.input, () => {});
  // F6 is one map of 84 squares here; as units they are numbered from 0.
  const { columns } = code;
  const asUnit = ({ row, column }) => ({ map: row * columns + column, row: 0, column: 0 });
  const asSquare = ({ map }) => ({ map: 0, row: Math.floor(map / columns), column: map % columns });
  board.F6.chosen = (unit, stays) => light("F6")(unit && asUnit(unit), stays);
  board.output.values = lenet.unpack.codes.flat();

  /** Show the altered input and the states of every layer, or nothing. */
  function show(grey, states) {
    shown = states;
    mini.values = grey;
    for (const { name } of layers) {
      if (name !== "output") board[name].values = states && (name === "input" ? grey : states[name]);
    }
    relight();
  }

  /** Draw all boards, with what the unit under the pointer sees, or else the one that stays. */
  function relight() {
    const unit = pointed ?? pinned;
    const marks = Object.fromEntries(layers.map(({ name }) => [name, { lit: null, ring: null }]));
    if (unit) {
      const below = connections.below(unit);
      if (below) marks[below.layer].lit = below.layer === "F6" ? { ...below, maps: [0], top: 0, left: 0, whole: true } : below;
      marks.input.lit = { maps: [0], ...connections.field(unit) };
      marks[unit.layer].ring = unit.layer === "F6" ? asSquare(unit) : unit;
    }
    for (const [name, mark] of Object.entries(marks)) Object.assign(board[name], mark).draw();
    panel(unit);
    mini.lit = marks.input.lit;
    mini.draw();
  }

  function panel(unit) {
    part("panel").hidden = !unit;
    if (!unit) return;
    part("unit").textContent = shown
      ? connections.told(unit, shown)
      : say("{unit}: nothing is drawn yet.", { unit: connections.name(unit) });
  }

  function putOut() {
    if (!pinned) return;
    [pinned, pointed] = [null, null];
    relight();
    chosen(null);
  }

  // Where there is room the panel stands below the answer, else at the window's end, over layers alone.
  const roomy = matchMedia("(min-width: 63em) and (min-height: 50em)");
  const place = () => part(roomy.matches ? "draw" : "layers").append(part("panel"));
  roomy.addEventListener("change", place);
  place();

  part("put-out").addEventListener("click", putOut);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") putOut();
  });

  return { show, unit: () => pointed ?? pinned, pinned: () => pinned, onChosen: (call) => (chosen = call) };
})();
