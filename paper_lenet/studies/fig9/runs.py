"""Trainings of Fig. 9's classifiers as a `Kind` of training: what is fitted at once, and networks.

A library's last bits are those of one machine, so the digest of a training has, besides its
settings, what the code gives for a brief one (`behaviour`), to the last bit.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.studies.fig9.behaviour import behaviour
from paper_lenet.studies.fig9.classifier import Fitted
from paper_lenet.studies.fig9.kinds import KINDS
from paper_lenet.studies.fig9.sets import Judged, Source
from paper_lenet.studies.fig9.spec import Classifier
from paper_lenet.training.kind import TRAINED, Advance, Ending, Kept, Kind, Watch

COST = "cost"  # (2,), int64: operations and variables
SCORES = "scores"  # (M, 10), float32


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
        return f"{text}, with {self.settings!r}" if self.apart else text

    def __hash__(self) -> int:
        return hash((self.name, self.seed, self.apart, repr(self.settings)))

    @property
    def network(self) -> bool:
        """Whether it is trained pass by pass."""
        return KINDS[self.classifier.entry.kind].network

    def judged(self, source: Source) -> Judged:
        """What it is fitted to and tested on, but for hidden states."""
        return source.judged(self.classifier.entry.form, self.apart)


class Row(NamedTuple):
    """What is recorded of one pass; what is fitted at once has one, without errors on the fly."""

    number: int
    loss: float
    errors_on_the_fly: int
    patterns: int
    test_errors: int
    test_patterns: int
    seconds: float


class State(NamedTuple):
    """A training after some passes: what it has learned, and after the last its scores and cost."""

    tensors: dict[str, NDArray[Any]]
    rows: tuple[Row, ...] = ()

    @property
    def fitted(self) -> Fitted:
        """What came of it, after the last pass."""
        operations, variables = self.tensors[COST].tolist()
        return Fitted(self.tensors[SCORES], operations, variables)


def digest(run: Run, sums: Sequence[str]) -> str:
    """SHA-256, hexadecimal, of all that decides the result of `run`, and of what the code does.

    Args:
        run: the training.
        sums: the SHA-256 of the files of patterns.
    """
    parts = {
        "classifier": run.classifier.to_json(run.settings),
        "seed": run.seed,
        "apart": run.apart,
        "data": list(sums),
        "behaviour": [number.hex() for number in behaviour(run.classifier, run.settings)],
        "below": digest(run.below, sums) if run.below else "",
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def ended(rows: tuple[Row, ...], learned: dict[str, NDArray[Any]], fitted: Fitted) -> Advance:
    """The end of a training: its state with scores and cost, and its answers."""
    cost = np.array([fitted.operations, fitted.variables], np.int64)
    state = State({**learned, SCORES: fitted.scores, COST: cost}, rows)
    return Advance(state, Ending(TRAINED, answers(fitted.scores)))


def answers(scores: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The class of the greatest score, the first of equal ones: (M,), uint8."""
    return scores.argmax(axis=1).astype(np.uint8)


def fit_at_once(run: Run, judged: Judged) -> Advance:
    """The one pass of what a library fits."""
    begun = time.perf_counter()
    kind = KINDS[run.classifier.entry.kind]
    fitted = kind.fit(run.settings, judged.sets, run.seed)
    errors = int(np.count_nonzero(answers(fitted.scores) != judged.truth))
    seconds = time.perf_counter() - begun
    row = Row(1, math.nan, 0, 0, errors, len(judged.truth), seconds)
    return ended((row,), {}, fitted)


def pack(state: State) -> Kept:
    """A state as it is kept."""
    return Kept(dict(state.tensors), {"rows": state.rows})


def unpack(run: Run, kept: Kept) -> State:
    """The state of `run` that `pack` packed.

    Raises:
        ValueError: its passes are not those of the run.
    """
    rows = tuple(Row(*values) for values in kept.note["rows"])
    numbers = range(1, 1 + min(len(rows), passes(run)))
    if [row.number for row in rows] != list(numbers):
        raise ValueError(f"its passes are not those of {run}")
    return State(dict(kept.tensors), rows)
