"""What is timed: an update in both executions, answers, curvature, peak, clock, several threads."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.util import find_spec
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.base.errors import PaperLenetError
from paper_lenet.bench import core
from paper_lenet.bench.clock import Work
from paper_lenet.bench.loops import CHAIN
from paper_lenet.digits.patterns import Patterns
from paper_lenet.engine import peak
from paper_lenet.network.protocol import Execution
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import initial_parameters
from paper_lenet.training.execution import execution
from paper_lenet.training.job import Data


class BenchError(PaperLenetError, RuntimeError):
    """Something cannot be measured."""


class Counts(NamedTuple):
    """How much of everything is done in one round.

    Attributes:
        updates: of the engine, on each thread.
        answers: test patterns that the engine answers.
        pytorch_updates, pytorch_answers: the same in PyTorch.
        curvature: patterns from which either estimates the curvature.
        peak: steps of the chains of fused multiply-adds.
        parts: repetitions of each part of an update.
        variants: updates of each variant.
        clock: steps of the chain of additions.
        scaling: patterns of each job that several workers train at once.
        scaling_rounds: how often they do, whatever the rounds of the others.
    """

    updates: int = 1000
    answers: int = 2000
    pytorch_updates: int = 20
    pytorch_answers: int = 500
    curvature: int = 500
    peak: int = 1_000_000
    parts: int = 2000
    variants: int = 500
    clock: int = 200_000
    scaling: int = 6_000
    scaling_rounds: int = 5


class Learner:
    """A network in training: each call shows it the next patterns of a random order."""

    def __init__(self, trainer: str, recipe: Recipe, data: Data, seed: int, count: int) -> None:
        self.network: Execution = execution(trainer, recipe, initial_parameters(recipe, seed))
        self.data, self.count = data, count
        self.orders = _orders(seed, len(data.training), count)
        h = self.network.curvature(data.training, next(self.orders))
        # The smallest rate of the schedule: nothing diverges, however long it is measured.
        rate = min(eta for _, eta in recipe.step.eta)
        self.steps = (rate / (recipe.step.mu + h)).astype(np.float32)

    def learn(self) -> None:
        """One update for each of the next patterns."""
        learn(self.network, self.data.training, next(self.orders), self.steps)


def learn(
    network: Execution, patterns: Patterns, order: NDArray[np.int64], steps: NDArray[np.float32]
) -> None:
    """One update for each pattern of `order`, all of them, or it is no measurement."""
    if network.learn(patterns, order, steps).shown < len(order):
        raise BenchError("a loss is not finite: what was timed is not training")


def _orders(seed: int, patterns: int, count: int) -> Iterator[NDArray[np.int64]]:
    order = streams.permutation(streams.key(seed, "order"), patterns)
    for first in itertools.count(0, count):
        yield order[np.arange(first, first + count) % patterns]


def works(recipe: Recipe, data: Data, counts: Counts, threads: list[int]) -> dict[str, Work]:
    """Everything but the parts of an update and the variants, by name."""
    ticks = counts.clock * CHAIN
    result = {"clock": Work(partial(core.cycles, counts.clock), ticks)}
    for chains in peak.CHAINS:
        items = counts.peak * peak.operations(chains)
        result[f"peak of {chains}"] = Work(partial(peak.multiply_add, chains, counts.peak), items)
    result |= _execution("engine", recipe, data, counts, counts.updates, counts.answers)
    if find_spec("torch") is not None:
        updates, answers = counts.pytorch_updates, counts.pytorch_answers
        result |= _execution("reference", recipe, data, counts, updates, answers)
    return result | _threads(recipe, data, counts.updates, threads)


def _execution(
    trainer: str, recipe: Recipe, data: Data, counts: Counts, updates: int, answers: int
) -> dict[str, Work]:
    learner = Learner(trainer, recipe, data, 0, updates)
    network, test = learner.network, data.test.subset(slice(answers))
    chosen = np.arange(min(counts.curvature, len(data.training)))
    return {
        f"{trainer}, update": Work(learner.learn, updates),
        f"{trainer}, answer": Work(lambda: network.penalties(test), len(test)),
        f"{trainer}, curvature": Work(
            lambda: network.curvature(data.training, chosen), len(chosen)
        ),
    }


def _threads(recipe: Recipe, data: Data, updates: int, threads: list[int]) -> dict[str, Work]:
    learners = [Learner("engine", recipe, data, seed, updates) for seed in range(max(threads))]
    pool = ThreadPoolExecutor(len(learners))

    def work(number: int) -> Work:
        def run() -> None:
            list(pool.map(Learner.learn, learners[:number]))

        return Work(run, number * updates)

    return {f"threads, {number}": work(number) for number in threads}
