"""Digits as strokes of our own making, in many styles: what a hand draws on the pad.

A stroke is a list of places, x to the right and y down, each about -1 to 1 around the middle of the
digit. A style says where on the pad they come, from 0 to 1 across and down.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

Place = tuple[float, float]
Stroke = list[Place]
Digit = list[Stroke]


def arc(x: float, y: float, wide: float, high: float, start: float, end: float) -> Stroke:
    """A part of an ellipse, from one angle to the other in degrees: 0 right, 90 down."""
    angles = [math.radians(start + (end - start) * n / 16) for n in range(17)]
    return [(x + wide * math.cos(a), y + high * math.sin(a)) for a in angles]


PLAIN: dict[str, Digit] = {
    "0": [arc(0, 0, 0.62, 1, -90, 270)],
    "1": [[(0, -1), (0, 1)]],
    "2": [[*arc(0, -0.45, 0.6, 0.55, 190, 395), (-0.6, 1), (0.65, 1)]],
    "3": [[*arc(0, -0.5, 0.55, 0.5, 200, 440), *arc(0, 0.48, 0.62, 0.52, 280, 520)]],
    "4": [[(-0.3, -1), (-0.6, 0.25), (0.65, 0.25)], [(0.3, -0.5), (0.3, 1)]],
    "5": [[(0.5, -1), (-0.45, -1), (-0.5, -0.15), *arc(0, 0.4, 0.6, 0.6, 240, 510)]],
    "6": [[(0.4, -1), (-0.25, -0.45), *arc(0, 0.45, 0.55, 0.55, 200, -170)]],
    "7": [[(-0.6, -1), (0.6, -1), (-0.15, 1)]],
    "8": [[*arc(0, -0.5, 0.45, 0.5, 90, -270), *arc(0, 0.5, 0.58, 0.5, -90, 270)]],
    "9": [[*arc(0, -0.45, 0.52, 0.55, 0, -360), (0.5, -0.2), (0.3, 1)]],
}
OTHERS: dict[str, Digit] = {
    "0, flat": [arc(0, 0, 0.85, 0.75, -90, 270)],
    "1, flagged": [[(-0.4, -0.5), (0.05, -1), (0.05, 1)]],
    "1, flag and foot": [[(-0.4, -0.5), (0.05, -1), (0.05, 1)], [(-0.4, 1), (0.5, 1)]],
    "2, looped": [
        [*arc(0, -0.5, 0.5, 0.5, 200, 400), *arc(-0.3, 0.8, 0.2, 0.2, 0, -300), (0.7, 1)]
    ],
    "3, flat top": [[(-0.5, -1), (0.5, -1), (-0.05, -0.2), *arc(0, 0.4, 0.6, 0.6, 280, 510)]],
    "4, closed": [[(0.25, 1), (0.25, -1), (-0.65, 0.3), (0.65, 0.3)]],
    "6, round": [[*arc(0.1, 0, 0.7, 1, -60, -180), *arc(0, 0.45, 0.6, 0.55, 180, -180)]],
    "7, barred": [[(-0.6, -1), (0.6, -1), (-0.15, 1)], [(-0.35, 0), (0.5, 0)]],
    "7, hooked": [[(-0.6, -0.7), (-0.6, -1), (0.6, -1), (0, 1)]],
    "9, curled": [[*arc(0, -0.45, 0.52, 0.55, 0, -360), *arc(-0.05, 0.3, 0.57, 0.7, -20, 140)]],
}


class Style(NamedTuple):
    """How digits are drawn.

    Attributes:
        size: half the height, of the pad's side.
        wide: times the width.
        middle: of the digit on the pad.
        slant: to the right, per height.
        turned: in degrees, clockwise.
        shaken: how far the hand shakes, of the size.
        traced: how far apart strokes are traced again, of the pad's side: a thicker pen.
    """

    size: float = 0.3
    wide: float = 1.0
    middle: Place = (0.5, 0.5)
    slant: float = 0.0
    turned: float = 0.0
    shaken: float = 0.0
    traced: float = 0.0


STYLES = {
    "plain": Style(),
    "thin (large for the pen)": Style(size=0.44),
    "thick": Style(size=0.36, traced=0.03),
    "small": Style(size=0.17),
    "tiny": Style(size=0.09),
    "off centre, up and left": Style(size=0.2, middle=(0.25, 0.27)),
    "off centre, down and right": Style(size=0.2, middle=(0.72, 0.74)),
    "slanted right": Style(slant=0.35),
    "slanted left": Style(slant=-0.25),
    "turned": Style(turned=14),
    "wide": Style(size=0.25, wide=1.6),
    "narrow": Style(wide=0.45),
    "shaky": Style(shaken=0.07),
}


def drawn(digit: Digit, style: Style) -> Iterator[Stroke]:
    """The strokes of a digit on the pad, from 0 to 1 across and down."""
    around = [(0.0, 0.0)]
    if style.traced:
        around += [
            (style.traced * x / style.size, style.traced * y / style.size)
            for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1))
        ]
    for right, down in around:
        for stroke in digit:
            yield [_placed(style, x + right, y + down) for x, y in _shaken(_dense(stroke), style)]


def _dense(stroke: Stroke) -> Stroke:
    """With places between those that are far apart, where a hand would shake."""
    result = stroke[:1]
    for (x, y), (to_x, to_y) in pairwise(stroke):
        steps = max(1, round(math.hypot(to_x - x, to_y - y) / 0.3))
        parts = [n / steps for n in range(1, steps + 1)]
        result += [(x + (to_x - x) * part, y + (to_y - y) * part) for part in parts]
    return result


def _shaken(stroke: Stroke, style: Style) -> Stroke:
    far = style.shaken
    return [
        (x + far * math.sin(2.1 * n), y + far * math.cos(1.7 * n))
        for n, (x, y) in enumerate(stroke)
    ]


def _placed(style: Style, x: float, y: float) -> Place:
    angle = math.radians(style.turned)
    x, y = style.wide * x - style.slant * y, y
    x, y = x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)
    return style.middle[0] + style.size * x, style.middle[1] + style.size * y


def table() -> dict[str, list[tuple[str, Digit, Style]]]:
    """By style what is drawn: a name that begins with the digit, its strokes, how."""
    rows = {
        name: [(key, digit, how) for key, digit in PLAIN.items()] for name, how in STYLES.items()
    }
    rows["other forms"] = [(key, digit, Style()) for key, digit in OTHERS.items()]
    return rows
