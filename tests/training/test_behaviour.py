"""What the code does, as a digest: of every part of a recipe, and of nothing but the bits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from paper_lenet.digits.distort import Presentation
from paper_lenet.network.recipe import Initial, Loss, Network, Recipe, Step
from paper_lenet.training import behaviour, passes
from paper_lenet.training.behaviour import brief, made

PAPER = Recipe()
OTHERS = {
    "c3": replace(PAPER, network=Network(c3="full")),
    "subsampling": replace(PAPER, network=Network(subsampling="max")),
    "equation": replace(PAPER, loss=Loss(equation=8)),
    "j": replace(PAPER, loss=Loss(j=2.01)),
    "law": replace(PAPER, initial=Initial(law="gaussian")),
    "memory": replace(PAPER, step=Step(memory=0.0)),
    "last rate": replace(PAPER, step=Step(eta=(*Step().eta[:-1], (8, 1.01e-5)))),
    "order": replace(PAPER, presentation=Presentation(order="reshuffled")),
    "noise": replace(PAPER, presentation=Presentation(inverted=0.1)),
    "fewer": replace(PAPER, presentation=Presentation(patterns=15000)),
    "apart": replace(PAPER, presentation=Presentation(patterns=50000, held_out=10000)),
}


def digest(recipe: Recipe) -> str:
    """Computed anew, and not remembered."""
    return behaviour.behaviour.__wrapped__(recipe, "engine")


def test_equal_recipes_have_equal_digests_and_each_part_counts() -> None:
    paper = digest(PAPER)
    assert digest(Recipe()) == paper
    found = {name: digest(recipe) for name, recipe in OTHERS.items()}
    assert paper not in found.values()
    assert len(set(found.values())) == len(found)


@pytest.mark.parametrize(
    ("edited", "changed"),
    [
        (lambda new, old, memory: new, {"paper"}),
        (lambda new, old, memory: memory * old + (1 - memory) * new, set()),
    ],
    ids=["another result", "the same written otherwise"],
)
def test_only_what_changes_bits_changes_a_digest(
    edited: Callable[..., object], changed: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    recipes = {"paper": PAPER, "no memory": OTHERS["memory"]}
    before = {name: digest(recipe) for name, recipe in recipes.items()}
    monkeypatch.setattr(passes, "_blended", lambda n, o, m: edited(n, o, np.float32(m)) if m else n)
    after = {name: digest(recipe) for name, recipe in recipes.items()}
    assert {name for name in recipes if before[name] != after[name]} == changed


def test_what_happens_late_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A training at chance is given up, and only after thousands of patterns."""
    slow = replace(PAPER, step=replace(PAPER.step, eta=((20, 0.0),)))
    before = digest(slow)
    monkeypatch.setattr(passes, "CHANCE", 2.0)
    assert digest(slow) != before


def test_patterns_are_the_same_each_time_and_of_all_classes() -> None:
    one, other = made(40), made(20, 20)
    assert np.array_equal(one.grey[20:], other.grey) and one.grey.dtype == np.uint8
    assert sorted(set(one.labels.tolist())) == list(range(10))
    assert not one.grey[:, :2].any() and not one.grey[:, :, 30:].any()


def test_a_brief_recipe_keeps_everything_but_sizes() -> None:
    for recipe in (PAPER, *OTHERS.values()):
        short = brief(recipe)
        assert short.network == recipe.network and short.loss == recipe.loss
        assert [rate for _, rate in short.step.eta] == [rate for _, rate in recipe.step.eta]
        assert short.step.passes == len(recipe.step.eta)
        assert 0 < short.presentation.patterns + short.presentation.held_out <= behaviour.TRAINING
