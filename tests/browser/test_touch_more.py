"""What the page "Touch it" teaches: the arithmetic, learning, two networks, a strip of digits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page
from test_touch import page, settled

from paper_lenet.base.files import read_csv, read_json, read_tensors
from paper_lenet.digits.patterns import Patterns
from paper_lenet.engine import Engine
from paper_lenet.network.architecture import TABLE_I
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import load
from paper_lenet.pipeline import predict
from paper_lenet.studies.recovered.record import NETWORK
from paper_lenet.studies.revived import kept

__all__ = ["page"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "data/results/mnist/paper"
DIGITS = 40
UNITS: list[tuple[str, tuple[int, int, int], int, int]] = [  # parts, and numbers in each
    ("C1", (4, 7, 9), 1, 25),
    ("S2", (3, 5, 2), 1, 4),
    ("C3", (3, 4, 8), len(TABLE_I[3]), 25),
    ("C3", (15, 9, 0), len(TABLE_I[15]), 25),
    ("S4", (10, 3, 1), 1, 4),
    ("C5", (77, 0, 0), 16, 25),
    ("F6", (40, 0, 0), 1, 120),
    ("output", (7, 0, 0), 1, 84),
]


@pytest.mark.parametrize(("layer", "place", "parts", "numbers"), UNITS)
def test_the_arithmetic_ends_in_the_state(
    layer: str, place: tuple[int, int, int], parts: int, numbers: int, page: Page
) -> None:
    unit = dict(zip(("layer", "map", "row", "column"), (layer, *place), strict=True))
    ask = """unit => {
        const { states } = lenet.shown().result;
        const found = lenet.arithmetic.worked(unit, states, lenet.unpack.parameters);
        const { size } = lenet.data.layers.find(one => one.name === unit.layer);
        const state = states[unit.layer][(unit.map * size + unit.row) * size + unit.column];
        return [found, state, found.state ?? found.total];
    }"""
    found, state, worked = page.evaluate(ask, unit)
    assert worked == pytest.approx(state, abs=1e-5)
    assert len(found["parts"]) == parts
    assert {len(part["products"]) for part in found["parts"]} == {numbers}
    for part in found["parts"]:
        assert part["sum"] == pytest.approx(sum(part["products"]), abs=1e-6)
        if layer == "output":
            products = (np.array(part["values"]) - part["weights"]) ** 2
        else:
            products = np.array(part["values"]) * (part["weights"] or 1.0)
        assert np.allclose(part["products"], products)


def test_a_chosen_units_arithmetic_is_shown_and_follows_the_digit(page: Page) -> None:
    place = page.locator("#touch-arithmetic")
    assert place.is_hidden()
    page.locator("#touch-C3 canvas").click(position={"x": 20, "y": 10})
    assert place.locator("details").count() == len(TABLE_I[0])
    assert place.locator("td").count() == 3 * 25
    place.locator("summary").nth(1).click()
    assert place.locator("td").count() == 2 * 3 * 25
    told = place.inner_text()
    assert "+ bias" in told and "tanh(0.667" in told
    page.locator("#touch-right button").nth(1).click()
    settled(page)
    assert place.locator("td").count() == 2 * 3 * 25  # what was opened stays open
    assert place.inner_text() != told
    page.locator("#touch-output canvas").click(position={"x": 20, "y": 20})
    assert place.locator("td").count() == 3 * 84
    assert "rubbish class" in place.inner_text()
    page.keyboard.press("Escape")
    assert place.is_hidden()


def ask(page: Page, test: Patterns, weight: str) -> NDArray[np.float64]:
    """The penalties of the test digits under the weights of a script's expression."""
    script = f"""async all => {{
        const weight = {weight};
        return all.map(grey => Array.from(lenet.ask(grey, weight).penalties));
    }}"""
    return np.array(page.evaluate(script, test.grey.reshape(len(test), -1).tolist()))


