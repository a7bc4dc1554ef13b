"""The study ``small``: what rounding changes, on made-up digits; and the committed files."""

from __future__ import annotations

from pathlib import Path

import fig9_small
import numpy as np
import pytest
import yaml

from paper_lenet.base.files import read_csv, read_json, read_tensors
from paper_lenet.studies import small
from paper_lenet.studies.fig9 import quadratic, spec, squares
from paper_lenet.studies.fig9.classifier import Scored
from paper_lenet.studies.fig9.run import Run, State
from paper_lenet.studies.fig9.sets import Judged, judged
from paper_lenet.studies.study import Folders
from paper_lenet.training.job import State as Passed

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "data/results/studies/small"
TREE = {
    "linear": {
        "bar": "Linear",
        "form": "regular",
        "kind": "network",
        "settings": {"network": "full", "eta": fig9_small.ETA, "patterns": 20},
    },
    "pca_quadratic": {
        "bar": "40 PCA + quadratic",
        "form": "regular",
        "kind": "quadratic",
        "settings": {"components": 5},
    },
    "lenet_1": {
        "bar": "[16x16] LeNet-1",
        "form": "centred",
        "kind": "network",
        "settings": {"network": "lenet_1", "eta": fig9_small.ETA, "patterns": 20},
    },
}


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    fig9_small.write_raw(tmp_path / "data/raw/mnist")
    grid = tmp_path / "studies" / "fig9.yaml"
    grid.parent.mkdir()
    grid.write_text(yaml.safe_dump(TREE, sort_keys=False), encoding="utf-8")
    return Folders("small", tmp_path / "data", grids=grid.parent)


def digits() -> Judged:
    """Made-up digits, regular."""
    training = fig9_small.digits(fig9_small.TRAINING)
    return judged(training, fig9_small.unseen(), "regular", False)


def fitted(tmp_path: Path, scores: np.ndarray | None = None) -> tuple[Run, State]:
    """Products of five components, and what the store has of them, or says it has."""
    path = tmp_path / "fig9.yaml"
    path.write_text(yaml.safe_dump({"pca_quadratic": TREE["pca_quadratic"]}), encoding="utf-8")
    run = fig9_small.run(spec.read(path), "pca_quadratic")
    found = quadratic.fit(run.settings, digits().sets, 0)
    return run, State(Passed({}), found if scores is None else Scored(scores, 1, 1))


def test_all_three_are_trained_rounded_and_counted(folders: Folders) -> None:
    small.analyse(folders)
    rows = read_csv(folders.results() / "small.csv")
    assert [row["classifier"] for row in rows] == list(small.NAMES)
    tree = read_json(folders.results() / "small.json")
    arrays, steps = read_tensors(folders.results() / small.WEIGHTS, small.KEY)
    assert set(arrays) == set(steps)
    for row in rows:
        numbers = tree[row["classifier"]]
        assert {name: str(cell) for name, cell in numbers.items()} == row
        own = [part for name, part in arrays.items() if name.split(".")[0] == row["classifier"]]
        assert sum(part.size for part in own) == numbers["parameters"]
        assert numbers["patterns"] == fig9_small.TEST
        assert abs(numbers["errors"] - numbers["rounded_errors"]) <= numbers["otherwise"]
    assert {part.dtype for part in arrays.values()} == {np.dtype(np.int8), np.dtype(np.int16)}
    assert arrays["pca_quadratic.axes"].dtype == np.int8


def test_what_rounding_changes_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With two bits nearly nothing is left; by a plain count."""
    monkeypatch.setattr(small, "BITS", 2)
    run, state = fitted(tmp_path)
    found = small.kept(run, state, digits())
    cells = dict(zip(small.COLUMNS, small.row(run, found), strict=True))
    sets = digits().sets
    units = quadratic.units(run.settings, sets.training, sets.labels)
    mean, weights = (
        np.rint(part / np.abs(part).max()) * np.abs(part).max()
        for part in (units.mean, units.weights)
    )
    step = np.abs(units.axes).max() / 127
    components = (squares.flat(sets.test) - mean) @ (np.rint(units.axes / step) * step)
    products = [
        [each[i] * each[j] for i in range(5) for j in range(i, 5)] + [1.0] for each in components
    ]
    after = (np.array(products) @ weights).argmax(1)
    before = state.fitted.scores.argmax(1)
    assert cells["otherwise"] == sum(before != after) > 0
    assert cells["errors"] == sum(before != digits().truth)
    assert cells["rounded_errors"] == sum(after != digits().truth)
    assert cells["rounded_percent"] == f"{100 * cells['rounded_errors'] / fig9_small.TEST:.2f}"


def test_other_answers_than_the_stores_are_told(tmp_path: Path) -> None:
    run, state = fitted(tmp_path, np.eye(10, dtype=np.float32)[np.zeros(fig9_small.TEST, int)])
    with pytest.raises(small.SmallError, match="pca_quadratic, seed 0: fitted again it answers"):
        small.kept(run, state, digits())


def test_whole_numbers_are_off_by_half_a_step_at_most() -> None:
    exact = {"axes": np.linspace(-1, 1, 1001), "weights": np.linspace(0, 3, 1001)}
    whole, steps = small.rounded(exact)
    found = small.multiplied(whole, steps)
    for name, part in exact.items():
        assert np.abs(found[name] - part).max() <= 0.5001 * steps[name], name
    assert np.abs(whole["axes"]).max() == 127 and whole["weights"].max() == 32767


def test_the_committed_ones_are_those_of_fig_9() -> None:
    recorded = read_csv(ROOT / "data/trainings/fig9/runs.csv")
    of = {(row["classifier"], row["seed"]): row for row in recorded}
    for row in read_csv(RESULTS / "small.csv"):
        theirs = of[row["classifier"], str(small.SEED)]
        assert row["errors"] == theirs["errors"]
        assert row["parameters"] == theirs["variables"]
