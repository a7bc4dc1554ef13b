"""The digits of Fig. 9: forms, patterns kept apart, and what is sent to another machine."""

from __future__ import annotations

import pickle
from pathlib import Path

import fig9_small
import numpy as np
import pytest
from fig9_small import APART, TEST, TRAINING, digits

from paper_lenet.base.errors import RecipeError
from paper_lenet.digits.distort import Presentation
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.recipe import Recipe
from paper_lenet.studies.fig9 import sets
from paper_lenet.studies.fig9.forms import FORMS, form
from paper_lenet.studies.fig9.sets import Here, Judged, Sent, judged, parts
from paper_lenet.training.job import select


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not 10,000 are kept apart."""
    monkeypatch.setattr(sets, "APART", APART)


def same(one: Judged, other: Judged) -> bool:
    pairs = zip((*one.sets, one.truth), (*other.sets, other.truth), strict=True)
    return all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in pairs)


def test_the_test_set_is_the_test_set_s_and_all_training_patterns_are_fitted_to() -> None:
    training, test = digits(TRAINING), fig9_small.unseen()
    found = judged(training, test, "reduced", apart=False)
    assert np.array_equal(found.sets.training, form("reduced", training.images))
    assert np.array_equal(found.sets.test, form("reduced", test.images))
    assert found.sets.training.shape == (TRAINING, 16, 16)
    assert np.array_equal(found.sets.labels, training.labels)
    assert np.array_equal(found.truth, test.labels)


def test_patterns_kept_apart_are_training_patterns_that_nothing_is_fitted_to(few: None) -> None:
    training, test = digits(TRAINING), fig9_small.unseen()
    found = judged(training, test, "regular", apart=True)
    fitted, tested = ({each.tobytes() for each in part} for part in found.sets[::2])
    assert len(fitted) == TRAINING - APART and len(tested) == APART == len(found.truth)
    assert not fitted & tested
    assert fitted | tested == {each.tobytes() for each in form("regular", training.images)}
    spoilt = test._replace(images=255 - test.images, labels=9 - test.labels)
    assert same(judged(training, spoilt, "regular", apart=True), found), "no test pattern is seen"


def test_patterns_kept_apart_are_the_last_of_the_order_of_smaller_sets(few: None) -> None:
    """Those that a recipe of LeNet-5 keeps apart."""
    images = np.zeros((TRAINING, 32, 32), np.uint8)
    images[:, 0, 0] = np.arange(TRAINING)
    patterns = Patterns(images, digits(TRAINING).labels, np.zeros(256, np.float32))
    recipe = Recipe(presentation=Presentation(patterns=TRAINING - APART, held_out=APART))
    expected = select(recipe, patterns, patterns)
    first, last = parts(TRAINING)
    assert np.array_equal(first, expected.chosen)
    assert np.array_equal(last, expected.test.grey[:, 0, 0])


def test_too_few_patterns_are_told() -> None:
    with pytest.raises(RecipeError, match="160 is not more than 10000 training patterns"):
        judged(digits(TRAINING), fig9_small.unseen(), "regular", apart=True)


@pytest.mark.parametrize("name", FORMS)
def test_patterns_have_the_grey_levels_of_the_form(name: str) -> None:
    found = judged(digits(30), digits(TEST, 30), name, apart=False)
    for patterns, images in zip(found.patterns, found.sets[::2], strict=True):
        assert np.array_equal(patterns.grey, np.rint(255 * images))
    assert np.array_equal(found.patterns[1].labels, found.truth)
    assert found.patterns is found.patterns


@pytest.mark.parametrize("apart", [False, True])
def test_what_is_sent_is_what_is_here(apart: bool, few: None, tmp_path: Path) -> None:
    fig9_small.write_raw(tmp_path / "raw")
    here = Here(tmp_path / "raw")
    sent = Sent(digits(TRAINING), fig9_small.unseen())
    received = pickle.loads(pickle.dumps(sent))
    for name in ("regular", "centred"):
        expected = here.judged(name, apart)
        assert same(sent.judged(name, apart), expected)
        assert same(received.judged(name, apart), expected)
    assert pickle.loads(pickle.dumps(here)) == here
    assert len(pickle.dumps(here)) < 1000, "no more than the folder's name"
    assert sent.judged("centred", apart) is sent.judged("centred", apart)
