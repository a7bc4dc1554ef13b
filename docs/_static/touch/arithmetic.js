"use strict";
// The arithmetic of a chosen unit, with its numbers: what it takes from the layer below, times its
// weights, the sum, the bias, the squashing; for a penalty F6 less the code, square by square.

lenet.arithmetic = (() => {
  const { connections, say } = lenet;
  const { layers, code, amplitude, slope, penalty, rubbish, table } = lenet.data;
  const box = document.getElementById("touch-arithmetic");
  const open = new Set([0]); // which parts the reader has opened

  const minus = (text) => text.replace("-", "−");
  const number = (x, digits = 3) => minus(x.toFixed(digits));
  const sum = (values) => values.reduce((a, b) => a + b, 0);

  /** The values of a window (map of `below`) and the unit's weights on it, both of `size` x `size`. */
  function window_(unit, below, nth, states, weight) {
    const under = layers.find((one) => one.name === below.layer);
    const rows = Array.from({ length: below.size ** 2 }, (_, i) => [Math.floor(i / below.size), i % below.size]);
    const map = below.maps[nth];
    const values = rows.map(([y, x]) =>
      states[below.layer][(map * under.size + below.top + y) * under.size + below.left + x]);
    if (unit.layer === "S2" || unit.layer === "S4") return { map, values, weights: null };
    const before = { C1: unit.map, C3: sum(table.slice(0, unit.map).map((maps) => maps.length)), C5: 16 * unit.map };
    const first = (before[unit.layer] + nth) * below.size ** 2;
    return { map, values, weights: Array.from(weight[`${unit.layer}.weight`].subarray(first, first + below.size ** 2)) };
  }

  /**
   * A unit's sum: {parts: [{map, values, weights, products, sum}], columns, factor, bias, total, state},
   * where total is factor times the sum of all parts, plus bias; for a penalty {parts, columns, total}.
   */
  function worked(unit, states, weight) {
    const { layer, map } = unit;
    if (layer === "output") {
      const values = Array.from(states.F6);
      const weights = lenet.unpack.codes[map];
      const products = values.map((value, i) => (value - weights[i]) ** 2);
      return { parts: [{ map, values, weights, products, sum: sum(products) }], columns: code.columns, total: penalty * sum(products) };
    }
    const bias = weight[`${layer}.bias`][map];
    let [parts, columns, factor] = [[], 0, 1];
    if (layer === "F6") {
      const weights = Array.from(weight["F6.weight"].subarray(120 * map, 120 * (map + 1)));
      [parts, columns] = [[{ values: Array.from(states.C5), weights }], 10];
    } else {
      const below = connections.below(unit);
      parts = below.maps.map((_, nth) => window_(unit, below, nth, states, weight));
      columns = below.size;
      if (layer === "S2" || layer === "S4") factor = weight[`${layer}.coefficient`][map] / columns ** 2;
    }
    for (const part of parts) {
      part.products = part.weights ? part.values.map((value, i) => value * part.weights[i]) : part.values;
      part.sum = sum(part.products);
    }
    const total = factor * sum(parts.map((part) => part.sum)) + bias;
    return { parts, columns, factor, bias, total, state: lenet.forward.squash(total) };
  }

  function element(name, text = "", className = "") {
    const result = document.createElement(name);
    result.textContent = text;
    result.className = className;
    return result;
  }

  /** Numbers in rows, each on the colour of its state; its name above. */
  function grid(name, values, columns, most) {
    const result = element("table", "", "touch-numbers");
    result.append(element("caption", name));
    const body = result.createTBody();
    for (let first = 0; first < values.length; first += columns) {
      const row = body.insertRow();
      for (const value of values.slice(first, first + columns)) {
        const cell = row.insertCell();
        cell.textContent = number(value, 2);
        cell.className = value > 0 ? "touch-above" : "touch-under";
        cell.style.setProperty("--touch-share", `${Math.min((40 * Math.abs(value)) / most, 40)}%`);
      }
    }
    return result;
  }

  const largest = (values) => Math.max(...values.map(Math.abs), 1e-9);

  function grids(unit, part, columns) {
    const result = element("div", "", "touch-grids");
    const ofCode = ["F6", say("code"), say("difference, squared")];
    const names = unit.layer === "output" ? ofCode : [say("states"), say("weights"), say("products")];
    const all = [part.values, part.weights, part.products];
    all.forEach((values, i) => {
      if (!values || (i === 2 && !part.weights)) return;
      const most = i === 0 || unit.layer === "output" ? amplitude : largest(values);
      result.append(grid(names[i], values, columns, most));
      if (i < 2 && part.weights) result.append(element("span", unit.layer === "output" ? ["−", "→"][i] : ["×", "="][i], "touch-sign"));
    });
    return result;
  }

  /** What stands after the parts: the sum, the bias, the squashing. */
  function told(unit, { parts, columns, factor, bias, total, state }) {
    const whole = sum(parts.map((part) => part.sum));
    if (unit.layer === "output") {
      const values = { sum: number(whole), factor: penalty, total: number(total) };
      return [say("The squares add up to {sum}; times {factor} that is the penalty, {total} (eq. 7).", values)];
    }
    const taken = factor === 1 ? number(whole) : `${number(whole)} × ${number(factor * columns ** 2)} ÷ ${columns ** 2}`;
    const values = { taken, bias: number(bias), total: number(total), slope: number(slope), amplitude, state: number(state) };
    return [
      say("Total: {taken} + bias {bias} = {total}.", values),
      say("State: {amplitude} × tanh({slope} × {total}) = {state} (eq. 6).", values),
    ];
  }

  function posterior(unit, output) {
    const { posterior: shares } = lenet.forward.answer(output);
    const own = Math.exp(-output[unit.map]);
    const values = {
      penalty: number(output[unit.map]),
      own: own.toPrecision(3),
      all: [...output, rubbish].map((y) => Math.exp(-y).toPrecision(2)).join(" + "),
      share: (100 * shares[unit.map]).toFixed(2),
      rubbish,
      rest: (100 * shares[10]).toFixed(2),
    };
    return [
      say("Its probability under eq. 9 is e^−{penalty} over the sum of all eleven: {own} ÷ ({all}) = {share} %.", values),
      say("The last of them, e^−{rubbish}, is the rubbish class's, which gets {rest} %.", values),
    ].join(" ");
  }

  function heading(unit, part) {
    const values = { code: unit.map, layer: connections.below(unit).layer, map: part.map, sum: number(part.sum) };
    if (unit.layer === "output") return say("F6 less the code of {code}: squares add up to {sum}", values);
    if (unit.layer === "F6") return say("C5, 120 units: products add up to {sum}", values);
    if (!part.weights) return say("{layer}, map {map}: the four add up to {sum}", values);
    if (unit.layer === "C1") return say("the input: products add up to {sum}", values);
    return say("{layer}, map {map}: products add up to {sum}", values);
  }

  /** Show how the state of a unit comes about; nothing if there is no unit, no state or no sum. */
  function show(unit, states, weight) {
    box.hidden = !unit || !states || unit.layer === "input";
    const place = box.querySelector("div");
    place.replaceChildren();
    if (box.hidden) return;
    const found = worked(unit, states, weight);
    place.append(element("p", `${connections.name(unit)}.`));
    found.parts.forEach((part, i) => {
      const details = element("details");
      details.append(element("summary", heading(unit, part)));
      const fill = () => details.childElementCount === 1 && details.append(grids(unit, part, found.columns));
      details.open = open.has(i);
      if (details.open) fill();
      details.addEventListener("toggle", () => {
        open[details.open ? "add" : "delete"](i);
        if (details.open) fill();
      });
      place.append(details);
    });
    for (const line of told(unit, found)) place.append(element("p", line, "touch-line"));
    if (unit.layer === "output") place.append(element("p", posterior(unit, states.output), "touch-line"));
  }

  return { show, worked };
})();
