"""Docstrings as the code has them, brought to what Sphinx reads.

An indented block (a layout, a recurrence) is shown as it stands, without the ``::`` that
reStructuredText wants before it. Named tuples show their fields as the class tells them, and arrays
the names that the code has for them.
"""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx

# What Google style indents below a heading of its own, and list items, are no such blocks.
_HEADING = re.compile(r"\s*(Args|Attributes|Raises|Returns|Yields|Example|Examples|Note):$")
_ITEM = re.compile(r"\s*([-*]|\d+\.)\s")
_SEVERAL = re.compile(r"\s+\w+(, \w+)+: ")
_ARRAY = re.compile(
    r"~?numpy\.ndarray\[tuple\[~?typing\.Any, \.\.\.\], ~?numpy\.dtype\[([^\]]+)\]\]"
)


def show_blocks(
    app: Sphinx, what: str, name: str, found: Any, options: Any, lines: list[str]
) -> None:
    """Put a directive before each indented block that stands between empty lines."""
    place = 1
    while place < len(lines):
        begins = lines[place].startswith("    ") and not lines[place - 1].strip()
        before = next((line for line in reversed(lines[:place]) if line.strip()), "")
        told = before.startswith(" ") or before.endswith("::")
        if begins and not (told or _ITEM.match(before) or _HEADING.match(before)):
            lines[place:place] = [".. code-block:: text", ""]
            place += 2
        place += 1


def keep_names(
    app: Sphinx, what: str, name: str, found: Any, options: Any, lines: list[str]
) -> None:
    """Keep what stands before a colon together, where Sphinx would take it for a type.

    Names that share one explanation lose the spaces between them. Before a property's first
    sentence comes an empty comment.
    """
    for place, line in enumerate(lines):
        if several := _SEVERAL.match(line):
            lines[place] = several[0].replace(", ", ",") + line[several.end() :]
    if what in ("attribute", "data", "property") and lines and ": " in lines[0]:
        lines[:0] = ["..", ""]


def skip_fields(
    app: Sphinx, what: str, name: str, found: Any, skip: bool, options: Any
) -> bool | None:
    """Leave out a named tuple's fields, whose docstrings are Python's own, and what is a mock's."""
    mock = str(getattr(found, "__module__", "")).startswith("sphinx.ext.autodoc.")
    return True if type(found).__name__ == "_tuplegetter" or mock else None


def shorten(
    app: Sphinx, what: str, name: str, found: Any, options: Any, arguments: str, result: str
) -> tuple[str | None, str | None]:
    """Write ``NDArray[...]`` again, and leave out the class that a named tuple is handed."""
    short = [text and _ARRAY.sub(r"NDArray[\1]", text) for text in (arguments, result)]
    return short[0] and short[0].replace("(_cls, ", "("), short[1]


def drop_words(
    app: Sphinx, what: str, name: str, found: Any, options: Any, lines: list[str]
) -> None:
    """Empty the docstring of a constructor that has none of its own."""
    constructor = name.endswith((".__init__", ".__new__"))
    own = getattr(found, "__doc__", None) or "Create new instance of "
    if constructor and own.startswith("Create new instance of "):
        lines.clear()


def setup(app: Sphinx) -> None:
    """Connect to autodoc, before napoleon reads the docstrings."""
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", show_blocks, priority=400)
    app.connect("autodoc-process-docstring", keep_names, priority=400)
    app.connect("autodoc-process-docstring", drop_words)
    app.connect("autodoc-process-signature", shorten)
    app.connect("autodoc-skip-member", skip_fields)
