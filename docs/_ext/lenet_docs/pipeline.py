"""The pipeline as a graph, drawn from ``dvc.yaml``."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from paper_lenet.recipe import read_params

# In pixels: a stage's box, the distance of two boxes, and how far an arrow that skips stages
# swings out for each stage that it skips.
LEFT, WIDE, HIGH, LINE, SWING = 46, 100, 30, 76, 20
WIDTH = 400


def stages(root: Path) -> dict[str, tuple[list[str], list[str]]]:
    """By stage, the data that it reads and what it writes."""
    name = read_params(root / "params.yaml").data.name
    tree = yaml.safe_load((root / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    return {
        stage: (_paths(part["deps"], name), _paths(part["outs"], name))
        for stage, part in tree.items()
    }


def _paths(entries: list[Any], name: str) -> list[str]:
    paths = (entry if isinstance(entry, str) else next(iter(entry)) for entry in entries)
    return [path.replace("${data.name}", name) for path in paths if path.startswith("data/")]


def edges(graph: dict[str, tuple[list[str], list[str]]]) -> list[tuple[str, str]]:
    """Pairs of stages of which the second reads what the first writes."""
    return [
        (first, second)
        for second, (reads, _) in graph.items()
        for first, (_, writes) in graph.items()
        if set(reads) & set(writes)
    ]


def drawing(graph: dict[str, tuple[list[str], list[str]]]) -> str:
    """The graph from top to bottom, with what each stage writes beside it."""
    names = list(graph)
    parts = [_stage(place, name, graph[name][1]) for place, name in enumerate(names)]
    pairs = edges(graph)
    parts += [_arrow(names.index(first), names.index(second)) for first, second in pairs]
    text = "Stages of the pipeline: " + ", ".join(f"{a} leads to {b}" for a, b in pairs)
    height = LINE * (len(names) - 1) + HIGH
    return (
        f'<svg class="pipeline" role="img" aria-label="{escape(text)}" width="{WIDTH}" '
        f'viewBox="-1 -1 {WIDTH} {height + 2}"><defs><marker id="tip" viewBox="0 0 8 8" refX="7" '
        'refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/>'
        f"</marker></defs>{''.join(parts)}</svg>"
    )


def _stage(place: int, name: str, writes: list[str]) -> str:
    top = place * LINE
    lines = "".join(
        f'<text class="file" x="{LEFT + WIDE + 10}" y="{top + 13 + 14 * line}">{path}</text>'
        for line, path in enumerate(writes)
    )
    box = f'<rect x="{LEFT}" y="{top}" width="{WIDE}" height="{HIGH}" rx="4"/>'
    label = f'<text class="stage" x="{LEFT + WIDE / 2}" y="{top + HIGH / 2 + 4}">{name}</text>'
    return box + label + lines


def _arrow(first: int, second: int) -> str:
    if second == first + 1:
        x, start, end = LEFT + WIDE / 2, first * LINE + HIGH, second * LINE
        return f'<path class="arrow" d="M{x} {start}V{end}"/>'
    start, end = first * LINE + HIGH - 8, second * LINE + 8 * (second - first) - 8
    out = LEFT - SWING * (second - first - 1) - 6
    path = f"M{LEFT} {start}C{out} {start} {out} {start} {out} {start + 20}"
    return f'<path class="arrow" d="{path}V{end - 20}C{out} {end} {out} {end} {LEFT} {end}"/>'


class Pipeline(SphinxDirective):
    """The graph of the stages."""

    def run(self) -> list[nodes.Node]:
        """The figure."""
        graph = nodes.raw("", drawing(stages(self.env.srcdir.parent)), format="html")
        caption = "Each stage, and beside it what it writes. An arrow: the lower one reads it."
        return [nodes.figure("", graph, nodes.caption(caption, caption))]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("pipeline", Pipeline)
