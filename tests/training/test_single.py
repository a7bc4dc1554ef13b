"""One training in one call: the pipeline's bits, and what is refused before anything is trained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_training import Fake, digits, fake_execution, small_recipe

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.digits.dataset import Scale
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.network import weights
from paper_lenet.network.recipe import Recipe
from paper_lenet.training import execution
from paper_lenet.training import train as pipeline
from paper_lenet.training.job import Job
from paper_lenet.training.runner import DivergedError
from paper_lenet.training.selection import FILES
from paper_lenet.training.single import TrainingRun, train

DATA = digits(60, 1), digits(20, 2)


def run(recipe: Recipe | None = None, **how: Any) -> TrainingRun:
    return train(recipe or small_recipe(), DATA, 3, progress=False, **how)


def equal(one: weights.Parameters, other: weights.Parameters) -> bool:
    return list(one) == list(other) and all(np.array_equal(one[name], other[name]) for name in one)


def test_it_gives_the_bits_and_the_record_of_the_pipeline(tmp_path: Path) -> None:
    for name, part in zip(FILES, DATA, strict=True):
        part.save(tmp_path / name)
    job = Job("small", small_recipe(), 3, "engine")
    (theirs,), _ = pipeline.train([job], tmp_path, tmp_path / "store")
    ours = run()
    assert equal(ours.trained.parameters, theirs.state.parameters)
    assert ours.passes == theirs.state.rows
    assert ours.trained[1:] == (small_recipe(), 3, Scale())


@pytest.mark.slow
def test_the_papers_recipe_gives_the_committed_network(
    mnist: tuple[Patterns, Patterns], tmp_path: Path
) -> None:
    weights.save(tmp_path / "seed-00.safetensors", train(Recipe(), mnist).trained)
    assert (tmp_path / "seed-00.safetensors").read_bytes() == weights.PRETRAINED.read_bytes()


def test_fewer_passes_are_the_first_ones_and_the_weights_say_so() -> None:
    two, three = run(passes=2), run()
    assert two.passes[0] == three.passes[0] and len(two.passes) == 2
    assert two.trained.recipe.step.eta == ((1, 0.0005), (1, 0.0002))
    assert equal(two.trained.parameters, run(two.trained.recipe).trained.parameters)
    assert run(passes=3).trained.recipe == small_recipe()


def test_the_scale_of_the_patterns_goes_with_the_weights() -> None:
    scale = Scale(0.0, 0.7)
    levels = grey_scale(*vars(scale).values())
    found = train(small_recipe(2), tuple(replace(part, levels=levels) for part in DATA))
    assert found.trained.scale == scale


def test_pytorch_trains_too() -> None:
    rows = run(passes=1, trainer="reference").passes
    assert rows[0].loss == pytest.approx(run(passes=1).passes[0].loss, rel=1e-3)


SQUARES = replace(DATA[0], levels=grey_scale(-0.1, 1.175) ** 2)
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"recipe": "paper"}, "recipe: 'paper' is not a Recipe"),
    ({"recipe": Recipe()}, "presentation.patterns: 60000 asked for, the data set has 60"),
    ({"seed": -1}, "seed: -1 is not between 0"),
    ({"seed": True}, "seed: True is not of type int"),
    ({"passes": 0}, "passes: 0 is not a number of passes from 1 to 3"),
    ({"passes": 4}, "passes: 4 is not a number of passes from 1 to 3"),
    ({"passes": True}, "passes: True is not a number of passes"),
    ({"trainer": "Engine"}, "trainer: 'Engine' is not one of engine, reference"),
    ({"device": "cuda"}, "device: 'cuda' is not cpu, where the engine runs"),
    ({"trainer": "reference", "device": "gpu"}, "device: PyTorch cannot compute on 'gpu' here"),
    ({"data": DATA[0]}, "data must be"),
    ({"data": (DATA[0].grey, DATA[0].labels)}, "data must be"),
    ({"data": (DATA[0], DATA[1].subset(slice(0)))}, "there are no test patterns"),
    ({"data": (DATA[0], SQUARES)}, "the grey levels stand for values that do not lie on a line"),
    (
        {"data": (DATA[0], replace(DATA[1], levels=grey_scale(0, 1)))},
        "training is on Scale(), the test on Scale(background=0.0, foreground=1.0)",
    ),
]


@pytest.mark.parametrize(("wrong", "message"), WRONG, ids=[message for _, message in WRONG])
def test_what_cannot_be_is_told_in_one_line(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(PaperLenetError) as caught:
        train(**({"recipe": small_recipe(), "data": DATA} | wrong))
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_a_line_a_pass_is_shown_or_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    train(small_recipe(), DATA)
    told = capsys.readouterr()
    assert told.out == "" and len(told.err.splitlines()) == 3
    assert told.err.startswith("recipe given, seed 0, pass 1/3: ")
    run()
    assert capsys.readouterr() == ("", "")


def test_a_training_that_diverges_says_nothing_of_what_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(execution, "execution", fake_execution)
    monkeypatch.setattr(Fake, "not_finite", 5)
    message = r"^recipe given, seed 3 diverges in pass 1 at .*; the largest step is \S+\. A small"
    with pytest.raises(DivergedError, match=message) as caught:
        run()
    assert "kept" not in str(caught.value)


def test_it_shows_itself_in_a_line_and_in_a_notebook_as_a_table() -> None:
    found = run()
    assert "3 passes" in repr(found) and len(repr(found)) < 400
    shown = found._repr_html_()
    assert shown.count("<tr>") == 4 and "of 20</td>" in shown
    assert found.trained._repr_html_().startswith("<table><caption>A trained network</caption>")
