"""The linear classifier of Section III-C: each pixel adds to the sum of each of ten units.

The paper does not say how its weights were trained. Here they are the least squares (`squares`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from paper_lenet.base.declared import Declared
from paper_lenet.studies.fig9 import squares
from paper_lenet.studies.fig9.classifier import Scored, Sets
from paper_lenet.studies.fig9.squares import Decay


@dataclass(frozen=True)
class Settings(Declared):
    """What the paper leaves open.

    Attributes:
        decay: of the least squares.
    """

    decay: Decay = 0.0


def fit(settings: Settings, sets: Sets, seed: int) -> Scored:
    """Fit ten units to the training patterns; nothing is drawn."""
    weights = squares.fitted(squares.flat(sets.training), sets.labels, settings.decay)
    scores = squares.outputs(squares.flat(sets.test), weights)
    return Scored(scores.astype(np.float32), weights.size, weights.size)
