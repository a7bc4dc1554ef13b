"""Receptive fields as a table and as a drawing, computed from `paper_lenet.receptive_field`."""

from __future__ import annotations

from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from paper_lenet.architecture import layers
from paper_lenet.receptive_field import ReceptiveField, receptive_fields

from .tables import table

# Which unit of each layer is drawn: each one is among those that the next one sees.
UNITS = {"C1": 15, "S2": 7, "C3": 5, "S4": 2, "C5": 0}


def rows() -> list[list[str]]:
    """One row a layer from the input to C5: the recurrence with numbers, and where fields lie."""
    below = ReceptiveField("", 1, 1, 1)
    result = []
    for layer, field in zip(layers(), receptive_fields(), strict=False):
        size = f"{below.size} + ({layer.kernel} − 1)·{below.jump} = {field.size}"
        jump = f"{below.jump}·{layer.stride} = {field.jump}"
        first, last = field.centres[0], field.centres[-1]
        centres = f"{first:g} to {last:g}" if field.units > 1 else f"{first:g}"
        tiles = "{:g} to {:g}".format(*field.tiled)
        if layer.name == "input":
            size = jump = "1"
        result.append([layer.name, size, jump, str(field.units), centres, tiles])
        below = field
    return result


class FieldTable(SphinxDirective):
    """The recurrence with its numbers."""

    def run(self) -> list[nodes.Node]:
        """The table."""
        heading = ["Layer", "Size R", "Jump J", "Units a side", "Centres", "Centres tile"]
        return [table(heading, rows(), "Receptive fields along one axis, in pixel edges")]


class FieldDrawing(SphinxDirective):
    """The fields of one unit of each layer in the input field."""

    def run(self) -> list[nodes.Node]:
        """The figure."""
        drawing = nodes.raw("", nested(), format="html")
        caption = "The field of one unit of each layer in the 32×32 input, with its side in pixels."
        return [nodes.figure("", drawing, nodes.caption(caption, caption))]


def nested() -> str:
    """The drawing: the largest field first, so that the others lie on it."""
    fields = receptive_fields()
    side = fields[0].units
    lines = "".join(f"M0 {n}h{side}M{n} 0v{side}" for n in range(side + 1))
    parts = [f'<path class="grid" d="{lines}"/>']
    for field in reversed(fields[1:]):
        start = field.start(UNITS[field.name])
        place = f'x="{start}" y="{start}" width="{field.size}" height="{field.size}"'
        parts.append(f'<rect class="field" {place}/>')
        # Above its square, but the smallest inside: the next square's edge is too close above it.
        x, y = (start + 0.4, start + 1.3) if field is fields[1] else (start, start - 0.2)
        parts.append(f'<text x="{x}" y="{y}">{field.name} {field.size}</text>')
    sizes = ", ".join(f"{field.name} {field.size}" for field in fields[1:])
    text = f"Nested squares in the input field, sides in pixels: {sizes}."
    return (
        f'<svg class="fields" role="img" aria-label="{escape(text)}" '
        f'viewBox="-.5 -1.5 {side + 1} {side + 2}">{"".join(parts)}</svg>'
    )


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("field-table", FieldTable)
    app.add_directive("field-drawing", FieldDrawing)
