"""One training of a classifier: what it is, and its state after some passes."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from paper_lenet.studies.fig9.classifier import Scored
from paper_lenet.studies.fig9.kinds import KINDS, KindOf
from paper_lenet.studies.fig9.spec import Classifier
from paper_lenet.training.job import Row
from paper_lenet.training.job import State as Passed


class Run(NamedTuple):
    """One training of a classifier.

    Attributes:
        name: the classifier's.
        classifier: what it is.
        settings: its own, or those of a candidate.
        seed: of its streams.
        apart: whether it is tried on patterns kept apart.
        below: the network whose hidden states it takes, if it does.
    """

    name: str
    classifier: Classifier
    settings: Any
    seed: int
    apart: bool = False
    below: Run | None = None

    def __str__(self) -> str:
        text = f"{self.name}, seed {self.seed}"
        return f"{text}, {self.settings!r} on patterns kept apart" if self.apart else text

    def __hash__(self) -> int:
        return hash(str(self))

    @property
    def kind(self) -> KindOf:
        """Which module trains it."""
        return KINDS[self.classifier.kind]


class State(NamedTuple):
    """A training after some passes.

    Attributes:
        passed: what a network has learned, and the record of the passes; what is fitted at once
            has one, and no parameters but those of a network below.
        fitted: what came of it, after the last pass.
    """

    passed: Passed
    fitted: Scored | None = None

    @property
    def rows(self) -> tuple[Row, ...]:
        """The record of the passes."""
        return self.passed.rows

    @property
    def seconds(self) -> float:
        """How long they took together."""
        return math.fsum(self.passed.seconds)
