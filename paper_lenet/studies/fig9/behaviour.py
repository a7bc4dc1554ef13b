"""What the code does for a classifier, as a few numbers: those of a brief training.

See `paper_lenet.training.behaviour`. What libraries fit differs in the last bits from machine to
machine, so these are numbers, to be compared within a tolerance.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from paper_lenet.digits.mnist import Digits
from paper_lenet.studies.fig9.run import Run, State
from paper_lenet.studies.fig9.runs import advance, begin_alone, passes
from paper_lenet.studies.fig9.sets import Judged, judged
from paper_lenet.studies.fig9.spec import Classifier
from paper_lenet.training.behaviour import CURVATURE, INSIDE, TEST, TRAINING, made
from paper_lenet.training.kind import nobody

UNITS, FILTERED = 3, 32  # of each class, and picked for boosting
SEED = 0


_brief: dict[str, list[float]] = {}  # by a classifier's text, as settings may have no hash


def behaviour(classifier: Classifier, settings: Any) -> list[float]:
    """Of a brief training: the cost, means of the scores, sizes of what a network has learned.

    A training that diverges has the sizes alone, after the passes before.
    """
    text = classifier.to_json(settings)
    if text not in _brief:
        _brief[text] = _trained(classifier, settings)
    return _brief[text]


def _trained(classifier: Classifier, settings: Any) -> list[float]:
    run = Run("brief", classifier, brief(settings), SEED)
    source, state = _Made(), begin_alone(run)
    with threadpool_limits(1):
        for _ in range(passes(run)):
            state = advance(run, state, source, nobody).state
    return list(map(float, _numbers(state)))


def brief(settings: Any) -> Any:
    """The settings for few patterns, with one pass for each block of a schedule."""
    small: dict[str, Any] = {
        "units": UNITS,
        "templates": min(TRAINING // 2, getattr(settings, "templates", 0)),
        "filtered": FILTERED,
        "patterns": CURVATURE,
        "eta": tuple((1, rate) for _, rate in getattr(settings, "eta", ())),
    }
    own = {field.name for field in dataclasses.fields(settings)}
    return dataclasses.replace(settings, **{key: small[key] for key in small.keys() & own})


class _Made:
    """Patterns made from streams, in place of the digits."""

    def judged(self, name: str, apart: bool) -> Judged:
        """See `sets.Source`."""
        first, second = made(TRAINING), made(TEST, TRAINING)
        training, test = (
            Digits(np.ascontiguousarray(part.grey[:, INSIDE, INSIDE]), part.labels)
            for part in (first, second)
        )
        return judged(training, test, name, apart=False)


def _numbers(state: State) -> list[float]:
    fitted, result = state.fitted, list[float]()
    if fitted is not None:
        scores = fitted.scores.astype(np.float64)
        result = [fitted.operations, fitted.variables, (scores**2).mean(), *scores.mean(axis=0)]
    parts = (part.astype(np.float64) for part in state.passed.parameters.values())
    return [*result, *(float(np.sqrt((part**2).mean())) for part in parts)]
