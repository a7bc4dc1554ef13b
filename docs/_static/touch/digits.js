"use strict";
// Test digits to pick from, as buttons in two rows that wrap; the arrow keys go along a row.

lenet.digits = (() => {
  function picture({ pixels }) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [28, 28];
    const pen = canvas.getContext("2d");
    const image = pen.createImageData(28, 28);
    pixels.forEach((level, i) => (image.data[4 * i + 3] = level)); // black, as opaque as its level
    pen.putImageData(image, 0, 0);
    return canvas;
  }

  const label = ({ truth, index, times, seeds }) =>
    lenet.say("A {truth}, test pattern {index}, misread by {times} of {seeds} networks", { truth, index, times, seeds });

  function button(digit, picked) {
    const result = document.createElement("button");
    result.type = "button";
    result.tabIndex = -1;
    result.title = label(digit);
    result.setAttribute("aria-label", label(digit));
    result.setAttribute("aria-pressed", "false");
    result.append(picture(digit));
    result.addEventListener("click", () => picked(digit));
    return { digit, element: result };
  }

  /** Arrow keys, Home and End move along the buttons of one box. */
  function along(box) {
    box.addEventListener("keydown", (event) => {
      const buttons = [...box.querySelectorAll("button")];
      const here = buttons.indexOf(document.activeElement);
      const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: buttons.length - 1 }[event.key];
      if (to === undefined || !buttons[to]) return;
      event.preventDefault();
      buttons.forEach((one, i) => (one.tabIndex = i === to ? 0 : -1));
      buttons[to].focus();
    });
  }

  /** Fill the boxes; returns a function that marks the digit in use, or none. */
  function digits(right, misread, picked) {
    const all = lenet.unpack.digits.map((digit) => button(digit, picked));
    for (const { digit, element } of all) (digit.times ? misread : right).append(element);
    for (const box of [right, misread]) {
      box.querySelector("button").tabIndex = 0;
      along(box);
    }
    return (used) => {
      for (const { digit, element } of all) element.setAttribute("aria-pressed", String(digit === used));
    };
  }

  return digits;
})();
