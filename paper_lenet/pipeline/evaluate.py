"""Stage ``evaluate``: every trained network on the test patterns (Section III).

All results are those after the last pass. The paper quotes where its curve has settled; choosing
the best pass would choose on the test set.

The tables are made in `metrics` (numbers, over seeds and passes), `beside_paper` (the paper's
numbers beside ours), `confusion` (which class was taken for which) and `misclassified` (what was
misread).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from paper_lenet.base.files import write_csv, write_json
from paper_lenet.network.params import Params
from paper_lenet.paper import numbers
from paper_lenet.pipeline.networks import StageError, judge, load_patterns
from paper_lenet.results import beside_paper, confusion, misclassified
from paper_lenet.results.answers import Answers
from paper_lenet.results.metrics import errors, metrics, write_curve, write_seeds
from paper_lenet.results.trainings import Run, read_study


def evaluate(params: Params, processed: Path, models: Path, trained: Path, results: Path) -> None:
    """Judge every network in `models` and write the tables into `results`, made if missing.

    Args:
        params: the recipe and the trainer are used.
        processed: folder with ``test.safetensors``.
        models: folder with ``seed-*.safetensors``.
        trained: folder of the stage ``train``'s record.
        results: folder to write into.

    Raises:
        StageError: something is missing, or weights, record and recipe do not fit together.
        TableError: `trained` has not a whole record.
    """
    run = _recorded(trained, params.train.recipe)
    test = load_patterns(params, processed, "test")
    networks = judge(params, models, test)
    _check(run, networks)
    known = numbers.is_test_set(test.labels)
    rows = beside_paper.rows(run) if known else []
    write_csv(results / "comparison.csv", beside_paper.HEADING, rows)
    write_json(results / "metrics.json", metrics(params.train.recipe, run, known))
    write_json(results / "errors.json", errors(run))
    write_curve(results / "curve.csv", run, known)
    write_seeds(results / "seeds.csv", run, known)
    confusion.write_confusion(results / "confusion.csv", networks)
    confusion.write_classes(results / "classes.csv", networks)
    misclassified.write_misclassified(results / "misclassified.csv", networks, known)
    misclassified.write_patterns(results / "patterns.csv", networks, known)
    misclassified.write_confident(results / "confident_mistakes.csv", networks)


def _recorded(folder: Path, recipe: str) -> Run:
    """The trainings of the recipe with that name."""
    runs = read_study(folder)
    if recipe not in runs:
        raise StageError(f"{folder}: no training of the recipe {recipe}; train again")
    return runs[recipe]


def _check(run: Run, networks: Sequence[Answers]) -> None:
    """The weights must be those whose trainings were recorded."""
    found, recorded = [network.seed for network in networks], list(run.seeds)
    if found != recorded:
        raise StageError(
            f"there are weights of seeds {found} but passes of seeds {recorded}; train again"
        )
    for network in networks:
        errors, patterns = len(network.misread), len(network.truth)
        trained = run.seeds[network.seed]
        expected, of = trained.last.test_errors, trained.last.test_patterns
        if (errors, patterns) != (expected, of):
            raise StageError(
                f"seed {network.seed}: {errors} of {patterns} test patterns are misread, but "
                f"{expected} of {of} were after its last pass; train again"
            )
        if network.misread != trained.misread:
            raise StageError(
                f"seed {network.seed}: not the test patterns that it misread after its last pass "
                "are misread; train again"
            )
