"""The layers on one page to be printed: sizes, counts and what a unit sees, in one short table."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from paper_lenet.network.architecture import layers
from paper_lenet.network.receptive_field import receptive_fields

from .printed import as_text
from .tables import table

NOTHING = "–"
COUNTS = ("parameters", "connections")


def rows() -> list[list[str]]:
    """One row a layer, from the input to the output, and the total."""
    fields = {field.name: field for field in receptive_fields()}
    found = []
    for layer in layers():
        flat = layer.kind in ("full", "output")
        shape = str(layer.maps) if flat else f"{layer.maps} @ {layer.size}×{layer.size}"
        windowed = not flat and layer.name != "input"
        window = f"{layer.kernel}, {layer.stride}" if windowed else NOTHING
        field = fields.get(layer.name)
        seen = (str(field.size), str(field.jump)) if field else (NOTHING, NOTHING)
        counts = (as_text(layer.parameters), as_text(layer.connections))
        found.append([layer.name, shape, window, *seen, *counts])
    total = [as_text(sum(getattr(each, name) for each in layers())) for name in COUNTS]
    return [*found, ["total", *[NOTHING] * 4, *total]]


class CheatTable(SphinxDirective):
    """The table."""

    def run(self) -> list[nodes.Node]:
        """It."""
        heading = ["Layer", "Maps @ size", "k, s", "R", "J", "Parameters", "Connections"]
        return [table(heading, rows(), "The layers")]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("cheat-table", CheatTable)
