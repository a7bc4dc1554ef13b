"""What one network answers, and how sure it is: against definitions, number by number."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from paper_lenet.network.recipe import Loss
from paper_lenet.results.answers import Answers, posterior

PENALTIES = arrays(np.float32, (3, 10), elements=st.floats(0, 200, width=32))
LOSSES = st.sampled_from([Loss(), Loss(j=math.inf), Loss(equation=8), Loss(j=-5.0)])


@given(PENALTIES, LOSSES)
def test_posterior_is_a_share_of_all_classes_and_the_rubbish_class(penalties, loss):
    rubbish = math.exp(-loss.j) if loss.equation == 9 else 0.0
    found = posterior(penalties, loss)
    for row, shares in zip(penalties, found, strict=True):
        weights = [math.exp(-float(y)) for y in row]
        total = rubbish + math.fsum(weights)
        assert shares == pytest.approx([each / total for each in weights], rel=1e-9)
    assert np.array_equal(found[1], posterior(penalties[1], loss))


def test_the_first_of_equal_penalties_answers():
    penalties = np.ones((3, 10), np.float32)
    penalties[1, [4, 7]] = 0.5
    network = Answers(0, np.array([0, 7, 3]), penalties, Loss())
    assert network.answers.tolist() == [0, 4, 0]
    assert network.misread == {1: 4, 2: 0}
    assert [type(each) for pair in network.misread.items() for each in pair] == [int] * 4


def test_confidence_without_rubbish_class_is_a_softmax():
    penalties = np.array([[1.0, 2.0] + [700.0] * 8, [900.0] + [901.0] * 9], np.float32)
    truth = np.zeros(2, np.int64)
    for loss in (Loss(equation=8, j=2.0), Loss(equation=9, j=math.inf)):
        found = Answers(0, truth, penalties, loss).confidence
        expected = [1 / (1 + math.exp(-1)), 1 / (1 + 9 * math.exp(-1))]
        assert found == pytest.approx(expected, abs=1e-6)
    # With j = 2 the rubbish class takes all of a pattern that is far from every code.
    assert Answers(0, truth, penalties, Loss(j=2.0)).confidence[1] == 0.0


def test_gap_is_between_the_best_two():
    penalties = np.arange(10, dtype=np.float32)[None, ::-1] ** 2
    assert Answers(0, np.zeros(1, np.int64), penalties, Loss()).gap == [1.0]


def test_posterior_is_that_of_equation_nine() -> None:
    penalties = np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], np.float32)
    terms = np.exp(-np.arange(1, 11))
    shares = posterior(penalties, Loss(equation=9, j=2.0))
    assert shares == pytest.approx(terms / (terms.sum() + np.exp(-2)))
    shares = posterior(penalties, Loss(equation=8))
    assert shares.sum() == pytest.approx(1.0)


def test_posterior_of_far_away_states_is_finite() -> None:
    """With every penalty in the thousands, eq. 9 gives all to the rubbish class."""
    penalties = np.full(10, 5000.0, np.float32)
    assert posterior(penalties, Loss()).max() == 0.0
    assert posterior(penalties, Loss(j=np.inf)) == pytest.approx(np.full(10, 0.1))
