"""Letters of drawings, in the language of the build.

A drawing of the stage ``figures`` holds its letters as outlines, and before the outlines of each
line of text the text itself, as a comment. Where the site's catalogue has a translation of it, the
outlines are replaced by letters, in the reader's own font, and the drawing is written anew beside
the doctrees. The committed drawings stay as they are, and so does whatever has no translation.

A message has its numbers as places, ``{0}``, so that a number is the same in each language. The
drawing does not say to which side a line of text is aligned: it is aligned as its neighbours are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape, unescape

from matplotlib import get_data_path
from PIL import ImageFont

from .said import say

FONTS = "Pretendard, Apple SD Gothic Neo, Noto Sans KR, Noto Sans CJK KR, Malgun Gothic, sans-serif"
REGULAR, BOLD = "DejaVuSans", "DejaVuSans-Bold"  # of the outlines, by their names in a drawing
NEAR = 0.3  # points; two edges that are nearer to each other are aligned
MARGIN = 4.0  # points; a line that begins here begins at the edge of the drawing
EM = 100  # units to the em of the outlines
_LINE = re.compile(
    r"<!-- (?P<text>[^${}]*?) -->\s*"
    r'<g style="(?P<style>[^"]*)" transform="translate\((?P<x>\S+) (?P<y>\S+)\)'
    r'(?P<turned> rotate\(\S+\))? scale\((?P<scale>\S+) \S+\)">'
    r"(?P<outlines>\s*<defs>.*?</defs>)?(?:\s*<use [^>]*/>)+\s*</g>",
    re.S,
)
_WORD = re.compile(r"[^\W\d_]{2}")  # of a formula no letter stands beside another
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*")


class Line(NamedTuple):
    """A line of text: the text, its size and where it begins and ends, in points."""

    text: str
    size: float
    bold: bool
    left: float
    right: float
    turned: bool


def message(text: str) -> tuple[str, list[str]]:
    """A text as it stands in the catalogue, with places for its numbers, and the numbers.

    >>> message("C1: 5 × 5, jump 1")
    ('C1: {0} × {1}, jump {2}', ['5', '5', '1'])
    """
    numbers = _NUMBER.findall(text)
    places = iter(range(len(numbers)))
    return _NUMBER.sub(lambda _: f"{{{next(places)}}}", text), numbers


def messages(drawing: str) -> Iterator[str]:
    """The messages of a drawing, given as SVG: its lines of text that have words."""
    for found in _LINE.finditer(drawing):
        text = unescape(found["text"])
        if _WORD.search(text):
            yield message(text)[0]


def translated(drawing: str) -> str:
    """A drawing, given as SVG, with its letters in the language of the build."""
    lines = [_line(found) for found in _LINE.finditer(drawing)]
    numbered = iter(lines)
    return _LINE.sub(lambda found: _said(found, next(numbered), lines), drawing)


def _said(found: re.Match[str], line: Line, lines: Sequence[Line]) -> str:
    english, numbers = message(line.text)
    told = say(english)
    if told == english:
        return found[0]
    anchor, at = aligned(line, lines)
    place = f"translate({found['x']} {found['y']}){found['turned'] or ''}"
    return (
        f'<g style="{found["style"]}" transform="{place}">{found["outlines"] or ""}'
        f'<text x="{at - line.left:.2f}" text-anchor="{anchor}" font-size="{line.size:g}" '
        f'font-weight="{"bold" if line.bold else "normal"}" font-family="{FONTS}" '
        f'xml:space="preserve">{escape(told.format(*numbers))}</text></g>'
    )


def aligned(line: Line, lines: Sequence[Line]) -> tuple[str, float]:
    """To what side a line of text is aligned, as SVG has it, and where that side is.

    It is the one where another line, of another width, begins or ends too, or the edge of the
    drawing; else the middle.
    """
    if not line.turned:
        width = line.right - line.left
        others = [each for each in lines if abs(each.right - each.left - width) > NEAR]
        if line.left < MARGIN or any(abs(each.left - line.left) < NEAR for each in others):
            return "start", line.left
        if any(abs(each.right - line.right) < NEAR for each in others):
            return "end", line.right
    return "middle", (line.left + line.right) / 2


def _line(found: re.Match[str]) -> Line:
    text, size, left = unescape(found["text"]), EM * float(found["scale"]), float(found["x"])
    bold = f"#{BOLD}-" in found[0]
    width = _font(bold).getlength(text) / EM * size
    return Line(text, size, bold, left, left + width, bool(found["turned"]))


@cache
def _font(bold: bool) -> ImageFont.FreeTypeFont:
    """The font of the outlines."""
    name = f"{BOLD if bold else REGULAR}.ttf"
    return ImageFont.truetype(Path(get_data_path()) / "fonts/ttf" / name, EM)
