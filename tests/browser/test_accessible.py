"""axe finds nothing on any page: narrow and wide, light and dark.

Every rule runs on the wide page in the light theme and on the narrow page in the dark one. That
leaves two of the four combinations. What a rule asks of structure (names, roles, order, what
scrolls) may depend on the width, but not on the theme. Contrast depends on the theme, and on the
width only around the article, where the one has what the other hides: the article has the same text
at every width. So in the two combinations that are left, contrast around the article is asked for,
and nothing else.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
# axe parses the colours of every element anew, half of its work; of equal texts once is enough.
ONCE = """() => {
    const colour = axe.commons.color.Color.prototype, parse = colour.parseString;
    const known = new Map();
    colour.parseString = function (text) {
        if (!known.has(text)) {
            parse.call(this, text);
            known.set(text, [this.r, this.g, this.b, this.alpha]);
        }
        [this.r, this.g, this.b, this.alpha] = known.get(text);
        return this;
    };
}"""
RUN = """async ([where, rules]) => {
    const done = await axe.run(where, {resultTypes: ['violations'], ...rules});
    return done.violations.flatMap(
        found => found.nodes.map(node => `${found.id}: ${node.target.join(' ')}: ${node.html}`));
}"""
EVERYTHING = [{"include": ["html"]}, {}]
AROUND = [{"exclude": ["article"]}, {"runOnly": ["color-contrast"]}]
LOOKS = [
    ("light", 1440, EVERYTHING),
    ("light", 360, AROUND),
    ("dark", 360, EVERYTHING),
    ("dark", 1440, AROUND),
]
PARTS = 4  # tests that share the pages

pytestmark = pytest.mark.browser


def findings(page: Page, address: str) -> list[str]:
    """What axe has to say of one page, each finding once."""
    page.goto(address)
    page.evaluate(AXE)
    page.evaluate(ONCE)
    found: dict[str, str] = {}
    for scheme, width, what in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        for each in page.evaluate(RUN, what):
            found.setdefault(each, f"{scheme} {width}: {each}")
    return list(found.values())


@pytest.fixture
def page(browser: Browser) -> Page:
    return browser.new_page()


@pytest.mark.parametrize("part", range(PARTS))
def test_axe_finds_nothing(part: int, page: Page, site: Path, served: str) -> None:
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    assert len(names) > 15
    found = {name: findings(page, f"{served}/{name}") for name in names[part::PARTS]}
    listed = [f"{name}: {each}" for name, several in found.items() for each in several]
    assert not listed, "\n".join(listed)
