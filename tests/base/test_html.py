"""Tables for notebooks: their text is text."""

from __future__ import annotations

from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from paper_lenet.base.html import table

TEXT = st.text("ab<>&\"'/", max_size=8)


@settings(max_examples=25)
@given(TEXT, st.lists(TEXT, min_size=2, max_size=2), st.lists(st.tuples(TEXT, TEXT), max_size=3))
def test_every_cell_comes_back_as_it_was(caption, heading, rows):
    page = BeautifulSoup(table(caption, heading, rows), "html.parser")
    assert page.caption.get_text() == caption
    found = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in page("tr")]
    assert found == [list(row) for row in (heading, *rows)]
    assert {tag.name for tag in page.find_all()} <= {"table", "caption", "tr", "th", "td"}
