"use strict";
// LeNet-5 forward (Section II-B): the same network as paper_lenet/network/lenet5.py.
// States are kept in 32 bits; the sums on the way to a state have 64.

lenet.forward = (() => {
  const { amplitude, slope, penalty, rubbish, table, background, foreground } = lenet.data;
  const { parameters: weight, codes } = lenet.unpack;
  const KERNEL = 5;
  const FIELD = 32;

  const squash = (a) => amplitude * Math.tanh(slope * a); // eq. 6
  const range = (count) => Array.from({ length: count }, (_, i) => i);

  // The input for each grey level, as patterns.grey_scale has it.
  const levels = Float32Array.from(range(256), (grey) => background + (foreground - background) * (grey / 255));

  /** Maps x (sources, side, side) to (maps, side - 4, side - 4); `sources` lists those of each map. */
  function convolve(name, x, side, sources) {
    const kernels = weight[`${name}.weight`];
    const bias = weight[`${name}.bias`];
    const size = side - KERNEL + 1;
    const result = new Float32Array(sources.length * size * size);
    let first = 0; // kernel of the map, in the order of the table's rows
    let place = 0;
    for (let map = 0; map < sources.length; map++) {
      for (let row = 0; row < size; row++) {
        for (let column = 0; column < size; column++) {
          let total = bias[map];
          sources[map].forEach((source, i) => {
            total += windowed(x, (source * side + row) * side + column, side, kernels, (first + i) * KERNEL ** 2);
          });
          result[place++] = squash(total);
        }
      }
      first += sources[map].length;
    }
    return result;
  }

  /** One kernel over the window that starts at x[corner]. */
  function windowed(x, corner, side, kernels, start) {
    let total = 0;
    for (let row = 0; row < KERNEL; row++) {
      for (let column = 0; column < KERNEL; column++) {
        total += kernels[start + row * KERNEL + column] * x[corner + row * side + column];
      }
    }
    return total;
  }

  /** The average of 2 x 2 inputs, times a coefficient, plus a bias, squashed. */
  function subsample(name, x, side) {
    const coefficient = weight[`${name}.coefficient`];
    const bias = weight[`${name}.bias`];
    const size = side / 2;
    const result = new Float32Array(coefficient.length * size * size);
    for (let place = 0; place < result.length; place++) {
      const map = Math.floor(place / size ** 2);
      const row = Math.floor(place / size) % size;
      const corner = (map * side + 2 * row) * side + 2 * (place % size);
      const sum = x[corner] + x[corner + 1] + x[corner + side] + x[corner + side + 1];
      result[place] = squash(coefficient[map] * (sum / 4) + bias[map]);
    }
    return result;
  }

  /** Every unit sees all of x. */
  function connect(name, x) {
    const weights = weight[`${name}.weight`];
    return weight[`${name}.bias`].map((bias, unit) => {
      let total = bias;
      for (let i = 0; i < x.length; i++) total += weights[unit * x.length + i] * x[i];
      return squash(total);
    });
  }

  /** The distance from each code, halved where the recipe has it so (eq. 7). */
  const penalties = (x) =>
    Float32Array.from(codes, (code) => penalty * code.reduce((sum, w, i) => sum + (x[i] - w) ** 2, 0));

  /** The states of every layer by name, for 32 x 32 grey levels. */
  function states(grey) {
    const result = { input: Float32Array.from(grey, (level) => levels[level]) };
    result.C1 = convolve("C1", result.input, FIELD, range(6).map(() => [0]));
    result.S2 = subsample("S2", result.C1, 28);
    result.C3 = convolve("C3", result.S2, 14, table);
    result.S4 = subsample("S4", result.C3, 10);
    result.C5 = convolve("C5", result.S4, KERNEL, range(120).map(() => range(16)));
    result.F6 = connect("F6", result.C5);
    result.output = penalties(result.F6);
    return result;
  }

  /** The class of the smallest penalty, and its probability under eq. 9, the rubbish class among all. */
  function answer(output) {
    const least = Math.min(...output);
    const shares = [...output, rubbish].reduce((sum, y) => sum + Math.exp(least - y), 0);
    return { answer: output.indexOf(least), confidence: 1 / shares };
  }

  return { states, answer, FIELD };
})();
