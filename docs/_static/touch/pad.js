"use strict";
// The area to draw on, with mouse, finger or pen, or by keyboard: arrow keys move a cell, Space
// paints it, Enter puts the pen down or lifts it. The drawing is dark on light, whatever the theme.

lenet.pad = (() => {
  const SIDE = 280;
  const PEN = 22; // pixels, of a stroke
  const CELLS = 14; // the keyboard's, along a side
  const CELL = SIDE / CELLS;
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  /** `changed` is called after each stroke or part of one; `told` with what the keys did. */
  function pad(canvas, changed, told) {
    const paper = document.createElement("canvas"); // strokes alone, without the keyboard's cell
    [paper.width, paper.height] = [SIDE, SIDE];
    [canvas.width, canvas.height] = [SIDE, SIDE];
    const pen = paper.getContext("2d", { willReadFrequently: true });
    const cell = { x: CELLS >> 1, y: CELLS >> 1, shown: false, down: false };
    let last = null; // where the stroke is

    function draw() {
      const view = canvas.getContext("2d");
      view.clearRect(0, 0, SIDE, SIDE);
      view.drawImage(paper, 0, 0);
      if (!cell.shown) return;
      const style = getComputedStyle(canvas);
      view.lineWidth = cell.down ? 5 : 2.5;
      view.strokeStyle = style.getPropertyValue("--touch-lit-on-paper");
      view.strokeRect(cell.x * CELL, cell.y * CELL, CELL, CELL);
    }

    function line(from, to) {
      pen.lineWidth = PEN;
      pen.lineCap = "round";
      pen.strokeStyle = "#000";
      pen.beginPath();
      pen.moveTo(...from);
      pen.lineTo(to[0] + 0.01, to[1]); // a line of no length would draw no dot
      pen.stroke();
      draw();
      changed();
    }

    const middle = () => [(cell.x + 0.5) * CELL, (cell.y + 0.5) * CELL];

    function place(event) {
      const box = canvas.getBoundingClientRect();
      return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
    }

    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      cell.shown = false;
      last = place(event);
      line(last, last);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (last === null) return;
      const next = place(event);
      line(last, next);
      last = next;
    });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (last = null));

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
        cell.x = Math.min(Math.max(cell.x + right, 0), CELLS - 1);
        cell.y = Math.min(Math.max(cell.y + down, 0), CELLS - 1);
        if (cell.down) line(before, middle());
        return `${cell.down ? "Drawn to" : "At"} row ${cell.y}, column ${cell.x}`;
      }
      if (key === " ") {
        line(middle(), middle());
        return `Painted row ${cell.y}, column ${cell.x}`;
      }
      if (key === "Enter") {
        cell.down = !cell.down;
        if (cell.down) line(middle(), middle());
        return cell.down ? "Pen down" : "Pen up";
      }
      if (key === "Delete" || key === "Backspace") {
        clear();
        changed();
        return "Cleared";
      }
      return null;
    }

    function clear() {
      pen.clearRect(0, 0, SIDE, SIDE);
      draw();
    }

    /** Put a digit (28, 28) on the paper, a square a pixel. */
    function put(digit) {
      clear();
      const square = SIDE / 28;
      digit.forEach((level, i) => {
        pen.fillStyle = `rgb(0 0 0 / ${level / 255})`;
        pen.fillRect((i % 28) * square, Math.floor(i / 28) * square, square, square);
      });
      draw();
    }

    /** What is drawn as grey levels, 255 where the paper is empty: (SIDE, SIDE). */
    function grey() {
      const { data } = pen.getImageData(0, 0, SIDE, SIDE);
      return Uint8Array.from({ length: SIDE * SIDE }, (_, i) => 255 - data[4 * i + 3]);
    }

    return { clear, put, grey, SIDE };
  }

  return pad;
})();
