"""No letter of a committed drawing is smaller than 9 pixels, in the text's column or on a phone."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

FIGURES = Path(__file__).resolve().parents[2] / "data" / "figures"
DRAWINGS = sorted(FIGURES.rglob("*.svg"))
OUTLINES = re.compile(
    r"scale\(([\d.]+) -[\d.]+\)"
)  # of letters: hundredths of their size in points
SHOWN = (360.0, 560.0)  # pixels: on a phone of that width, and in the column (site.css)
LEAST = 9.0


def smallest(path: Path) -> float:
    """The smallest size of letters in the unit of the drawing, which is as wide as its view."""
    text = path.read_text(encoding="utf-8")
    return min((100 * float(size) for size in OUTLINES.findall(text)), default=float("inf"))


def width(path: Path) -> float:
    return float(ElementTree.parse(path).getroot().attrib["viewBox"].split()[2])


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: str(path.relative_to(FIGURES)))
def test_letters_can_be_read(path: Path) -> None:
    assert min(shown / width(path) * smallest(path) for shown in SHOWN) >= LEAST - 1e-6


# Matplotlib puts each text into a comment.
TEXTS = re.compile(r"<!-- (.*?) -->")
NAMED = re.compile(r"[A-Za-z]_\w|\w_[A-Za-z0-9]|^[a-z]+-\d\d|\de-\d|^\w+\.[a-z]+$")


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: str(path.relative_to(FIGURES)))
def test_no_text_is_a_name_for_programs(path: Path) -> None:
    texts = [each for each in TEXTS.findall(path.read_text("utf-8")) if "$" not in each]
    assert [each for each in texts if NAMED.search(each)] == []


def test_there_are_drawings_with_letters() -> None:
    assert len(DRAWINGS) > 80
    assert sum(smallest(path) < 20 for path in DRAWINGS) > 80
