"""Patterns altered in one way at a time (Section III-E)."""

from __future__ import annotations

import numpy as np
import pytest

from paper_lenet.digits import transformations


@pytest.mark.parametrize("name", transformations.TRANSFORMATIONS)
def test_neutral_amounts_change_nothing(name):
    how = transformations.TRANSFORMATIONS[name]
    grey = np.random.default_rng(3).integers(0, 256, (2, 32, 32), np.uint8)
    assert how.neutral in how.amounts
    assert list(how.amounts) == sorted(how.amounts)
    if name != "noise":
        assert (how.apply(grey, how.neutral) == grey).all()
    assert (how.apply(grey, how.amounts[-1]) != grey).any()


def test_strokes_grow_and_thin_by_whole_pixels():
    grey = np.zeros((1, 32, 32), np.uint8)
    grey[0, 10:14, 5:25] = 250
    assert np.count_nonzero(transformations.stroke(grey, 1)[0, :, 15]) == 6
    assert np.count_nonzero(transformations.stroke(grey, -1)[0, :, 15]) == 2
    half = transformations.stroke(grey, 0.5)[0, :, 15]
    assert half[9:15].tolist() == [125, 250, 250, 250, 250, 125]


def test_noise_is_nested_and_has_its_probability():
    grey = np.zeros((20, 32, 32), np.uint8)
    some, more = (transformations.noise(grey, part) > 0 for part in (0.1, 0.3))
    assert (more | ~some).all()
    assert some.mean() == pytest.approx(0.1, abs=0.01)
    assert more.mean() == pytest.approx(0.3, abs=0.015)
    assert (transformations.noise(grey, 0.1)[:5] == transformations.noise(grey[:5], 0.1)).all()
