"use strict";
// LeNet-5 forward (Section II-B): the same network as paper_lenet/network/lenet5.py, over a field of 32 x 32
// pixels or of more columns in steps of 4, over which it slides. Weights are handed in: there are
// several networks. States are kept in 32 bits; the sums on the way to a state have 64.

lenet.forward = (() => {
  const { amplitude, slope, penalty, rubbish, table, background, foreground } = lenet.data;
  const { codes } = lenet.unpack;
  const KERNEL = 5;
  const FIELD = 32;

  const squash = (a) => amplitude * Math.tanh(slope * a); // eq. 6
  const range = (count) => Array.from({ length: count }, (_, i) => i);
  const ONE = range(6).map(() => [0]); // the maps below that each map of C1 sees
  const ALL = range(120).map(() => range(16)); // and of C5

  // The input for each grey level, as patterns.grey_scale has it.
  const levels = Float32Array.from(range(256), (grey) => background + (foreground - background) * (grey / 255));

  /** `maps` in one array, each of rows x columns. */
  const plane = (values, rows, columns) => ({ values, rows, columns });

  /** `sources` lists the maps of x that each map sees. */
  function convolve(name, weight, x, sources) {
    const kernels = weight[`${name}.weight`];
    const bias = weight[`${name}.bias`];
    const [rows, columns] = [x.rows - KERNEL + 1, x.columns - KERNEL + 1];
    const result = new Float32Array(sources.length * rows * columns);
    let first = 0; // kernel of the map, in the order of the table's rows
    let place = 0;
    for (let map = 0; map < sources.length; map++) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          let total = bias[map];
          for (let i = 0; i < sources[map].length; i++) {
            const corner = (sources[map][i] * x.rows + row) * x.columns + column;
            total += windowed(x, corner, kernels, (first + i) * KERNEL ** 2);
          }
          result[place++] = squash(total);
        }
      }
      first += sources[map].length;
    }
    return plane(result, rows, columns);
  }

  /** One kernel over the window that starts at x[corner]. */
  function windowed({ values, columns }, corner, kernels, start) {
    let total = 0;
    for (let row = 0; row < KERNEL; row++) {
      for (let column = 0; column < KERNEL; column++) {
        total += kernels[start + row * KERNEL + column] * values[corner + row * columns + column];
      }
    }
    return total;
  }

  /** The average of 2 x 2 inputs, times a coefficient, plus a bias, squashed. */
  function subsample(name, weight, x) {
    const coefficient = weight[`${name}.coefficient`];
    const bias = weight[`${name}.bias`];
    const [rows, columns] = [x.rows / 2, x.columns / 2];
    const result = new Float32Array(coefficient.length * rows * columns);
    for (let place = 0; place < result.length; place++) {
      const map = Math.floor(place / (rows * columns));
      const row = Math.floor(place / columns) % rows;
      const corner = (map * x.rows + 2 * row) * x.columns + 2 * (place % columns);
      const below = corner + x.columns;
      const sum = x.values[corner] + x.values[corner + 1] + x.values[below] + x.values[below + 1];
      result[place] = squash(coefficient[map] * (sum / 4) + bias[map]);
    }
    return plane(result, rows, columns);
  }

  /** Every unit sees all maps of x at its place. */
  function connect(name, weight, x) {
    const [weights, bias] = [weight[`${name}.weight`], weight[`${name}.bias`]];
    const places = x.rows * x.columns;
    const inputs = x.values.length / places;
    const result = new Float32Array(bias.length * places);
    for (let unit = 0; unit < bias.length; unit++) {
      for (let place = 0; place < places; place++) {
        let total = bias[unit];
        for (let i = 0; i < inputs; i++) total += weights[unit * inputs + i] * x.values[i * places + place];
        result[unit * places + place] = squash(total);
      }
    }
    return plane(result, x.rows, x.columns);
  }

  /** The distance from each code, halved where the recipe has it so (eq. 7). */
  function penalties(x) {
    const places = x.rows * x.columns;
    const result = Float32Array.from({ length: codes.length * places }, (_, n) => {
      const [code, place] = [codes[Math.floor(n / places)], n % places];
      return penalty * code.reduce((sum, w, i) => sum + (x.values[i * places + place] - w) ** 2, 0);
    });
    return plane(result, x.rows, x.columns);
  }

  /** The states of every layer by name, for grey levels of rows x columns, under these weights. */
  function states(grey, weight, rows = FIELD, columns = FIELD) {
    const input = plane(Float32Array.from(grey, (level) => levels[level]), rows, columns);
    const C1 = convolve("C1", weight, input, ONE);
    const S2 = subsample("S2", weight, C1);
    const C3 = convolve("C3", weight, S2, table);
    const S4 = subsample("S4", weight, C3);
    const C5 = convolve("C5", weight, S4, ALL);
    const F6 = connect("F6", weight, C5);
    const every = { input, C1, S2, C3, S4, C5, F6, output: penalties(F6) };
    return Object.fromEntries(Object.entries(every).map(([name, { values }]) => [name, values]));
  }

  /**
   * What ten penalties say: the class of the smallest; the probability of each class under eq. 9, the
   * rubbish class last; and whether it is a digit at all, which the rubbish class may deny.
   */
  function answer(output) {
    const every = [...output, rubbish];
    const least = Math.min(...every);
    const shares = every.map((y) => Math.exp(least - y));
    const sum = shares.reduce((a, b) => a + b);
    const posterior = shares.map((share) => share / sum);
    const nearest = output.indexOf(Math.min(...output));
    return { answer: nearest, confidence: posterior[nearest], posterior, digit: output[nearest] < rubbish };
  }

  return { states, answer, squash, plane, convolve, subsample, connect, levels, FIELD };
})();
