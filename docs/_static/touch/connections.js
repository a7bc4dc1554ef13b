"use strict";
// What a unit sees: its receptive field in the input (paper_lenet/network/receptive_field.py) and the units
// of the layer below that it is connected to, for C3 by Table I. A unit is {layer, map, row, column};
// those of C5, F6 and output have row 0 and column 0. All are counted from 0.

lenet.connections = (() => {
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

  const several = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

  function listed(numbers) {
    if (numbers.length === 1) return `map ${numbers[0]}`;
    return `maps ${numbers.slice(0, -1).join(", ")} and ${numbers.at(-1)}`;
  }

  /** Which unit it is. */
  function name({ layer, map, row, column }) {
    if (layer === "input") return `Input, row ${row}, column ${column}`;
    if (layer === "output") return `Output ${map}`;
    if (layer === "C5" || layer === "F6") return `${layer}, unit ${map}`;
    return `${layer}, map ${map}, row ${row}, column ${column}`;
  }

  function sees(unit) {
    const { top, left, size } = field(unit);
    if (unit.layer === "input") return "";
    if (size === INPUT) return `It sees the whole input, ${size} × ${size} pixels.`;
    const rows = `rows ${top} to ${top + size - 1}`;
    return `It sees ${size} × ${size} pixels of the input: ${rows}, columns ${left} to ${left + size - 1}.`;
  }

  function connected(unit, states) {
    const found = below(unit);
    if (found === null) return "";
    const { layer, maps, size } = found;
    const kind = layers[place[unit.layer]].kind;
    const windows = `the ${size} × ${size} window${maps.length === 1 ? "" : "s"} on ${listed(maps)} of ${layer}`;
    if (kind === "subsampling") {
      return `It takes the average of ${windows}, times one coefficient, plus a bias.`;
    }
    if (kind === "output") {
      const other = range(codes[0].length).filter((i) => states[layer][i] > 0 !== (codes[unit.map][i] === "#"));
      return `It is connected to all ${maps.length} units of ${layer}; ${other.length} of them have the other sign than its code.`;
    }
    if (kind === "full") return `It is connected to all ${maps.length} units of ${layer}, by as many weights and a bias.`;
    const from = layer === "input" ? `the ${size} × ${size} window of the input` : windows;
    const rule = unit.layer === "C3" ? " (Table I)" : "";
    const all = unit.layer === "C5" ? `all ${maps.length} maps of ${layer}, whole` : from;
    return `It is connected to ${all}${rule}: ${several(maps.length * size ** 2, "weight")} and a bias.`;
  }

  /** A unit in words: which, its state, what it sees, what it is connected to. */
  function told(unit, states) {
    const { layer, map, row, column } = unit;
    const size = layers[place[layer]].size;
    const state = states[layer][(map * size + row) * size + column];
    const what = layer === "output" ? "penalty" : "state";
    const number = state.toFixed(2).replace("-", "−");
    return [`${name(unit)}: ${what} ${number}.`, sees(unit), connected(unit, states)].join(" ").trim();
  }

  return { field, below, name, told };
})();
