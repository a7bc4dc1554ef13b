"use strict";
// What lenet_docs/packed.py packed: weights as whole numbers times a step, pixels with runs of zeros. The
// first network is at hand at once; others lie in scripts of their own, fetched when they are asked for.

lenet.unpack = (() => {
  const here = document.currentScript.src;
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

  /** The elements of one array of 24-bit integers, in C order: Float32Array. */
  function weights({ step, text }) {
    const packed = bytes(text);
    const result = new Float32Array(packed.length / 3);
    for (let i = 0; i < result.length; i++) {
      // The sign is the highest of 24 bits; a shift by 8 puts it at the highest of 32.
      const whole = ((packed[3 * i] << 8) | (packed[3 * i + 1] << 16) | (packed[3 * i + 2] << 24)) >> 8;
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

  async function inflated(text) {
    const stream = new Blob([bytes(text)]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream).arrayBuffer();
  }

  /**
   * Sets of weights, each less the one before it: a promise of one object of Float32Array a set.
   * Arrays come one after the other, of each its sets.
   */
  async function sets({ count, arrays, text }) {
    const whole = await inflated(text);
    const result = Array.from({ length: count }, () => ({}));
    let place = 0;
    for (const { name, size, step, bits } of arrays) {
      const Whole = bits > 8 ? Int16Array : Int8Array;
      const last = new Whole(size); // sums wrap as the differences did
      const bytesOf = size * Whole.BYTES_PER_ELEMENT;
      for (const one of result) {
        new Whole(whole.slice(place, place + bytesOf)).forEach((change, i) => (last[i] += change));
        one[name] = Float32Array.from(last, (level) => level * step);
        place += bytesOf;
      }
    }
    return result;
  }

  const asked = {};
  lenet.fetched = {};

  /** The sets of weights that the script `name` hands to `lenet.fetched`, a promise. */
  function later(name) {
    asked[name] ??= new Promise((done, failed) => {
      lenet.fetched[name] = done;
      const script = document.createElement("script");
      script.src = new URL(`${name}.js`, here);
      script.onerror = () => failed(new Error(lenet.say("{script} is not there", { script: script.src })));
      document.head.append(script);
    }).then(sets);
    return asked[name];
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

  return { parameters, digits, codes, later };
})();
