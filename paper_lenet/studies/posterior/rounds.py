"""The rounds of draws: studies ``round_0``, ``round_1`` and so on, each drawn from its own law.

The first law is the prior. Each further one is aimed at the posterior by all rounds before it, axis
by axis (`sampling.toward`); the grid of round 0 states the rule. Every draw is trained twice, as
the network of Fig. 5 and as that of Fig. 13, by seeds of their own, so a draw has all statistics
that the paper has.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from paper_lenet.results.trainings import Run, read_study
from paper_lenet.studies.prior import Prior, read_prior
from paper_lenet.studies.study import Folders

FIRST = "round_0"
WAYS = ("clean", "inverted")

Runs = dict[str, Run]


class Round(NamedTuple):
    """One round that was trained.

    Attributes:
        name: of its study.
        law: from which its readings were drawn.
        clean: its trainings on patterns as they are, by the draw's name.
        inverted: those on patterns with inverted pixels, alike.
    """

    name: str
    law: Prior
    clean: Runs
    inverted: Runs


def rounds(folders: Folders) -> list[Round]:
    """Those that were trained, in their order.

    Raises:
        RecipeError: a grid states no law.
        TableError: a record is not whole.
    """
    grids = sorted(folders.grids.glob("round_*.yaml"), key=lambda path: int(path.stem[6:]))
    return [
        _round(path, folders.trained(path.stem))
        for path in grids
        if is_recorded(folders, path.stem)
    ]


def is_recorded(folders: Folders, name: str) -> bool:
    """Whether the study `name` was trained."""
    return (folders.trained(name) / "runs.csv").is_file()


def _round(grid: Path, record: Path) -> Round:
    runs = read_study(record)
    clean, inverted = (
        {name.removesuffix(f"-{way}"): run for name, run in runs.items() if name.endswith(way)}
        for way in WAYS
    )
    return Round(grid.stem, read_prior(grid), clean, inverted)
