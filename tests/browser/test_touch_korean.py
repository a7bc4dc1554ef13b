"""The page to touch speaks Korean, with the answers and the numbers of the English one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from test_touch import Visit, settled

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

PARTS = ("answer", "truth", "layers", "arithmetic", "unit", "learning", "strip-read")
SAID = """names => names.map(name => document.getElementById(`touch-${name}`)?.innerText ?? "")"""
# Names of data, functions and keys.
SAME = {"MNIST", "tanh", "Esc", "PCA", "LeNet"}


def told(browser: Browser, home: str) -> Iterator[str]:
    """All that the page says of one digit, of units of several layers, and of a strip."""
    visit = Visit(browser, home)
    page: Page = visit.page
    page.locator("#touch-strip-example").click()
    page.locator("#touch-pass").fill("3")
    # What comes later than a click; what a reader hears of the digit waits until the pen rests.
    page.wait_for_function("/[0-9]/.test(document.getElementById('touch-said').textContent)")
    for name in ("pass-told", "strip-read"):
        page.wait_for_function(f"document.getElementById('touch-{name}').textContent.trim()")
    yield page.locator("#touch-frame").inner_text()
    for layer in ("C1", "S2", "C3", "C5", "F6", "output"):
        page.locator(f"#touch-{layer} canvas").click(position={"x": 20, "y": 20})
        settled(page)
        yield "\n".join(page.evaluate(SAID, PARTS))
    visit.close()


def test_the_page_speaks_korean_with_the_same_numbers(browser: Browser, site: Path) -> None:
    english = list(told(browser, site.as_uri()))
    korean = list(told(browser, (site / "ko").as_uri()))
    for one, other in zip(english, korean, strict=True):
        words = set(re.findall(r"[A-Za-z]{3,}", other)) - SAME
        assert words == set()
        assert sorted(re.findall(r"\d+\.\d+", one)) == sorted(re.findall(r"\d+\.\d+", other))
    assert "Penalties" in english[0] and "벌점" in korean[0]


def test_keys_are_answered_in_korean(browser: Browser, site: Path) -> None:
    visit = Visit(browser, (site / "ko").as_uri(), pick=False)
    visit.page.locator("#touch-pad").focus()
    visit.page.keyboard.press("Space")
    assert visit.page.locator("#touch-keys-did").text_content() == "행 7, 열 7에 칠했습니다"
    visit.close()