def test_the_network_of_1998_is_asked_at_a_switch(
    page: Page, mnist: tuple[Patterns, Patterns], record_property: Callable[[str, object], None]
) -> None:
    ours = page.evaluate("Array.from(lenet.shown().result.penalties)")
    page.locator("#touch-networks [value=revived]").check()
    page.wait_for_function("ours => lenet.shown().result.penalties[0] !== ours[0]", arg=ours)
    test = mnist[1].subset(slice(0, DIGITS))
    whole = kept.network(
        ROOT / "data/trainings/revived" / kept.FILE,
        ROOT / "data/results/studies/recovered" / NETWORK,
    )
    found = ask(page, test, "(await lenet.unpack.later('revived'))[0]")
    expected = Engine(Recipe(), whole).penalties(test)
    worst = np.abs(found - expected).max()
    record_property("penalties of 1998's network in the browser less the engine's", f"{worst:.3f}")
    assert worst < 0.5
    assert found.argmin(1).tolist() == expected.argmin(1).tolist()
    page.locator("#touch-networks [value=ours]").check()
    page.wait_for_function("ours => lenet.shown().result.penalties[0] === ours[0]", arg=ours)


def test_a_network_that_cannot_be_had_is_told(page: Page) -> None:
    page.evaluate("""() => {
        lenet.unpack.later = () => Promise.reject(new Error('it is not there'));
    }""")
    before = page.evaluate("Array.from(lenet.shown().result.penalties)")
    page.locator("#touch-networks [value=revived]").click()
    page.locator("#touch-networks-told").filter(has_text="cannot be had here: it is not").wait_for()
    assert page.locator("#touch-networks [value=ours]").is_checked()
    assert page.evaluate("Array.from(lenet.shown().result.penalties)") == before


def test_a_slider_goes_through_the_passes(page: Page, mnist: tuple[Patterns, Patterns]) -> None:
    page.locator("#touch-learning").scroll_into_view_if_needed()
    told = page.locator("#touch-pass-told")
    told.filter(has_text="before the training").wait_for()
    untrained = read_json(RESULTS / "touch/touch.json")["untrained_errors"] / 100
    assert f"{untrained:.2f} %" in told.inner_text()
    rows = [row for row in read_csv(RESULTS / "train/passes.csv") if row["seed"] == "0"]
    dots = set()
    for row in rows[::4]:
        page.locator("#touch-pass").fill(row["pass"])
        percent = int(row["test_errors"]) / 100
        assert told.inner_text().startswith(f"after pass {row['pass']}: {percent:.2f} %")
        dot = page.locator(".touch-dot")
        dots.add((dot.get_attribute("cx"), dot.get_attribute("cy")))
    assert len(dots) == len(rows[::4])
    arrays, steps = read_tensors(RESULTS / "touch/passes.safetensors", "steps")
    test = mnist[1].subset(slice(0, DIGITS))
    for number in (0, 1, 10, 20):
        kept_then = {
            name: (whole[number] * steps[name]).astype(np.float32) for name, whole in arrays.items()
        }
        found = ask(page, test, f"(await lenet.unpack.later('passes'))[{number}]")
        assert np.abs(found - Engine(Recipe(), kept_then).penalties(test)).max() < 2e-3


def test_a_strip_is_what_the_network_slides_over(page: Page) -> None:
    torch = pytest.importorskip("torch")
    from paper_lenet.network.lenet5 import LeNet5

    page.locator("#touch-strip-example").click()
    settled(page)
    shown: dict[str, Any] = page.evaluate("""() => {
        const { field, output } = lenet.strip.shown();
        return { field: Array.from(field), output: Array.from(output) };
    }""")
    field = np.array(shown["field"], np.uint8).reshape(32, -1)
    assert field[:2].max() == field[:, :2].max() == 0 < field.max()
    trained = load(predict.find_weights(None))
    scale = trained.input_scale
    levels = scale.background + (scale.foreground - scale.background) * field / 255
    x = torch.tensor(levels[None, None], dtype=torch.float32)
    with torch.no_grad():
        expected = LeNet5.from_trained(trained)(x)[0, :, 0].numpy()
    output = np.array(shown["output"]).reshape(10, -1)
    assert output.shape == expected.shape == (10, (field.shape[1] - 32) // 4 + 1)
    assert np.abs(output - expected).max() < 1e-4
    words = page.locator("#touch-strip-answers span").all_inner_texts()
    j = trained.recipe.loss.j
    assert words == [str(column.argmin()) if column.min() < j else "·" for column in expected.T]
    assert page.locator("#touch-strip-read").inner_text() == "Read from left to right: 1 9 9 8"
    page.locator("#touch-strip-clear").click()
    settled(page)
    assert page.locator("#touch-strip-read").inner_text() != "Read from left to right: 1 9 9 8"
