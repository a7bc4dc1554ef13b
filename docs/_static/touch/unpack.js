"use strict";
// What made.js packed: weights as 24-bit integers times a step, pixels with runs of zeros.
// The packing is docs/_ext/lenet_docs/packed.py.

lenet.unpack = (() => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

  /** The elements of one array, in C order: Float32Array. */
  function weights({ step, text }) {
    const packed = bytes(text);
    const result = new Float32Array(packed.length / 3);
    for (let i = 0; i < result.length; i++) {
      const [low, middle, high] = packed.subarray(3 * i, 3 * i + 3);
      // The sign is the highest of 24 bits; a shift by 8 puts it at the highest of 32.
      const whole = ((low << 8) | (middle << 16) | (high << 24)) >> 8;
      result[i] = whole * step;
    }
    return result;
  }

  /** Grey levels end to end: Uint8Array of `length`. */
  function pixels(text, length) {
    const packed = bytes(text);
    const result = new Uint8Array(length);
    let place = 0;
    for (let i = 0; i < packed.length; i++) {
      if (packed[i] === 0) place += packed[++i];
      else result[place++] = packed[i];
    }
    return result;
  }

  const parameters = {};
  for (const [name, packed] of Object.entries(lenet.data.parameters)) {
    parameters[name] = weights(packed);
  }

  const { shown, pixels: text, seeds } = lenet.data.digits;
  const AREA = 28 * 28;
  const all = pixels(text, shown.length * AREA);
  const digits = shown.map(([index, truth, times], i) => ({
    index,
    truth,
    times, // of `seeds` networks, how many misread it
    seeds,
    pixels: all.subarray(i * AREA, (i + 1) * AREA),
  }));

  // (84,) of plus and minus 1 for each class
  const codes = lenet.data.codes.map((marks) => Array.from(marks, (mark) => (mark === "#" ? 1 : -1)));

  return { parameters, digits, codes };
})();
