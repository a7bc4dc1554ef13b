"""The pages as they are read: no table scrolls sideways, claims are chosen, headings are found."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

WIDE = """() => [...document.querySelectorAll('.table-wrapper')]
    .filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.textContent.trim())"""


@pytest.fixture
def page(browser: Browser) -> Page:
    return browser.new_page(viewport={"width": 1440, "height": 900})


def test_no_table_scrolls_sideways_on_a_wide_screen(page: Page, site: Path) -> None:
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri(), wait_until="domcontentloaded")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate(WIDE) == [], path.name


def test_no_page_scrolls_sideways_on_a_phone(page: Page, site: Path) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri(), wait_until="domcontentloaded")
        assert page.evaluate("document.documentElement.scrollWidth") == 360, path


@pytest.mark.parametrize("width", [360, 1440])
def test_claims_are_chosen_by_verdict_and_kind(width: int, page: Page, site: Path) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto((site / "claims.html").as_uri())
    claims = page.locator("details.claim")
    assert claims.locator("visible=true").count() == claims.count() > 100
    choices = page.locator(".claims-filter select")
    choices.nth(0).select_option(label="not reproduced")
    choices.nth(1).select_option(label="statistical")
    shown = claims.locator("visible=true")
    wanted = page.locator(".claim.verdict-not-reproduced.kind-statistical")
    assert 0 < shown.count() == wanted.count() < claims.count()
    said = page.locator(".claims-filter output").text_content()
    assert said == f"{shown.count()} of {claims.count()} claims"
    shown.first.locator("summary").click()
    assert shown.first.get_by_text("Tested by").is_visible()


def test_without_scripts_all_claims_are_shown_and_open(browser: Browser, site: Path) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto((site / "claims.html").as_uri())
    claims = page.locator("details.claim")
    assert claims.locator("visible=true").count() == claims.count()
    assert page.locator(".claims-filter").is_hidden()
    claims.first.locator("summary").click()
    assert claims.first.get_by_text("Tested by").is_visible()


@pytest.mark.parametrize("words", ["confusion matrix", "matrix confusion", "misread digits"])
def test_the_search_finds_headings_by_their_words(words: str, page: Page, site: Path) -> None:
    page.goto(f"{(site / 'search.html').as_uri()}?q={words}")
    first = page.locator("#search-results li a").first
    sought = set(words.split())
    assert sought <= set((first.text_content() or "").lower().replace(":", "").split())


def test_numbers_are_sought_in_headings_too(page: Page, site: Path) -> None:
    page.goto(f"{(site / 'search.html').as_uri()}?q=why 32")
    assert "why-32" in (page.locator("#search-results li a").first.get_attribute("href") or "")


def test_on_paper_every_fold_is_open_and_nothing_covers_the_text(page: Page, site: Path) -> None:
    page.goto((site / "claims.html").as_uri())
    page.emulate_media(media="print")
    assert page.locator(".claim dl").first.is_visible()
    assert page.locator(".skip-to-content").is_hidden()


@pytest.mark.parametrize(("width", "shown"), [(360, 360), (1440, 560)])
def test_drawings_are_as_wide_as_their_letters_need(
    width: int, shown: int, page: Page, site: Path
) -> None:
    """tests/figures/test_letters.py counts on these widths."""
    page.set_viewport_size({"width": width, "height": 740})
    for name in ("results", "photographs"):
        page.goto((site / f"{name}.html").as_uri())
        drawings = page.locator("figure img.only-light")
        widths = drawings.evaluate_all("all => all.map(one => one.getBoundingClientRect().width)")
        assert widths and all(abs(each - shown) < 1 for each in widths)
        assert page.evaluate("document.documentElement.scrollWidth") == width
