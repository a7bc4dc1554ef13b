"""Rungs of today beside the bars of Fig. 9: what scikit-learn gives where nothing is tuned.

A forest of 500 trees, boosted trees and a support vector machine with Gaussian kernel, on the same
pixels. None of them is in the paper. But for the number of trees of the forest all is as the
library has it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.svm import SVC

from paper_lenet.base import streams
from paper_lenet.base.declared import Declared
from paper_lenet.network.architecture import CLASSES
from paper_lenet.studies.fig9.classifier import Scored, Sets
from paper_lenet.studies.fig9.machines import OfPairs
from paper_lenet.studies.fig9.squares import flat
from paper_lenet.studies.fig9.vectors import expect_all_classes

TREES = 500
FIRST = 2**44  # of the streams that draw subsets: the library's own seeds are made of this one


class Cost(NamedTuple):
    """Multiply-accumulates, or comparisons, for one pattern, and numbers stored."""

    operations: int
    variables: int


class Model(NamedTuple):
    """One rung: the library's class from its seed, its method for scores, and its cost."""

    made: Callable[[int], Any]
    scores: str
    cost: Callable[[Any], Cost]


@dataclass(frozen=True)
class Settings(Declared):
    """Which one.

    Attributes:
        model: its name in `MODELS`.
    """

    model: Literal["forest", "boosting", "rbf"]


def fit(settings: Settings, sets: Sets, seed: int) -> Scored:
    """Fit the model to the training patterns; `seed` makes the library's seed.

    Raises:
        RecipeError: a class has no pattern.
    """
    expect_all_classes(sets.labels)
    model = MODELS[settings.model]
    word = int(streams.words(streams.key(seed, "subset", FIRST), 1)[0])
    fitted = model.made(word % 2**32).fit(flat(sets.training), sets.labels)
    scores = getattr(fitted, model.scores)(flat(sets.test)).astype(np.float32)
    return Scored(scores, *model.cost(fitted))


def _forest(fitted: Any) -> Cost:
    """Every tree is followed to the leaf that is farthest down, a comparison a node."""
    trees = [each.tree_ for each in fitted.estimators_]
    inner = sum(tree.node_count - tree.n_leaves for tree in trees)
    leaves = sum(tree.n_leaves for tree in trees)
    down = sum(tree.max_depth for tree in trees)
    # A node: pixel, threshold and two ways on; a leaf: a share of each class, added up.
    return Cost(down + CLASSES * len(trees), 4 * inner + CLASSES * leaves)


def _boosting(fitted: Any) -> Cost:
    """The same; a leaf has one number."""
    trees = [each.nodes for stage in fitted._predictors for each in stage]  # named nowhere else
    leaves = sum(int(nodes["is_leaf"].sum()) for nodes in trees)
    inner = sum(map(len, trees)) - leaves
    down = sum(int(nodes["depth"].max()) for nodes in trees)
    return Cost(down + len(trees), 4 * inner + leaves)


def _vectors(fitted: Any) -> Cost:
    pairs = OfPairs(fitted)
    return Cost(pairs.operations, pairs.variables)


MODELS = {
    "forest": Model(
        lambda seed: RandomForestClassifier(TREES, random_state=seed), "predict_proba", _forest
    ),
    "boosting": Model(
        lambda seed: HistGradientBoostingClassifier(random_state=seed), "predict_proba", _boosting
    ),
    "rbf": Model(lambda seed: SVC(), "decision_function", _vectors),
}
