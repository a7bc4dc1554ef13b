"""Linear, pairwise, quadratic and Gaussian classifiers, against plain least squares."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from few import few, wrong

from paper_lenet.base.errors import RecipeError
from paper_lenet.paper.classifiers import CLASSIFIERS
from paper_lenet.studies.fig9 import linear, pairwise, quadratic, radial, squares
from paper_lenet.studies.fig9.classifier import Sets

PRINTED = {bar.name: bar for bar in CLASSIFIERS}
DRAW = np.random.default_rng(7)
SOME = Sets(
    DRAW.random((120, 3, 3), np.float32),
    np.arange(120).astype(np.uint8) % 10,
    DRAW.random((15, 3, 3), np.float32),
)


def plain(inputs: np.ndarray, wanted: np.ndarray, test: np.ndarray, decay: float = 0) -> np.ndarray:
    """What units give on `test` that are fitted by one call; decay as patterns of its own."""
    extra = np.eye(inputs.shape[1]) * np.sqrt(decay * len(inputs))
    rows = np.c_[np.r_[inputs, extra], np.r_[np.ones(len(inputs)), np.zeros(len(extra))]]
    wanted = np.r_[wanted, np.zeros((len(extra), *wanted.shape[1:]))]
    return np.c_[test, np.ones(len(test))] @ np.linalg.lstsq(rows, wanted)[0]


@pytest.mark.parametrize("decay", [0.0, 0.3])
def test_linear_is_plain_least_squares(decay):
    wanted = np.where(SOME.labels[:, None] == np.arange(10), 1.0, -1.0)
    expected = plain(squares.flat(SOME.training), wanted, squares.flat(SOME.test), decay)
    found = linear.fit(linear.Settings(decay), SOME, 0)
    assert np.allclose(found.scores, expected, atol=1e-6)
    assert found.operations == found.variables == 10 * 10


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        ("raw", lambda x: x),
        ("votes", lambda x: 1.0 if x > 0 else -1.0),
        ("squashed", lambda x: 1.7159 * np.tanh(2 * x / 3)),
    ],
)
def test_pairwise_is_plain_least_squares_of_each_pair(rule, count):
    expected = np.zeros((len(SOME.test), 10))
    for i, j in combinations(range(10), 2):
        pair = np.isin(SOME.labels, (i, j))
        wanted = np.where(SOME.labels[pair] == i, 1.0, -1.0)
        outputs = plain(squares.flat(SOME.training[pair]), wanted, squares.flat(SOME.test))
        for pattern, output in enumerate(outputs):
            expected[pattern, i] += count(output)
            expected[pattern, j] -= count(output)
    found = pairwise.fit(pairwise.Settings(rule), SOME, 0)
    assert np.allclose(found.scores, expected, atol=1e-5)


@pytest.mark.parametrize("linear_terms", [False, True])
def test_quadratic_is_plain_least_squares_of_products(linear_terms):
    training, test = squares.flat(SOME.training), squares.flat(SOME.test)
    mean = training.mean(axis=0)
    axes = np.linalg.svd(training - mean)[2][:4]

    def inputs(patterns: np.ndarray) -> np.ndarray:
        rows = []
        for each in (patterns - mean) @ axes.T:
            products = [each[i] * each[j] for i in range(4) for j in range(i, 4)]
            rows.append([*products, *each] if linear_terms else products)
        return np.array(rows)

    wanted = np.where(SOME.labels[:, None] == np.arange(10), 1.0, -1.0)
    expected = plain(inputs(training), wanted, inputs(test), 0.01)
    found = quadratic.fit(quadratic.Settings(4, linear_terms, 0.01), SOME, 0)
    assert np.allclose(found.scores, expected, atol=1e-5)


def test_gaussian_units_lie_where_their_patterns_are():
    patterns = squares.flat(SOME.training[SOME.labels == 3])
    centres = radial.units(patterns, 3, 0, 3)
    nearest = ((patterns[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
    means = [patterns[nearest == each].mean(axis=0) for each in range(3)]
    assert np.allclose(centres, means)
    apart = np.linalg.norm(patterns[:, None] - centres, axis=2)
    assert np.allclose(radial.states(patterns, centres, 0.7), np.exp(-(apart**2) / 2 / 0.7**2))


def test_gaussian_units_are_drawn_by_the_seed():
    settings = radial.Settings(units=3)
    first, again, other = (radial.fit(settings, SOME, seed).scores for seed in (0, 0, 1))
    assert np.array_equal(first, again) and not np.allclose(first, other)
    with pytest.raises(RecipeError, match="units: 13 is not at most the 12 of class 0"):
        radial.fit(radial.Settings(units=13), SOME, 0)


def test_dead_pixels_and_few_patterns_have_the_shortest_solution(mnist):
    sets, truth = few(mnist, "regular")
    expected = plain(
        squares.flat(sets.training), squares.targets(sets.labels), sets.test.reshape(60, -1)
    )
    found = linear.fit(linear.Settings(), sets, 0)
    assert np.mean(found.scores.argmax(1) == expected.argmax(1)) > 0.9
    assert wrong(found, truth) < 0.6
    assert wrong(linear.fit(linear.Settings(0.1), sets, 0), truth) < 0.3


def test_costs_are_those_of_the_figures(mnist):
    regular, truth = few(mnist, "regular")
    found = {
        "[deslant] Linear": linear.fit(linear.Settings(0.1), few(mnist, "deslanted")[0], 0),
        "Linear": linear.fit(linear.Settings(0.1), regular, 0),
        "Pairwise": pairwise.fit(pairwise.Settings(decay=0.1), regular, 0),
        "40 PCA + quadratic": quadratic.fit(quadratic.Settings(decay=0.1), regular, 0),
        "1000 RBF + linear": radial.fit(radial.Settings(15, decay=0.1), regular, 0),
    }
    assert all(wrong(each, truth) < 0.5 for each in found.values())
    assert found["Linear"].variables == 7850  # Section III-C, and 4,010 of the deslanted digits
    assert found["[deslant] Linear"].variables == 4010
    assert found["1000 RBF + linear"].operations == 150 * (784 + 10) + 10
    for name in ("Pairwise", "40 PCA + quadratic"):
        printed = PRINTED[name]
        assert abs(found[name].operations / 1000 - printed.operations) < 1
        assert round(found[name].variables / 1000) == printed.variables
