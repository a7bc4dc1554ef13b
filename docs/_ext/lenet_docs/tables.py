"""Tables as docutils nodes: a heading, rows, a caption; numbers stand at the right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docutils import nodes

# A column is right-aligned if each cell is a number, an interval, a sign or nothing.
_NUMERIC = set("0123456789.,+-−–±×·⁻⁰¹²³⁴⁵⁶⁷⁸⁹eE%() \N{THIN SPACE}to")
LONG = 20  # characters: a longer label of a row is broken into lines


def table(
    heading: Sequence[str], rows: Iterable[Sequence[str]], caption: str, label_column: bool = True
) -> nodes.table:
    """A table of texts.

    Args:
        heading: one text a column.
        rows: as many texts each.
        caption: what the table shows.
        label_column: whether the first column names its row.
    """
    body = [list(row) for row in rows]
    numeric = [_is_numeric([row[column] for row in body]) for column in range(len(heading))]
    group = nodes.tgroup(cols=len(heading))
    for column in range(len(heading)):
        stub = {"stub": 1} if label_column and column == 0 else {}
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
        elif len(text) > LONG:
            entry["classes"].append("words")
        row += entry
    return row
