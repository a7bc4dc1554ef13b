"""Pictures that differ by light, paper, pen and camera; a docstring is the name in tables."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from skimage.morphology import skeletonize

from paper_lenet.studies.photos.sheet import (
    HEIGHT,
    WIDTH,
    Chance,
    Levels,
    Mark,
    drawn,
    grid,
    kept,
    levels,
    paper,
    stroke,
    taken,
    texture,
    white,
)

Digit = NDArray[np.uint8]
Taken = tuple[Image.Image, Mark]
BLACK = (10.0, 10.0, 10.0)


def typical(digit: Digit, chance: Chance) -> Taken:
    """A fifth darker at one side, blue ink"""
    mark = stroke(digit, chance)
    return taken(drawn(white(paper(chance)), mark.ink), chance), mark


def small(digit: Digit, chance: Chance) -> Taken:
    """Small in the picture"""
    mark = stroke(digit, chance, 50, 90)
    return taken(drawn(white(paper(chance)), mark.ink), chance), mark


def tiny(digit: Digit, chance: Chance) -> Taken:
    """A twentieth of the picture's width"""
    mark = stroke(digit, chance, 30, 45)
    return taken(drawn(white(paper(chance)), mark.ink), chance), mark


def large(digit: Digit, chance: Chance) -> Taken:
    """Fills the picture"""
    mark = stroke(digit, chance, 400, 415)
    return taken(drawn(white(paper(chance)), mark.ink), chance), mark


def marker(digit: Digit, chance: Chance) -> Taken:
    """Thick marker"""
    mark = stroke(digit, chance, 200, 360, wider=0.04)
    return taken(drawn(white(paper(chance)), mark.ink, BLACK), chance), mark


def ballpoint(digit: Digit, chance: Chance) -> Taken:
    """Ballpoint, lines of two pixels"""
    mark = stroke(digit, chance, 80, 300)
    line = ndimage.binary_dilation(skeletonize(mark.ink > 0.5), np.ones((2, 2)))
    return taken(drawn(white(paper(chance)), line.astype(np.float64)), chance), mark


def pencil(digit: Digit, chance: Chance) -> Taken:
    """Faint pencil, with grain"""
    mark = stroke(digit, chance)
    grain = np.clip(0.75 + ndimage.gaussian_filter(chance.noise(HEIGHT, WIDTH), 1.2), 0.1, 1)
    sheet = drawn(white(paper(chance)), mark.ink * grain, (90.0, 90.0, 90.0), 0.22)
    return taken(sheet, chance), mark


def uneven(digit: Digit, chance: Chance) -> Taken:
    """Strong uneven light, four fifths darker at one side"""
    mark = stroke(digit, chance)
    return taken(drawn(white(paper(chance, 240, 0.8)), mark.ink), chance), mark


def spot(digit: Digit, chance: Chance) -> Taken:
    """The cone of a lamp"""
    mark = stroke(digit, chance)
    return taken(drawn(white(cone(chance)), mark.ink), chance), mark


def cone(chance: Chance) -> Levels:
    """A sheet under a lamp."""
    rows, columns = grid()
    middle = chance.between(0.2, 0.8) * HEIGHT, chance.between(0.2, 0.8) * WIDTH
    away = (rows - middle[0]) ** 2 + (columns - middle[1]) ** 2
    light: Levels = 60 + 180 * np.exp(-away / (2 * 220**2))
    return light


def shadow(digit: Digit, chance: Chance) -> Taken:
    """The shadow of a hand"""
    mark = stroke(digit, chance)
    return taken(drawn(white(shaded(chance)), mark.ink), chance), mark


def shaded(chance: Chance) -> Levels:
    """A sheet of which a part is half as light."""
    sheet, (rows, columns) = paper(chance), grid()
    angle, aside = chance.between(0, 2 * np.pi), chance.between(-0.25, 0.25) * WIDTH
    edge = (columns - WIDTH / 2) * np.cos(angle) + (rows - HEIGHT / 2) * np.sin(angle)
    edge = edge + 25 * np.sin(columns / 60 + chance.between(0, 6)) - aside
    lit: Levels = sheet * (1 - 0.5 / (1 + np.exp(-edge / chance.between(3, 12))))
    return lit


def dark(digit: Digit, chance: Chance) -> Taken:
    """Taken in the dark"""
    mark = stroke(digit, chance)
    sheet = drawn(white(paper(chance, 45, 0.5)), mark.ink, (60.0, 70.0, 120.0))
    return taken(sheet, chance, noise=6), mark


def glare(digit: Digit, chance: Chance) -> Taken:
    """A lamp's reflection on a white board"""
    mark = stroke(digit, chance, wider=0.02)
    (rows, columns), middle = grid(), (chance.between(0, HEIGHT), chance.between(0, WIDTH))
    lamp = np.exp(-((rows - middle[0]) ** 2 + (columns - middle[1]) ** 2) / (2 * 60**2))
    board = drawn(white(paper(chance, 190, 0.35)), mark.ink, (20.0, 20.0, 160.0))
    return taken(np.clip(board + 120 * lamp[..., None], 0, 255), chance), mark


