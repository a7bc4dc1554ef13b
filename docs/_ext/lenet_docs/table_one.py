"""Table I as a picture: which S2 maps each C3 map takes input from (Section II-B, p. 2285)."""

from __future__ import annotations

from html import escape
from itertools import groupby

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from paper_lenet.network.architecture import TABLE_I

from .said import say

MAPS = 6  # of S2
# In pixels: a square, where the squares begin, and what is kept free below them.
CELL, LEFT, TOP, BELOW = 19, 52, 34, 40


def kind(sources: tuple[int, ...]) -> str:
    """How the text sorts a map's row: neighbours, with map 0 next to the last, or not."""
    if len(sources) == MAPS:
        return say("all")
    # Seen as a ring, neighbours have a single end: a map whose next one is not among them.
    ends = sum((source + 1) % MAPS not in sources for source in sources)
    return say("{n} neighbours").format(n=len(sources)) if ends == 1 else say("2 and 2")


def drawing() -> str:
    """Rows are S2 maps and columns C3 maps, as the paper prints it."""
    width, height = LEFT + CELL * len(TABLE_I), TOP + CELL * MAPS
    parts = [_text(LEFT - 4, TOP - 8, say("C3 map"), "end"), _text(0, TOP + 13, "S2", "start")]
    for source in range(MAPS):
        parts.append(_text(LEFT - 8, TOP + CELL * source + 14, str(source), "end"))
    for place, row in enumerate(TABLE_I):
        x = LEFT + CELL * place
        parts.append(_text(x + CELL / 2, TOP - 8, str(place), "middle"))
        for source in range(MAPS):
            style = "on" if source in row else "off"
            parts.append(
                f'<rect class="{style}" x="{x + 1}" y="{TOP + CELL * source + 1}" '
                f'width="{CELL - 2}" height="{CELL - 2}" rx="2"/>'
            )
    start = 0
    for name, group in groupby(map(kind, TABLE_I)):
        count = len(list(group))
        x, end = LEFT + CELL * start, LEFT + CELL * (start + count)
        parts.append(f'<path d="M{x + 2} {height + 5}v5H{end - 2}v-5"/>')
        parts.append(_text((x + end) / 2, height + 26, name, "middle"))
        start += count
    rows = "; ".join(f"{place}: {', '.join(map(str, row))}" for place, row in enumerate(TABLE_I))
    text = say("Table I. Maps of C3 and the maps of S2 that they see.") + f" {rows}."
    return (
        f'<svg class="table-one" role="img" aria-label="{escape(text)}" '
        f'viewBox="0 0 {width + 12} {height + BELOW}" width="{width + 12}">{"".join(parts)}</svg>'
    )


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'


class TableOne(SphinxDirective):
    """Table I."""

    def run(self) -> list[nodes.Node]:
        """The figure."""
        kernels = sum(len(row) for row in TABLE_I)
        caption = say(
            "Table I: columns are the {columns} maps of C3, rows the {rows} maps of S2. "
            "Each of the {kernels} filled squares is a kernel of 5×5 weights."
        ).format(columns=len(TABLE_I), rows=MAPS, kernels=kernels)
        box = nodes.raw("", drawing(), format="html")
        return [nodes.figure("", box, nodes.caption(caption, caption))]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("table-one", TableOne)
