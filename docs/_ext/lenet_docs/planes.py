"""The network as a drawing, made from the list of layers: no size or count is typed.

Each layer is a pile of planes, one a feature map, or a column, one cell a unit. A window and two
lines show what one unit of the next layer sees. It is drawn twice, from left to right for wide
screens and from top to bottom for phones; the style sheet shows one of them.
"""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from paper_lenet.network.architecture import Layer, layers

from .said import say

# In pixels: a unit's side in a map, the longest pile, the longest column and a column's width.
UNIT, PILE, COLUMN, THICK = 2.2, 36.0, 110.0, 12.0
# Left to right: the narrowest place of a layer, the gap between two, middle and height.
PLACE, GAP, MIDDLE, HIGH = 62.0, 24.0, 92.0, 218.0
# Top to bottom: the whole width, the middle of the piles, where text begins, the distance of rows.
WIDE, CENTRE, TEXT, ROW = 340.0, 92.0, 176.0, 104.0


class Pile(NamedTuple):
    """Where a layer is drawn: the front plane's corner and size, and the step to the next plane."""

    layer: Layer
    left: float
    top: float
    width: float
    height: float
    step: float

    @property
    def deep(self) -> float:
        """How far the hindmost plane is moved to the right and up."""
        return self.step * (self.layer.maps - 1)


def pile(layer: Layer, x: float, y: float) -> Pile:
    """The layer with the middle of its whole pile at (x, y)."""
    if layer.size == 1:
        longest = max(each.maps for each in layers() if each.size == 1)
        height = max(COLUMN * layer.maps / longest, THICK)
        return Pile(layer, x - THICK / 2, y - height / 2, THICK, height, 0.0)
    side = layer.size * UNIT
    step = 0.0 if layer.maps == 1 else min(4.0, PILE / (layer.maps - 1))
    deep = step * (layer.maps - 1)
    return Pile(layer, x - (side + deep) / 2, y - (side - deep) / 2, side, side, step)


def planes(each: Pile) -> str:
    """The planes from the hindmost to the front one, or the column."""
    count = each.layer.maps if each.step else 1
    return "".join(
        f'<rect x="{each.left + n * each.step:.1f}" y="{each.top - n * each.step:.1f}" '
        f'width="{each.width:.1f}" height="{each.height:.1f}"/>'
        for n in reversed(range(count))
    )


def lines(below: Pile, above: Pile, down: bool) -> str:
    """What one unit of `above` sees: a window, or all of a column."""
    if below.layer.size == 1:
        ends = _sides(below, down), _sides(above, down, first=True)
        paths = "".join(
            f"M{a:.1f} {b:.1f}L{c:.1f} {d:.1f}" for (a, b), (c, d) in zip(*ends, strict=True)
        )
        return f'<path class="seen" d="{paths}"/>'
    side = above.layer.kernel * UNIT
    # The window stands in the middle of the front plane; a column's unit sees all of every map.
    x = below.left + (below.width - side) / 2
    y = below.top + (below.height - side) / 2
    flat = above.layer.size == 1
    unit = (above.width if flat else UNIT) / 2
    to_x = above.left + (0.0 if flat and not down else above.width / 2)
    to_y = above.top + (0.0 if flat and down else above.height / 2)
    corners = (
        ((x, y + side), (x + side, y + side)) if down else ((x + side, y), (x + side, y + side))
    )
    paths = "".join(f"M{a:.1f} {b:.1f}L{to_x:.1f} {to_y:.1f}" for a, b in corners)
    dot = "" if flat else f'<circle cx="{to_x:.1f}" cy="{to_y:.1f}" r="{unit + 0.6:.1f}"/>'
    window = (
        f'<rect class="window" x="{x:.1f}" y="{y:.1f}" width="{side:.1f}" height="{side:.1f}"/>'
    )
    return f'{window}<path class="seen" d="{paths}"/>{dot}'


