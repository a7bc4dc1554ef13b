"use strict";
// The area to draw on, with mouse, finger or pen, one at a time, or by keyboard: arrow keys move a
// cell, Space paints it, Enter puts the pen down or lifts it. The drawing is dark on light, whatever
// the theme. The first stroke on a digit that was put there begins a new drawing.

lenet.pad = (() => {
  const { say } = lenet;
  const SIDE = 280;
  const PEN = 22; // pixels, of a stroke
  const CELL = 20; // the keyboard's
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  /**
   * `changed` is called once a frame while the drawing changes, `told` with what the keys did. `columns`
   * is how many cells a pad that is wider than high has. The button `clearing` clears it.
   */
  function pad(canvas, clearing, changed, told, columns = SIDE / CELL) {
    const paper = document.createElement("canvas"); // strokes alone, without the keyboard's cell
    const [rows, wide] = [SIDE / CELL, columns * CELL];
    for (const each of [paper, canvas]) [each.width, each.height] = [wide, SIDE];
    const pen = paper.getContext("2d", { willReadFrequently: true });
    const cell = { x: Math.min(columns, rows) >> 1, y: rows >> 1, shown: false, down: false };
    let stroke = null; // {pointer, place} of the one that draws
    let given = false; // whether the paper shows a digit that was put there
    let due = false; // whether `changed` is to be called

    /** Once a frame, whatever the pen does. */
    function soon() {
      if (due) return;
      due = true;
      requestAnimationFrame(() => {
        due = false;
        changed();
      });
    }

    function draw() {
      const view = canvas.getContext("2d");
      view.clearRect(0, 0, wide, SIDE);
      view.drawImage(paper, 0, 0);
      if (!cell.shown) return;
      view.lineWidth = cell.down ? 5 : 2.5;
      view.strokeStyle = lenet.board.colour(canvas, "lit-on-paper");
      view.strokeRect(cell.x * CELL, cell.y * CELL, CELL, CELL);
    }

    function line(from, to) {
      if (given) clear();
      pen.lineWidth = PEN;
      pen.lineCap = "round";
      pen.strokeStyle = "#000";
      pen.beginPath();
      pen.moveTo(...from);
      pen.lineTo(to[0] + 0.01, to[1]); // a line of no length would draw no dot
      pen.stroke();
      draw();
      soon();
    }

    const middle = () => [(cell.x + 0.5) * CELL, (cell.y + 0.5) * CELL];

    function place(event) {
      const box = canvas.getBoundingClientRect();
      return [((event.clientX - box.left) / box.width) * wide, ((event.clientY - box.top) / box.height) * SIDE];
    }

    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || stroke) return;
      canvas.setPointerCapture(event.pointerId);
      cell.shown = false;
      stroke = { pointer: event.pointerId, place: place(event) };
      line(stroke.place, stroke.place);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerId !== stroke?.pointer) return;
      const next = place(event);
      line(stroke.place, next);
      stroke.place = next;
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, (event) => {
        if (event.pointerId === stroke?.pointer) stroke = null;
      });
    }

    canvas.addEventListener("focus", () => {
      cell.shown = canvas.matches(":focus-visible");
      draw();
    });
    canvas.addEventListener("blur", () => {
      Object.assign(cell, { shown: false, down: false });
      draw();
    });
    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const done = press(event.key);
      if (done === null) return;
      event.preventDefault();
      cell.shown = true;
      draw();
      told(done);
    });

    /** What a key does, in words; null for a key that does nothing here. */
    function press(key) {
      if (key in STEPS) {
        const before = middle();
        const [right, down] = STEPS[key];
        cell.x = Math.min(Math.max(cell.x + right, 0), columns - 1);
        cell.y = Math.min(Math.max(cell.y + down, 0), rows - 1);
        if (cell.down) line(before, middle());
        return cell.down ? say("Drawn to row {y}, column {x}", cell) : say("At row {y}, column {x}", cell);
      }
      if (key === " ") {
        line(middle(), middle());
        return say("Painted row {y}, column {x}", cell);
      }
      if (key === "Enter") {
        cell.down = !cell.down;
        if (cell.down) line(middle(), middle());
        return cell.down ? say("Pen down") : say("Pen up");
      }
      if (key === "Delete" || key === "Backspace") {
        erase();
        return say("Cleared");
      }
      return null;
    }

    function clear() {
      given = false;
      pen.clearRect(0, 0, wide, SIDE);
      draw();
    }

    function erase() {
      clear();
      soon();
    }
    clearing.addEventListener("click", erase);

    /** Put digits (28, 28) side by side into the middle of the paper, a square a pixel. */
    function put(...digits) {
      clear();
      given = true;
      const square = SIDE / 28;
      const left = (wide - digits.length * SIDE) / 2;
      digits.forEach((digit, place) => {
        digit.forEach((level, i) => {
          pen.fillStyle = `rgb(0 0 0 / ${level / 255})`;
          pen.fillRect(left + place * SIDE + (i % 28) * square, Math.floor(i / 28) * square, square, square);
        });
      });
      draw();
    }

    /** What is drawn as grey levels, 255 where the paper is empty: (SIDE, width). */
    function grey() {
      const { data } = pen.getImageData(0, 0, wide, SIDE);
      const result = new Uint8Array(wide * SIDE);
      for (let i = 0; i < result.length; i++) result[i] = 255 - data[4 * i + 3];
      return result;
    }

    return { put, grey, width: wide, height: SIDE };
  }

  return pad;
})();
