"use strict";
// Where it breaks: the 32 x 32 field shifted, scaled, turned, and with inverted pixels, as in the
// study of Section III-E (paper_lenet/digits/affine.py and invariance.py). Scaling and turning are
// about the middle of the field; what leaves it is lost. Noise is drawn from the project's own
// streams (paper_lenet/base/streams.py), so that a draw has a number and can be had again.

lenet.alter = (() => {
  const SIDE = 32;
  const MIDDLE = (SIDE - 1) / 2;
  const NEUTRAL = { right: 0, down: 0, scale: 1, degrees: 0, noise: 0, draw: 0 };

  const GAMMA = 0x9e3779b97f4a7c15n;
  const wrap = (word) => BigInt.asUintN(64, word);

  function mix(word) {
    word = wrap((word ^ (word >> 30n)) * 0xbf58476d1ce4e5b9n);
    word = wrap((word ^ (word >> 27n)) * 0x94d049bb133111ebn);
    return word ^ (word >> 31n);
  }

  /** Uniform numbers in [0, 1) of the noise with number `draw`, one a pixel. */
  function uniform(draw) {
    const { prefix, first } = lenet.data.noise;
    const key = mix(wrap(BigInt(prefix) + GAMMA + BigInt(first + draw)));
    return Float64Array.from({ length: SIDE * SIDE }, (_, i) =>
      Number(mix(wrap(key + BigInt(i + 1) * GAMMA)) >> 11n) / 2 ** 53);
  }

  let drawn = { number: -1, numbers: null }; // the last draw, kept

  function inverted(grey, probability, number) {
    if (drawn.number !== number) drawn = { number, numbers: uniform(number) };
    return grey.map((level, i) => (drawn.numbers[i] < probability ? 255 - level : level));
  }

  /** Grey level at a place between four pixels; background outside. */
  function greyAt(grey, y, x) {
    const [top, left] = [Math.floor(y), Math.floor(x)];
    let total = 0;
    for (let row = top; row < top + 2; row++) {
      for (let column = left; column < left + 2; column++) {
        if (row < 0 || row >= SIDE || column < 0 || column >= SIDE) continue;
        total += (1 - Math.abs(y - row)) * (1 - Math.abs(x - column)) * grey[row * SIDE + column];
      }
    }
    return total;
  }

  function mapped(grey, { right, down, scale, degrees }) {
    const angle = (degrees * Math.PI) / 180;
    const [a, c] = [scale * Math.cos(angle), scale * Math.sin(angle)];
    const size = a * a + c * c;
    return grey.map((_, place) => {
      const y = Math.floor(place / SIDE) - MIDDLE - down;
      const x = (place % SIDE) - MIDDLE - right;
      return Math.floor(greyAt(grey, MIDDLE + (a * y - c * x) / size, MIDDLE + (a * x + c * y) / size) + 0.5);
    });
  }

  /** The field (32, 32) after `how`, an object with the names of NEUTRAL. */
  function altered(grey, how) {
    const { noise, draw, ...map } = { ...NEUTRAL, ...how };
    const moved = mapped(grey, map);
    return noise > 0 ? inverted(moved, noise, draw) : moved;
  }

  return { altered, uniform, NEUTRAL };
})();
