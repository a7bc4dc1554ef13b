// Sphinx finds a heading only by half of its letters or more, and skips numbers in what is sought.
// Here a heading is found by all of the words sought, in any order, numbers among them: first those
// that say little else.
const perform = Search._performSearch;

function headings(words) {
  const { alltitles, docnames, filenames, titles } = Search._index;
  const found = Object.entries(alltitles).filter(
    ([title]) => words.length && words.every(word => title.toLowerCase().includes(word)));
  found.sort(([one], [other]) => other.length - one.length); // the last is shown first
  return found.flatMap(([title, places]) => places.map(([page, id]) => [
    docnames[page],
    titles[page] === title ? title : `${titles[page]} > ${title}`,
    id === null ? "" : `#${id}`,
    null,
    Scorer.title,
    filenames[page],
    "title",
  ]));
}

Search._performSearch = (query, ...terms) => {
  const found = headings(query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
  const place = ([page, , anchor]) => page + anchor;
  const again = new Set(found.map(place));
  return [...perform(query, ...terms).filter(each => !again.has(place(each))), ...found];
};
