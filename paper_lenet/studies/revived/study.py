"""The study ``revived``: the network of 1998 with upper layers of its own, and what it tells.

Its trainings are C5 and F6 on top of lower layers that are held (`tops`); one of them is `kept`.
The analysis counts what they misread (`revival`), lays the recovered parameters beside ours
(`beside_ours`), and draws both studies (`pictures`): so the edit of a drawing recovers nothing
again. What the parameters say of the readings of the paper is the study ``posterior``'s.
"""

from __future__ import annotations

from collections.abc import Sequence

from paper_lenet.results.trainings import read_study
from paper_lenet.studies.recovered import noisy
from paper_lenet.studies.recovered.quantities import quantities
from paper_lenet.studies.recovered.record import NETWORK
from paper_lenet.studies.revived import beside_ours, kept, pictures, revival
from paper_lenet.studies.revived.tops import TOPS, tops
from paper_lenet.studies.study import Folders, Study, Trained
from paper_lenet.training.job import Job
from paper_lenet.training.kind import Kind

# Of the study ``gain``: the recipe `paper`, trained as the network of Fig. 13 was.
INVERTED_PAPER = "paper_inverted"


def trains(grid: Sequence[Job], folders: Folders) -> tuple[Kind, Sequence[Job]]:
    """The trainings of the grid, each on the lower layers of its run."""
    return TOPS, tops(grid, folders)


def examine(trained: Trained) -> None:
    """Add to the record what is misread with noise, and one network."""
    noisy.examine(trained)
    kept.examine(trained)


def analyse(folders: Folders) -> None:
    """Write the tables, and draw."""
    revival.write(folders)
    theirs = quantities(folders.results("recovered") / NETWORK)
    chosen = read_study(folders.trained("gain"))[INVERTED_PAPER]
    noise = read_study(folders.trained("noise"))
    beside_ours.write(folders.results() / "compare.csv", theirs, chosen, noise)
    pictures.write(folders)


STUDY = Study(examine=examine, analyse=analyse, trains=trains)
