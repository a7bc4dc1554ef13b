"""The studies that the pages explain with: padding, and codes that are trained."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from drawn import digits
from made_up_study import errors, write

from paper_lenet.base.files import read_csv, write_csv
from paper_lenet.network.architecture import Network, codes, layers
from paper_lenet.network.recipe import Loss, Presentation, Recipe, Step
from paper_lenet.results.trainings import TableError
from paper_lenet.studies import collapse, padding
from paper_lenet.training.job import Job, select
from paper_lenet.training.store import Finished, train

BARE = {"network.input": 28}


def figures(folder: Path) -> list[str]:
    return sorted({path.stem.rpartition("-")[0] for path in folder.iterdir()})


def test_padding_is_laid_beside_the_study_paper(tmp_path: Path) -> None:
    write(tmp_path / "paper", {"paper": {0: errors(4), 1: errors(6), 2: errors(100)}})
    write(tmp_path / "s", {"not_padded": {0: errors(8), 1: errors(12)}}, {"not_padded": BARE})
    padding.analyse(Path("s.yaml"), tmp_path, tmp_path / "f")
    tree = json.loads((tmp_path / "s" / "padding.json").read_text())
    # Of 200 test patterns; the third seed has no partner.
    assert (tree["padded"]["test"]["n"], tree["padded"]["test"]["mean"]) == (2, 2.5)
    assert (tree["not_padded"]["test"]["mean"], tree["difference"]["mean"]) == (5.0, 2.5)
    # The first misread the same patterns and 4 or 6 more.
    assert tree["difference"]["mcnemar_below"] == 1
    assert tree["difference"]["mcnemar_median"] == pytest.approx((0.125 + 0.03125) / 2, rel=1e-2)
    count = sum(layer.parameters for layer in layers(Network(input=28)))
    assert (tree["not_padded"]["parameters"], tree["not_padded"]["input"]) == (count, 28)
    assert figures(tmp_path / "f" / "s") == ["padding"]


@pytest.mark.parametrize(
    ("seeds", "changes"), [({5: errors(1)}, BARE), ({0: errors(1)}, BARE | {"loss.j": 1.0})]
)
def test_padding_needs_the_same_recipe_and_seeds(tmp_path, seeds, changes) -> None:
    write(tmp_path / "paper", {"paper": {0: errors(4), 1: errors(6)}})
    write(tmp_path / "s", {"not_padded": seeds}, {"not_padded": changes})
    with pytest.raises(TableError, match="differ in more than the input"):
        padding.analyse(Path("s.yaml"), tmp_path, tmp_path / "f")


RECIPE = Recipe(
    network=Network(output="trainable_rbf"),
    loss=Loss(equation=8),
    step=Step(eta=((2, 0.0005),)),
    presentation=Presentation(patterns=10),
)


@pytest.fixture(scope="module")
def trainings() -> list[Finished]:
    data = select(RECIPE, digits(), digits())
    result = []
    for name, equation in (("eq_8", 8), ("eq_9", 9)):
        job = Job(name, replace(RECIPE, loss=Loss(equation=equation)), 3, "engine", thorough=False)
        result.append(train(job, data, None, None, lambda *_: None))
    return result


def test_codes_are_looked_at_pass_by_pass(tmp_path: Path, trainings: list[Finished]) -> None:
    for name in ("train", "test"):
        digits().save(tmp_path / f"{name}.safetensors")
    collapse.examine(trainings, tmp_path, tmp_path)
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
    write(tmp_path / "s", runs)
    looks = [(name, 0, n, 11 / (n + 1), 1.0, 5.0) for name in runs for n in range(21)]
    write_csv(tmp_path / "s" / "looks.csv", collapse.LOOKS, looks)
    rows = [(name, digit, *code) for name in runs for digit, code in enumerate(codes())]
    write_csv(tmp_path / "s" / "codes.csv", collapse.CODES, rows)
    collapse.analyse(Path("s.yaml"), tmp_path, tmp_path / "f")
    tree = json.loads((tmp_path / "s" / "collapse.json").read_text())
    assert tree["eq_8"]["seeds"] == 2
    assert tree["eq_8"]["codes"] == {"first": {"mean": 11.0}, "last": {"mean": 0.52381}}
    assert tree["eq_8"]["test"]["last"]["mean"] == 12.5
    assert tree["eq_8"]["test"]["last"]["low"] < 12.5 < tree["eq_8"]["test"]["last"]["high"]
    assert figures(tmp_path / "f" / "s") == ["codes", "collapse"]
