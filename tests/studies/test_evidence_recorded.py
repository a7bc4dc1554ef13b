"""What the recovered network says of the readings, from the committed results of the studies."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from paper_lenet.base.files import read_csv
from paper_lenet.studies.recovered import evidence
from paper_lenet.studies.recovered.record import NETWORK

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "data" / "results" / "studies"


def test_committed_evidence_follows_from_the_committed_network(tmp_path: Path) -> None:
    """Shares to a hundredth, for linear algebra differs between machines."""
    shutil.copy(RESULTS / "revive" / NETWORK, tmp_path)
    text = (ROOT / "studies" / "posterior.yaml").read_text(encoding="utf-8")
    evidence.write(tmp_path, RESULTS, yaml.safe_load(text)["prior"])
    compared = [read_csv(folder / "compare.csv") for folder in (tmp_path, RESULTS / "revive")]
    assert compared[0] == compared[1]
    ours, theirs = (read_csv(p / "coefficients.csv") for p in (tmp_path, RESULTS / "revive"))
    for one, other in zip(ours, theirs, strict=True):
        assert one["quantity"] == other["quantity"]
        for key in ("recovered", "linear"):
            assert float(one[key]) == pytest.approx(float(other[key]), rel=1e-3)
    found, known = (read_csv(path / "evidence.csv") for path in (tmp_path, RESULTS / "revive"))
    assert [row["option"] for row in found] == [row["option"] for row in known]
    for key in ("before", "posterior", "with_sizes"):
        for one, other in zip(found, known, strict=True):
            assert float(one[key]) == pytest.approx(float(other[key]), abs=0.01)
        for axis in {row["axis"] for row in found}:
            total = sum(float(row[key]) for row in found if row["axis"] == axis)
            assert total == pytest.approx(1, abs=0.002)
    nearest = read_csv(tmp_path / "nearest.csv")
    distances = [float(row["distance"]) for row in nearest[:-1]]
    assert len(distances) == evidence.NEAREST
    assert distances == sorted(distances)
    assert nearest[-1]["run"] == "the chosen reading"
    tree = json.loads((tmp_path / "evidence.json").read_text(encoding="utf-8"))
    committed = json.loads((RESULTS / "revive" / "evidence.json").read_text(encoding="utf-8"))
    assert tree["p_of_sizes"] == pytest.approx(committed["p_of_sizes"], abs=0.01)
    assert tree["effective"] < tree["effective_before"]
