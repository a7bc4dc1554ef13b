"""What several stages take up: patterns, the trained networks, and the answers of these."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from tqdm import tqdm

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.network import weights
from paper_lenet.network.params import Params
from paper_lenet.network.protocol import Execution
from paper_lenet.network.weights import Trained
from paper_lenet.results.answers import Answers
from paper_lenet.training.execution import execution
from paper_lenet.training.job import as_taken


class StageError(PaperLenetError, RuntimeError):
    """What a stage starts from is missing, or does not belong together."""


def existing(path: Path, stage: str) -> Path:
    """`path`, or an `StageError` that says which stage makes it."""
    if not path.is_file():
        raise StageError(f"{path}: there is no such file; run the stage {stage} first")
    return path


def load_patterns(params: Params, processed: Path, name: str) -> Patterns:
    """The patterns ``train`` or ``test`` of stage ``preprocess``.

    Raises:
        StageError: they are on another scale than that of `params`.
        PatternsError: there are none.
    """
    path = processed / f"{name}.safetensors"
    patterns, scale = Patterns.load(path), params.preprocess
    if not np.array_equal(patterns.levels, grey_scale(scale.background, scale.foreground)):
        raise StageError(f"{path}: on another scale; run the stage preprocess again")
    return patterns


def load_networks(params: Params, models: Path) -> list[Trained]:
    """The trained networks in `models`, at least one, by increasing seed.

    Raises:
        StageError: there is none, or one was trained by another recipe or on another scale.
    """
    networks = []
    for path in models.glob("seed-*.safetensors"):
        trained = weights.load(path)
        if trained.recipe != params.recipe:
            name = params.train.recipe
            raise StageError(f"{path}: trained by another recipe than {name}; train again")
        if trained.scale != params.preprocess:
            raise StageError(f"{path}: trained on inputs of another scale; train again")
        networks.append(trained)
    if not networks:
        raise StageError(f"{models}: no trained weights there; run the stage train first")
    return sorted(networks, key=lambda trained: trained.seed)


def executed(params: Params, trained: Trained) -> Execution:
    """The network, ready to be asked."""
    how = params.train
    return execution(how.trainer, trained.recipe, trained.parameters, how.device)


def judge(params: Params, models: Path, test: Patterns) -> list[Answers]:
    """The answers of every network in `models` on the patterns of `test`, by increasing seed.

    Raises:
        StageError: as `load_networks`; or penalties are not finite.
    """
    test = as_taken(params.recipe, test)
    truth = test.labels.astype(np.int64)
    networks = []
    for trained in tqdm(load_networks(params, models), desc="evaluate", disable=None):
        penalties = executed(params, trained).penalties(test)
        if not np.isfinite(penalties).all():
            raise StageError(f"seed {trained.seed}: penalties are not finite; train again")
        networks.append(Answers(trained.seed, truth, penalties, trained.recipe.loss))
    return networks
