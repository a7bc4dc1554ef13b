"""Bring the translations up to the English pages, and say how much of each page is translated.

    python tools/translation.py docs/_build/doctrees

Reads the English pages as Sphinx has read them. In ``docs/locale`` a message that is new stands
without translation; one whose English has changed keeps its old translation, marked as fuzzy, which
Sphinx does not show; one that is in English no more is dropped. Nothing fails for what is left to
do. A page is begun by an empty file of its name.
"""

from __future__ import annotations

import io
import pickle
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from docutils import nodes

DOCS = Path(__file__).resolve().parents[1] / "docs"
sys.path[:0] = [str(DOCS.parent), str(DOCS / "_ext")]

from lenet_docs import lettered  # noqa: E402
from lenet_docs.said import (  # noqa: E402
    DOMAIN,
    FOLDER,
    MESSAGES,
    THEME,
    has_words,
    messages,
    of_theme,
)

from paper_lenet.base.files import write_text  # noqa: E402

HEADER = 'msgid ""\nmsgstr ""\n"Language: {}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
_WORD = re.compile(r"[^\W\d_]{3}|^[a-z]{2}$")


class Left(NamedTuple):
    """Messages of a page that are translated, changed in English since, and without translation;
    and translations of what is in English no more.
    """

    translated: int
    changed: int
    missing: int
    dropped: int


def doctree(doctrees: Path, page: str) -> nodes.document:
    """A page as Sphinx has read it."""
    with (doctrees / f"{page}.doctree").open("rb") as file:
        found: nodes.document = pickle.load(file)
    return found


def english(doctrees: Path, pages: Iterable[str], name: str) -> list[str]:
    """The messages of the catalogue `name`: of that page, of the theme, or of the site's own code.

    The code also says what stands in tables and in drawings on `pages`. What has no words is left
    out.
    """
    if name == DOMAIN:
        found = [text for _, text in messages(DOCS)]
        found += [text for page in pages for text in _told(doctrees, page)]
        found += [text for page in pages for text in _lettered(doctrees, page)]
    elif name == THEME:
        found = list(of_theme())
    else:
        found = doctree(doctrees, name)["messages"]
    return [text for text in dict.fromkeys(found) if has_words(text)]


def _told(doctrees: Path, page: str) -> Iterator[str]:
    """Words in the tables of a page that are not in its text."""
    for table in doctree(doctrees, page).findall(nodes.table):
        for node in table.findall(lambda each: isinstance(each, nodes.title | nodes.paragraph)):
            if node.source is None and _WORD.search(node.rawsource):
                yield node.rawsource


def _lettered(doctrees: Path, page: str) -> Iterator[str]:
    """Words in the drawings of a page."""
    for image in doctree(doctrees, page).findall(nodes.image):
        if image["uri"].endswith("-light.svg"):  # the dark one says the same
            yield from lettered.messages((DOCS / image["uri"]).read_text(encoding="utf-8"))


def read(path: Path) -> Catalog:
    """A catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name)


def update(catalogue: Catalog, texts: Iterable[str]) -> Left:
    """Give a catalogue these messages, in this order, with the translations that it has."""
    before = {each.id for each in catalogue if each.id and each.string}
    template = Catalog()
    for text in texts:
        template.add(text)
    catalogue.update(template)
    found = [each for each in catalogue if each.id]
    changed = sum(each.fuzzy for each in found)
    missing = sum(not each.string for each in found)
    dropped = len(before - {each.id for each in found})
    return Left(len(found) - changed - missing, changed, missing, dropped)


def written(catalogue: Catalog) -> str:
    """The text of a catalogue's file."""
    for each in catalogue:  # babel takes braces and percents for Python's
        each.flags -= {"python-format", "python-brace-format"}
    content = io.BytesIO()
    options = {"omit_header": True, "no_location": True, "ignore_obsolete": True}
    write_po(content, catalogue, width=100, include_previous=True, **options)
    return HEADER.format(catalogue.locale_identifier) + content.getvalue().decode().lstrip("\n")


def main(doctrees: Path, docs: Path = DOCS) -> None:
    """Update all catalogues, and print a line for each."""
    for folder in sorted((docs / FOLDER).glob(f"*/{MESSAGES}")):
        paths = {
            path.relative_to(folder).with_suffix("").as_posix(): path for path in _files(folder)
        }
        pages = [name for name in paths if name not in (DOMAIN, THEME)]
        print(_line(folder.parent.name, *Left._fields))
        for name, path in paths.items():
            catalogue = read(path)
            print(_line(name, *update(catalogue, english(doctrees, pages, name))))
            write_text(path, written(catalogue))


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.po"))


def _line(name: str, *cells: object) -> str:
    return f"{name:<20}" + "".join(f"{cell:>12}" for cell in cells)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
