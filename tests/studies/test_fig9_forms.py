"""The forms of Fig. 9's digits: sides, scale, and the error for a name that is none."""

from __future__ import annotations

import numpy as np
import pytest

from paper_lenet.base.errors import RecipeError
from paper_lenet.digits.normalised import reduced
from paper_lenet.studies.fig9.forms import FORMS, form

SIDES = {"regular": 28, "deslanted": 20, "reduced": 16, "centred": 28, "padded": 32}


def test_every_form_has_its_side_and_scale(mnist):
    images = mnist[0].cropped(28).grey[:20]
    assert set(SIDES) == set(FORMS)
    for name, side in SIDES.items():
        shown = form(name, images)
        assert shown.shape == (20, side, side) and shown.dtype == np.float32
        assert shown.min() == 0 and 0.9 < shown.max() <= 1
        assert np.allclose(255 * shown, np.rint(255 * shown), atol=1e-4)
    assert np.array_equal(form("regular", images), images / np.float32(255))
    assert np.array_equal(form("centred", images)[:, 6:22, 6:22], form("reduced", images))
    assert np.count_nonzero(form("centred", images)) == np.count_nonzero(reduced(images))


def test_an_unknown_form_is_refused():
    with pytest.raises(RecipeError, match="form: 'slanted' is not one of regular, deslanted"):
        form("slanted", np.zeros((1, 28, 28), np.uint8))
