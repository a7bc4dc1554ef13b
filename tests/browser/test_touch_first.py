"""The page "Touch it" in its first ten seconds: on a phone, wide, zoomed, and by keyboard."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page
from test_touch import FLAT, NARROW, PHONE, WIDE, ZOOMED, Visit, draw, empty, paper, settled

from paper_lenet.digits.frame import clear_ink, framed
from paper_lenet.network.weights import load
from paper_lenet.pipeline import predict

__all__ = ["empty"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]


def box(page: Page, query: str) -> dict[str, float]:
    """Where an element is in the window: left, top, right, bottom."""
    ask = "one => one.getBoundingClientRect().toJSON()"
    found: dict[str, float] = page.locator(query).evaluate(ask)
    return found


def inside(part: dict[str, float], whole: dict[str, float]) -> bool:
    return (
        whole["left"] <= part["left"] <= part["right"] <= whole["right"]
        and whole["top"] <= part["top"] <= part["bottom"] <= whole["bottom"]
    )


def test_the_pad_opens_empty_and_invites(empty: Page) -> None:
    assert empty.evaluate("lenet.shown().result") is None
    assert (paper(empty) == 255).all()
    invitation = empty.locator("#touch-invitation")
    assert invitation.is_visible() and empty.locator("#touch-panel").is_hidden()
    draw(empty, [(0.5, 0.2), (0.5, 0.8)])
    settled(empty)
    assert invitation.is_hidden()
    empty.locator("#touch-clear").click()
    settled(empty)
    assert invitation.is_visible()


def test_the_first_stroke_on_a_picked_digit_begins_anew(browser: Browser, site: Path) -> None:
    visit = Visit(browser, site.as_uri())
    picked = paper(visit.page)
    pad = box(visit.page, "#touch-pad")
    visit.page.mouse.move(pad["left"] + 5, pad["top"] + 100)
    visit.page.mouse.down()
    visit.page.mouse.up()
    settled(visit.page)
    dot = paper(visit.page)
    assert (dot < 255).any() and (dot[:, 40:] == 255).all() and (picked[:, 40:] < 255).any()
    visit.close()


@pytest.mark.parametrize("viewport", [NARROW, FLAT])
def test_a_phone_shows_pad_and_answer_at_once_and_speaks_of_fingers(
    viewport: dict[str, int], browser: Browser, site: Path
) -> None:
    visit = Visit(browser, site.as_uri(), pick=False, **PHONE | {"viewport": viewport})
    screen = {"left": 0, "top": 0, "right": viewport["width"], "bottom": viewport["height"]}
    for query in ("#touch-pad", "#touch-clear", ".touch-verdict"):
        assert inside(box(visit.page, query), screen), query
    assert inside(box(visit.page, "#touch-clear"), box(visit.page, "#touch-pad"))
    told = visit.page.locator("#touch-layers").inner_text()
    assert "Tap a unit" in told and "click" not in told
    visit.close()


def test_a_mouse_is_spoken_to_as_a_mouse(empty: Page) -> None:
    told = empty.locator("#touch-layers").inner_text()
    assert "Point at a unit" in told and "Tap" not in told


@pytest.mark.parametrize("viewport", [NARROW, FLAT, ZOOMED, WIDE])
def test_the_panel_comes_with_a_unit_and_never_lies_on_the_pad(
    viewport: dict[str, int], browser: Browser, site: Path
) -> None:
    visit = Visit(browser, site.as_uri(), viewport=viewport)
    page = visit.page
    assert page.locator("#touch-panel").is_hidden()
    page.locator("#touch-C3 canvas").click(position={"x": 20, "y": 10})
    assert page.locator("#touch-panel").is_visible()
    for top in range(0, page.evaluate("document.documentElement.scrollHeight"), 90):
        page.evaluate("top => scrollTo({top, behavior: 'instant'})", top)
        pad, panel = box(page, "#touch-pad"), box(page, "#touch-panel")
        beside = panel["left"] >= pad["right"] or panel["right"] <= pad["left"]
        assert beside or panel["top"] >= pad["bottom"] or panel["bottom"] <= pad["top"], top
    page.locator("#touch-put-out").click()
    assert page.locator("#touch-panel").is_hidden()
    visit.close()


def test_wide_pages_show_pad_answer_and_every_layer_together(empty: Page) -> None:
    window = {"left": 0, "top": 0, "right": WIDE["width"], "bottom": WIDE["height"]}
    names = ("C1", "S2", "C3", "S4", "C5", "F6", "output", "pad", "penalties")
    for name in names:
        assert inside(box(empty, f"#touch-{name}"), window), name
    empty.evaluate("scrollTo({top: 200, behavior: 'instant'})")
    assert inside(box(empty, "#touch-pad"), window)
    assert box(empty, "#touch-pad")["right"] < box(empty, "#touch-C1")["left"]


def test_the_keyboard_reaches_the_pad_within_five_tabs(empty: Page) -> None:
    keys = []
    while empty.evaluate("document.activeElement.textContent") != "Skip to the pad":
        keys.append("Tab")
        empty.keyboard.press("Tab")
        assert len(keys) <= 5
    empty.keyboard.press("Enter")
    assert empty.evaluate("document.activeElement.id") == "touch-pad"
    assert empty.locator("#touch-pad-keys").is_visible()


def test_headings_lead_through_the_frame(empty: Page) -> None:
    found = empty.locator("#touch-frame h2").all_text_contents()
    assert found == [
        "Draw a digit",
        "The answer",
        "Small answers",
        "The layers",
        "The arithmetic of this unit",
    ]


def test_what_is_no_digit_is_called_so(empty: Page) -> None:
    """A scribble: the rubbish class wins, as eq. 9 says, and has a bar of its own."""
    draw(empty, [(0.1 + 0.8 * (n % 2), 0.1 + 0.05 * n) for n in range(17)])
    settled(empty)
    result = empty.evaluate("""() => {
        const { penalties, posterior, digit, confidence, answer } = lenet.shown().result;
        return { penalties: Array.from(penalties), posterior, digit, confidence, answer };
    }""")
    j = load(predict.find_weights(None)).recipe.loss.j
    shares = np.exp(-np.array([*result["penalties"], j]))
    assert np.allclose(result["posterior"], shares / shares.sum(), atol=1e-6)
    assert min(result["penalties"]) > j and not result["digit"]
    assert empty.locator("#touch-big").inner_text() == "not a digit"
    assert f"that of {result['answer']}" in empty.locator("#touch-confidence").inner_text()
    rows = empty.locator("#touch-penalties li")
    assert rows.count() == 11
    assert re.match(r"no digit\s", rows.last.inner_text())
    assert "touch-answer" in str(rows.last.get_attribute("class"))


def test_a_blackened_pad_is_not_turned_round(empty: Page) -> None:
    """The pad is white, and what is drawn is ink, even where it covers the whole border."""
    grey = np.zeros((40, 40), np.uint8)
    grey[15:25, 18:22] = 255
    ask = "grey => Array.from(lenet.frame.field(grey, 40, 40))"
    found = np.array(empty.evaluate(ask, grey.ravel().tolist()), np.uint8).reshape(28, 28)
    assert np.array_equal(found, framed((255.0 - grey) / 255.0))
    turned, dark = clear_ink(grey.astype(np.float64))
    assert not dark and not np.array_equal(found, framed(turned))


@pytest.mark.parametrize("media", [{"media": "print"}, {"forced_colors": "active"}])
def test_bars_are_printed_and_survive_forced_colours(
    media: Any, browser: Browser, site: Path
) -> None:
    visit = Visit(browser, site.as_uri())
    visit.page.emulate_media(**media)
    ask = """bar => {
        const { borderTopStyle, borderTopColor, borderTopWidth } = getComputedStyle(bar);
        const page = getComputedStyle(document.body).backgroundColor;
        return borderTopStyle === "solid" && parseFloat(borderTopWidth) > 8 &&
            borderTopColor !== page && bar.getBoundingClientRect().width > 10;
    }"""
    assert visit.page.locator("#touch-penalties .touch-bar").first.evaluate(ask)
    visit.close()


def test_stroke_to_answer(empty: Page, record_property: Any) -> None:
    """How long the parts take, printed and held to nothing."""
    draw(empty, [(0.3, 0.2), (0.7, 0.2), (0.45, 0.85)])
    settled(empty)
    times = empty.evaluate("""() => {
        const pad = new Uint8Array(280 * 280).fill(255);
        for (let y = 40; y < 240; y++) pad.fill(0, 280 * y + 60, 280 * y + (y < 70 ? 220 : 90));
        const parts = {
            framing: () => lenet.frame.field(pad, 280, 280),
            network: () => lenet.ask(lenet.shown().altered),
            drawing: () => lenet.layers.show(lenet.shown().altered, lenet.shown().result.states),
        };
        return Object.entries(parts).map(([name, run]) => {
            const took = Array.from({ length: 41 }, () => {
                const begun = performance.now();
                run();
                return performance.now() - begun;
            });
            return [name, took.sort((a, b) => a - b)[20]];
        });
    }""")
    assert [name for name, _ in times] == ["framing", "network", "drawing"]
    told = ", ".join(f"{name} {took:.1f} ms" for name, took in times)
    record_property("stroke to answer", f"{told}; {sum(took for _, took in times):.1f} ms")
