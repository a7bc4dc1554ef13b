"""Digits drawn on the page "Touch it" in many styles: how it reads them, printed as a table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from handwritten import Digit, Style, drawn, table
from playwright.sync_api import Browser, Page
from test_touch import Visit, paper, settled, trace

from paper_lenet.digits.frame import field

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]


def draw(page: Page, digit: Digit, style: Style) -> None:
    """Clear the pad, and draw with the mouse."""
    page.locator("#touch-clear").evaluate("button => button.click()")
    for stroke in drawn(digit, style):
        trace(page, stroke)
    settled(page)


def test_digits_in_many_styles(
    browser: Browser, site: Path, record_property: Callable[[str, object], None]
) -> None:
    """The table; only tiny and narrow digits are misread, as the page says."""
    visit, right, whole = Visit(browser, site.as_uri(), pick=False), 0, 0
    for name, row in table().items():
        misread, none = [], 0
        for truth, digit, style in row:
            draw(visit.page, digit, style)
            answer, known = visit.page.evaluate(
                "[lenet.shown().result.answer, lenet.shown().result.digit]"
            )
            none += not known
            if str(answer) != truth[0]:
                misread.append(f"{truth} as {answer}")
        right, whole = right + len(row) - len(misread), whole + len(row)
        told = f"{len(row) - len(misread)} of {len(row)} right, {none} called no digit"
        record_property(f"drawn, {name}", "; ".join([told, *misread]))
        assert not misread or name in ("tiny", "narrow")
        assert name != "plain" or none == 0
        framed = field(paper(visit.page).astype(np.float64))
        shown = visit.page.evaluate("Array.from(lenet.shown().field)")
        assert np.array_equal(np.reshape(shown, (32, 32))[2:-2, 2:-2], framed), name
    record_property("drawn, all", f"{right} of {whole} right")
    assert len(table()) > 10
    visit.close()