def noise(digit: Digit, chance: Chance) -> Taken:
    """Noise of s.d. 20"""
    mark = stroke(digit, chance)
    sheet = drawn(white(paper(chance)), mark.ink)
    return taken(sheet, chance, noise=20, quality=90), mark


def blurred(digit: Digit, chance: Chance) -> Taken:
    """Out of focus"""
    mark = stroke(digit, chance)
    return taken(drawn(white(paper(chance)), mark.ink), chance, blur=chance.between(4, 8)), mark


def compressed(digit: Digit, chance: Chance) -> Taken:
    """JPEG of quality 10"""
    mark = stroke(digit, chance, 80, 200)
    return taken(drawn(white(paper(chance)), mark.ink), chance, quality=10), mark


def webcam(digit: Digit, chance: Chance) -> Taken:
    """160 × 120 pixels, noisy"""
    mark = stroke(digit, chance)
    picture = taken(drawn(white(paper(chance)), mark.ink), chance).reduce(4)
    coarse = np.asarray(picture, np.float64)
    small = Mark(mark.ink, *(side // 4 for side in (mark.top, mark.left, mark.height, mark.width)))
    return kept(coarse + 8 * chance.noise(*coarse.shape), 50), small


def salted(digit: Digit, chance: Chance) -> Taken:
    """Dead pixels, one in seventeen"""
    mark = stroke(digit, chance)
    sheet, dead = drawn(white(paper(chance)), mark.ink), chance.noise(HEIGHT, WIDTH)
    sheet[dead < -1.88] = 0
    sheet[dead > 1.88] = 255
    return Image.fromarray(levels(sheet)), mark


def dithered(digit: Digit, chance: Chance) -> Taken:
    """One bit a pixel, dithered"""
    mark = stroke(digit, chance)
    sheet = Image.fromarray(levels(drawn(white(paper(chance)), mark.ink)))
    return sheet.convert("1"), mark


def coloured(digit: Digit, chance: Chance) -> Taken:
    """Red on green paper"""
    mark = stroke(digit, chance)
    sheet = white(paper(chance)) * np.array([0.45, 0.62, 0.5])
    return taken(drawn(sheet, mark.ink, (255.0, 60.0, 70.0)), chance), mark


def note(digit: Digit, chance: Chance) -> Taken:
    """Red on a yellow note"""
    mark = stroke(digit, chance)
    sheet = white(paper(chance)) * np.array([1.0, 0.9, 0.4])
    return taken(drawn(sheet, mark.ink, (150.0, 20.0, 30.0)), chance), mark


def blackboard(digit: Digit, chance: Chance) -> Taken:
    """Chalk on a board"""
    mark = stroke(digit, chance)
    grain = np.clip(0.8 + 0.8 * ndimage.gaussian_filter(chance.noise(HEIGHT, WIDTH), 1.0), 0.2, 1)
    slate = board(chance)
    return taken(slate + (215 - slate) * (mark.ink * grain)[..., None], chance), mark


def board(chance: Chance) -> Levels:
    """A blackboard that was wiped."""
    wiped = texture(chance, (8, 2.1))[..., None] + np.array([40.0, 60.0, 50.0])
    lit: Levels = wiped * (1 - 0.4 * np.linspace(0, 1, WIDTH)[None, :, None])
    return lit


def screen(digit: Digit, chance: Chance) -> Taken:
    """White on a black screen, with a reflection"""
    mark, (rows, columns) = stroke(digit, chance), grid()
    away = (columns - 0.7 * WIDTH) ** 2 + (rows - 0.3 * HEIGHT) ** 2
    ground = 25 + 12 * np.sin(columns * 1.9 + rows * 0.3) + 50 * np.exp(-away / (2 * 150**2))
    lines = 0.9 + 0.1 * np.sin(rows * 2.1)
    return taken(white(ground + (230 - ground) * mark.ink * lines), chance), mark


def turned(digit: Digit, chance: Chance) -> Taken:
    """Seen from the side"""
    mark = stroke(digit, chance, 150, 300, (80, 60, WIDTH - 80, HEIGHT - 60))
    picture = taken(drawn(white(paper(chance)), mark.ink), chance)
    x, y = ([chance.between(0, 0.12) * side for _ in range(4)] for side in (WIDTH, HEIGHT))
    corners = (
        *(x[0], y[0], x[1], HEIGHT - y[1]),
        *(WIDTH - x[2], HEIGHT - y[2], WIDTH - x[3], y[3]),
    )
    size, how = picture.size, Image.Transform.QUAD
    return picture.transform(size, how, corners, Image.Resampling.BILINEAR), mark