def _sides(each: Pile, down: bool, first: bool = False) -> list[tuple[float, float]]:
    """Both ends of the side of a column that faces the other one."""
    if down:
        y = each.top if first else each.top + each.height
        return [(each.left, y), (each.left + each.width, y)]
    x = each.left if first else each.left + each.width
    return [(x, each.top), (x, each.top + each.height)]


def size(layer: Layer) -> str:
    """Maps and their size, or the units of a column."""
    if layer.kind in ("full", "output"):
        return str(layer.maps)
    return (
        f"{layer.size}×{layer.size}"
        if layer.maps == 1
        else f"{layer.maps} @ {layer.size}×{layer.size}"
    )


def named(layer: Layer) -> str:
    """The layer's name as the paper has it in Fig. 2."""
    return layer.name if layer.name[0].isupper() else layer.name.capitalize()


def kind(layer: Layer) -> str:
    """What a layer does, in a word."""
    return {
        "input": say("image"),
        "convolution": say("convolution"),
        "subsampling": say("subsampling"),
        "full": say("full"),
        "output": "RBF",
    }[layer.kind]


def told() -> str:
    """The drawing in words."""
    parts = ", ".join(f"{named(layer)} {size(layer)} ({kind(layer)})" for layer in layers())
    return say("LeNet-5 from input to output: {parts}.").format(parts=parts)


def across() -> str:
    """From left to right."""
    piles, left = [], 4.0
    for layer in layers():
        flat = pile(layer, 0, MIDDLE)
        width = max(PLACE, flat.width + flat.deep)
        piles.append(pile(layer, left + width / 2, MIDDLE))
        left += width + GAP
    drawn = _all(piles, down=False)
    for each in piles:
        x = each.left + (each.width + each.deep) / 2
        drawn += _text(x, 14, named(each.layer), "name middle")
        drawn += _text(x, HIGH - 38, size(each.layer), "middle")
        drawn += _text(x, HIGH - 23, kind(each.layer), "muted middle")
        count = f"{each.layer.parameters:,}" if each.layer.parameters else "–"
        drawn += _text(x, HIGH - 8, count, "muted middle")
    return _svg("planes across", left - GAP + 4, HIGH, drawn)


def downwards() -> str:
    """From top to bottom, a column lying on its side, with words beside it."""
    piles = []
    for place, layer in enumerate(layers()):
        each = pile(layer, CENTRE, ROW * (place + 0.5))
        if layer.size == 1:
            x, y = CENTRE - each.height / 2, ROW * (place + 0.5) - THICK / 2
            each = Pile(layer, x, y, each.height, THICK, 0.0)
        piles.append(each)
    drawn = _all(piles, down=True)
    for place, each in enumerate(piles):
        y, count = ROW * (place + 0.5), each.layer.parameters
        drawn += _text(TEXT, y - 12, named(each.layer), "name")
        drawn += _text(TEXT, y + 4, f"{size(each.layer)} {kind(each.layer)}", "")
        if count:
            drawn += _text(TEXT, y + 20, say("{n:,} parameters").format(n=count), "muted")
    return _svg("planes downwards", WIDE, ROW * len(piles), drawn)


def _all(piles: list[Pile], down: bool) -> str:
    seen = "".join(lines(below, above, down) for below, above in pairwise(piles))
    return "".join(map(planes, piles)) + seen


def _text(x: float, y: float, text: str, style: str) -> str:
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'


def _svg(style: str, width: float, height: float, drawn: str) -> str:
    return (
        f'<svg class="{style}" role="img" aria-label="{escape(told())}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}">{drawn}</svg>'
    )


class Planes(SphinxDirective):
    """The network from input to output."""

    def run(self) -> list[nodes.Node]:
        """The figure."""
        box = nodes.raw("", across() + downwards(), format="html")
        caption = say(
            "LeNet-5. Each plane is a feature map, each column a layer of units. The numbers are "
            "maps and their size, and trainable parameters. A window and its lines show what one "
            "unit of the next layer sees of one map."
        )
        return [nodes.figure("", box, nodes.caption(caption, caption))]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("architecture-drawing", Planes)
