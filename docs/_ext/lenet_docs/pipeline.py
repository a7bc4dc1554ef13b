"""The pipeline as a graph, drawn from ``dvc.yaml``."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from paper_lenet.network.params import read_params

# In pixels: a stage's box, the distance of two boxes, and that of two lanes beside them, in which
# the arrows that skip stages run, one lane for all that leave a stage.
LEFT, WIDE, HIGH, LINE, LANE = 62, 100, 30, 76, 15
WIDTH = 420


def stages(root: Path) -> dict[str, tuple[list[str], list[str]]]:
    """By stage, the data that it reads and what it writes."""
    params = read_params(root / "params.yaml")
    values = {"${data.name}": params.data.name, "${train.recipe}": params.train.recipe}
    tree = yaml.safe_load((root / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    return {
        stage: (_paths(part["deps"], values), _paths(part["outs"], values))
        for stage, part in tree.items()
    }


def _paths(entries: list[Any], values: dict[str, str]) -> list[str]:
    paths = (entry if isinstance(entry, str) else next(iter(entry)) for entry in entries)
    found = [path for path in paths if path.startswith("data/")]
    for name, value in values.items():
        found = [path.replace(name, value) for path in found]
    return found


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
    parts += arrows([(names.index(first), names.index(second)) for first, second in pairs])
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


def arrows(pairs: list[tuple[int, int]]) -> list[str]:
    """Straight down to the next stage; to later ones in the lane of the stage that they leave."""
    skipping = sorted((first, second) for first, second in pairs if second > first + 1)
    sources = sorted({first for first, _ in skipping})
    result = []
    for first, second in pairs:
        if second == first + 1:
            x, start, end = LEFT + WIDE / 2, first * LINE + HIGH, second * LINE
            result.append(f'<path class="arrow" d="M{x} {start}V{end}"/>')
            continue
        # The lane of the first source lies outside all others.
        lane = LEFT - LANE * (len(sources) - sources.index(first)) - 4
        coming = [source for source, target in skipping if target == second]
        start = first * LINE + HIGH - 8
        end = second * LINE + HIGH * (coming.index(first) + 1) / (len(coming) + 1)
        path = f"M{LEFT} {start}H{lane + 6}q-6 0 -6 6V{end - 6:.1f}q0 6 6 6H{LEFT}"
        result.append(f'<path class="arrow" d="{path}"/>')
    return result


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
