"""The small answers of the page to touch: classifiers of Fig. 9 that the study ``small`` kept.

Their rows stand in the page, with the numbers of the study's table; their weights come in a script
that is fetched. The layers of those that have some are told to the scripts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from paper_lenet.base.files import read_csv, read_tensors
from paper_lenet.digits.mnist import SIDE
from paper_lenet.network import lenets

from .packed import sets
from .said import say

TABLE = "data/results/studies/small/small.csv"
WEIGHTS = "data/results/studies/small/weights.safetensors"
LAYERED = {"linear": lenets.fully_connected(SIDE, ()), "lenet_1": lenets.lenet_1()}


def rows(root: Path) -> str:
    """A row of each, in which the scripts fill the answer and its lead."""
    names = {
        "linear": say("Linear"),
        "pca_quadratic": say("40 PCA + quadratic"),
        "lenet_1": "LeNet-1",
    }
    return "\n".join(
        f'<tr data-name="{name}"><th scope="row">{names[name]}</th>'
        '<td class="touch-given">–</td>'
        '<td><span class="touch-lead"><span class="touch-bar"></span></span> '
        '<span class="touch-number"></span></td>'
        f"<td>{int(each['parameters']):,}</td><td>{each['rounded_percent']} %</td></tr>"
        for each in read_csv(root / TABLE)
        for name in [each["classifier"]]
    )


def layers() -> dict[str, list[tuple[str, Any]]]:
    """By classifier its layers above the input: of each the kind, and the maps that it sees."""
    return {
        name: [(type(each).__name__.lower(), getattr(each, "table", None)) for each in made.layers]
        for name, made in LAYERED.items()
    }


def weights(root: Path) -> dict[str, Any]:
    """The weights of all, packed."""
    arrays, steps = read_tensors(root / WEIGHTS, "steps")
    return sets({name: part[None] for name, part in arrays.items()}, steps)
