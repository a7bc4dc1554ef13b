"use strict";
// A drawing brought into MNIST's frame, step by step as paper_lenet/digits/frame.py does it: the ink cut out,
// its longer side made 20 pixels, its centre of mass brought to pixel 14 of a 28 x 28 field. There a
// picture's border says what is paper. Here the paper is known, white, and so is what is ink, even
// where a drawing covers the border.

lenet.frame = (() => {
  const BOX = 20;
  const SIDE = 28;
  const CENTRE = 14;
  const LEAST_CONTRAST = 16;
  const WHITE = 255;
  const PAPER = 0.25;

  /** To the nearest whole number, halves to the even one, as NumPy and Python round. */
  function rounded(x) {
    const below = Math.floor(x);
    if (x - below !== 0.5) return Math.round(x);
    return below % 2 === 0 ? below : below + 1;
  }

  /** For each grey level how far it stands out from the paper, 0 to 1; null if nothing does. */
  function ink(grey) {
    let least = WHITE;
    for (let place = 0; place < grey.length; place++) if (grey[place] < least) least = grey[place];
    if (WHITE - least < LEAST_CONTRAST) return null;
    return Float64Array.from({ length: 256 }, (_, level) => Math.min((WHITE - level) / (WHITE - least), 1));
  }

  /** The part that holds all the ink worth the name: {values, width, height}. */
  function cut(grey, strength, width, height) {
    const inked = Uint8Array.from(strength, (value) => Number(value > PAPER));
    let [top, bottom, left, right] = [height, -1, width, -1];
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        if (!inked[grey[row * width + column]]) continue;
        if (row < top) top = row;
        bottom = row;
        if (column < left) left = column;
        if (column > right) right = column;
      }
    }
    const size = { width: right - left + 1, height: bottom - top + 1 };
    const part = new Float32Array(size.width * size.height);
    for (let row = 0, place = 0; row < size.height; row++) {
      const start = (top + row) * width + left;
      for (let column = 0; column < size.width; column++) part[place++] = strength[grey[start + column]];
    }
    return { values: part, ...size };
  }

  const hamming = (x) => (x === 0 ? 1 : (Math.sin(Math.PI * x) / (Math.PI * x)) * (0.54 + 0.46 * Math.cos(Math.PI * x)));

  /** For each new pixel the first old one that it takes in, and the weights: Pillow's resampling. */
  function taps(before, after) {
    const scale = before / after;
    const support = Math.max(scale, 1);
    return Array.from({ length: after }, (_, i) => {
      const centre = (i + 0.5) * scale;
      const first = Math.max(Math.trunc(centre - support + 0.5), 0);
      const last = Math.min(Math.trunc(centre + support + 0.5), before);
      const weights = Array.from({ length: last - first }, (_, k) => {
        const x = Math.abs((first + k - centre + 0.5) / support);
        return x < 1 ? hamming(x) : 0;
      });
      const sum = weights.reduce((total, weight) => total + weight, 0);
      return { first, weights: Float64Array.from(weights, (weight) => weight / sum) };
    });
  }

  /** One axis resampled: lines of `before` values, `step` apart within a line, to lines of `after`. */
  function resampled(values, lines, before, after, along) {
    const result = new Float32Array(lines * after);
    const step = along ? 1 : lines;
    taps(before, after).forEach(({ first, weights }, i) => {
      for (let line = 0; line < lines; line++) {
        let place = (along ? line * before : line) + first * step;
        let total = 0;
        for (let k = 0; k < weights.length; k++, place += step) total += values[place] * weights[k];
        result[along ? line * after + i : i * lines + line] = total;
      }
    });
    return result;
  }

  /** The cut ink with its longer side made 20 pixels and its strongest level 255. */
  function scaled({ values, width, height }) {
    const ratio = BOX / Math.max(width, height);
    const [columns, rows] = [width, height].map((side) => Math.max(1, rounded(side * ratio)));
    const wide = width === columns ? values : resampled(values, height, width, columns, true);
    const small = height === rows ? wide : resampled(wide, columns, height, rows, false);
    const most = small.reduce((a, b) => Math.max(a, b), 0);
    const levels = Uint8Array.from(small, (value) => rounded(Math.max(value, 0) * (255 / most)));
    return { levels, columns, rows };
  }

  /** Where a side starts in the field so that its centre of mass comes to pixel 14. */
  function offset(profile) {
    const mass = profile.reduce((sum, part) => sum + part, 0);
    const centre = profile.reduce((sum, part, i) => sum + part * i, 0) / mass;
    return Math.min(Math.max(Math.floor(CENTRE + 0.5 - centre), 0), SIDE - profile.length);
  }

  /** Grey levels on white of any size as a digit of MNIST, (28, 28), or null if there is nothing to see. */
  function field(grey, width, height) {
    const strength = ink(grey);
    if (strength === null) return null;
    const { levels, columns, rows } = scaled(cut(grey, strength, width, height));
    const down = new Array(rows).fill(0);
    const across = new Array(columns).fill(0);
    levels.forEach((level, place) => {
      down[Math.floor(place / columns)] += level;
      across[place % columns] += level;
    });
    const [top, left] = [offset(down), offset(across)];
    const result = new Uint8Array(SIDE * SIDE);
    for (let row = 0; row < rows; row++) {
      result.set(levels.subarray(row * columns, (row + 1) * columns), (top + row) * SIDE + left);
    }
    return result;
  }

  /** (28, 28) in the middle of 32 x 32. */
  function padded(digit) {
    const result = new Uint8Array(32 * 32);
    for (let row = 0; row < SIDE; row++) {
      result.set(digit.subarray(row * SIDE, (row + 1) * SIDE), (row + 2) * 32 + 2);
    }
    return result;
  }

  return { field, padded };
})();
