"""Nearest neighbours against loops."""

from __future__ import annotations

import numpy as np
import pytest
from few import few, wrong

from paper_lenet.studies.fig9 import neighbours
from paper_lenet.studies.fig9.classifier import Sets


def by_loops(sets: Sets, k: int) -> np.ndarray:
    """Votes, and the nearest template of each class, one pattern and one template at a time."""
    result = np.zeros((len(sets.test), 10))
    for row, pattern in zip(result, sets.test.astype(float), strict=True):
        apart = [float(np.sqrt(((each - pattern) ** 2).sum())) for each in sets.training]
        for place in sorted(range(len(apart)), key=apart.__getitem__)[:k]:
            row[sets.labels[place]] += 1
        for label in range(10):
            of_class = [d for d, own in zip(apart, sets.labels, strict=True) if own == label]
            row[label] += 1 / (1 + min(of_class)) if of_class else 0
    return result


@pytest.mark.parametrize("k", [1, 3, 5])
def test_neighbours_are_those_of_loops(mnist, k):
    sets, truth = few(mnist, "reduced")
    found = neighbours.fit(neighbours.Settings(k), sets, 0)
    assert np.allclose(found.scores, by_loops(sets, k), atol=1e-5)
    assert wrong(found, truth) < 0.35
    assert found.operations == found.variables == 300 * 256


def test_the_nearest_decides_among_equal_votes():
    square = np.array([[4.0, 1.0, 9.0, 2.0]])
    labels = np.array([7, 2, 2, 7], np.uint8)
    assert neighbours.scores(square, labels, 4)[0].argmax() == 2
    assert neighbours.scores(square, labels, 3)[0].argmax() == 7
    assert neighbours.scores(square, labels, 99)[0].tolist() == pytest.approx(
        [0, 0, 2.5, 0, 0, 0, 0, 2 + 1 / (1 + 2**0.5), 0, 0]
    )


def test_fewer_templates_are_drawn_by_the_seed(mnist):
    sets, _ = few(mnist, "deslanted")
    settings = neighbours.Settings(1, templates=50)
    first, again, other = (neighbours.fit(settings, sets, seed) for seed in (0, 0, 1))
    assert first.variables == 50 * 400
    assert np.array_equal(first.scores, again.scores)
    assert not np.array_equal(first.scores, other.scores)
    whole = neighbours.fit(neighbours.Settings(1, templates=300), sets, 5)
    assert np.array_equal(whole.scores, neighbours.fit(neighbours.Settings(1), sets, 0).scores)
