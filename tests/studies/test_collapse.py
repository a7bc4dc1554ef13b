"""The study ``collapse``: trained codes, looked at pass by pass."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from drawn import digits
from made_up_study import drawn, errors, write

from paper_lenet.base.files import read_csv, write_csv
from paper_lenet.digits.distort import Presentation
from paper_lenet.network.architecture import Network, codes
from paper_lenet.network.recipe import Loss, Recipe, Step
from paper_lenet.pipeline.study import analyse
from paper_lenet.studies import collapse
from paper_lenet.studies.study import Folders, Trained
from paper_lenet.training.job import Job, beginning
from paper_lenet.training.jobs import advance
from paper_lenet.training.kind import Finished, nobody
from paper_lenet.training.selection import Selection

RECIPE = Recipe(
    network=Network(output="trainable_rbf"),
    loss=Loss(equation=8),
    step=Step(eta=((2, 0.0005),)),
    presentation=Presentation(patterns=10),
)


@pytest.fixture(scope="module")
def trainings() -> list[Finished]:
    patterns = Selection(digits(), digits())
    result = []
    for name, equation in (("eq_8", 8), ("eq_9", 9)):
        job = Job(name, replace(RECIPE, loss=Loss(equation=equation)), 3, "engine", thorough=False)
        first = advance(job, beginning(job), patterns, nobody)
        last = advance(job, first.state, patterns, nobody)
        assert last.ending is not None
        result.append(Finished(job, last.state, last.ending))
    return result


def test_codes_are_looked_at_pass_by_pass(tmp_path: Path, trainings: list[Finished]) -> None:
    patterns = Selection(digits(), digits())
    collapse.examine(Trained(Path("collapse.yaml"), {}, trainings, patterns, tmp_path))
    rows = [row for row in read_csv(tmp_path / "looks.csv") if row["run"] == "eq_8"]
    assert [row["pass"] for row in rows] == ["0", "1", "2"]
    start = np.array(codes(), np.float32)
    apart = [np.linalg.norm(start[i] - start[j]) for i in range(10) for j in range(i)]
    assert float(rows[0]["codes_mean"]) == pytest.approx(np.mean(apart), rel=1e-5)
    assert float(rows[0]["codes_least"]) == pytest.approx(min(apart), rel=1e-5)
    # The last look is at the network that the training gave.
    last = trainings[0].state.parameters["output.codes"]
    assert float(rows[-1]["codes_mean"]) == pytest.approx(collapse.distances(last).mean(), rel=1e-5)
    assert collapse.read_codes(tmp_path, "eq_8") == pytest.approx(last, rel=1e-4, abs=1e-6)


def test_collapse_is_summed_up_and_drawn(tmp_path: Path) -> None:
    runs = {name: {0: errors(20), 1: errors(30)} for name in ("eq_8", "eq_9")}
    folders = Folders("collapse", tmp_path)
    write(folders.trained(), runs)
    looks = [(name, 0, n, 11 / (n + 1), 1.0, 5.0) for name in runs for n in range(21)]
    write_csv(folders.trained() / "looks.csv", collapse.LOOKS, looks)
    rows = [(name, digit, *code) for name in runs for digit, code in enumerate(codes())]
    write_csv(folders.trained() / "codes.csv", collapse.CODES, rows)
    analyse(folders)
    tree = json.loads((folders.results() / "collapse.json").read_text())
    assert tree["eq_8"]["seeds"] == 2
    assert tree["eq_8"]["codes"] == {"first": {"mean": 11.0}, "last": {"mean": 0.52381}}
    assert tree["eq_8"]["test"]["last"]["mean"] == 12.5
    assert tree["eq_8"]["test"]["last"]["low"] < 12.5 < tree["eq_8"]["test"]["last"]["high"]
    assert drawn(folders.figures) == ["codes", "collapse"]
