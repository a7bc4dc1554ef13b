"""The stage evaluate on networks whose answers are known beforehand."""

from __future__ import annotations

import csv
import dataclasses
import json
import math
import random
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest

from paper_lenet.base.files import write_csv, write_json
from paper_lenet.base.statistics import over_seeds
from paper_lenet.digits.dataset import Data, Scale
from paper_lenet.digits.patterns import Patterns, PatternsError, grey_scale
from paper_lenet.network import weights
from paper_lenet.network.params import Params, Train
from paper_lenet.network.recipe import Loss, Recipe
from paper_lenet.network.weights import Trained, initial_parameters
from paper_lenet.paper import numbers
from paper_lenet.pipeline import evaluate, networks
from paper_lenet.pipeline.networks import StageError
from paper_lenet.results import beside_paper
from paper_lenet.results.misclassified import MOST_CONFIDENT
from paper_lenet.results.trainings import TableError
from paper_lenet.training.record import PASSES as COLUMNS
from paper_lenet.training.record import RUNS

SEEDS, PASSES = 3, 20
RECIPE = Recipe()


def parameters(name="mnist"):
    data = Data(name, (), {})
    return Params(data, Scale(), Train("paper", SEEDS, "engine"), {"paper": RECIPE})


def read(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def write_record(folder, wrong, shown=60_000, patterns=10_000, passes=PASSES):
    """A record in which each pass before the last has 10 errors more than the next."""
    rows, runs, misread = [], [], []
    for seed, answers in enumerate(wrong):
        step = f"{7e-5 * (1 + seed / 100):.9g}"
        for number in range(1, passes + 1):
            early = 10 * (passes - number)
            training = (300 + seed + early, shown, 200 + seed + early)
            test = (len(answers) + early, patterns)
            rows.append(("paper", seed, number, 0.0005, 1.5, *training, *test, step, 0.016))
        runs.append(("paper", seed, "trained", passes, *test, *training, step, 0.016))
        misread += [("paper", seed, index, 0, answer) for index, answer in answers.items()]
    folder.mkdir(exist_ok=True)
    write_csv(folder / "passes.csv", COLUMNS, rows)
    write_csv(folder / "runs.csv", RUNS[: len(runs[0])], runs)
    write_csv(folder / "misread.csv", ("run", "seed", "index", "truth", "answer"), misread)
    write_json(folder / "recipes.json", {"paper": {}})


class Run:
    """Files as the stages before left them, and networks that give the answers of `wrong`."""

    def __init__(self, folder, labels, wrong, monkeypatch):
        self.folder, self.labels, self.wrong = folder, labels, wrong
        self.results = folder / "results"
        (folder / "processed").mkdir()
        grey = np.zeros((len(labels), 32, 32), np.uint8)
        patterns = Patterns(grey, labels, grey_scale(-0.1, 1.175))
        patterns.save(folder / "processed" / "test.safetensors")
        for seed in range(len(wrong)):
            trained = Trained(initial_parameters(RECIPE, seed), RECIPE, seed)
            weights.save(folder / "models" / f"seed-{seed:02d}.safetensors", trained)
        self.trained = folder / "train"
        write_record(self.trained, wrong, patterns=len(labels))
        penalties = {
            weights.digest(initial_parameters(RECIPE, seed)): self.penalties(seed)
            for seed in range(len(wrong))
        }
        monkeypatch.setattr(
            networks,
            "execution",
            lambda trainer, recipe, found, device: SimpleNamespace(
                penalties=lambda test: penalties[weights.digest(found)]
            ),
        )

    def penalties(self, seed):
        draw = np.random.default_rng(seed)
        result = draw.uniform(2.0, 9.0, (len(self.labels), 10)).astype(np.float32)
        result[np.arange(len(self.labels)), self.labels] = 0.5
        for index, answer in self.wrong[seed].items():
            result[index, answer] = draw.uniform(0.0, 0.4)
        return result

    def evaluate(self, params=None):
        evaluate.evaluate(
            params or parameters(),
            self.folder / "processed",
            self.folder / "models",
            self.trained,
            self.results,
        )


def mistakes(labels, seed, count, indices):
    draw = random.Random(seed)
    chosen = draw.sample(indices, count)
    return {i: (int(labels[i]) + draw.randrange(1, 10)) % 10 for i in chosen}


@pytest.fixture
def small(tmp_path, monkeypatch):
    """200 patterns that are not the paper's, three networks with 12, 15 and 9 errors."""
    draw = random.Random(5)
    labels = np.array([draw.randrange(10) for _ in range(200)], np.uint8)
    counts = enumerate((12, 15, 9))
    wrong = [mistakes(labels, seed, count, range(40)) for seed, count in counts]
    return Run(tmp_path, labels, wrong, monkeypatch)


@pytest.fixture
def papers(tmp_path, monkeypatch):
    """The paper's labels as far as known; seed s misreads 40 + s of the 82, and 50 others."""
    labels = np.zeros(10_000, np.uint8)
    for pattern in numbers.fig8():
        labels[pattern.test_index] = pattern.truth
    wrong = []
    for seed in range(SEEDS):
        # The first 30 with the paper's answer, the others with another wrong one.
        shared = numbers.fig8()[: 40 + seed]
        answers = {pattern.test_index: pattern.answer for pattern in shared}
        for pattern in shared[30:]:
            others = set(range(10)) - {pattern.truth, pattern.answer}
            answers[pattern.test_index] = min(others)
        wrong.append(answers | mistakes(labels, seed, 50, range(9_910, 10_000)))
    return Run(tmp_path, labels, wrong, monkeypatch)


def test_confusion_counts_every_answer_of_every_network(small):
    small.evaluate()
    found = {
        (int(row["truth"]), int(row["answer"])): int(row["count"])
        for row in read(small.results / "confusion.csv")
    }
    expected = Counter()
    for wrong in small.wrong:
        for index, truth in enumerate(map(int, small.labels)):
            expected[truth, wrong.get(index, truth)] += 1
    assert len(found) == 100
    assert {pair: count for pair, count in found.items() if count} == dict(expected)


def test_classes_add_up_from_their_definition(small):
    small.evaluate()
    answers = [
        (int(truth), wrong.get(index, int(truth)))
        for wrong in small.wrong
        for index, truth in enumerate(small.labels)
    ]
    for row in read(small.results / "classes.csv"):
        label = int(row["class"])
        right = sum(pair == (label, label) for pair in answers)
        shown = sum(truth == label for truth, _ in answers)
        given = sum(answer == label for _, answer in answers)
        assert int(row["patterns"]) * SEEDS == shown
        assert int(row["errors"]) == shown - right
        precision, recall = right / given, right / shown
        assert float(row["precision"]) == pytest.approx(precision, abs=1e-6)
        assert float(row["recall"]) == pytest.approx(recall, abs=1e-6)
        harmonic = 2 * precision * recall / (precision + recall)
        assert float(row["f1"]) == pytest.approx(harmonic, abs=1e-6)
        assert float(row["error_percent"]) == pytest.approx(100 * (1 - recall), abs=1e-4)


def test_every_misread_pattern_is_listed_with_its_penalties(small):
    small.evaluate()
    rows = read(small.results / "misclassified.csv")
    found = [(int(r["seed"]), int(r["index"]), int(r["truth"]), int(r["answer"])) for r in rows]
    assert found == [
        (seed, index, small.labels[index], answer)
        for seed, wrong in enumerate(small.wrong)
        for index, answer in sorted(wrong.items())
    ]
    for row in rows:
        printed = [float(row[f"penalty_{label}"]) for label in range(10)]
        exact = small.penalties(int(row["seed"]))[int(row["index"])]
        assert printed == pytest.approx(exact, rel=1e-5)
        assert np.argmin(printed) == int(row["answer"])
        assert row["in_fig8"] == ""


def test_patterns_count_the_networks_that_misread_them(small):
    small.evaluate()
    rows = read(small.results / "patterns.csv")
    expected = Counter(index for wrong in small.wrong for index in wrong)
    assert {int(row["index"]): int(row["times"]) for row in rows} == dict(sorted(expected.items()))
    for row in rows:
        given = Counter(
            wrong[int(row["index"])] for wrong in small.wrong if int(row["index"]) in wrong
        )
        assert dict(map(int, item.split(":")) for item in row["answers"].split()) == given
    metrics = json.loads((small.results / "metrics.json").read_text())
    brief = json.loads((small.results / "errors.json").read_text())
    whole = {
        f"test_{part}": metrics["test_error_percent"][part] for part in ("mean", "low", "high")
    }
    whole["training_mean"] = metrics["training_error_on_the_fly_percent"]["mean"]
    assert brief == whole | {"seeds": metrics["seeds"]}
    assert metrics["misread_by_some_seed"] == len(expected)
    assert metrics["misread_by_every_seed"] == sum(n == SEEDS for n in expected.values())


def test_two_seeds_share_the_mean_over_their_pairs(small):
    small.evaluate()
    a, b, c = ({*wrong.items()} for wrong in small.wrong)
    same = (len(a & b) + len(a & c) + len(b & c)) / 3
    a, b, c = ({*wrong} for wrong in small.wrong)
    shared = (len(a & b) + len(a & c) + len(b & c)) / 3
    metrics = json.loads((small.results / "metrics.json").read_text())
    assert metrics["two_seeds"]["shared"] == pytest.approx(shared, abs=1e-4)
    assert metrics["two_seeds"]["same_answer"] == pytest.approx(same, abs=1e-4)


def test_most_confident_mistakes_come_first_and_once(papers):
    papers.evaluate()
    rows = read(papers.results / "confident_mistakes.csv")
    indices = [row["index"] for row in rows]
    confidence = [float(row["confidence"]) for row in rows]
    assert len(rows) == len(set(indices)) == MOST_CONFIDENT
    assert confidence == sorted(confidence, reverse=True)
    best = {}
    for seed, wrong in enumerate(papers.wrong):
        penalties = papers.penalties(seed).astype(float)
        for index, answer in wrong.items():
            weight = [math.exp(-y) for y in penalties[index]]
            posterior = weight[answer] / (math.exp(-RECIPE.loss.j) + math.fsum(weight))
            best[index] = max(best.get(index, 0.0), posterior)
    top = sorted(best.values(), reverse=True)[:MOST_CONFIDENT]
    assert confidence == pytest.approx(top, abs=1e-6)


def test_metrics_carry_spread_and_both_intervals(papers):
    papers.evaluate()
    metrics = json.loads((papers.results / "metrics.json").read_text())
    errors = [len(wrong) for wrong in papers.wrong]
    assert errors == [90, 91, 92]
    test = metrics["test_error_percent"]
    assert metrics["seeds"] == SEEDS
    assert metrics["test_patterns"] == 10_000
    assert (test["mean"], test["sd"], test["min"], test["max"]) == (0.91, 0.01, 0.9, 0.92)
    assert test["high"] - test["low"] == pytest.approx(2 * 4.303 * 0.01 / math.sqrt(3), abs=2e-4)
    # Wilson's, by hand, of 91 in 10,000: 0.7418 to 1.1159.
    assert (test["wilson_low"], test["wilson_high"]) == (0.7418, 1.1159)
    assert metrics["training_error_on_the_fly_percent"]["mean"] == 0.5017  # 301 of 60,000
    assert metrics["first_pass"]["smallest_step"]["max"] == pytest.approx(7.14e-5)


def test_overlap_with_fig8_is_counted(papers):
    papers.evaluate()
    metrics = json.loads((papers.results / "metrics.json").read_text())
    assert metrics["fig8"]["shared"]["mean"] == 41
    assert metrics["fig8"]["same_answer"]["mean"] == 30
    rows = read(papers.results / "seeds.csv")
    assert [row["fig8_shared"] for row in rows] == ["40", "41", "42"]
    marked = Counter(row["in_fig8"] for row in read(papers.results / "misclassified.csv"))
    assert marked == {"yes": 40 + 41 + 42, "no": 150}
    listed = read(papers.results / "patterns.csv")
    assert sum(row["fig8_answer"] != "" for row in listed) == 82


def test_comparison_sets_each_number_beside_ours(papers):
    papers.evaluate()
    rows = {row["quantity"]: row for row in read(papers.results / "comparison.csv")}
    text = rows[numbers.TEST_ERROR.what]
    assert (text["paper"], text["ours"], text["n"]) == ("0.95", "0.91", "3")
    assert text["difference"] == "-0.04"
    assert text["within_interval"] == "no"
    assert text["within_run"] == "yes"  # 0.91 +- 4.303 * 0.01 * sqrt(4/3) reaches 0.9597
    smallest = rows[numbers.SMALLEST_STEP.what]
    assert (smallest["within_interval"], smallest["within_run"]) == ("yes", "yes")
    assert rows[numbers.LARGEST_STEP.what]["difference"] == "0"
    assert float(rows[numbers.TRAINING_ERROR.what]["ours"]) == pytest.approx(100 * 311 / 60000)
    settling = rows[numbers.SETTLING_PASS.what]
    assert (
        settling["ours"] == "19"
    )  # 10 errors more in pass 19 are 0.1 points, 20 in pass 18 are 0.2
    assert all(row["place"] for row in rows.values())


def test_comparison_of_a_smaller_training_set_says_so(papers):
    write_record(papers.trained, papers.wrong, shown=6000)
    papers.evaluate()
    notes = [row["note"] for row in read(papers.results / "comparison.csv")]
    assert all(note.startswith("ours from 6000 training patterns only") for note in notes)


def test_curve_keeps_the_21st_point_of_fig5(papers):
    papers.evaluate()
    rows = read(papers.results / "curve.csv")
    assert [int(row["pass"]) for row in rows] == list(range(1, 22))
    assert [float(row["fig5_test"]) for row in rows] == [p.test_error for p in numbers.fig5()]
    assert rows[20]["test_mean"] == ""
    first = rows[0]
    expected = [100 * (errors + 190) / 10_000 for errors in (90, 91, 92)]
    assert float(first["test_mean"]) == pytest.approx(sum(expected) / 3, abs=1e-4)
    assert (float(first["test_min"]), float(first["test_max"])) == (min(expected), max(expected))


def test_other_data_sets_are_not_compared_with_the_paper(small):
    small.evaluate(parameters("fashion"))
    text = (small.results / "comparison.csv").read_text()
    assert text == ",".join(beside_paper.HEADING) + "\n"
    assert "fig8" not in json.loads((small.results / "metrics.json").read_text())
    assert all(row["fig5_test"] == "" for row in read(small.results / "curve.csv"))
    assert len(read(small.results / "curve.csv")) == PASSES


def test_one_seed_leaves_the_spread_empty(papers):
    for seed in (1, 2):
        (papers.folder / "models" / f"seed-{seed:02d}.safetensors").unlink()
    write_record(papers.trained, papers.wrong[:1])
    papers.evaluate()
    test = json.loads((papers.results / "metrics.json").read_text())["test_error_percent"]
    assert (test["mean"], test["sd"], test["low"]) == (0.9, None, None)
    assert test["wilson_low"] < 0.9 < test["wilson_high"]
    assert {row["within_interval"] for row in read(papers.results / "comparison.csv")} == {""}


def test_short_runs_are_compared_where_they_have_come(papers):
    write_record(papers.trained, papers.wrong, passes=3)
    papers.evaluate()
    quantities = [row["quantity"] for row in read(papers.results / "comparison.csv")]
    assert "test error after pass 3, %" in quantities
    assert numbers.TRAINING_ERROR.what not in quantities


def test_same_input_same_bytes(small):
    small.evaluate()
    first = {path.name: path.read_bytes() for path in small.results.iterdir()}
    small.evaluate()
    assert {path.name: path.read_bytes() for path in small.results.iterdir()} == first
    assert len(first) == 10


def test_missing_inputs_name_the_stage_that_makes_them(small):
    (small.folder / "processed" / "test.safetensors").unlink()
    with pytest.raises(PatternsError, match="with the stage preprocess"):
        small.evaluate()
    (small.trained / "passes.csv").unlink()
    with pytest.raises(TableError, match="run the stage train"):
        small.evaluate()


def test_no_weights_is_an_error(small):
    for path in (small.folder / "models").iterdir():
        path.unlink()
    with pytest.raises(StageError, match="no trained weights"):
        small.evaluate()


def test_weights_of_another_recipe_are_refused(small):
    other = dataclasses.replace(RECIPE, loss=Loss(j=1.0))
    params = dataclasses.replace(parameters(), recipes={"paper": other})
    with pytest.raises(StageError, match="another recipe"):
        small.evaluate(params)


def test_inputs_of_another_scale_are_refused(small):
    """The parameters, the patterns and the weights must have one scale."""
    zero = dataclasses.replace(parameters(), preprocess=Scale(0.0, 1.0))
    with pytest.raises(StageError, match="on another scale; run the stage preprocess"):
        small.evaluate(zero)
    path = small.folder / "processed" / "test.safetensors"
    dataclasses.replace(Patterns.load(path), levels=grey_scale(0.0, 1.0)).save(path)
    with pytest.raises(StageError, match="trained on inputs of another scale; train again"):
        small.evaluate(zero)
    for seed in range(SEEDS):
        trained = Trained(initial_parameters(RECIPE, seed), RECIPE, seed, Scale(0.0, 1.0))
        weights.save(small.folder / "models" / f"seed-{seed:02d}.safetensors", trained)
    small.evaluate(zero)
    with pytest.raises(StageError, match="another scale"):
        small.evaluate()


def test_weights_that_misread_other_patterns_than_recorded_are_refused(small):
    other = dict(small.wrong[1])
    other[199] = other.popitem()[1]
    write_record(small.trained, [small.wrong[0], other, small.wrong[2]], patterns=200)
    with pytest.raises(StageError, match="seed 1: not the test patterns that it misread"):
        small.evaluate()


def test_weights_that_the_record_does_not_know_are_refused(small):
    write_record(small.trained, small.wrong[:2], patterns=200)
    with pytest.raises(StageError, match=r"seeds \[0, 1, 2\] but passes of seeds \[0, 1\]"):
        small.evaluate()
    write_record(small.trained, [*small.wrong[:2], small.wrong[2] | {199: 0}], patterns=200)
    with pytest.raises(StageError, match=r"seed 2: 9 of 200 .* 10 of 200"):
        small.evaluate()
    assert not small.results.exists()


def test_penalties_that_are_not_finite_are_refused(small, monkeypatch):
    broken = np.full((200, 10), np.nan, np.float32)
    network = SimpleNamespace(penalties=lambda test: broken)
    monkeypatch.setattr(networks, "execution", lambda *_: network)
    with pytest.raises(StageError, match="seed 0: penalties are not finite"):
        small.evaluate()


def test_record_of_another_recipe_is_refused(small):
    (small.trained / "recipes.json").write_text('{"sum": {}}')
    for name in ("passes.csv", "runs.csv", "misread.csv"):
        path = small.trained / name
        path.write_text(path.read_text().replace("paper,", "sum,"))
    with pytest.raises(StageError, match="no training of the recipe paper"):
        small.evaluate()


def test_seeds_table_agrees_with_the_summary(papers):
    papers.evaluate()
    rows = read(papers.results / "seeds.csv")
    summary = over_seeds([float(row["test_error_percent"]) for row in rows])
    metrics = json.loads((papers.results / "metrics.json").read_text())
    assert summary.mean == pytest.approx(metrics["test_error_percent"]["mean"], abs=1e-4)
    for row in rows:
        rate = float(row["test_error_percent"])
        assert float(row["wilson_low"]) < rate < float(row["wilson_high"])
