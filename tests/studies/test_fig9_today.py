"""Rungs of today: they learn, are drawn by the seed alone, and their costs are counted."""

from __future__ import annotations

import numpy as np
import pytest
from few import few, wrong
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.svm import SVC

from paper_lenet.base.errors import RecipeError
from paper_lenet.studies.fig9 import today
from paper_lenet.studies.fig9.classifier import Sets
from paper_lenet.studies.fig9.today import MODELS, Settings


@pytest.mark.parametrize("name", list(MODELS))
def test_each_learns_and_is_the_same_again(mnist, monkeypatch, name):
    monkeypatch.setattr(today, "TREES", 30)
    (training, labels, test), truth = few(mnist, "reduced")
    sets = Sets(training[:, ::3, ::3], labels, test[:, ::3, ::3])
    found, again, other = (today.fit(Settings(name), sets, seed) for seed in (0, 0, 1))
    assert wrong(found, truth) < 0.4
    assert np.array_equal(found.scores, again.scores) and found[1:] == again[1:]
    assert np.array_equal(found.scores, other.scores) == (name != "forest")


def test_the_cost_of_trees_is_that_of_their_nodes():
    x = np.repeat([[0.0], [1.0]], 40, axis=0)
    forest = RandomForestClassifier(3, bootstrap=False).fit(x, x[:, 0])
    # Three trees of one node and two leaves: a comparison and ten shares each.
    assert MODELS["forest"].cost(forest) == (3 * (1 + 10), 3 * (4 + 20))
    boosting = HistGradientBoostingClassifier(max_iter=5).fit(x, x[:, 0])
    assert MODELS["boosting"].cost(boosting) == (5 * 2, 5 * (4 + 2))


def test_the_cost_of_vectors_is_that_of_their_pixels():
    x = np.array([[0.0, 0], [0, 1], [3, 3], [9, 9]])
    fitted = SVC(kernel="linear", C=10).fit(x, [0, 0, 1, 1])
    count = len(fitted.support_)
    assert MODELS["rbf"].cost(fitted) == (count * (2 + 1), count * (2 + 1) + 1)


def test_a_class_without_patterns_is_refused():
    images, labels = np.zeros((9, 2, 2), np.float32), np.arange(9, dtype=np.uint8)
    with pytest.raises(RecipeError, match="9 is not 10 classes"):
        today.fit(Settings("rbf"), Sets(images, labels, images), 0)
