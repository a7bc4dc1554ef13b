"""The cheat sheet as a printer gets it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]


@pytest.mark.parametrize("edition", ["", "ko/"])
def test_the_cheat_sheet_is_one_page_in_print(edition: str, browser: Browser, served: str) -> None:
    """A4, with margins of a centimetre."""
    page = browser.new_page()
    page.goto(f"{served}/{edition}cheat-sheet.html")
    margin = {"top": "1cm", "bottom": "1cm", "left": "1cm", "right": "1cm"}
    printed = page.pdf(format="A4", margin=margin)
    page.close()
    assert len(re.findall(rb"/Type ?/Page\b(?!s)", printed)) == 1
