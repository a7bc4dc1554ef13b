"""Eq. 8 and eq. 9 by hand and by autograd in float64."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.autograd import gradcheck
from torch.nn import functional

from paper_lenet.network.losses import (
    losses,
    maximum_a_posteriori,
    maximum_likelihood,
    mean_loss,
    posteriors,
)
from paper_lenet.network.recipe import Loss

PENALTIES = torch.tensor([[3.0, 1.0, 2.5], [0.5, 4.0, 9.0]], dtype=torch.float64)
LABELS = torch.tensor([1, 2])
DIGITS = torch.arange(10)

rows = st.lists(st.floats(0, 1e4), min_size=10, max_size=10)


def test_eq_8_by_hand():
    assert maximum_likelihood(PENALTIES, LABELS).tolist() == [1.0, 9.0]


def test_eq_9_by_hand():
    j = 2.0
    expected = [
        1.0 + math.log(math.exp(-j) + math.exp(-3.0) + math.exp(-1.0) + math.exp(-2.5)),
        9.0 + math.log(math.exp(-j) + math.exp(-0.5) + math.exp(-4.0) + math.exp(-9.0)),
    ]
    assert maximum_a_posteriori(PENALTIES, LABELS, j).tolist() == pytest.approx(expected)


def test_the_mean_over_patterns_is_eqs_8_and_9():
    assert mean_loss(PENALTIES, LABELS, Loss(8)).item() == 5.0
    each = losses(PENALTIES, LABELS, Loss(9, 0.5))
    assert torch.equal(each, maximum_a_posteriori(PENALTIES, LABELS, 0.5))
    assert mean_loss(PENALTIES, LABELS, Loss(9, 0.5)).item() == pytest.approx(
        sum(each.tolist()) / 2
    )


def test_without_a_rubbish_class_eq_9_is_cross_entropy():
    scores = -PENALTIES
    expected = functional.cross_entropy(scores, LABELS, reduction="none")
    torch.testing.assert_close(losses(PENALTIES, LABELS, Loss(9, math.inf)), expected)


def test_a_large_j_comes_to_no_rubbish_class():
    torch.testing.assert_close(
        maximum_a_posteriori(PENALTIES, LABELS, 700.0),
        maximum_a_posteriori(PENALTIES, LABELS, math.inf),
    )


@given(rows, st.integers(0, 9), st.floats(-50, 50))
def test_eq_9_is_never_negative_and_never_overflows(row, label, j):
    """The paper calls it always positive; rounding may leave it at 0 or just below."""
    penalties = torch.tensor([row], dtype=torch.float32)
    loss = maximum_a_posteriori(penalties, torch.tensor([label]), j).item()
    assert math.isfinite(loss)
    assert loss >= -1e-6 * max(row[label], 1)


@given(rows, st.integers(0, 9), st.floats(-5, 50))
def test_eq_9_is_the_lead_over_the_best_within_log_11(row, label, j):
    """log sum exp is between its greatest term and that plus the log of how many there are."""
    penalties = torch.tensor([row], dtype=torch.float64)
    loss = maximum_a_posteriori(penalties, torch.tensor([label]), j).item()
    least = row[label] - min(*row, j)
    assert least - 1e-9 <= loss <= least + math.log(11) + 1e-9


@pytest.mark.parametrize("loss", [Loss(8), Loss(9, 2.0), Loss(9, -3.0), Loss(9, math.inf)], ids=str)
def test_gradients_in_float64(loss):
    generator = torch.Generator().manual_seed(0)
    penalties = torch.rand(10, 10, dtype=torch.float64, generator=generator) * 5
    assert gradcheck(lambda y: losses(y, DIGITS, loss), penalties.requires_grad_())


@pytest.mark.parametrize("j", [2.0, math.inf])
def test_eq_9s_gradient_is_the_right_class_less_the_posteriors(j):
    penalties = PENALTIES.clone().requires_grad_()
    maximum_a_posteriori(penalties, LABELS, j).sum().backward()
    right = functional.one_hot(LABELS, 3)
    torch.testing.assert_close(penalties.grad, right - posteriors(PENALTIES, j))


def test_posteriors_leave_the_rest_to_the_rubbish_class():
    p = posteriors(PENALTIES, 1.5)
    total = [math.exp(-1.5) + sum(math.exp(-y) for y in row) for row in PENALTIES.tolist()]
    rubbish = [math.exp(-1.5) / part for part in total]
    assert (1 - p.sum(1)).tolist() == pytest.approx(rubbish)
    assert posteriors(PENALTIES, math.inf).sum(1).tolist() == pytest.approx([1, 1])


def test_rubbish_takes_the_push_off_classes_that_are_already_far():
    """Text under eq. 9: with j, a wrong class's large penalty is pushed up less."""
    far = torch.tensor([[0.1, 30.0, 30.0]], dtype=torch.float64)
    near = torch.tensor([[10.0, 12.0, 30.0]], dtype=torch.float64)
    assert posteriors(far, 2.0)[0, 1] < 1e-12
    assert posteriors(near, 2.0)[0, 1] < 1e-3 < posteriors(near, math.inf)[0, 1]
