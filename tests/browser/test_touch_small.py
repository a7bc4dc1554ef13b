"""Small answers on the page to touch: those of Python, on every digit and after the sliders."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page
from test_touch import NARROW, Visit, draw, empty, page, settled, slide

from paper_lenet.base.files import read_csv, read_tensors
from paper_lenet.digits.mnist import SIDE
from paper_lenet.digits.patterns import Patterns
from paper_lenet.studies import small
from paper_lenet.studies.fig9 import networks, quadratic, spec, train
from paper_lenet.studies.fig9.forms import centred, form
from paper_lenet.training.job import State as Passed

__all__ = ["empty", "page"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "data/results/studies/small"
AGREEMENT, DIGITS = 1e-4, 100
ASK = """async all => {
    const [weight] = await lenet.unpack.later('classifiers');
    return all.map(grey => lenet.small.outputs(weight, Uint8Array.from(grey)));
}"""


def expected(images: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
    """By classifier the outputs for images (N, 28, 28), with the committed weights: (N, 10)."""
    arrays, steps = read_tensors(RESULTS / small.WEIGHTS, small.KEY)
    everything, fig9 = small.multiplied(arrays, steps), spec.read(ROOT / "studies/fig9.yaml")
    result = {}
    for name in small.NAMES:
        run = train.final(fig9, name, small.SEED)
        own = {
            key.removeprefix(f"{name}."): part
            for key, part in everything.items()
            if key.startswith(f"{name}.")
        }
        shown = form(run.classifier.form, images)
        if run.kind.network:
            patterns = networks.as_patterns(shown, np.zeros(len(shown), np.uint8))
            result[name] = networks.trained(run.settings, SIDE, Passed(own)).outputs(patterns)
        else:
            result[name] = quadratic.scores(run.settings, quadratic.Units(**own), shown)
    return result


def compared(page: Page, fields: NDArray[np.uint8]) -> float:
    """By how much outputs for fields (N, 32, 32) differ at most; all answers are the same."""
    found = page.evaluate(ASK, fields.reshape(len(fields), -1).tolist())
    worst = 0.0
    for name, theirs in expected(fields[:, 2:30, 2:30]).items():
        ours = np.array([each[name] for each in found])
        worst = max(worst, float(np.abs(ours - theirs).max()))
        assert ours.argmax(1).tolist() == theirs.argmax(1).tolist()
    return worst


def shown(page: Page) -> list[str]:
    """The answers in the page's rows."""
    return page.locator("#touch-small .touch-given").all_text_contents()


def answers(page: Page) -> list[str]:
    """Those of Python to what the page shows."""
    field = np.array(page.evaluate("Array.from(lenet.shown().altered)"), np.uint8)
    outputs = expected(field.reshape(1, 32, 32)[:, 2:30, 2:30])
    return [str(each[0].argmax()) for each in outputs.values()]


def there(page: Page) -> None:
    """Wait for the weights, and for the frame that comes after an answer."""
    page.wait_for_function("lenet.small.shown()")
    settled(page)


def test_outputs_are_those_of_python_on_test_digits_and_on_those_of_the_page(
    page: Page, mnist: tuple[Patterns, Patterns], record_property: Callable[[str, object], None]
) -> None:
    indices = page.evaluate("lenet.unpack.digits.map(one => one.index)")
    grey = mnist[1].grey[np.unique([*range(DIGITS), *indices])]
    worst = compared(page, grey)
    record_property(f"small answers less Python's, {len(grey)} digits", f"{worst:.1e}")
    assert worst < AGREEMENT


