"""Pictures of MNIST's digits: each kind that the study `photos` has, blanks, several digits."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from paper_lenet.studies.photos import light, marks
from paper_lenet.studies.photos.sheet import (
    HEIGHT,
    WIDTH,
    Chance,
    drawn,
    levels,
    paper,
    taken,
    white,
)

Box = tuple[int, int, int, int]
# A kind takes a digit; what only makes a sheet does not.
KINDS = {
    name: kind
    for module in (light, marks)
    for name, kind in inspect.getmembers(module, inspect.isfunction)
    if kind.__module__ == module.__name__
    and list(inspect.signature(kind).parameters) == ["digit", "chance"]
}
ROW = [(20 + 120 * number, 180) for number in range(5)]
TWO_LINES = [(60, 60), (260, 70), (460, 50), (150, 300), (380, 310)]


def enlarged(digit: NDArray[np.uint8], factor: float) -> NDArray[np.uint8]:
    """A digit so many times larger, smoothly."""
    size = round(factor * digit.shape[1]), round(factor * digit.shape[0])
    return np.asarray(Image.fromarray(digit).resize(size, Image.Resampling.BICUBIC))


def several(
    digits: Sequence[NDArray[np.uint8]], places: Sequence[tuple[int, int]], lit: bool = False
) -> tuple[Image.Image, list[Box]]:
    """Digits on one sheet, their upper left corners given, and their boxes.

    Args:
        digits: (28, 28), uint8, each.
        places: columns and rows.
        lit: whether a lamp stands at one side, and a camera takes it; else it is a clean drawing.
    """
    ink, boxes = np.zeros((HEIGHT, WIDTH)), []
    for digit, (left, top) in zip(digits, places, strict=True):
        rows, columns = (np.flatnonzero(digit.any(axis)) for axis in (1, 0))
        cut = digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        large = enlarged(cut, 4.5)
        bottom, right = top + large.shape[0], left + large.shape[1]
        ink[top:bottom, left:right] = large / 255
        boxes.append((left, top, right, bottom))
    if not lit:
        return Image.fromarray(levels(255 * (1 - ink))), boxes
    chance = Chance(0, 0)
    return taken(drawn(white(paper(chance, 240, 0.6)), ink), chance), boxes


def overlap(one: Box, other: Box) -> float:
    """The area of both over that of their union, pixel by pixel."""
    masks = np.zeros((2, max(one[3], other[3]), max(one[2], other[2])), bool)
    for mask, (left, top, right, bottom) in zip(masks, (one, other), strict=True):
        mask[top:bottom, left:right] = True
    return float((masks[0] & masks[1]).sum() / (masks[0] | masks[1]).sum())


GRADIENT = levels(np.linspace(90, 230, WIDTH)[None].repeat(HEIGHT, 0))
# Pictures without a digit, by what they show instead.
BLANK: dict[str, Callable[[Chance], Image.Image]] = {
    "uneven": lambda chance: taken(white(paper(chance, 240, 0.8)), chance),
    "noise": lambda chance: taken(white(paper(chance)), chance, noise=20),
    "shadow": lambda chance: taken(white(light.shaded(chance)), chance),
    "lamp": lambda chance: taken(white(light.cone(chance)), chance),
    "crumpled": lambda chance: taken(white(marks.wrinkled(chance)), chance),
    "folded": lambda chance: taken(white(marks.creased(chance)), chance),
    "board": lambda chance: taken(light.board(chance), chance),
    "cardboard": lambda chance: taken(marks.cardboard(chance), chance),
    "rules": lambda chance: taken(marks.lined(white(paper(chance)), chance), chance),
    "sheet on a table": lambda chance: taken(
        marks.on_table(chance, chance.whole(20, 220), chance.whole(20, 160)), chance
    ),
    "gradient": lambda _: Image.fromarray(GRADIENT),
    "dithered": lambda chance: Image.fromarray(levels(paper(chance))).convert("1"),
    "dithered gradient": lambda _: Image.fromarray(GRADIENT).convert("1"),
    "white": lambda _: Image.new("L", (WIDTH, HEIGHT), 255),
    "black": lambda _: Image.new("L", (WIDTH, HEIGHT)),
}
