"""Support vector machines: kernel, virtual and reduced vectors, against the library and numbers."""

from __future__ import annotations

import numpy as np
import pytest
from few import few, wrong
from scipy.optimize import check_grad
from sklearn.svm import SVC

from paper_lenet.base.errors import RecipeError
from paper_lenet.studies.fig9 import vectors
from paper_lenet.studies.fig9.classifier import Sets
from paper_lenet.studies.fig9.shortened import Kernel, distance_and_gradient, greedy, shortened
from paper_lenet.studies.fig9.vectors import Settings, moved


def shown(sets, unit):
    """Training and test inputs, and the mean squared length of the first."""
    parts = [part.reshape(len(part), -1).astype(float) for part in (sets.training, sets.test)]
    if unit:
        parts = [part / np.linalg.norm(part, axis=1)[:, None] for part in parts]
    return *parts, (parts[0] ** 2).sum(axis=1).mean()


@pytest.mark.parametrize("unit", [False, True])
def test_machines_are_those_of_the_library(mnist, unit):
    sets, truth = few(mnist, "reduced")
    found = vectors.fit(Settings(4, unit, 0.7, 2.0), sets, 0)
    training, test, one = shown(sets, unit)
    count = 0
    for label in range(10):
        machine = SVC(C=2, kernel="precomputed").fit(
            (1 + training @ training.T / (0.7 * one)) ** 4, sets.labels == label
        )
        expected = machine.decision_function((1 + test @ training.T / (0.7 * one)) ** 4)
        assert np.allclose(found.scores[:, label], expected, atol=0.02)
        count += len(machine.support_)
    assert found.operations == pytest.approx(count * 257, rel=0.02)
    assert found.variables == found.operations + 10
    assert wrong(found, truth) < 0.25


def test_machines_of_pairs_are_those_of_the_library(mnist):
    sets, truth = few(mnist, "reduced")
    found = vectors.fit(Settings(4, bound=2.0, machines="pairs"), sets, 0)
    training, test, one = shown(sets, True)
    assert one == pytest.approx(1)
    machine = SVC(C=2, kernel="precomputed").fit((1 + training @ training.T) ** 4, sets.labels)
    expected = machine.decision_function((1 + test @ training.T) ** 4)
    assert np.allclose(found.scores, expected, atol=0.05)
    assert found.operations == pytest.approx(len(machine.support_) * (256 + 9), rel=0.02)
    assert found.variables == found.operations + 45
    assert wrong(found, truth) < 0.25
    with pytest.raises(RecipeError, match="reduced: 9 is not 0"):
        Settings(4, machines="pairs", reduced=9)


def test_vectors_are_moved_by_a_pixel_to_each_side():
    images = np.zeros((2, 4, 4), np.float32)
    images[0, 1, 2] = images[1, 3, 3] = 1
    found = moved(images)
    places = [tuple(map(int, place)) for image in found[::2] for place in np.argwhere(image)]
    assert places == [(1, 2), (1, 1), (1, 3), (0, 2), (2, 2)]
    assert found[1::2].sum(axis=(1, 2)).tolist() == [1, 1, 0, 1, 0]


@pytest.mark.parametrize("machines", ["classes", "pairs"])
def test_virtual_vectors_are_more_and_no_worse(mnist, machines):
    sets, truth = few(mnist, "reduced")
    plain, virtual = (
        vectors.fit(Settings(5, machines=machines, virtual=virtual), sets, 0)
        for virtual in (False, True)
    )
    assert virtual.operations > plain.operations
    assert wrong(virtual, truth) <= wrong(plain, truth)


def test_the_gradient_is_that_of_differences():
    draw = np.random.default_rng(3)
    x, alpha, z = draw.random((12, 5)), draw.normal(size=12), draw.random((3, 5))
    kernel = Kernel(4, 2.0)
    function, gradient = (
        lambda flat, part=part: distance_and_gradient(x, alpha, flat.reshape(3, 5), kernel, 1e-3)[
            part
        ]
        for part in (0, 1)
    )
    size = np.linalg.norm(gradient(z.ravel()))
    assert check_grad(function, gradient, z.ravel()) < 1e-4 * size


def test_greedy_takes_what_brings_nearest():
    draw = np.random.default_rng(5)
    square, alpha = Kernel(2, 1.0).values(*[draw.random((9, 4))] * 2), draw.normal(size=9)
    first = greedy(square, alpha, 1, 0.0)[0]
    rest = [
        alpha @ square @ alpha - (square[each] @ alpha) ** 2 / square[each, each]
        for each in range(9)
    ]
    assert first == np.argmin(rest)
    assert sorted(greedy(square, alpha, 9, 1e-9)) == list(range(9))


def test_fewer_vectors_come_near_the_machine():
    draw = np.random.default_rng(4)
    x, alpha, test = draw.random((40, 6)), draw.normal(size=40), draw.random((50, 6))
    kernel = Kernel(3, 2.0)
    expected = kernel.values(test, x) @ alpha
    off = []
    for count in (2, 6, 12):
        z, beta = shortened(x, alpha, kernel, count)
        assert z.shape == (count, 6)
        off.append(np.abs(kernel.values(test, z) @ beta - expected).mean())
    assert off[0] > off[1] > off[2] and off[2] < 0.05 * np.abs(expected).mean()


def test_a_reduced_machine_costs_what_it_keeps(mnist):
    sets, truth = few(mnist, "reduced")
    plain = vectors.fit(Settings(5), sets, 0)
    reduced = vectors.fit(Settings(5, reduced=12), sets, 0)
    assert reduced.operations == 10 * 12 * 257
    assert wrong(reduced, truth) <= wrong(plain, truth) + 0.1
    assert np.array_equal(vectors.fit(Settings(5, reduced=500), sets, 0).scores, plain.scores)


def test_a_class_without_patterns_is_refused():
    images, labels = np.zeros((9, 2, 2), np.float32), np.arange(9, dtype=np.uint8)
    with pytest.raises(RecipeError, match="9 is not 10 classes"):
        vectors.fit(Settings(4), Sets(images, labels, images), 0)


def test_a_pattern_without_ink_is_refused(mnist):
    sets, _ = few(mnist, "reduced")
    dark = np.zeros_like(sets.test[:2])
    with pytest.raises(RecipeError, match="2 is not 0 patterns without ink"):
        vectors.fit(Settings(4), sets._replace(test=dark), 0)
