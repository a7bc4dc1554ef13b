"""Fig. 7: the maps that were fitted to it, and our copies."""

from __future__ import annotations

import math

import numpy as np
import pytest

from paper_lenet.digits import distort, excerpt
from paper_lenet.digits.affine import mapped
from paper_lenet.digits.distort import Presentation
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.studies import fig7


def test_fig7_maps_are_a_hundred_with_the_measured_ranges():
    panels = fig7.panels()
    assert [panel.digit for panel in panels] == [digit for digit in range(10) for _ in range(10)]
    assert len(fig7.originals()) == 10
    scale = np.array([math.sqrt(panel.map.a * panel.map.d) for panel in panels])
    shear = np.array([panel.map.b / panel.map.a for panel in panels])
    assert (scale.min(), scale.max()) == pytest.approx((0.717, 1.296), abs=0.003)
    assert (shear.min(), shear.max()) == pytest.approx((-0.139, 0.135), abs=0.003)
    assert all(panel.map.c == 0 for panel in panels)


def test_our_copies_are_those_that_training_shows():
    grey = np.random.default_rng(1).integers(0, 256, (400, 32, 32), np.uint8)
    training = Patterns(grey, np.zeros(400, np.uint8), grey_scale(-0.1, 1.175))
    how = Presentation(patterns=400, distorted=9, strength=0.5)
    digits = excerpt.Excerpt(fig7.originals(), grey[fig7.originals()])
    found = fig7.ours(digits, how)
    assert found.shape == (10, 10, 32, 32)
    assert (found[:, 0] == grey[fig7.originals()]).all()
    items = fig7.originals()[:, None] + 400 * np.arange(10)
    shown = distort.shown(training, items.ravel(), 0, 0, how).grey
    assert (found == shown.reshape(found.shape)).all()


def test_panels_are_the_originals_moved_by_the_fitted_maps():
    grey = np.random.default_rng(2).integers(0, 256, (10, 32, 32), np.uint8)
    found = fig7.printed(excerpt.Excerpt(fig7.originals(), grey))
    assert found.shape == (10, 11, 32, 32)
    assert (found[:, 0] == grey).all()
    for digit, number in ((0, 0), (3, 7), (9, 9)):
        how = fig7.panels()[10 * digit + number].map
        assert (found[digit, 1 + number] == mapped(grey[[digit]], how)[0]).all()
