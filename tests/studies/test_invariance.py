"""The study ``invariance``: what is counted, and where recognition ends."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest
from made_up_study import drawn

from paper_lenet.base.files import read_csv
from paper_lenet.digits import excerpt
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.digits.transformations import TRANSFORMATIONS
from paper_lenet.network.recipe import Recipe
from paper_lenet.pipeline.study import analyse
from paper_lenet.results import trainings
from paper_lenet.studies import altered, invariance
from paper_lenet.studies.study import Folders, Trained
from paper_lenet.training.job import Job
from paper_lenet.training.kind import Ending, Finished
from paper_lenet.training.selection import Selection


def labelled(count):
    labels = (np.arange(count) % 10).astype(np.uint8)
    grey = np.random.default_rng(4).integers(0, 256, (count, 32, 32), np.uint8)
    return Patterns(grey, labels, grey_scale(-0.1, 1.175))


NETWORKS = {
    "paper": lambda patterns: 1 - np.eye(10, dtype=np.float32)[patterns.labels],
    "inverted": lambda patterns: np.zeros((len(patterns), 10), np.float32),
}


def trained(name, seed, outcome="trained"):
    """A network that answers as `NETWORKS` has it; its parameters are its name."""
    state = SimpleNamespace(parameters=name)
    job = Job(name, Recipe(), seed, "engine")
    return Finished(job, state, Ending(outcome, np.zeros(0, np.uint8)))


def test_every_network_is_measured_on_every_amount(tmp_path, monkeypatch):
    def run(trainer, recipe, name):
        return SimpleNamespace(penalties=NETWORKS[name])

    for module in (altered, invariance):
        monkeypatch.setattr(module, "execution", run)
    monkeypatch.setattr(altered, "PATTERNS", 40)
    test = labelled(50)
    trainings = [trained("paper", seed) for seed in range(5)]
    trainings += [trained("inverted", seed) for seed in range(2)]
    folders = Folders("invariance", tmp_path)
    record = folders.trained()
    record.mkdir(parents=True)
    invariance.examine(Trained(folders.grid(), {}, trainings, Selection(test, test), record))
    rows = read_csv(record / "curves.csv")
    amounts = sum(len(how.amounts) for how in TRANSFORMATIONS.values())
    assert len(rows) == (invariance.SEEDS + 2) * amounts
    assert {row["errors"] for row in rows if row["network"] == "paper"} == {"0"}
    zeros = int(np.count_nonzero(test.labels[altered.chosen(test)] == 0))
    assert {row["errors"] for row in rows if row["network"] == "inverted"} == {str(40 - zeros)}
    assert len(read_csv(record / "needed.csv")) == 5
    (example,) = excerpt.read(record / "example.csv").indices
    fours = [index for index in altered.chosen(test) if test.labels[index] == invariance.EXAMPLE]
    assert example == fours[0]

    analyse(folders)
    found = read_csv(folders.results() / "limits.csv")
    for row in found:
        how = TRANSFORMATIONS[row["transformation"]]
        wrong = row["network"] == "inverted"  # that has nine wrong of ten, without alteration too
        expected = (how.neutral,) * 2 if wrong else (how.amounts[0], how.amounts[-1])
        assert (float(row["low"]), float(row["high"])) == expected
    assert json.loads((folders.results() / "rejection.json").read_text())["accepted"]["mean"] == 0
    names = ["curves", "examples", "fig10", "fig11", "fig12", "rejection"]
    assert drawn(folders.figures) == names


def test_invariance_needs_trained_networks(tmp_path):
    folders, patterns = Folders("invariance", tmp_path), Selection(labelled(20), labelled(20))
    failed = [trained("paper", 1, "diverged")]
    with pytest.raises(trainings.TableError, match="recipe paper, seed 1: it diverged"):
        invariance.examine(Trained(folders.grid(), {}, failed, patterns, tmp_path))
    with pytest.raises(trainings.TableError, match="measure first"):
        analyse(folders)
