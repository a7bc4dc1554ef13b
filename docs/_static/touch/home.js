"use strict";
// The home page: a pad, and what the network says of the drawing.

(() => {
  const { forward, frame, answer, unpack } = lenet;
  const part = (name) => document.getElementById(`touch-${name}`);

  const pad = lenet.pad(part("pad"), part("clear"), drawn, (words) => (part("keys-did").textContent = words));

  function drawn() {
    const digit = frame.field(pad.grey(), pad.width, pad.height);
    part("invitation").hidden = digit !== null;
    if (!digit) return answer.show(null, null);
    const { output } = forward.states(frame.padded(digit), unpack.parameters);
    answer.show({ penalties: output, ...forward.answer(output) }, null);
  }

  drawn();
})();
