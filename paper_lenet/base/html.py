"""Tables as a notebook shows them: plain text in plain HTML, nothing in it taken for markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def table(caption: str, heading: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """A table in HTML; the first cell of a row is its heading.

    Args:
        caption: what the table is of.
        heading: a cell for each column, or none for no such row.
        rows: the cells; each is shown as `str` has it.

    Example:
        >>> table("Pairs", (), [("a", "<b>")])
        '<table><caption>Pairs</caption><tr><th>a</th><td>&lt;b&gt;</td></tr></table>'
    """
    lines = [_row(["th"] * len(heading), heading)] if heading else []
    lines += [_row(["th"] + ["td"] * (len(row) - 1), row) for row in rows]
    return f"<table><caption>{escape(caption)}</caption>{''.join(lines)}</table>"


def _row(kinds: Iterable[str], cells: Iterable[object]) -> str:
    pairs = zip(kinds, cells, strict=True)
    return f"<tr>{''.join(f'<{kind}>{escape(str(cell))}</{kind}>' for kind, cell in pairs)}</tr>"
