"use strict";
// What the page says, in its language: the table of strings that stands in the page (lenet_docs/said.py).

lenet.say = (() => {
  const words = JSON.parse(document.getElementById("touch-words").textContent);

  /** `text`, which is English, in the language of the page, with `values` for the names in braces. */
  return (text, values = {}) => (words[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => values[name]);
})();
