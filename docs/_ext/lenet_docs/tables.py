"""Tables as docutils nodes: a heading, rows, a caption; numbers stand at the right.

No table is wider than the text. What does not fit becomes further tables behind a fold, each with
the columns that name a row. Many rows stand behind a fold too. What files call by a name for
programs is put into words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from unicodedata import east_asian_width

import matplotlib as mpl
from docutils import nodes
from PIL import ImageFont

from .folds import fold
from .said import say
from .words import spoken

# A column is right-aligned if each cell is a number, an interval, a sign or nothing.
_NUMERIC = set("0123456789.,+-−–±×·⁻⁰¹²³⁴⁵⁶⁷⁸⁹eE%() \N{THIN SPACE}to~")
LONG = 20  # characters, a wide one as two: a longer text is broken into lines
MANY = 24  # rows: more stand behind a fold
# Pixels: furo's column of 46em, the sheet's font, its padding and lines, and what a text that is
# broken into lines takes at least. DejaVu is wider than what most readers have.
ROOM, FONT, PADDING, WORDS = 734, 14.4, 14, 130


def table(
    heading: Sequence[str],
    rows: Iterable[Sequence[str]],
    caption: str,
    label_column: bool = True,
    said: Callable[[str], str] = say,
) -> nodes.Element:
    """A table of texts.

    Args:
        heading: one text a column.
        rows: as many texts each.
        caption: what the table shows.
        label_column: whether the first column names its row.
        said: heading and caption in the language of the build, by their English.

    Returns:
        One table, or several in a container if its English is too wide; in a fold if it is too
        long.
    """
    english = [[spoken(cell) for cell in row] for row in rows]
    keys = _keys(english)
    split = parts([width(column) for column in zip(heading, *english, strict=True)], keys)
    heading, caption = [said(text) for text in heading], said(caption)
    body = [[say(cell) for cell in row] for row in english]
    columns = list(zip(heading, *body, strict=True))
    labels = len(keys) if label_column else 0
    found, *rest = [_table([columns[each] for each in part], labels, caption) for part in split]
    if rest:
        more = ", ".join(heading[each] for part in split[1:] for each in part[len(keys) :])
        found = nodes.container(
            "",
            found,
            fold(say("More columns: {names}").format(names=more), *rest),
            classes=["wide"],
        )
    if len(body) > MANY:
        told = say("{caption}: {count} rows").format(caption=caption, count=len(body))
        return fold(told, found, classes=["long"])
    return found


def _keys(body: Sequence[Sequence[str]]) -> list[int]:
    """The first column, with the second if only both together tell each row from the others."""
    both = {tuple(row[:2]) for row in body}
    return [0, 1] if len({row[0] for row in body}) < len(both) == len(body) else [0]


def parts(widths: Sequence[float], keys: Sequence[int]) -> list[list[int]]:
    """The columns of each table: `keys` in all of them, and of the others as many as there is room.

    >>> parts([200, 300, 300, 200, 100], [0])
    [[0, 1], [0, 2, 3], [0, 4]]
    """
    room = ROOM - sum(widths[key] for key in keys)
    found: list[list[int]] = [[]]
    for column in range(len(keys), len(widths)):
        taken = sum(widths[other] for other in found[-1])
        if found[-1] and taken + widths[column] > room:
            found.append([])
        found[-1].append(column)
    return [[*keys, *part] for part in found]


def width(column: Sequence[str]) -> float:
    """How many pixels a column takes at least, its heading first."""
    heading, *cells = column
    words = max((length(word, bold=True) for word in heading.split()), default=0)
    return PADDING + max([words, *map(_cell, cells)])


def _cell(text: str) -> float:
    if not _long(text) or set(text) <= _NUMERIC:
        return length(text)
    return max([WORDS, *map(length, text.split())])


def _long(text: str) -> bool:
    return len(text) + sum(east_asian_width(sign) in "WF" for sign in text) > LONG


@cache
def _font(bold: bool) -> ImageFont.FreeTypeFont:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(Path(mpl.get_data_path()) / "fonts/ttf" / name, FONT)


def length(text: str, bold: bool = False) -> float:
    """How many pixels a text takes in one line."""
    return _font(bold).getlength(text)


def _table(columns: Sequence[Sequence[str]], labels: int, caption: str) -> nodes.table:
    numeric = [_is_numeric(cells) for _, *cells in columns]
    heading, *body = zip(*columns, strict=True)
    group = nodes.tgroup(cols=len(columns))
    for place in range(len(columns)):
        stub = {"stub": 1} if place < labels else {}
        group += nodes.colspec(colwidth=1, **stub)
    group += nodes.thead("", _row(heading, numeric))
    group += nodes.tbody("", *(_row(row, numeric) for row in body))
    return nodes.table("", nodes.title(caption, caption), group, classes=["data"])


def _is_numeric(texts: Sequence[str]) -> bool:
    return any(texts) and all(set(text) <= _NUMERIC for text in texts)


def _row(texts: Sequence[str], numeric: Sequence[bool]) -> nodes.row:
    row = nodes.row()
    for text, number in zip(texts, numeric, strict=True):
        entry = nodes.entry("", nodes.paragraph(text, text))
        if number:
            entry["classes"].append("number")
        elif _long(text):
            entry["classes"].append("words")
        row += entry
    return row
