"""Where originals stand apart from their distorted copies: for the curvature, and shown first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from paper_lenet.digits.distort import Presentation
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.recipe import Recipe, Step
from paper_lenet.training.behaviour import made
from paper_lenet.training.execution import maker
from paper_lenet.training.job import Data, Job, State, beginning
from paper_lenet.training.passes import passes

COUNT, SEED = 20, 3
DATA = Data(made(COUNT), made(8, COUNT), np.arange(COUNT))
SCHEDULE = ((1, 0.0005), (1, 0.0002))
DISTORTED = Presentation(patterns=COUNT, distorted=2)


def recipe(how: Presentation, schedule: tuple[tuple[int, float], ...], **step: object) -> Recipe:
    return Recipe(step=Step(eta=schedule, patterns=12, **step), presentation=how)


def trained(recipe: Recipe) -> list[State]:
    job = Job("originals", recipe, SEED, "engine")
    return list(passes(job, DATA, beginning(job), maker(job), lambda *_: None))


def looked_at(recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> list[NDArray[np.uint8]]:
    """The patterns of every estimate of the curvature."""
    from paper_lenet.engine import Engine

    found, usual = [], Engine.curvature

    def curvature(self: Engine, patterns: Patterns, chosen: NDArray[np.int64]) -> object:
        found.append(patterns.grey[chosen])
        return usual(self, patterns, chosen)

    monkeypatch.setattr(Engine, "curvature", curvature)
    trained(recipe)
    return found


def equal(one: State, other: State) -> bool:
    return one.rows == other.rows and all(
        np.array_equal(part, other.parameters[name]) for name, part in one.parameters.items()
    )


def test_curvature_of_originals_is_estimated_on_those_of_a_training_without_copies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = replace(DISTORTED, distorted=0)
    expected = looked_at(recipe(plain, SCHEDULE), monkeypatch)
    found = looked_at(recipe(DISTORTED, SCHEDULE, curvature="originals"), monkeypatch)
    assert len(found) == 2 and all(map(np.array_equal, found, expected))
    usual = looked_at(recipe(DISTORTED, SCHEDULE), monkeypatch)
    assert not any(map(np.array_equal, usual, expected))


def test_originals_first_begins_with_the_network_that_is_trained_without_copies() -> None:
    plain = trained(recipe(replace(DISTORTED, distorted=0), SCHEDULE * 2))
    found = trained(recipe(replace(DISTORTED, order="originals_first"), SCHEDULE * 2))
    assert [equal(*pair) for pair in zip(found, plain, strict=True)] == [True, True, False, False]
    again = recipe(replace(DISTORTED, order="originals_first"), SCHEDULE * 2)
    part = trained(replace(again, step=again.step.first(3)))
    assert equal(part[-1], found[2])


def test_originals_first_shows_every_copy_once_the_rate_has_risen() -> None:
    """As the same passes of a training that had distorted copies from the beginning."""
    first = recipe(replace(DISTORTED, order="originals_first"), SCHEDULE * 2)
    job = Job("originals", first, SEED, "engine")
    start = trained(first)[1]
    constant = replace(job, recipe=replace(first, presentation=DISTORTED))
    last = list(passes(constant, DATA, start, maker(constant), lambda *_: None))[-1]
    assert equal(last, trained(first)[-1])
