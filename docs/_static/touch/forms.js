"use strict";
// The forms in which small classifiers see a digit: 28 x 28 pixels, and for LeNet-1 the reduced digit
// in their middle (`centred` of paper_lenet/studies/fig9/forms.py).

lenet.forms = (() => {
  const FIELD = 32;
  const SIDE = 28;
  const BOX = 20;
  const REDUCED = 16;
  const UNITS = 4; // in a pixel's side; a reduced pixel has 5 of them

  const range = (count) => Array.from({ length: count }, (_, i) => i);

  /** The middle of the field (32, 32): (28, 28). */
  function middle(field) {
    const margin = (FIELD - SIDE) / 2;
    return Uint8Array.from({ length: SIDE * SIDE }, (_, i) =>
      field[(Math.floor(i / SIDE) + margin) * FIELD + (i % SIDE) + margin]);
  }

  /** Where the 20 of 28 rows or columns begin in whose middle the ink lies, given which have some. */
  function first(inked) {
    const before = Math.max(inked.indexOf(true), 0);
    const behind = inked.includes(true) ? SIDE - 1 - inked.lastIndexOf(true) : 0;
    return Math.min(Math.max(Math.floor((SIDE - BOX + before - behind) / 2), 0), SIDE - BOX);
  }

  /** The box of 20 x 20 of a digit (28, 28) at four fifths of its size, in the middle: (28, 28). */
  function centred(grey) {
    const across = range(SIDE);
    const top = first(across.map((row) => across.some((column) => grey[row * SIDE + column])));
    const left = first(across.map((column) => across.some((row) => grey[row * SIDE + column])));
    const each = (UNITS * BOX) / REDUCED; // units in a reduced pixel's side
    const margin = (SIDE - REDUCED) / 2;
    const result = new Uint8Array(SIDE * SIDE);
    for (let row = 0; row < REDUCED; row++) {
      for (let column = 0; column < REDUCED; column++) {
        let sum = 0;
        for (let unit = 0; unit < each ** 2; unit++) {
          const y = top + Math.floor((row * each + Math.floor(unit / each)) / UNITS);
          const x = left + Math.floor((column * each + (unit % each)) / UNITS);
          sum += grey[y * SIDE + x];
        }
        result[(row + margin) * SIDE + column + margin] = Math.floor(sum / each ** 2 + 0.5);
      }
    }
    return result;
  }

  return { middle, centred, SIDE };
})();
