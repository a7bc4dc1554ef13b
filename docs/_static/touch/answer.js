"use strict";
// What the network says: the answer, the penalties and probabilities of ten classes and of the
// rubbish class, and whether a test digit is read rightly. Spoken once the drawing rests.

lenet.answer = (() => {
  const SPEAK = 500; // milliseconds without a change before the answer is spoken
  const { say } = lenet;
  const { rubbish } = lenet.data;
  const NONE = say("not a digit");
  const part = (name) => document.getElementById(`touch-${name}`);
  const percent = (share) => `${(100 * share).toFixed(1)} %`;

  /** The answer as it is written large. */
  const word = (result) => (!result ? "–" : result.digit ? String(result.answer) : NONE);

  /** Of a list of eleven bars the function that shows a result, or nothing, in it. */
  function bars(list) {
    const rows = Array.from(list.children, (row) => ({
      row,
      bar: row.querySelector(".touch-bar"),
      number: row.querySelector(".touch-number"),
      share: row.querySelector(".touch-share"),
    }));
    return (result) => {
      const penalties = result ? [...result.penalties, rubbish] : null;
      const most = penalties && Math.max(...penalties);
      const best = result && (result.digit ? result.answer : rows.length - 1);
      rows.forEach(({ row, bar, number, share }, place) => {
        row.classList.toggle("touch-answer", place === best);
        bar.style.width = penalties ? `${(100 * penalties[place]) / most}%` : "0";
        number.textContent = penalties ? penalties[place].toFixed(2) : "–";
        share.textContent = result ? percent(result.posterior[place]) : "";
      });
    };
  }

  const shown = bars(part("penalties"));

  function beside(result) {
    if (!result) return "";
    if (result.digit) return say("confidence {share}", { share: percent(result.confidence) });
    return say("the nearest code is that of {answer}", result);
  }

  /** Of a picked digit its class, and whether it was read rightly. */
  function truth(result, digit) {
    if (!digit) return "";
    const nearest = result && result.answer === digit.truth;
    const verdict = !nearest ? say("Wrong") : result.digit ? say("Right") : say("The nearest is right");
    const told = say("its class is {truth}. Test pattern {index}, misread by {times} of {seeds} networks.", digit);
    return `${verdict}: ${told}`;
  }

  function sentence(result, digit) {
    if (!result) return say("Nothing is drawn.");
    const { answer, penalties, digit: known, confidence } = result;
    const order = Array.from(penalties.keys()).sort((a, b) => penalties[a] - penalties[b]);
    const values = {
      answer,
      penalty: penalties[answer].toFixed(2),
      share: percent(confidence),
      next: order[1],
      more: penalties[order[1]].toFixed(2),
    };
    const said = known
      ? say("The answer is {answer}, with a penalty of {penalty} and a confidence of {share}.", values)
      : say("Not a digit; the nearest is {answer}, with a penalty of {penalty} and a confidence of {share}.", values);
    return [said, say("Next is {next}, with {more}.", values), truth(result, digit)].join(" ").trim();
  }

  let waiting = 0;
  /** Show `result`, of lenet.ask or null, for the picked `digit` or null. `more` is spoken after it. */
  function show(result, digit, more = () => "") {
    shown(result);
    part("big").textContent = word(result);
    part("big").classList.toggle("touch-none", result !== null && !result.digit);
    part("confidence").textContent = beside(result);
    part("truth").textContent = truth(result, digit);
    clearTimeout(waiting);
    waiting = setTimeout(() => (part("said").textContent = `${sentence(result, digit)} ${more()}`.trim()), SPEAK);
  }

  return { show, word, bars };
})();
