"use strict";
// What a unit sees: its receptive field in the input (paper_lenet/network/receptive_field.py) and the units
// of the layer below that it is connected to, for C3 by Table I. A unit is {layer, map, row, column};
// those of C5, F6 and output have row 0 and column 0. All are counted from 0.

lenet.connections = (() => {
  const { say } = lenet;
  const { layers, fields, table, codes } = lenet.data;
  const place = Object.fromEntries(layers.map((layer, i) => [layer.name, i]));
  const range = (count) => Array.from({ length: count }, (_, i) => i);
  const INPUT = layers[0].size;

  /** The square of the input that a unit sees: {top, left, size}. */
  function field({ layer, row, column }) {
    const known = fields.find((one) => one.name === layer);
    if (!known) return { top: 0, left: 0, size: INPUT };
    return { top: row * known.jump, left: column * known.jump, size: known.size };
  }

  /** The window in the layer below: {layer, maps, top, left, size}; null for the input. */
  function below({ layer, map, row, column }) {
    const own = layers[place[layer]];
    if (own.kind === "input") return null;
    const under = layers[place[layer] - 1];
    const window = { top: row * own.stride, left: column * own.stride, size: own.kernel };
    return { layer: under.name, maps: sources(own, under, map), ...window };
  }

  function sources(own, under, map) {
    if (own.name === "C3") return table[map];
    if (own.kind === "subsampling") return [map];
    return range(under.maps);
  }

  function listed(numbers) {
    if (numbers.length === 1) return say("map {one}", { one: numbers[0] });
    return say("maps {others} and {last}", { others: numbers.slice(0, -1).join(", "), last: numbers.at(-1) });
  }

  /** Which unit it is. */
  function name(unit) {
    const { layer } = unit;
    if (layer === "input") return say("Input, row {row}, column {column}", unit);
    if (layer === "output") return say("Output {map}", unit);
    if (layer === "C5" || layer === "F6") return say("{layer}, unit {map}", unit);
    return say("{layer}, map {map}, row {row}, column {column}", unit);
  }

  function sees(unit) {
    const { top, left, size } = field(unit);
    if (unit.layer === "input") return "";
    if (size === INPUT) return say("It sees the whole input, {size} × {size} pixels.", { size });
    const ends = { size, top, bottom: top + size - 1, left, right: left + size - 1 };
    return say("It sees {size} × {size} pixels of the input: rows {top} to {bottom}, columns {left} to {right}.", ends);
  }

  function connected(unit, states) {
    const found = below(unit);
    if (found === null) return "";
    const { layer, maps, size } = found;
    const kind = layers[place[unit.layer]].kind;
    const count = maps.length;
    const values = { size, layer, count, maps: listed(maps), weights: count * size ** 2 };
    if (kind === "subsampling") {
      return say("It takes the average of the {size} × {size} window on {maps} of {layer}, times one coefficient, plus a bias.", values);
    }
    if (kind === "output") {
      const other = range(codes[0].length).filter((i) => states[layer][i] > 0 !== (codes[unit.map][i] === "#")).length;
      return say("It is connected to all {count} units of {layer}; {other} of them have the other sign than its code.", { ...values, other });
    }
    if (kind === "full") return say("It is connected to all {count} units of {layer}, by as many weights and a bias.", values);
    if (layer === "input") return say("It is connected to the {size} × {size} window of the input: {weights} weights and a bias.", values);
    if (unit.layer === "C5") return say("It is connected to all {count} maps of {layer}, whole: {weights} weights and a bias.", values);
    return say("It is connected to the {size} × {size} windows on {maps} of {layer} (Table I): {weights} weights and a bias.", values);
  }

  /** A unit in words: which, its state, what it sees, what it is connected to. */
  function told(unit, states) {
    const { layer, map, row, column } = unit;
    const size = layers[place[layer]].size;
    const state = states[layer][(map * size + row) * size + column];
    const values = { unit: name(unit), number: state.toFixed(2).replace("-", "−") };
    const own = layer === "output" ? say("{unit}: penalty {number}.", values) : say("{unit}: state {number}.", values);
    return [own, sees(unit), connected(unit, states)].join(" ").trim();
  }

  return { field, below, name, told };
})();
