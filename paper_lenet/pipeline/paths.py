"""Where everything lies: the paths of the stages, as in ``dvc.yaml``, below the current folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from paper_lenet.network.params import Params

DATA = Path("data")
GRIDS = Path("studies")
FINGERPRINTS = DATA / "fingerprints"
STORE = DATA / "work" / "trainings"
TUTORIALS = GRIDS / "tutorials.yaml"
FIG9 = GRIDS / "fig9.yaml"
WEIGHTS = DATA / "models" / "mnist" / "paper" / "seed-00.safetensors"  # asked if nothing is named

OfData = Literal["raw", "processed", "results", "timings"]
OfRecipe = Literal["models", "results", "figures", "figures/explained", "timings"]


def folder(kind: OfData, params: Params) -> Path:
    """``data/KIND/NAME``, the folder of one kind of files of the data set."""
    return DATA / kind / params.data.name


def of_recipe(kind: OfRecipe, params: Params) -> Path:
    """``data/KIND/NAME/RECIPE``, the folder of what the recipe made of the data set.

    So a recipe of one's own overwrites nothing of another's.
    """
    return DATA / kind / params.data.name / params.train.recipe
