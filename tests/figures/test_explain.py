"""The stage ``explain``: its numbers against definitions, its drawings, and what it writes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from drawn import digits
from matplotlib.patches import Rectangle

from paper_lenet.base.files import read_csv
from paper_lenet.digits.dataset import Data, Scale
from paper_lenet.digits.distort import Presentation
from paper_lenet.digits.patterns import Patterns
from paper_lenet.figures import style
from paper_lenet.figures.explained import fields, padding, squashing, steps, subsampling
from paper_lenet.network import weights
from paper_lenet.network.architecture import layers
from paper_lenet.network.params import Params, Train
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import Trained, initial_parameters
from paper_lenet.pipeline import explain as stage
from paper_lenet.pipeline.networks import StageError
from paper_lenet.pipeline.steps import before_and_after


@pytest.mark.parametrize("function", squashing.FUNCTIONS, ids=lambda each: each.name)
def test_derivatives_are_those_of_the_function(function: squashing.Function) -> None:
    totals = np.array([-2.3, -1.0, -0.4, 0.3, 1.0, 2.1])
    step = 1e-5
    slope = (function.value(totals + step) - function.value(totals - step)) / (2 * step)
    bend = (function.slope(totals + step) - function.slope(totals - step)) / (2 * step)
    assert function.slope(totals) == pytest.approx(slope, abs=1e-8)
    assert function.bend(totals) == pytest.approx(bend, abs=1e-8)


@pytest.mark.parametrize("function", squashing.FUNCTIONS[:3], ids=lambda each: each.name)
def test_bend_is_greatest_where_it_is_said(function: squashing.Function) -> None:
    totals = np.linspace(0, 4, 40_001)
    found = totals[np.abs(function.bend(totals)).argmax()]
    assert function.bend_at == pytest.approx(found, abs=1e-4)


def test_the_sigmoid_is_the_sigmoid() -> None:
    totals = np.linspace(-3, 3, 7)
    assert squashing.sigmoid().value(totals) == pytest.approx(1 / (1 + np.exp(-totals)))


def test_the_papers_constants_do_what_the_appendix_says() -> None:
    row = dict(zip(squashing.HEADING, squashing.rows()[0], strict=True))
    assert float(row["at_one"]) == pytest.approx(1, abs=1e-5)
    assert float(row["bend_at"]) == pytest.approx(1, abs=0.02)
    assert squashing.rows()[-1][2] == squashing.rows()[-1][4] == ""


def test_or_and_and_are_what_they_are_called() -> None:
    rows = {row[0]: [float(cell) for cell in row[3:]] for row in subsampling.rows()}
    assert [value > 0 for value in rows["OR"]] == [False, True, True, True, True]
    assert [value > 0 for value in rows["AND"]] == [False, False, False, False, True]
    assert rows["max"] == [-1, 1, 1, 1, 1]
    assert rows["average"] == [-1, -0.5, 0, 0.5, 1]


def test_windows_of_the_example_are_pooled_in_place() -> None:
    average = subsampling.pooled(subsampling.UNITS[0])
    assert average.tolist() == [[-1, -0.5], [0.5, 1]]


def test_coefficients_are_those_of_the_network() -> None:
    parameters = initial_parameters(Recipe(), 0)
    parameters["S4.bias"][3] = -0.5
    rows = subsampling.coefficients(parameters)
    assert len(rows) == 6 + 16
    assert rows[6 + 3] == ["S4", "3", "1.0000", "-0.5000", "0.5000"]
    fixed = {name: part for name, part in parameters.items() if name[0] != "S"}
    assert subsampling.coefficients(fixed) == []


def test_padding_lets_the_centres_reach_all_of_the_box() -> None:
    assert (padding.covered(padding.IMAGE), padding.covered(padding.FIELD)) == (2, padding.DIGIT)
    last = padding.chain(padding.FIELD)[-1]
    assert last.tiled == padding.box(padding.FIELD)
    # The last unit of the last layer ends where the input ends: nothing is left over.
    for side in (padding.IMAGE, padding.FIELD):
        last = padding.chain(side)[-1]
        assert last.start(last.units - 1) + last.size == side


def test_fields_are_drawn_to_scale() -> None:
    with style.drawing(style.LIGHT):
        figure = fields.draw(digits().grey[3], style.LIGHT)
    boxes = [each for each in figure.axes[0].patches if isinstance(each, Rectangle)]
    sizes = [round(each.get_width() / fields.SIDE * 32, 6) for each in boxes]
    # A frame, and each field twice: its colour and its edge; all but C5 with a neighbour.
    assert sizes[-3:] == [32, 32, 32]
    assert [sizes.count(size) for size in (1, 5, 6, 14, 16)] == [4] * 5


RECIPE = Recipe(presentation=Presentation(patterns=40))


def patterns(count: int) -> Patterns:
    return digits().subset(np.arange(count) % 10)


def params(recipe: Recipe = RECIPE) -> Params:
    return Params(Data("mnist", (), {}), Scale(), Train("paper", 1, "engine"), {"paper": recipe})


@pytest.fixture(scope="module")
def found() -> steps.Steps:
    trained = Trained(initial_parameters(RECIPE, 0), RECIPE, 0)
    trained.parameters["F6.weight"][:] = 0
    return before_and_after(params(), trained, patterns(40), patterns(10))


def test_steps_are_those_of_eq_21(found: steps.Steps) -> None:
    count = sum(layer.parameters for layer in layers())
    assert sum(len(before) for before, _ in found.values()) == count
    most = RECIPE.step.rate(1) / RECIPE.step.mu
    for before, after in found.values():
        assert before.min() > 0 and max(before.max(), after.max()) <= most * (1 + 1e-12)
    # Without weights in F6 nothing below it has any curvature.
    assert found["C5.weight"][1] == pytest.approx(most)
    assert found["C5.weight"][0].min() < most / 2


def test_rows_of_steps_are_in_order(found: steps.Steps) -> None:
    for row in steps.rows(found):
        least, median, greatest = map(float, row[2:5])
        assert least <= median <= greatest


def test_stage_writes_every_table_and_drawing(tmp_path: Path) -> None:
    processed = tmp_path / "processed"
    processed.mkdir()
    for name in ("train", "test"):
        patterns(40).save(processed / f"{name}.safetensors")
    trained = Trained(initial_parameters(RECIPE, 0), RECIPE, 0)
    weights.save(tmp_path / "models" / "seed-00.safetensors", trained)
    folders = (processed, tmp_path / "models", tmp_path / "results", tmp_path / "figures")
    stage.explain(params(), *folders)
    tables = {path.name for path in (tmp_path / "results").iterdir()}
    assert tables == {
        f"{name}.csv" for name in ("coefficients", "padding", "squashing", "steps", "subsampling")
    }
    names = ("fields", "padding", "squashing", "steps", "subsampling")
    drawn = {path.name: path.read_bytes() for path in (tmp_path / "figures").iterdir()}
    assert set(drawn) == {f"{name}-{theme}.svg" for name in names for theme in ("light", "dark")}
    assert all(b"<dc:date>" not in content for content in drawn.values())
    rows = read_csv(tmp_path / "results" / "steps.csv")
    assert [row["array"] for row in rows] == list(trained.parameters)


def test_missing_weights_are_named(tmp_path: Path) -> None:
    processed = tmp_path / "processed"
    processed.mkdir()
    for name in ("train", "test"):
        patterns(10).save(processed / f"{name}.safetensors")
    with pytest.raises(StageError, match="no trained weights"):
        stage.explain(params(), processed, tmp_path, tmp_path / "r", tmp_path / "f")
