"""What the recovered network says of the readings, from the committed files of the studies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from paper_lenet.base.files import read_csv
from paper_lenet.studies.recovered.record import NETWORK
from paper_lenet.studies.revived import open_places
from paper_lenet.studies.study import Folders

ROOT = Path(__file__).parents[2]
COMMITTED = Folders("revived", ROOT / "data", grids=ROOT / "studies")


def test_committed_tables_follow_from_the_committed_network(tmp_path: Path) -> None:
    """Shares to a hundredth, for linear algebra differs between machines."""
    folders = Folders("revived", tmp_path, grids=ROOT / "studies")
    folders.results().mkdir(parents=True)
    folders.results("recovered").symlink_to(COMMITTED.results("recovered"))
    for each in ("posterior", "readings", "paper", "noise"):
        folders.trained(each).parent.mkdir(parents=True, exist_ok=True)
        folders.trained(each).symlink_to(COMMITTED.trained(each))
    assert (folders.results("recovered") / NETWORK).is_file()
    open_places.write(folders)
    both = folders.results(), COMMITTED.results()
    compared = [read_csv(folder / "compare.csv") for folder in both]
    assert compared[0] == compared[1]
    ours, theirs = (read_csv(folder / "coefficients.csv") for folder in both)
    for one, other in zip(ours, theirs, strict=True):
        assert one["quantity"] == other["quantity"]
        for key in ("recovered", "linear"):
            assert float(one[key]) == pytest.approx(float(other[key]), rel=1e-3)
    found, known = (read_csv(folder / "open_places.csv") for folder in both)
    assert [row["option"] for row in found] == [row["option"] for row in known]
    for key in ("before", "posterior", "with_sizes"):
        for one, other in zip(found, known, strict=True):
            assert float(one[key]) == pytest.approx(float(other[key]), abs=0.01)
        for axis in {row["axis"] for row in found}:
            total = sum(float(row[key]) for row in found if row["axis"] == axis)
            assert total == pytest.approx(1, abs=0.002)
    nearest = read_csv(folders.results() / "nearest.csv")
    distances = [float(row["distance"]) for row in nearest[:-1]]
    assert len(distances) == open_places.NEAREST
    assert distances == sorted(distances)
    assert nearest[-1]["run"] == "the chosen reading"
    tree, committed = (
        json.loads((folder / "open_places.json").read_text(encoding="utf-8")) for folder in both
    )
    assert tree["p_of_sizes"] == pytest.approx(committed["p_of_sizes"], abs=0.01)
    assert tree["effective"] < tree["effective_before"]
