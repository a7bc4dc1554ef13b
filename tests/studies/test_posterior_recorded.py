"""The committed posterior follows from the committed trainings."""

from __future__ import annotations

from pathlib import Path

import pytest

from paper_lenet.base.files import read_csv
from paper_lenet.studies.posterior.posterior import CLEAN, NOISE, analyse
from paper_lenet.studies.recovered.record import NETWORK
from paper_lenet.studies.study import Folders

ROOT = Path(__file__).parents[2]
COMMITTED = Folders("posterior", ROOT / "data", grids=ROOT / "studies")


@pytest.mark.slow
def test_committed_tables_follow_from_the_committed_trainings(tmp_path: Path) -> None:
    """Probabilities to a few hundredths, for optimisers differ in their last steps by machine."""
    folders = Folders("posterior", tmp_path, grids=ROOT / "studies")
    folders.results().mkdir(parents=True)
    network = folders.results("recovered") / NETWORK
    network.parent.mkdir(parents=True)
    network.symlink_to(COMMITTED.results("recovered") / NETWORK)
    for each in {*CLEAN, *NOISE, *(path.stem for path in folders.grids.glob("round_*.yaml"))}:
        folders.trained(each).parent.mkdir(parents=True, exist_ok=True)
        folders.trained(each).symlink_to(COMMITTED.trained(each))
    analyse(folders)
    found, known = (read_csv(folder.results() / "options.csv") for folder in (folders, COMMITTED))
    assert [(row["axis"], row["option"]) for row in found] == [
        (row["axis"], row["option"]) for row in known
    ]
    for one, other in zip(found, known, strict=True):
        for key in ("before", "after", "population"):
            assert float(one[key]) == pytest.approx(float(other[key]), abs=0.05), one
    for name in ("accepted.csv", "prior.csv"):
        assert read_csv(folders.results() / name) == read_csv(COMMITTED.results() / name)
    verdicts = [
        [(row["key"], row["calibrated"]) for row in read_csv(folder.results() / "verdict.csv")]
        for folder in (folders, COMMITTED)
    ]
    assert verdicts[0] == verdicts[1]
