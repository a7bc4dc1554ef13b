"""The study ``revived``: the network of 1998 with upper layers of its own, and what it tells.

Its trainings are C5 and F6 on top of lower layers that are held (`tops`). The analysis counts what
they misread (`revival`), weighs the readings of the paper by what was recovered (`open_places`),
and draws both studies (`pictures`): so the edit of a drawing recovers nothing again.
"""

from __future__ import annotations

from collections.abc import Sequence

from paper_lenet.studies.recovered import noisy
from paper_lenet.studies.revived import open_places, pictures, revival
from paper_lenet.studies.revived.tops import TOPS, tops
from paper_lenet.studies.study import Folders, Study
from paper_lenet.training.job import Job
from paper_lenet.training.kind import Kind


def trains(grid: Sequence[Job], folders: Folders) -> tuple[Kind, Sequence[Job]]:
    """The trainings of the grid, each on the lower layers of its run."""
    return TOPS, tops(grid, folders)


def analyse(folders: Folders) -> None:
    """Write the tables, and draw."""
    revival.write(folders)
    open_places.write(folders)
    pictures.write(folders)


STUDY = Study(examine=noisy.examine, analyse=analyse, trains=trains)
