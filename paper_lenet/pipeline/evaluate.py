"""Stage ``evaluate``: every trained network on the test patterns (Section III).

All results are those after the last pass. The paper quotes where its curve has settled; choosing
the best pass would choose on the test set.

The tables are made in `metrics` (numbers, over seeds and passes), `mistakes` (what was misread) and
`comparison` (the paper's numbers beside ours).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.base.files import write_csv, write_json
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network import weights
from paper_lenet.network.params import Params
from paper_lenet.paper import numbers
from paper_lenet.results import beside_paper, mistakes
from paper_lenet.results.answers import Judged
from paper_lenet.results.metrics import metrics, write_curve, write_seeds
from paper_lenet.results.trainings import Run, read_study
from paper_lenet.training.execution import execution
from paper_lenet.training.job import as_taken


class EvaluationError(PaperLenetError, RuntimeError):
    """The weights, the passes and the parameters do not belong together, or are missing."""


def evaluate(params: Params, processed: Path, models: Path, trained: Path, results: Path) -> None:
    """Judge every network in `models` and write the tables into `results`, made if missing.

    Args:
        params: the recipe and the trainer are used.
        processed: folder with ``test.safetensors``.
        models: folder with ``seed-*.safetensors``.
        trained: folder of the stage ``train``'s record.
        results: folder to write into.

    Raises:
        EvaluationError: something is missing, or weights, record and recipe do not fit together.
        TableError: `trained` has not a whole record.
    """
    run = _recorded(trained, params.train.recipe)
    test = load_patterns(processed / "test.safetensors")
    networks = judge(params, models, test)
    _check(run, networks)
    known = numbers.is_test_set(test.labels)
    results.mkdir(parents=True, exist_ok=True)

    rows = beside_paper.rows(run, networks) if known else []
    write_csv(results / "comparison.csv", beside_paper.HEADING, rows)
    tree = metrics(params.train.recipe, run, networks, known)
    write_json(results / "metrics.json", tree)
    write_curve(results / "curve.csv", run, known)
    write_seeds(results / "seeds.csv", run, networks, known)
    mistakes.write_confusion(results / "confusion.csv", networks)
    mistakes.write_classes(results / "classes.csv", networks)
    mistakes.write_misclassified(results / "misclassified.csv", networks, known)
    mistakes.write_patterns(results / "patterns.csv", networks, known)
    mistakes.write_confident(results / "confident_mistakes.csv", networks)


def load_patterns(path: Path) -> Patterns:
    """The patterns at `path`, or an `EvaluationError` that says which stage makes them."""
    if not path.is_file():
        raise EvaluationError(f"{path}: there is no such file; run the stage preprocess first")
    return Patterns.load(path)


def load_networks(params: Params, models: Path) -> list[weights.Trained]:
    """The trained networks in `models`, at least one, by increasing seed.

    Raises:
        EvaluationError: there is none, or one was trained by another recipe.
    """
    networks = []
    for path in models.glob("seed-*.safetensors"):
        trained = weights.load(path)
        if trained.recipe != params.recipe:
            name = params.train.recipe
            raise EvaluationError(f"{path}: trained by another recipe than {name}; train again")
        networks.append(trained)
    if not networks:
        raise EvaluationError(f"{models}: no trained weights there; run the stage train first")
    return sorted(networks, key=lambda trained: trained.seed)


def judge(params: Params, models: Path, test: Patterns) -> list[Judged]:
    """Every network in `models` on the patterns of `test`, by increasing seed."""
    test = as_taken(params.recipe, test)
    truth = test.labels.astype(np.int64)
    networks = []
    for trained in tqdm(load_networks(params, models), desc="evaluate", disable=None):
        network = execution(params.train.trainer, trained.recipe, trained.parameters)
        penalties = network.penalties(test)
        if not np.isfinite(penalties).all():
            raise EvaluationError(f"seed {trained.seed}: penalties are not finite; train again")
        networks.append(Judged(trained.seed, truth, penalties, trained.recipe.loss))
    return networks


def _recorded(folder: Path, recipe: str) -> Run:
    """The trainings of the recipe with that name."""
    runs = read_study(folder)
    if recipe not in runs:
        raise EvaluationError(f"{folder}: no training of the recipe {recipe}; train again")
    return runs[recipe]


def _check(run: Run, networks: Sequence[Judged]) -> None:
    """The weights must be those whose trainings were recorded."""
    found, recorded = [network.seed for network in networks], list(run.seeds)
    if found != recorded:
        raise EvaluationError(
            f"there are weights of seeds {found} but passes of seeds {recorded}; train again"
        )
    for network in networks:
        errors, patterns = len(network.misread), len(network.truth)
        last = run.seeds[network.seed].last
        if (errors, patterns) != (last.test_errors, last.test_patterns):
            raise EvaluationError(
                f"seed {network.seed}: {errors} of {patterns} test patterns are misread, but "
                f"{last.test_errors} of {last.test_patterns} were after its last pass; train again"
            )
