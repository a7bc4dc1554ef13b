"""Receptive fields as a table, computed from `paper_lenet.network.receptive_field`."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from paper_lenet.network.architecture import layers
from paper_lenet.network.receptive_field import ReceptiveField, receptive_fields

from .tables import table


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


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("field-table", FieldTable)
