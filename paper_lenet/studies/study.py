"""What a study is: named parts, each a function, and the folders that it reads and writes.

A study trains what its grid ``studies/NAME.yaml`` asks for. It may look at the trained networks
themselves (`Study.examine`), and it may be analysed from committed files alone (`Study.analyse`):
so the edit of a table or a figure never touches a training.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from paper_lenet.base.declared import NAME
from paper_lenet.base.errors import expect
from paper_lenet.network.recipe import Recipe
from paper_lenet.training.job import Job
from paper_lenet.training.kind import Finished, Kind
from paper_lenet.training.selection import Selection

PAPER = "paper"  # the study whose trainings are those of the pipeline, and its recipe


@dataclass(frozen=True)
class Folders:
    """Where the files of a study are.

    Attributes:
        name: the study's.
        data: the folder ``data``.
        dataset: the name of the data set.
        grids: the folder of the grids.
    """

    name: str
    data: Path = Path("data")
    dataset: str = "mnist"
    grids: Path = Path("studies")

    def __post_init__(self) -> None:
        """The name is one for files, and no path to elsewhere."""
        expect(NAME.holds(self.name), self.name, NAME.wanted, "the study")

    def grid(self, name: str = "") -> Path:
        """The grid file of this study, or of another."""
        return self.grids / f"{name or self.name}.yaml"

    def raw(self, name: str = "") -> Path:
        """The files of the data set, or of another, as they were fetched."""
        return self.data / "raw" / (name or self.dataset)

    def trained(self, name: str = "") -> Path:
        """The record of the trainings of this study, or of another."""
        name = name or self.name
        if name == PAPER:
            return self.data / "results" / self.dataset / PAPER / "train"
        return self.data / "trainings" / name

    def results(self, name: str = "") -> Path:
        """The tables that the analysis of this study, or of another, has written."""
        return self.data / "results" / "studies" / (name or self.name)

    @property
    def figures(self) -> Path:
        """The drawings of this study."""
        return self.data / "figures" / "studies" / self.name


class Trained(NamedTuple):
    """What `Study.examine` is handed.

    Attributes:
        grid: the grid file.
        recipes: those of ``params.yaml``, which the grid changes.
        trainings: every job of the grid, in its order.
        patterns: on which they were trained and tested.
        folder: for what is found; it is there, and holds the record of the trainings.
    """

    grid: Path
    recipes: Mapping[str, Recipe]
    trainings: Sequence[Finished]
    patterns: Selection
    folder: Path


@dataclass(frozen=True)
class Study:
    """The parts of a study beside its grid.

    Attributes:
        examine: looks at the trained networks and adds files to their record.
        analyse: reads committed files alone, and writes tables and drawings; the folder for the
            tables is there.
        trains: in place of the grid's jobs, trainings of another kind that are made of them.
        train: in place of all that, trains and records what a file of its own kind asks for; given
            the address of a Dask scheduler, or `None`.
    """

    examine: Callable[[Trained], None] | None = None
    analyse: Callable[[Folders], None] | None = None
    trains: Callable[[Sequence[Job], Folders], tuple[Kind, Sequence[Job]]] | None = None
    train: Callable[[Folders, str | None], None] | None = None
