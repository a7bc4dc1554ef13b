"""Networks of ours, trained with inverted pixels: what later steps need of them.

The study ``revive`` trains them. Its record gets

- ``lower.safetensors``: the parameters of C1 to S4 of each, by seed;
- ``noisy.csv``: what each misreads with pixels inverted (`noisy`).

So the check of the recovery and the training of new upper layers read committed files, and an edit
of either trains none of these networks again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from paper_lenet.base.declared import build
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import Parameters
from paper_lenet.studies.recovered import file, noisy
from paper_lenet.studies.study import Study, Trained

FILE = "lower.safetensors"
LOWER = ("C1", "S2", "C3", "S4")


class Lower(NamedTuple):
    """C1 to S4 of one network of ours."""

    seed: int
    recipe: Recipe
    parameters: Parameters


def lower(parameters: Parameters) -> Parameters:
    """C1 to S4 of a network."""
    return {name: part for name, part in parameters.items() if name.split(".")[0] in LOWER}


def examine(trained: Trained) -> None:
    """Write ``lower.safetensors`` and ``noisy.csv``."""
    arrays = {
        f"{one.job.seed}.{name}": part
        for one in trained.trainings
        for name, part in lower(one.state.parameters).items()
    }
    recipe = trained.trainings[0].job.recipe
    file.write(trained.folder / FILE, arrays, {"recipe": json.loads(recipe.to_json())})
    noisy.examine(trained)


def read(folder: Path) -> list[Lower]:
    """The networks whose record is in `folder`, by seed.

    Raises:
        FileError: the file is missing or is another.
        RecipeError: its recipe is none.
    """
    arrays, note = file.read(folder / FILE)
    recipe: Recipe = build(Recipe, note["recipe"], f"{folder / FILE}: recipe")
    found: dict[int, Parameters] = {}
    for name, part in arrays.items():
        seed, _, parameter = name.partition(".")
        found.setdefault(int(seed), {})[parameter] = part
    return [Lower(seed, recipe, found[seed]) for seed in sorted(found)]


STUDY = Study(examine=examine)
