"""All kinds of pictures: with a digit, without one, and with several."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from paper_lenet.studies.photos import light, marks
from paper_lenet.studies.photos.light import Digit, Taken
from paper_lenet.studies.photos.sheet import (
    HEIGHT,
    WIDTH,
    Chance,
    Levels,
    drawn,
    levels,
    paper,
    stroke,
    taken,
    white,
)

ONE: tuple[Callable[[Digit, Chance], Taken], ...] = (
    light.typical,
    light.small,
    light.tiny,
    light.large,
    light.marker,
    light.ballpoint,
    light.pencil,
    light.uneven,
    light.spot,
    light.shadow,
    light.dark,
    light.glare,
    light.noise,
    light.blurred,
    light.compressed,
    light.webcam,
    light.salted,
    light.dithered,
    light.coloured,
    light.note,
    light.blackboard,
    light.screen,
    light.turned,
    marks.ruled,
    marks.squared,
    marks.specks,
    marks.stained,
    marks.folded,
    marks.crumpled,
    marks.fibres,
    marks.sheet,
    marks.scanned,
    marks.framed,
    marks.circled,
    marks.underlined,
    marks.printed,
    marks.written,
    marks.thumb,
)

Blank = Callable[[Chance], Levels | Image.Image]
NONE: dict[str, Blank] = {
    "white": lambda chance: np.full((HEIGHT, WIDTH, 3), 255.0),
    "a fifth darker at one side": lambda chance: white(paper(chance)),
    "four fifths darker at one side": lambda chance: white(paper(chance, 240, 0.8)),
    "the cone of a lamp": lambda chance: white(light.cone(chance)),
    "the shadow of a hand": lambda chance: white(light.shaded(chance)),
    "dithered": lambda chance: Image.fromarray(levels(paper(chance, 200, 0.5))).convert("1"),
    "ruled lines": lambda chance: marks.lined(white(paper(chance)), chance),
    "a fold": lambda chance: white(marks.creased(chance)),
    "crumpled": lambda chance: white(marks.wrinkled(chance)),
    "cardboard": marks.cardboard,
    "a blackboard": light.board,
    "a sheet on a table": lambda chance: marks.on_table(
        chance, chance.whole(20, 220), chance.whole(20, 160)
    ),
}


def blank(kind: str, chance: Chance) -> Image.Image:
    """A picture without a digit."""
    sheet = NONE[kind](chance)
    return sheet if isinstance(sheet, Image.Image) else taken(sheet, chance)


class Row(NamedTuple):
    """A picture of several digits, and their boxes from left to right."""

    picture: Image.Image
    boxes: list[tuple[int, int, int, int]]


def several(digits: NDArray[np.uint8], chance: Chance) -> Row:
    """Digits, (n, 28, 28), side by side on an unevenly lit sheet."""
    room = (WIDTH - 40) // len(digits)
    ink, boxes = np.zeros((HEIGHT, WIDTH)), []
    for place, digit in enumerate(digits):
        left = 20 + place * room
        within = (left, 100, left + room, HEIGHT - 100)
        mark = stroke(digit, chance, 0.5 * room, 0.75 * room, within)
        ink = np.maximum(ink, mark.ink)
        boxes.append(mark.box)
    return Row(taken(drawn(white(paper(chance, falloff=0.5)), ink), chance), boxes)