def test_what_lies_at_the_edge_is_reduced_as_python_reduces_it(page: Page) -> None:
    draws = np.random.default_rng(3)
    fields = np.zeros((30, 32, 32), np.uint8)
    for field in fields[1:]:
        (top, left), (high, wide) = draws.integers(0, 28, 2), draws.integers(1, 32, 2)
        part = field[top : top + high, left : left + wide]
        part[:] = draws.integers(0, 256, part.shape)
    ask = """all => all.map(grey =>
        Array.from(lenet.forms.centred(lenet.forms.middle(Uint8Array.from(grey)))))"""
    found = np.array(page.evaluate(ask, fields.reshape(len(fields), -1).tolist()), np.uint8)
    assert np.array_equal(found, centred(fields[:, 2:30, 2:30]).reshape(len(fields), -1))
    assert compared(page, fields) < AGREEMENT


def test_rows_follow_the_drawing_and_the_sliders_and_stay_at_the_switch(page: Page) -> None:
    there(page)
    assert shown(page) == answers(page)
    for strokes in ([(0.3, 0.2), (0.7, 0.2), (0.45, 0.85)], [(0.5, 0.15), (0.5, 0.9)]):
        draw(page, strokes)
        there(page)
        assert shown(page) == answers(page)
    for name, amount in {"right": 4, "down": -9, "degrees": 80, "noise": 10}.items():
        slide(page, name, amount)
        settled(page)
        assert shown(page) == answers(page), name
    before = page.locator("#touch-small tbody").inner_text()
    ours = page.evaluate("lenet.shown().result.penalties[0]")
    page.locator("#touch-networks [value=revived]").check()
    page.wait_for_function("ours => lenet.shown().result.penalties[0] !== ours", arg=ours)
    settled(page)
    assert page.locator("#touch-small tbody").inner_text() == before


def test_a_row_has_the_studys_numbers_and_the_lead(page: Page) -> None:
    there(page)
    rows = page.locator("#touch-small tbody tr")
    found = page.evaluate("lenet.small.shown()")
    for place, each in enumerate(read_csv(RESULTS / "small.csv")):
        told = rows.nth(place).inner_text()
        assert f"{int(each['parameters']):,}" in told
        assert f"{each['rounded_percent']} %" in told
        best, following = sorted(found[each["classifier"]])[:-3:-1]
        assert rows.nth(place).locator(".touch-number").inner_text() == f"{best - following:.2f}"
    assert page.locator("#touch-small a").get_attribute("href") == "fig9.html"


def test_nothing_is_said_of_nothing_and_a_drawing_is_spoken_of(empty: Page) -> None:
    assert shown(empty) == ["–"] * 3
    draw(empty, [(0.5, 0.15), (0.5, 0.9)])
    there(empty)
    linear, quadratic_, lenet = shown(empty)
    said = f"Small answers: Linear {linear}, 40 PCA + quadratic {quadratic_}, LeNet-1 {lenet}."
    empty.locator("#touch-said").filter(has_text=said).wait_for(state="attached")
    empty.locator("#touch-clear").click()
    settled(empty)
    assert shown(empty) == ["–"] * 3


def test_without_their_weights_the_rows_are_not_shown(browser: Browser, site: Path) -> None:
    context = browser.new_context(viewport=NARROW)
    context.route("**/classifiers.js", lambda route: route.abort())
    one = context.new_page()
    one.goto(f"{site.as_uri()}/touch.html")
    one.wait_for_function("window.lenet && lenet.shown")
    one.locator("#touch-small").wait_for(state="hidden")
    context.close()


def test_small_answers_take_no_time_of_the_answer(
    browser: Browser, site: Path, record_property: Callable[[str, object], None]
) -> None:
    """How long they take in the frame after it, printed and held to nothing."""
    visit = Visit(browser, site.as_uri())
    there(visit.page)
    took = visit.page.evaluate("""() => {
        const { altered } = lenet.shown();
        const times = Array.from({ length: 41 }, () => {
            const begun = performance.now();
            lenet.small.show(altered);
            return performance.now() - begun;
        });
        return times.sort((a, b) => a - b)[20];
    }""")
    record_property("small answers", f"{took:.1f} ms")
    visit.close()
