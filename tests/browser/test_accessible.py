"""axe finds nothing on any page: narrow and wide, light and dark.

Of the four combinations two are looked at with every rule: the wide page in the light theme, the
narrow one in the dark. What a rule asks of structure (names, roles, order, what scrolls) may depend
on the width, but not on the theme. Contrast depends on the theme, and on the width only by what is
shown: so in the other two combinations it is asked for of those elements alone that the page of the
same theme did not show at the other width.
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
# What is shown now; and of that, what the look before did not show, without what is inside of it.
SHOWN = """() => {
    const now = [...document.querySelectorAll('body *')].filter(one => {
        const { left, right } = one.getBoundingClientRect();
        return right > 0 && left < innerWidth && one.checkVisibility({ visibilityProperty: true });
    });
    const fresh = new Set(now.filter(one => !window.shown?.has(one)));
    window.shown = new Set(now);
    window.fresh = [...fresh].filter(one => !fresh.has(one.parentElement));
    return window.fresh.length;
}"""
RUN = """async contrast => {
    const options = {resultTypes: ['violations'], ...(contrast && {runOnly: ['color-contrast']})};
    const done = await axe.run(contrast ? {include: window.fresh} : document, options);
    return done.violations.flatMap(
        found => found.nodes.map(node => `${found.id}: ${node.target.join(' ')}: ${node.html}`));
}"""
# Theme, width, and whether only the contrast of what the look before did not show is asked for.
LOOKS = [
    ("light", 1440, False),
    ("light", 360, True),
    ("dark", 360, False),
    ("dark", 1440, True),
]
UNTRANSLATED = '<p class="not-translated">'
PARTS = 4  # tests that share the pages

pytestmark = pytest.mark.browser


def findings(page: Page, address: str) -> list[str]:
    """What axe has to say of one page, each finding once."""
    page.goto(address)
    page.add_style_tag(content="* { transition: none !important; }")
    page.evaluate(AXE)
    page.evaluate(ONCE)
    found: dict[str, str] = {}
    for scheme, width, contrast in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        fresh = page.evaluate(SHOWN)
        for each in page.evaluate(RUN, contrast) if fresh or not contrast else []:
            found.setdefault(each, f"{scheme} {width}: {each}")
    return list(found.values())


@pytest.fixture
def page(browser: Browser) -> Page:
    return browser.new_page()


@pytest.mark.parametrize("part", range(PARTS))
def test_axe_finds_nothing(part: int, page: Page, site: Path, served: str) -> None:
    # Pages that nobody has translated are those of the English edition, but for a line.
    names = sorted(
        path.relative_to(site).as_posix()
        for path in site.rglob("*.html")
        if path.name == "package.html" or UNTRANSLATED not in path.read_text("utf-8")
    )
    assert len(names) > 15
    found = {name: findings(page, f"{served}/{name}") for name in names[part::PARTS]}
    listed = [f"{name}: {each}" for name, several in found.items() for each in several]
    assert not listed, "\n".join(listed)


# What each look has to see: a colour too pale in one theme, or at one width, and a picture unnamed.
FAULTS = {
    "": set(),
    "<img src='x.png'>": {"image-alt light 1440"},
    "<p class='dark'>pale</p>": {"color-contrast dark 360"},
    "<p class='light'>pale</p>": {"color-contrast light 1440"},
    "<p class='light narrow'>pale</p>": {"color-contrast light 360"},
    "<p class='light aside'>pale</p>": {"color-contrast light 360"},
    "<p class='dark wide'>pale</p>": {"color-contrast dark 1440"},
    "<p class='wide'><img src='x.png'></p>": {"image-alt light 1440"},
    "<p class='narrow'><img src='x.png'></p>": {"image-alt dark 360"},
}
FAULTY = """<!DOCTYPE html><html lang="en"><title>A page</title>
<style>
    @media (prefers-color-scheme: light) { .light { color: #eee; background: #fff; } }
    @media (prefers-color-scheme: dark) { .dark { color: #222; background: #000; } }
    @media (max-width: 700px) { .wide { display: none; } }
    @media (min-width: 701px) { .narrow { display: none; } }
    @media (min-width: 701px) { .aside { position: absolute; left: -500px; width: 90px; } }
</style>
<main><h1>A page</h1>{fault}</main></html>"""


@pytest.mark.parametrize("fault", FAULTS)
def test_every_kind_of_fault_is_found(fault: str, page: Page, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(FAULTY.replace("{fault}", fault), encoding="utf-8")
    found = findings(page, (tmp_path / "page.html").as_uri())
    assert {f"{rule} {look}" for look, rule, *_ in (each.split(": ") for each in found)} == (
        FAULTS[fault]
    )
