"""axe finds nothing on any page: narrow and wide, light and dark."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RUN = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.flatMap(
    found => found.nodes.map(node => `${found.id}: ${node.target.join(' ')}: ${node.html}`))"""
WIDTHS = (360, 1440)


def findings(page: Page, address: str) -> list[str]:
    """What axe has to say of one page, each finding once."""
    page.goto(address)
    page.evaluate(AXE)
    found: dict[str, str] = {}
    for scheme in ("light", "dark"):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            for each in page.evaluate(RUN):
                found.setdefault(each, f"{scheme} {width}: {each}")
    return list(found.values())


@pytest.fixture
def page(browser: Browser) -> Page:
    return browser.new_page()


def test_axe_finds_nothing(page: Page, site: Path, served: str) -> None:
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    assert len(names) > 15
    found = {name: findings(page, f"{served}/{name}") for name in names}
    listed = [f"{name}: {each}" for name, several in found.items() for each in several]
    assert not listed, "\n".join(listed)
