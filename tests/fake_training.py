"""Patterns without a data set, and an execution that learns nothing but depends on everything.

Run as a script it is the command ``paper-lenet`` with that execution; the environment's ``PAUSE``
says how many seconds a pattern then costs, and `signalled` what else it says.
"""

from __future__ import annotations

import os
import sys
import time
from typing import ClassVar

import numpy as np
import signalled
from numpy.typing import NDArray

from paper_lenet import cli
from paper_lenet.base import streams
from paper_lenet.digits.distort import Presentation
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.network.architecture import Network, codes
from paper_lenet.network.protocol import Learned
from paper_lenet.network.recipe import Initial, Loss, Recipe, Step
from paper_lenet.network.weights import Parameters
from paper_lenet.training import execution


def digits(count: int, seed: int) -> Patterns:
    """The bitmaps of Fig. 3, (12, 7), doubled, at random places of the 32 x 32 field."""
    bitmaps = (np.array(codes()).reshape(10, 12, 7) == 1) * np.uint8(255)
    words = streams.words(streams.key(seed, "noise"), 3 * count).reshape(count, 3)
    grey = np.zeros((count, 32, 32), np.uint8)
    labels = (words[:, 0] % 10).astype(np.uint8)
    for place, label, (_, row, column) in zip(grey, labels, words, strict=True):
        top, left = 2 + int(row % 5), 2 + int(column % 15)
        place[top : top + 24, left : left + 14] = bitmaps[label].repeat(2, 0).repeat(2, 1)
    return Patterns(grey, labels, grey_scale(-0.1, 1.175))


def small_recipe(
    passes: int = 3, patterns: int = 40, order: str = "constant", curvature: str = "each_pass"
) -> Recipe:
    """The paper's recipe, but for its length and what a test varies."""
    return Recipe(
        Network(),
        Initial(),
        Loss(),
        Step(eta=((1, 0.0005), (passes - 1, 0.0002)), curvature=curvature, patterns=20),
        Presentation(patterns=patterns, order=order),
    )


class Fake:
    """An `Execution` of one number, C1's first bias, that every pattern moves in its own way.

    A pattern is wrong by its index alone. What was asked of it is kept in `calls`, by name.
    """

    calls: ClassVar[list[tuple[str, NDArray[np.int64]]]] = []
    not_finite: ClassVar[int] = -1  # the index of a pattern without finite loss
    guessing: ClassVar[bool] = False
    pause: ClassVar[float] = 0.0  # seconds that a pattern costs

    def __init__(self, recipe: Recipe, parameters: Parameters) -> None:
        self._parameters = {name: part.copy() for name, part in parameters.items()}

    def parameters(self) -> Parameters:
        return {name: part.copy() for name, part in self._parameters.items()}

    def curvature(self, patterns: Patterns, chosen: NDArray[np.int64]) -> NDArray[np.float32]:
        Fake.calls.append(("curvature", chosen))
        count = sum(part.size for part in self._parameters.values())
        spread = np.arange(1, count + 1, dtype=np.float32) / np.float32(count)
        state = 1 + abs(self._parameters["C1.bias"][0])
        return spread * state * np.float32(1 + chosen.mean() / len(patterns))

    def learn(
        self, patterns: Patterns, order: NDArray[np.int64], steps: NDArray[np.float32]
    ) -> Learned:
        Fake.calls.append(("learn", order.copy()))
        time.sleep(Fake.pause * len(order))
        bias, errors, loss = self._parameters["C1.bias"], 0, 0.0
        for shown, index in enumerate(order):
            if index == Fake.not_finite:
                return Learned(loss, errors, shown)
            loss += abs(float(bias[0]))
            errors += Fake.guessing or wrong(index)
            ink = np.float32(patterns.grey[index].sum() % 7)
            bias[0] = bias[0] * np.float32(0.99) + steps[0] * ink
        return Learned(loss, errors, len(order))

    def penalties(self, patterns: Patterns) -> NDArray[np.float32]:
        """Right for every even label; all classes tie for the odd ones."""
        even = patterns.labels % 2 == 0
        answers = np.eye(10, dtype=np.float32)[patterns.labels] * even[:, None]
        return self._parameters["C1.bias"][0] - answers

    def activations(self, pattern: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """It has no layers."""
        return {}


def wrong(index: int) -> bool:
    """Whether `Fake` misclassifies the pattern: one of three."""
    return index % 3 == 0


def fake_execution(
    trainer: str,
    recipe: Recipe,
    parameters: Parameters,
    device: str = "cpu",
    learns: bool = False,
) -> Fake:
    """In the place of `paper_lenet.network.protocol.execution`."""
    return Fake(recipe, parameters)


if __name__ == "__main__":
    signalled.listen()
    execution.execution = fake_execution  # type: ignore[assignment]
    Fake.pause = float(os.environ["PAUSE"])
    sys.exit(cli.main())
