"""The answers of one network in one call."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.base.statistics import wilson
from paper_lenet.digits.distort import Presentation
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.engine import Engine
from paper_lenet.network.architecture import Network
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import PRETRAINED, Trained, initial_parameters, pretrained
from paper_lenet.pipeline.networks import evaluate


@pytest.fixture(scope="module")
def test(mnist: tuple[Patterns, Patterns]) -> Patterns:
    return mnist[1].subset(slice(1000))


def expected(trained: Trained, test: Patterns) -> np.ndarray:
    return Engine(trained.recipe, trained.parameters).penalties(test)


def test_it_is_what_the_engine_answers(test: Patterns) -> None:
    trained = pretrained()
    found = evaluate(trained, test)
    assert np.array_equal(found.penalties, expected(trained, test))
    wrong = np.flatnonzero(found.penalties.argmin(1) != test.labels)
    assert list(found.misread) == wrong.tolist()
    assert found.errors == len(wrong) > 0
    assert found.error_percent == 100 * len(wrong) / 1000
    assert found.interval == pytest.approx([100 * end for end in wilson(len(wrong), 1000)])
    assert np.array_equal(evaluate(PRETRAINED, test).penalties, found.penalties)


def test_patterns_are_shown_on_the_scale_and_in_the_field_of_the_network(test: Patterns) -> None:
    trained = pretrained()
    other = replace(test, levels=grey_scale(0.0, 1.0))
    assert np.array_equal(evaluate(trained, other).penalties, expected(trained, test))
    recipe = Recipe(Network(28), presentation=Presentation(scale=(0.0, 2.55)))
    untrained = Trained(initial_parameters(recipe, 0), recipe, 0)
    shown = replace(test.cropped(28), levels=grey_scale(0.0, 2.55))
    assert np.array_equal(evaluate(untrained, test).penalties, expected(untrained, shown))


def test_both_executions_answer(test: Patterns) -> None:
    few = test.subset(slice(50))
    ours, theirs = (evaluate(pretrained(), few, trainer) for trainer in ("engine", "reference"))
    assert np.array_equal(ours.answers, theirs.answers)


def test_what_cannot_be_asked_is_told(test: Patterns) -> None:
    for arguments, message in (
        ((pretrained(), test, "Engine"), "trainer: 'Engine' is not one of"),
        ((pretrained(), test.subset(slice(0))), "there are no test patterns"),
        (("nowhere.safetensors", test), "nowhere.safetensors: cannot be read"),
        ((pretrained(), replace(test, grey=test.grey[:, 2:, 2:])), "the patterns|fields of"),
    ):
        with pytest.raises(PaperLenetError, match=f"^({message})"):
            evaluate(*arguments)


def test_it_shows_itself_in_a_line_and_in_a_notebook_as_a_table(test: Patterns) -> None:
    found = evaluate(pretrained(), test)
    assert repr(found).startswith(f"Answers(seed 0: {found.errors} of 1,000 misread, ")
    shown = found._repr_html_()
    counts = np.bincount(test.labels[list(found.misread)], minlength=10)
    assert all(f"<th>{i}</th><td>{count}</td>" in shown for i, count in enumerate(counts))
