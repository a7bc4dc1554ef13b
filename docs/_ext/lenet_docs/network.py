"""Tables and drawings of the network, computed from `paper_lenet.network.architecture`."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

from paper_lenet.network.architecture import CODE_COLUMNS, CODE_ROWS, Layer, codes, layers
from paper_lenet.paper import numbers

from .printed import as_text
from .said import say
from .tables import table


def _printed(number: int | None) -> str:
    return "–" if number is None else as_text(number)


def layer_rows() -> list[list[str]]:
    """One row a layer and the total: ours and the paper's counts side by side."""
    counts = {count.layer: count for count in numbers.COUNTS}
    listed = layers()[1:]
    rows = [_layer_row(layer, counts.get(layer.name)) for layer in listed]
    parameters = sum(layer.parameters for layer in listed)
    connections = sum(layer.connections for layer in listed)
    total = _beside(parameters, connections, numbers.TOTAL)
    return [*rows, ["total", "", "", *total]]


def _layer_row(layer: Layer, printed: numbers.Count | None) -> list[str]:
    flat = layer.kind in ("full", "output")
    shape = f"{layer.maps}" if flat else f"{layer.maps} @ {layer.size}×{layer.size}"
    window = "all" if flat else f"{layer.kernel}×{layer.kernel}, {layer.stride}"
    return [layer.name, shape, window, *_beside(layer.parameters, layer.connections, printed)]


def _beside(parameters: int, connections: int, printed: numbers.Count | None) -> list[str]:
    """Ours and the paper's counts, and where the paper has them."""
    printed = printed or numbers.Count("", None, None, None, "–")
    return [
        as_text(parameters),
        _printed(printed.parameters),
        as_text(connections),
        _printed(printed.connections),
        _printed(printed.journal_connections),
        printed.place.removeprefix("Section "),
    ]


class LayerTable(SphinxDirective):
    """Shapes, parameters and connections of every layer, beside the paper's."""

    def run(self) -> list[nodes.Node]:
        """The table."""
        heading = [
            "Layer",
            "Maps @ size",
            "Window, stride",
            "Parameters",
            "printed",
            "Connections",
            "preprint",
            "journal",
            "Section",
        ]
        caption = "The layers. Ours are computed; beside them what the paper prints"
        return [table(heading, layer_rows(), caption)]


class LayersRole(SphinxRole):
    """A count: ``{layers}`parameters``` of all layers, ``{layers}`C3.parameters``` of one."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The count as text, or an error if there is no such layer or count."""
        *name, count = self.text.split(".")
        chosen = [layer for layer in layers() if not name or layer.name == name[0]]
        try:
            total = sum(getattr(layer, count) for layer in chosen)
        except (AttributeError, TypeError) as error:
            return [], [self.inliner.reporter.error(f"layers: {error}", line=self.lineno)]
        if not chosen:
            message = f"layers: no layer {name[0]}"
            return [], [self.inliner.reporter.error(message, line=self.lineno)]
        return [nodes.Text(as_text(total))], []


class Codes(SphinxDirective):
    """The ten codes of the output units as bitmaps."""

    def run(self) -> list[nodes.Node]:
        """One drawing a digit."""
        drawings = "".join(bitmap(digit, code) for digit, code in enumerate(codes()))
        box = nodes.raw("", f'<div class="codes">{drawings}</div>', format="html")
        caption = say("The codes of the ten digits, 7 × 12. Filled is +1, empty is −1.")
        return [nodes.figure("", box, nodes.caption(caption, caption))]


def bitmap(digit: int, code: list[int]) -> str:
    """One code as an SVG drawing with a text for those who do not see it."""
    squares = "".join(
        f"M{place % CODE_COLUMNS} {place // CODE_COLUMNS}h1v1h-1z"
        for place, component in enumerate(code)
        if component == 1
    )
    label = say("Code of digit {digit}").format(digit=digit)
    box = f"-.5 -.5 {CODE_COLUMNS + 1} {CODE_ROWS + 1}"
    return (
        f'<svg class="code" role="img" aria-label="{label}" viewBox="{box}">'
        f'<rect width="{CODE_COLUMNS}" height="{CODE_ROWS}"/><path d="{squares}"/></svg>'
    )


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_role("layers", LayersRole())
    app.add_directive("layer-table", LayerTable)
    app.add_directive("codes", Codes)
