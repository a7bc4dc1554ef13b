"""Pictures with more than a digit in them. A docstring is the kind's name in tables."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from paper_lenet.studies.photos.light import BLACK, Digit, Taken
from paper_lenet.studies.photos.sheet import (
    HEIGHT,
    WIDTH,
    Chance,
    Levels,
    Mark,
    drawn,
    grid,
    paper,
    stroke,
    taken,
    texture,
    white,
)

LOWER = 150  # pixels from the top: above, or below, is something else


def _on(mark: Mark) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """The ink as an image, and what draws on it."""
    image = Image.fromarray((255 * mark.ink).astype(np.uint8))
    return image, ImageDraw.Draw(image)


def _inked(image: Image.Image, mark: Mark, chance: Chance) -> Taken:
    """A common photograph of all that ink."""
    ink = np.asarray(image, np.float64) / 255
    return taken(drawn(white(paper(chance)), ink), chance), mark


def ruled(digit: Digit, chance: Chance) -> Taken:
    """Dark ruled lines"""
    mark, sheet = stroke(digit, chance, 150, 350), white(paper(chance))
    return taken(drawn(lined(sheet, chance), mark.ink), chance), mark


def lined(sheet: Levels, chance: Chance) -> Levels:
    """The sheet with rules across it."""
    step, result = chance.whole(40, 80), sheet.copy()
    for row in range(chance.whole(0, step), HEIGHT, step):
        result[row : row + chance.whole(2, 5)] *= 0.45
    return result


def squared(digit: Digit, chance: Chance) -> Taken:
    """Squared paper"""
    mark, sheet = stroke(digit, chance, 150, 350), white(paper(chance))
    step, blue = chance.whole(25, 50), np.array([0.7, 0.8, 0.95])
    sheet[chance.whole(0, step) :: step] *= blue
    sheet[:, chance.whole(0, step) :: step] *= blue
    return taken(drawn(sheet, mark.ink), chance), mark


def specks(digit: Digit, chance: Chance) -> Taken:
    """Three specks of dirt"""
    mark = stroke(digit, chance, 150, 350)
    image, pen = _on(mark)
    for _ in range(3):
        x, y = chance.whole(10, WIDTH - 10), chance.whole(10, HEIGHT - 10)
        radius = chance.whole(3, 9)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return _inked(image, mark, chance)


def stained(digit: Digit, chance: Chance) -> Taken:
    """The ring of a cup"""
    mark = stroke(digit, chance)
    return taken(drawn(ringed(chance), mark.ink), chance), mark


def ringed(chance: Chance) -> Levels:
    """A sheet on which a cup stood."""
    (rows, columns), radius = grid(), chance.between(60, 140)
    away = np.hypot(
        columns - chance.between(0.2, 0.8) * WIDTH, rows - chance.between(0.2, 0.8) * HEIGHT
    )
    stain = 0.25 * np.exp(-(((away - radius) / 6) ** 2)) + 0.1 * (away < radius)
    result: Levels = white(paper(chance)) * (1 - stain[..., None] * np.array([0.5, 0.8, 1.0]))
    return result


def folded(digit: Digit, chance: Chance) -> Taken:
    """A fold"""
    mark = stroke(digit, chance)
    return taken(drawn(white(creased(chance)), mark.ink), chance), mark


def creased(chance: Chance) -> Levels:
    """A sheet that was folded once."""
    _, columns = grid()
    fold = chance.between(0.3, 0.7) * WIDTH
    ridge, valley = (np.exp(-(((columns - fold - a) / w) ** 2)) for a, w in ((0, 4), (6, 3)))
    return np.clip(
        paper(chance) * (1 - 0.15 * (columns > fold) + 0.1 * ridge - 0.25 * valley), 0, 255
    )


def crumpled(digit: Digit, chance: Chance) -> Taken:
    """Crumpled paper"""
    mark = stroke(digit, chance)
    return taken(drawn(white(wrinkled(chance)), mark.ink), chance), mark


def wrinkled(chance: Chance) -> Levels:
    """A sheet that was crumpled."""
    hills = texture(chance, (30, 4.0), (12, 1.5), (4, 0.5))
    return np.clip(paper(chance) + hills, 60, 255)


def fibres(digit: Digit, chance: Chance) -> Taken:
    """Brown cardboard"""
    mark = stroke(digit, chance, 180, 400)
    return taken(drawn(cardboard(chance), mark.ink, (20.0, 20.0, 30.0)), chance), mark


def cardboard(chance: Chance) -> Levels:
    """A sheet with fibres in it."""
    long = 35 * ndimage.gaussian_filter(chance.noise(HEIGHT, WIDTH), (1, 6))
    round_ = 25 * ndimage.gaussian_filter(chance.noise(HEIGHT, WIDTH), 2)
    result: Levels = (paper(chance, 170) + long + round_)[..., None] * np.array([1.0, 0.8, 0.6])
    return result


def sheet(digit: Digit, chance: Chance) -> Taken:
    """A sheet on a dark table"""
    across, down = chance.whole(20, 220), chance.whole(20, 160)
    mark = stroke(digit, chance, 120, 220, (across, down, across + 400, down + 300))
    return taken(drawn(on_table(chance, across, down), mark.ink), chance), mark


def on_table(chance: Chance, left: int, top: int) -> Levels:
    """A sheet of 400 x 300, and the table around it."""
    wood = 60 * ndimage.gaussian_filter(chance.noise(HEIGHT, WIDTH), (1, 25))
    scene = np.array([70.0, 45.0, 30.0]) + wood[..., None]
    scene[top : top + 300, left : left + 400] = 225
    lit: Levels = scene * (1 - 0.2 * np.linspace(0, 1, WIDTH)[None, :, None])
    return lit


def scanned(digit: Digit, chance: Chance) -> Taken:
    """A scan with black borders and punched holes"""
    mark = stroke(digit, chance, 150, 300, (120, 30, WIDTH - 40, HEIGHT - 30))
    image = Image.fromarray(drawn(np.full((HEIGHT, WIDTH, 3), 245.0), mark.ink, BLACK).astype("u1"))
    pen, border = ImageDraw.Draw(image), chance.whole(5, 20)
    pen.rectangle((0, 0, WIDTH, border), fill=(8, 8, 8))
    pen.rectangle((WIDTH - border, 0, WIDTH, HEIGHT), fill=(8, 8, 8))
    for row in (120, 360):
        pen.ellipse((30, row - 18, 66, row + 18), fill=(20, 20, 20))
    return taken(np.asarray(image, np.float64), chance, noise=2), mark


def framed(digit: Digit, chance: Chance) -> Taken:
    """In a drawn frame"""
    mark = stroke(digit, chance, 120, 260)
    image, pen = _on(mark)
    left, top, right, bottom = mark.box
    gap = chance.whole(15, 40)
    frame = max(0, left - gap), max(0, top - gap), min(WIDTH - 1, right + gap), bottom + gap
    pen.rectangle((*frame[:3], min(HEIGHT - 1, frame[3])), outline=255, width=chance.whole(2, 5))
    return _inked(image, mark, chance)


def circled(digit: Digit, chance: Chance) -> Taken:
    """In a drawn circle"""
    mark = stroke(digit, chance, 100, 220, (90, 90, WIDTH - 90, HEIGHT - 90))
    image, pen = _on(mark)
    left, top, right, bottom = mark.box
    radius = np.hypot(right - left, bottom - top) / 2 + chance.between(8, 25)
    x, y = (left + right) / 2, (top + bottom) / 2
    circle = x - radius, y - radius, x + radius, y + radius
    pen.ellipse(circle, outline=255, width=chance.whole(3, 8))
    return _inked(image, mark, chance)


def underlined(digit: Digit, chance: Chance) -> Taken:
    """Underlined"""
    mark = stroke(digit, chance, 150, 300, (0, 0, WIDTH, 400))
    image, pen = _on(mark)
    left, _, right, bottom = mark.box
    row = min(bottom + chance.whole(8, 25), HEIGHT - 12)
    pen.rectangle((max(0, left - 20), row, right + 20, row + chance.whole(4, 10)), fill=255)
    return _inked(image, mark, chance)


def printed(digit: Digit, chance: Chance) -> Taken:
    """Below lines of print"""
    mark = stroke(digit, chance, 150, 280, (0, LOWER, WIDTH, HEIGHT))
    image, pen = _on(mark)
    for line in range(4):
        pen.text((20, 20 + 25 * line), "the quick brown fox jumps over the lazy dog " * 2, fill=255)
    return _inked(image, mark, chance)


def written(digit: Digit, chance: Chance) -> Taken:
    """Above lines of handwriting"""
    mark = stroke(digit, chance, 180, 280, (0, 0, WIDTH, HEIGHT - LOWER))
    image, pen = _on(mark)
    across = np.arange(20, WIDTH - 20, 3)
    for row in (370, 420):
        wave = row + 12 * np.sin(across / 6) + 6 * np.sin(across / 2.3 + 1)
        pen.line(list(zip(across.tolist(), wave.tolist(), strict=True)), fill=255, width=4)
    return _inked(image, mark, chance)


def thumb(digit: Digit, chance: Chance) -> Taken:
    """A thumb at the edge"""
    mark = stroke(digit, chance, 150, 260, (0, 0, WIDTH - 140, HEIGHT))
    (rows, columns), middle = grid(), chance.between(0.2, 0.8) * HEIGHT
    away = ((columns - WIDTH) / 110) ** 2 + ((rows - middle) / 90) ** 2
    cover = (1 / (1 + np.exp(12 * (away - 1))))[..., None]
    scene = drawn(white(paper(chance)), mark.ink)
    return taken(scene * (1 - cover) + np.array([190.0, 130.0, 110.0]) * cover, chance), mark
