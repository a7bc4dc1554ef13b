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
WEIGHTS = DATA / "models" / "mnist" / "seed-00.safetensors"  # what is asked if nothing is named

Kind = Literal["raw", "processed", "models", "results", "figures", "figures/explained", "timings"]


def folder(kind: Kind, params: Params) -> Path:
    """``data/KIND/NAME``, the folder of one kind of files of the data set."""
    return DATA / kind / params.data.name
