"use strict";
// A board is a picture of one layer: its maps side by side, a square a unit. States above zero are
// blue, below zero orange, the more opaque the greater; zero is the page itself. Grey levels are ink.
// Pointing at a unit, or going to it with the arrow keys, calls `chosen`.

lenet.board = (() => {
  const GAP = 1; // units between maps
  const MARGIN = 3; // pixels of the page around all maps, room for the frames of what is lit
  const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

  const boards = [];
  const colours = new Map(); // of the theme, each looked up once
  function colour(canvas, name) {
    if (!colours.has(name)) colours.set(name, getComputedStyle(canvas).getPropertyValue(`--touch-${name}`).trim());
    return colours.get(name);
  }

  /** Red, green and blue of a colour written as #rrggbb. */
  const parts = (hex) => [1, 3, 5].map((place) => parseInt(hex.slice(place, place + 2), 16));

  class Board {
    /**
     * shape: maps of rows x columns units, `across` of them in a line, or `narrow` of them where the
     * page is narrow. whole: a map is one unit. most: the state that is drawn opaque; 255 for grey.
     * Beside these a board has `values` of its units, `lit`, windows {maps, top, left, size} or null,
     * and `ring`, a unit or null; `draw` shows them.
     */
    constructor(canvas, shape, chosen) {
      Object.assign(this, { canvas, shape, chosen, values: null, lit: null, ring: null });
      this.whole = shape.whole ?? false;
      this.cursor = { map: 0, row: 0, column: 0 };
      this.picture = document.createElement("canvas");
      new ResizeObserver(() => this.resize()).observe(canvas);
      this.resize();
      this.listen();
      boards.push(this);
    }

    /** Lay the maps out for the width that there is. */
    resize() {
      const { maps, rows, columns, across, narrow } = this.shape;
      const width = this.canvas.clientWidth;
      this.across = width && width < 480 ? (narrow ?? across) : across;
      this.wide = this.across * (columns + GAP) - GAP;
      this.high = Math.ceil(maps / this.across) * (rows + GAP) - GAP;
      this.margin = MARGIN * devicePixelRatio;
      this.canvas.width = Math.round(width * devicePixelRatio);
      this.unit = (this.canvas.width - 2 * this.margin) / this.wide; // of the canvas's pixels
      this.canvas.height = Math.round(this.unit * this.high + 2 * this.margin);
      this.canvas.style.aspectRatio = `${this.canvas.width} / ${this.canvas.height}`;
      this.draw();
    }

    /** Left and top of a unit, in units of the picture. */
    corner(map, row, column) {
      const { rows, columns } = this.shape;
      const [line, place] = [Math.floor(map / this.across), map % this.across];
      return [place * (columns + GAP) + column, line * (rows + GAP) + row];
    }

    show(values) {
      this.values = values;
      this.draw();
    }

    draw() {
      if (this.unit <= 0) return; // not shown yet
      const pen = this.canvas.getContext("2d");
      pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
      this.paint();
      pen.imageSmoothingEnabled = false;
      pen.drawImage(this.picture, this.margin, this.margin, this.wide * this.unit, this.high * this.unit);
      this.frames(pen);
      this.marks(pen);
    }

    /** A pixel a unit. */
    paint() {
      const { maps, rows, columns, most } = this.shape;
      [this.picture.width, this.picture.height] = [this.wide, this.high];
      if (!this.values) return;
      const pen = this.picture.getContext("2d");
      const image = pen.createImageData(this.wide, this.high);
      const kinds = most === 255 ? ["ink", "ink"] : ["positive", "negative"];
      const [above, under] = kinds.map((kind) => parts(colour(this.canvas, kind)));
      for (let i = 0; i < maps * rows * columns; i++) {
        const map = Math.floor(i / (rows * columns));
        const [x, y] = this.corner(map, Math.floor(i / columns) % rows, i % columns);
        const place = 4 * (y * this.wide + x);
        const [red, green, blue] = this.values[i] > 0 ? above : under;
        image.data[place] = red;
        image.data[place + 1] = green;
        image.data[place + 2] = blue;
        image.data[place + 3] = Math.round(255 * Math.min(Math.abs(this.values[i]) / most, 1));
      }
      pen.putImageData(image, 0, 0);
    }

    /** A thin frame around each map. */
    frames(pen) {
      const { maps, rows, columns } = this.shape;
      pen.strokeStyle = colour(this.canvas, "frame");
      pen.lineWidth = 1;
      for (let map = 0; map < maps; map++) this.rectangle(pen, this.corner(map, 0, 0), columns, rows, 0);
    }

    rectangle(pen, [x, y], wide, high, out, fill = false) {
      const { unit, margin } = this;
      const corner = [margin + x * unit - out, margin + y * unit - out];
      const box = [...corner, wide * unit + 2 * out, high * unit + 2 * out];
      if (fill) pen.fillRect(...box);
      pen.strokeRect(...box);
    }

    marks(pen) {
      const thick = Math.max(2, Math.round(2 * devicePixelRatio));
      const { rows, columns } = this.shape;
      if (this.lit) {
        pen.fillStyle = colour(this.canvas, "lit-inside");
        const { maps, top, left } = this.lit;
        for (const map of maps) {
          const size = [Math.min(this.lit.size, columns), Math.min(this.lit.size, rows)];
          const whole = this.lit.whole || this.whole;
          const [wide, high] = whole ? [columns, rows] : size;
          this.outlined(pen, this.corner(map, top, left), wide, high, thick, "lit", !whole);
        }
      }
      if (this.ring) {
        const { map, row, column } = this.ring;
        const size = this.whole ? [columns, rows] : [1, 1];
        this.outlined(pen, this.corner(map, row, column), ...size, thick, "ink", false);
      }
    }

    /** A frame in a colour with the page's colour around it, so that it shows on everything. */
    outlined(pen, corner, wide, high, thick, name, fill) {
      pen.lineWidth = 2 * thick;
      pen.strokeStyle = colour(this.canvas, "page");
      this.rectangle(pen, corner, wide, high, thick / 2);
      pen.lineWidth = thick;
      pen.strokeStyle = colour(this.canvas, name);
      this.rectangle(pen, corner, wide, high, thick / 2, fill);
    }

    /** The unit at a place of the window, or null between maps. */
    at(event) {
      const box = this.canvas.getBoundingClientRect();
      const unit = (box.width - 2 * MARGIN) / this.wide;
      const [x, y] = [(event.clientX - box.left - MARGIN) / unit, (event.clientY - box.top - MARGIN) / unit];
      const { maps, rows, columns } = this.shape;
      const [place, line] = [Math.floor(x / (columns + GAP)), Math.floor(y / (rows + GAP))];
      const map = line * this.across + place;
      const [column, row] = [Math.floor(x) - place * (columns + GAP), Math.floor(y) - line * (rows + GAP)];
      if (place < 0 || place >= this.across || map < 0 || map >= maps) return null;
      if (column < 0 || column >= columns || row < 0 || row >= rows) return null;
      return this.whole ? { map, row: 0, column: 0 } : { map, row, column };
    }

    listen() {
      const { canvas } = this;
      canvas.addEventListener("pointermove", (event) => {
        const unit = event.pointerType === "mouse" && this.at(event);
        if (unit) this.chosen(unit, false);
      });
      canvas.addEventListener("pointerleave", () => this.chosen(null, false));
      canvas.addEventListener("click", (event) => {
        const unit = this.at(event);
        if (unit) this.go(unit);
      });
      canvas.addEventListener("focus", () => {
        if (canvas.matches(":focus-visible")) this.go(this.cursor);
      });
      canvas.addEventListener("keydown", (event) => this.press(event));
    }

    go(unit) {
      this.cursor = unit;
      this.chosen(unit, true);
    }

    press(event) {
      if (!(event.key in STEPS) || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      this.go(this.step(...STEPS[event.key]));
    }

    /** The next unit in a direction, over the edge into the next map; the same one at the end. */
    step(down, right) {
      const { maps } = this.shape;
      const [rows, columns] = this.whole ? [1, 1] : [this.shape.rows, this.shape.columns];
      const [line, place] = [Math.floor(this.cursor.map / this.across), this.cursor.map % this.across];
      const y = line * rows + this.cursor.row + down;
      const x = place * columns + this.cursor.column + right;
      const map = Math.floor(y / rows) * this.across + Math.floor(x / columns);
      if (y < 0 || x < 0 || x >= this.across * columns || map >= maps) return this.cursor;
      return { map, row: y % rows, column: x % columns };
    }
  }

  /** Draw all boards anew, as when the theme changes. */
  function redraw() {
    colours.clear();
    for (const board of boards) board.draw();
  }

  return { Board, redraw, colour };
})();
