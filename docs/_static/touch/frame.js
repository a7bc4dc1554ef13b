"use strict";
// A drawing brought into MNIST's frame, step by step as paper_lenet/pipeline/predict.py does it: the ink cut
// out, its longer side made 20 pixels, its centre of mass brought to pixel 14 of a 28 x 28 field.

lenet.frame = (() => {
  const BOX = 20;
  const SIDE = 28;
  const CENTRE = 14;
  const LEAST_CONTRAST = 16;
  const PAPER = 0.25;

  /** To the nearest whole number, halves to the even one, as NumPy and Python round. */
  function rounded(x) {
    const below = Math.floor(x);
    if (x - below !== 0.5) return Math.round(x);
    return below % 2 === 0 ? below : below + 1;
  }

  function median(values) {
    const sorted = Float64Array.from(values).sort();
    const half = sorted.length >> 1;
    return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** How far each pixel stands out from the background, 0 to 1; null if nothing does. */
  function ink(grey, width, height) {
    const border = [];
    let least = 255;
    let most = 0;
    for (let place = 0; place < grey.length; place++) {
      const row = Math.floor(place / width);
      const column = place % width;
      if (row === 0 || row === height - 1 || column === 0 || column === width - 1) border.push(grey[place]);
      least = Math.min(least, grey[place]);
      most = Math.max(most, grey[place]);
    }
    const background = median(border);
    const darker = background - least;
    const lighter = most - background;
    const span = Math.max(darker, lighter);
    if (span < LEAST_CONTRAST) return null;
    const sign = darker > lighter ? -1 : 1;
    return Float64Array.from(grey, (level) => Math.min(Math.max((sign * (level - background)) / span, 0), 1));
  }

  /** The part that holds all the ink worth the name: {values, width, height}. */
  function cut(values, width, height) {
    let [top, bottom, left, right] = [height, -1, width, -1];
    for (let place = 0; place < values.length; place++) {
      if (values[place] <= PAPER) continue;
      const row = Math.floor(place / width);
      const column = place % width;
      [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
      [left, right] = [Math.min(left, column), Math.max(right, column)];
    }
    const size = { width: right - left + 1, height: bottom - top + 1 };
    const part = new Float32Array(size.width * size.height);
    for (let row = 0; row < size.height; row++) {
      const start = (top + row) * width + left;
      part.set(values.subarray(start, start + size.width), row * size.width);
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
      return { first, weights: weights.map((weight) => weight / sum) };
    });
  }

  /** One axis resampled: lines of `before` values, `step` apart within a line, to lines of `after`. */
  function resampled(values, lines, before, after, along) {
    const result = new Float32Array(lines * after);
    const found = taps(before, after);
    for (let line = 0; line < lines; line++) {
      found.forEach(({ first, weights }, i) => {
        let total = 0;
        weights.forEach((weight, k) => {
          total += values[along ? line * before + first + k : (first + k) * lines + line] * weight;
        });
        result[along ? line * after + i : i * lines + line] = total;
      });
    }
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

  /** Grey levels of any size as a digit of MNIST, (28, 28), or null if there is nothing to see. */
  function field(grey, width, height) {
    const found = ink(grey, width, height);
    if (found === null) return null;
    const { levels, columns, rows } = scaled(cut(found, width, height));
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
