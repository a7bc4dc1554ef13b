"use strict";
// Small answers: what three cheaper classifiers of Fig. 9 say of the digit, as paper_lenet/studies/small.py
// kept them. The greatest output answers; its lead is how far it is above the next, and the targets
// that all three learned are 2 apart. The weights are fetched when the page has opened.

lenet.small = (() => {
  const { forward, forms, unpack, say } = lenet;
  const { plane } = forward;
  const APART = 2;
  const CLASSES = 10;
  const section = document.getElementById("touch-small");
  const rows = Array.from(section.querySelectorAll("tbody tr"), (row) => ({
    name: row.dataset.name,
    title: row.querySelector("th").textContent,
    given: row.querySelector(".touch-given"),
    bar: row.querySelector(".touch-bar"),
    number: row.querySelector(".touch-number"),
  }));

  const LAYERS = {
    convolution: forward.convolve,
    subsampling: forward.subsample,
    full: (name, weight, x) => forward.connect(name, weight, plane(x.values, 1, 1)),
  };

  /** The ten outputs of a network for (28, 28). */
  function layered(name, weight, grey) {
    let x = plane(Float32Array.from(grey, (level) => forward.levels[level]), forms.SIDE, forms.SIDE);
    lenet.data.small[name].forEach(([kind, table], i) => {
      x = LAYERS[kind](`${name}.layer${i}`, weight, x, table);
    });
    return Array.from(x.values);
  }

  /** The ten outputs of units that see the products of principal components of (28, 28). */
  function quadratic(name, weight, grey) {
    const [mean, axes, weights] = ["mean", "axes", "weights"].map((part) => weight[`${name}.${part}`]);
    const components = new Float64Array(axes.length / mean.length);
    grey.forEach((level, pixel) => {
      const x = Math.fround(level / 255) - mean[pixel];
      for (let i = 0; i < components.length; i++) components[i] += x * axes[pixel * components.length + i];
    });
    const result = Array.from(weights.subarray(-CLASSES)); // the biases
    let place = 0;
    for (let i = 0; i < components.length; i++) {
      for (let j = i; j < components.length; j++) {
        const product = components[i] * components[j];
        for (let k = 0; k < CLASSES; k++) result[k] += product * weights[place++];
      }
    }
    return result;
  }

  /** The outputs of each by name for a field (32, 32). */
  function outputs(weight, field) {
    const grey = forms.middle(field);
    return {
      linear: layered("linear", weight, grey),
      pca_quadratic: quadratic("pca_quadratic", weight, grey),
      lenet_1: layered("lenet_1", weight, forms.centred(grey)),
    };
  }

  let weights = null; // until they are there
  let field = null; // what is seen now
  let found = null; // what is said of it

  function update() {
    found = weights && field && outputs(weights, field);
    for (const { name, given, bar, number } of rows) {
      const [best, next] = found ? Array.from(found[name]).sort((a, b) => b - a) : [0, 0];
      given.textContent = found ? found[name].indexOf(best) : "–";
      number.textContent = found ? (best - next).toFixed(2) : "";
      bar.style.width = `${Math.min((100 * (best - next)) / APART, 100)}%`;
    }
  }

  /** Show what they say of a field (32, 32), or nothing. */
  function show(grey) {
    field = grey;
    update();
  }

  /** The answers in words; nothing if there are none. */
  function told() {
    if (!found) return "";
    const answers = rows.map(({ title, given }) => `${title} ${given.textContent}`).join(", ");
    return say("Small answers: {answers}.", { answers });
  }

  unpack.later("classifiers").then(
    ([found]) => {
      weights = found;
      update();
    },
    () => (section.hidden = true),
  );

  return { show, told, outputs, shown: () => found };
})();
