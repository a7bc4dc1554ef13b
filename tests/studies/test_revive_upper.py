"""C5 and F6 trained on top of lower layers that are held."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import revived
from revived import normal

from paper_lenet.base import streams
from paper_lenet.base.files import read_csv
from paper_lenet.digits.distort import Presentation
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.engine import Engine
from paper_lenet.network import weights
from paper_lenet.network.recipe import Recipe, Step
from paper_lenet.network.weights import initial_parameters
from paper_lenet.studies.recovered import file, revival, train_top
from paper_lenet.studies.recovered.calibrate import START, Calibrated
from paper_lenet.studies.recovered.drawing import Ends
from paper_lenet.studies.recovered.record import NETWORK
from paper_lenet.training.job import Job, State
from paper_lenet.training.store import Finished

KINDS = ("1998", "held", "ours", "random", "whole")  # as they are trained


def made_up(count: int) -> Patterns:
    """Patterns of grey noise."""
    uniform = streams.uniform(streams.key(0, "noise", 2**60), count * 1024)
    grey = (256 * uniform).astype(np.uint8).reshape(count, 32, 32)
    labels = (np.arange(count) % 10).astype(np.uint8)
    return Patterns(grey, labels, grey_scale(-0.1, 1.175))


def test_upper_layers_learn_as_in_the_engine() -> None:
    """The same bits as with steps of zero below C5."""
    patterns = made_up(40)
    parameters = initial_parameters(Recipe(), 0)
    upward = [name.split(".")[0] in train_top.TRAINED for name in parameters]
    parts = zip(parameters.values(), upward, strict=True)
    steps = np.concatenate([np.full(part.size, 1e-3 * up) for part, up in parts])
    one, other = Engine(Recipe(), parameters), train_top.Held(Recipe(), parameters)
    for network_ in (one, other):
        learned = network_.learn(patterns, np.arange(40), steps.astype(np.float32))
        assert learned.shown == 40
    found = other.parameters()
    assert all(np.array_equal(part, found[name]) for name, part in one.parameters().items())
    assert np.array_equal(found["C3.weight"], parameters["C3.weight"])
    assert not np.array_equal(found["C5.weight"], parameters["C5.weight"])


def test_pulled_units_lie_in_what_is_drawn() -> None:
    below = normal(4, 9, 400)
    low = normal(5, 9, 120)
    pull = train_top.Pull(below, Ends(low, low + 0.1))
    moved = train_top.pulled(initial_parameters(Recipe(), 0), pull)
    total = below @ moved["C5.weight"].reshape(120, 400).T.astype(np.float64) + moved["C5.bias"]
    assert np.all(total > low - 1e-4)
    assert np.all(total < low + 0.1 + 1e-4)
    again = train_top.pulled(moved, pull)
    np.testing.assert_allclose(again["C5.weight"], moved["C5.weight"], atol=1e-6)


def test_every_kind_of_network_is_trained_and_judged(tmp_path: Path) -> None:
    """On a few patterns: four kinds from two seeds each, and ours as they were trained."""
    processed, folder = tmp_path / "data" / "processed" / "x", tmp_path / "results"
    processed.mkdir(parents=True)
    for name, count in (("train", 30), ("test", 20)):
        made_up(count).save(processed / f"{name}.safetensors")
    noise = Presentation(patterns=30, inverted=0.1)
    recipe = Recipe(step=Step(eta=((1, 0.0005),), patterns=5), presentation=noise)
    ours = [initial_parameters(recipe, seed) for seed in (7, 8)]
    trainings = [
        Finished(
            Job("noise", recipe, seed, "engine"),
            "trained",
            State(parameters),
            np.empty(0, np.uint8),
            "",
        )
        for seed, parameters in enumerate(ours)
    ]
    rows = revived.rows()
    file.save(folder / NETWORK, rows, rows, {})
    found = Calibrated(START, revived.EVEN, revived.layers())
    revival.revive(trainings, found, processed, folder)
    table = read_csv(folder / "revived.csv")
    assert [row["kind"] for row in table] == [kind for kind in KINDS for _ in range(2)]
    whole = [row for row in table if row["kind"] == "whole"]
    patterns = made_up(20)
    for row, parameters in zip(whole, ours, strict=True):
        answers = Engine(recipe, parameters).penalties(patterns).argmin(1)
        assert int(row["errors"]) == np.count_nonzero(answers != patterns.labels)
        assert row["patterns"] == "20"
    tree = json.loads((folder / "revival.json").read_text(encoding="utf-8"))
    summary = read_csv(folder / "revival.csv")
    assert [row["kind"] for row in summary] == list(revival.KINDS)
    assert set(tree) == set(revival.KINDS)
    for kind, one in tree.items():
        errors = [int(row["errors"]) for row in table if row["kind"] == kind]
        assert float(one["clean_mean"]) == pytest.approx(100 * np.mean(errors) / 20)
        assert float(one["clean_least"]) == pytest.approx(5 * min(errors))
    made = [weights.load(path).parameters for path in (tmp_path / "data/work/revive").iterdir()]
    theirs, _ = file.load(folder / NETWORK)
    assert len(made) == 8
    assert sum(np.array_equal(one["C1.weight"], theirs["C1.weight"]) for one in made) == 4
    for parameters in ours:
        assert sum(np.array_equal(n["C3.weight"], parameters["C3.weight"]) for n in made) == 1
