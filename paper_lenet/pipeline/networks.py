"""What several stages take up: patterns, the trained networks, and the answers of these."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from paper_lenet.base.bars import tqdm
from paper_lenet.base.errors import PaperLenetError
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.network import weights
from paper_lenet.network.params import Params
from paper_lenet.network.protocol import Execution, Trainer
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
    how = params.train
    networks = tqdm(load_networks(params, models), desc="evaluate", disable=None)
    return [evaluate(trained, test, how.trainer, how.device) for trained in networks]


def evaluate(
    trained: Trained | Path | str,
    test: Patterns,
    trainer: Trainer = "engine",
    device: str = "cpu",
) -> Answers:
    """What a trained network answers to the test patterns, and how many it misreads.

    Args:
        trained: the network, or its file.
        test: the patterns; whatever scale they are on, they are shown on that of the network.
        trainer: the execution to ask, ``engine`` or ``reference``.
        device: where the reference computes, as PyTorch names it.

    Returns:
        The answers, with the error rate and its interval.

    Raises:
        RecipeError: the file is none of this project, or there is no such trainer or device.
        StageError: there are no patterns, or penalties are not finite.
    """
    if not isinstance(trained, Trained):
        trained = weights.load(trained)
    if not len(test):
        raise StageError("there are no test patterns")
    recipe, scale = trained.recipe, trained.input_scale
    levels = grey_scale(scale.background, scale.foreground)
    network = execution(trainer, recipe, trained.parameters, device)
    penalties = network.penalties(replace(as_taken(recipe, test), levels=levels))
    if not np.isfinite(penalties).all():
        raise StageError(f"seed {trained.seed}: penalties are not finite; train again")
    return Answers(trained.seed, test.labels.astype(np.int64), penalties, recipe.loss)
