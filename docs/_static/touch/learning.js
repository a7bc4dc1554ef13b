"use strict";
// Learning in motion: the same digit before the training and after each pass of it. The weights of
// the passes are rounded (paper_lenet/pipeline/touch.py), and fetched when this part comes into view.

lenet.learning = (() => {
  const { board: boards, unpack, frame, say } = lenet;
  const { amplitude, code, curve } = lenet.data;
  const part = (name) => document.getElementById(`touch-${name}`);
  const DRAWING = "http://www.w3.org/2000/svg";
  const [WIDE, HIGH, LEFT, RIGHT, TOP, BOTTOM] = [300, 150, 30, 8, 10, 24];

  let passes = null; // weights before the training and after each pass
  let seen = false; // whether this part is in view
  let digit = null; // {grey, truth} that is shown, or null
  const first = unpack.digits[0]; // shown while nothing is drawn

  const square = { maps: 1, ...code, across: 1, most: amplitude };
  const board = (name, shape) => new boards.Board(part(name).querySelector("canvas"), shape, () => {});
  const kernels = board("kernels", { maps: 6, rows: 5, columns: 5, across: 6, narrow: 3, most: 1 });
  const F6 = board("F6-then", square);
  const target = board("code-then", square);
  const bars = lenet.answer.bars(part("penalties-then"));

  const x = (pass) => LEFT + ((WIDE - LEFT - RIGHT) * (pass - 1)) / (curve.test.length - 2);
  const most = Math.ceil(Math.max(...curve.test.slice(1), ...curve.training));
  const y = (percent) => TOP + (HIGH - TOP - BOTTOM) * (1 - percent / most);

  function drawn(name, attributes, text = "") {
    const result = document.createElementNS(DRAWING, name);
    for (const [key, value] of Object.entries(attributes)) result.setAttribute(key, value);
    result.textContent = text;
    part("curve").append(result);
    return result;
  }

  function curves() {
    const line = (values) => values.map((percent, i) => `${x(i + 1)},${y(percent)}`).join(" ");
    for (const percent of [0, most]) {
      drawn("line", { x1: LEFT, x2: WIDE - RIGHT, y1: y(percent), y2: y(percent), class: "touch-axis" });
      drawn("text", { x: LEFT - 5, y: y(percent) + 4, "text-anchor": "end" }, `${percent} %`);
    }
    for (const pass of [1, curve.test.length - 1]) {
      drawn("text", { x: x(pass), y: HIGH - 8, "text-anchor": pass === 1 ? "start" : "end" }, say("pass {pass}", { pass }));
    }
    drawn("polyline", { points: line(curve.test.slice(1)), class: "touch-test" });
    drawn("polyline", { points: line(curve.training), class: "touch-training" });
    return drawn("circle", { r: 5, class: "touch-dot" });
  }

  const dot = curves();

  /** What the network of the pass on the slider makes of the digit. */
  function update() {
    if (!passes || !seen) return;
    const pass = Number(part("pass").value);
    const { grey, truth } = digit ?? { grey: frame.padded(first.pixels), truth: first.truth };
    const known = truth ?? lenet.ask(grey, unpack.parameters).answer;
    const result = lenet.ask(grey, passes[pass]);
    kernels.values = passes[pass]["C1.weight"];
    kernels.draw();
    F6.show(result.states.F6);
    target.show(unpack.codes[known]);
    bars(result);
    part("code-of").textContent = known;
    const percent = curve.test[pass].toFixed(2);
    part("pass-told").textContent = pass
      ? say("after pass {pass}: {percent} % of the test digits are misread", { pass, percent })
      : say("before the training: {percent} % of the test digits are misread", { percent });
    part("pass").setAttribute("aria-valuetext", part("pass-told").textContent);
    const answer = lenet.answer.word(result);
    part("answer-then").textContent = digit
      ? say("Its answer to your digit: {answer}.", { answer })
      : say("Its answer to a test digit: {answer}.", { answer });
    dot.setAttribute("visibility", pass ? "visible" : "hidden");
    dot.setAttribute("cx", x(Math.max(pass, 1)));
    dot.setAttribute("cy", y(curve.test[Math.max(pass, 1)]));
  }

  async function come() {
    passes ??= await unpack.later("passes");
    kernels.shape.most = Math.max(...passes.flatMap((one) => Array.from(one["C1.weight"], Math.abs)));
    update();
  }

  part("learning").hidden = false;
  new IntersectionObserver((entries) => {
    seen = entries.at(-1).isIntersecting;
    if (seen) come();
  }).observe(part("learning"));
  part("pass").addEventListener("input", update);

  /** The digit is now `grey` (32, 32), or null; picked, if it is a test digit. */
  function show(grey, picked) {
    digit = grey && { grey, truth: picked?.truth };
    update();
  }

  return { show };
})();
