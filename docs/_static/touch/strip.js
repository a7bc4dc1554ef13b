"use strict";
// A strip of digits: the network slides over a field of 32 x 124 pixels in steps of 4, as
// paper_lenet/network/lenet5.py does over larger fields. Nothing is framed: a place of the strip is a place
// of the field.

lenet.strip = (() => {
  const { forward, unpack, say } = lenet;
  const part = (name) => document.getElementById(`touch-strip${name}`);
  const [CELLS, SQUARE, MARGIN] = [60, 10, 2]; // of the pad; its pixels a pixel of the field; around it
  const NONE = "·";

  part("").hidden = false;
  const pad = lenet.pad(part("-pad"), part("-clear"), update, (words) => (part("-did").textContent = words), CELLS);
  const rows = pad.height / SQUARE + 2 * MARGIN;
  const columns = pad.width / SQUARE + 2 * MARGIN;
  const places = (columns - forward.FIELD) / 4 + 1;
  const board = new lenet.board.Board(part("-shares"), { maps: 1, rows: 11, columns: places, across: 1, most: 1 }, () => {});
  let shown = { field: null, output: null };

  /** The drawing as grey levels of the field, the mean of each square, with the margin around. */
  function field() {
    const grey = pad.grey();
    const result = new Uint8Array(rows * columns);
    for (let row = MARGIN; row < rows - MARGIN; row++) {
      for (let column = MARGIN; column < columns - MARGIN; column++) {
        let total = 0;
        for (let i = 0; i < SQUARE ** 2; i++) {
          const y = (row - MARGIN) * SQUARE + Math.floor(i / SQUARE);
          total += 255 - grey[y * pad.width + (column - MARGIN) * SQUARE + (i % SQUARE)];
        }
        result[row * columns + column] = Math.round(total / SQUARE ** 2);
      }
    }
    return result;
  }

  /** What the network says at each place, from left to right. */
  function answers(output) {
    return Array.from({ length: places }, (_, place) =>
      forward.answer(Array.from({ length: 10 }, (_, digit) => output[digit * places + place])));
  }

  function update() {
    const grey = field();
    const { output } = forward.states(grey, unpack.parameters, rows, columns);
    shown = { field: grey, output };
    const found = answers(output);
    const words = found.map(({ digit, answer }) => (digit ? String(answer) : NONE));
    part("-answers").replaceChildren(...words.map((word) => {
      const result = document.createElement("span");
      result.textContent = word;
      return result;
    }));
    board.show(Float32Array.from({ length: 11 * places }, (_, i) => found[i % places].posterior[Math.floor(i / places)]));
    const read = words.filter((word, i) => word !== NONE && word !== words[i - 1]).join(" ");
    part("-read").textContent = read
      ? say("Read from left to right: {read}", { read })
      : say("Nowhere a digit.");
  }

  part("-example").addEventListener("click", () => {
    const digits = unpack.digits.filter(({ times }) => !times);
    const nth = { 1: 0, 9: 0, 8: 0 };
    pad.put(...[1, 9, 9, 8].map((truth) => digits.filter((one) => one.truth === truth)[nth[truth]++].pixels));
    update();
  });
  update();

  return { shown: () => shown };
})();
