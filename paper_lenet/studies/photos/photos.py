"""The tables and drawings of the study ``photos``.

It asks the network that the package brings along, and is the only analysis that reads the test
set: what is made of the pictures is thrown away, and only counts are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sklearn.datasets import load_digits

from paper_lenet.base.files import fixed, write_csv, write_json
from paper_lenet.base.statistics import wilson
from paper_lenet.digits.image import ImageError, picture
from paper_lenet.digits.patterns import Patterns
from paper_lenet.figures import draw, photos
from paper_lenet.network.weights import pretrained
from paper_lenet.results.answers import posterior
from paper_lenet.results.reading import UNSURE
from paper_lenet.studies.photos import kinds, measure
from paper_lenet.studies.photos.measure import Answered, Rows
from paper_lenet.studies.study import Folders, Study

WORST = 10
SIDE = 160  # pixels, to which UCI's 8 x 8 are enlarged
WANTED = 95.0  # percent
PERFECT = np.array([0.0] + 9 * [1e3], np.float32)  # the penalties of a code itself
COLUMNS = ("kind", "pictures", "right", "low", "high", "plain", "unsure", "refused")
MISREAD = ("kind", "pattern", "truth", "answer", "unsure", "gap", "cause")


def analyse(folders: Folders) -> None:
    """Make the pictures, read them, and write what was answered.

    Raises:
        PatternsError: there is no test set.
    """
    test = Patterns.load(folders.data / "processed" / folders.dataset / "test.safetensors")
    results = folders.results()
    answered, rows, blanks = measure.one(test), measure.rows(test), measure.blanks()
    table = [_row(kind, answered) for kind in dict.fromkeys(each.kind for each in answered)]
    write_csv(results / "kinds.csv", COLUMNS, table)
    wrong = sorted((each for each in answered if each.cause), key=lambda each: -each.gap)
    write_csv(results / "misread.csv", MISREAD, [_cells(each) for each in wrong])
    write_csv(
        results / "blanks.csv",
        ("kind", "pictures", "refused"),
        [(kind, measure.BLANKS, refused) for kind, refused in blanks.items()],
    )
    uci = _uci()
    write_csv(results / "uci.csv", ("class", "pictures", "right"), uci)
    write_json(results / "photos.json", _summary(answered, rows, table, blanks, uci))
    shown = [each for each in wrong if each.answer >= 0]
    drawings = {
        "kinds": partial(photos.shares, table),
        "examples": partial(photos.examples, _examples(test)),
        "worst": partial(photos.worst, [_worst(each, test) for each in shown[:WORST]]),
    }
    draw.write(folders.figures, drawings)


def _summary(
    answered: Sequence[Answered],
    rows: Sequence[Rows],
    table: Sequence[tuple[object, ...]],
    blanks: Mapping[str, int],
    uci: Sequence[tuple[int, int, int]],
) -> dict[str, Any]:
    """The content of ``photos.json``; shares are in percent."""
    most = float(posterior(PERFECT, pretrained().recipe.loss).max())
    right = sum(not each.cause for each in answered)
    sure = [each for each in answered if each.answer >= 0 and not each.unsure]
    return {
        "all": _share(right, len(answered)),
        "plain": _share(sum(each.plain == each.truth for each in answered), len(answered)),
        "sure": _share(sum(not each.cause for each in sure), len(sure)),
        "least_rubbish": round(100 * (1 - most), 1),
        "most_confidence": round(100 * most, 1),
        "unsure_gap": UNSURE,
        "each": measure.PICTURES,
        "kinds": len(table),
        "reach_wanted": sum(float(str(row[2])) >= WANTED for row in table),
        "wanted": WANTED,
        "causes": {cause: sum(each.cause == cause for each in answered) for cause in photos.CAUSES},
        "blanks": {"pictures": measure.BLANKS * len(blanks), "refused": sum(blanks.values())},
        "rows": {
            "pictures": len(rows),
            "digits": sum(each.digits for each in rows),
            "found": sum(each.found for each in rows),
            "right": sum(each.right for each in rows),
        },
        "uci": _share(sum(each[2] for each in uci), sum(each[1] for each in uci)),
    }


def _row(kind: str, answered: Sequence[Answered]) -> tuple[object, ...]:
    """The cells of `COLUMNS`, shares in percent."""
    of = [each for each in answered if each.kind == kind]
    right = sum(not each.cause for each in of)
    low, high = wilson(right, len(of))
    shares = (
        right,
        low * len(of),
        high * len(of),
        sum(each.plain == each.truth for each in of),
        sum(each.unsure for each in of),
        sum(each.answer < 0 for each in of),
    )
    return (kind, len(of), *(fixed(100 * share / len(of), 1) for share in shares))


def _cells(each: Answered) -> tuple[object, ...]:
    unsure = "yes" if each.unsure else "no"
    answer = each.answer if each.answer >= 0 else ""
    return (each.kind, each.pattern, each.truth, answer, unsure, fixed(each.gap, 2), each.cause)


def _share(right: int, of: int) -> dict[str, float | int]:
    """How many of how many, in percent, with the interval of the patterns' sample."""
    low, high = wilson(right, of)
    ends = {"right": right / of, "low": low, "high": high}
    return {"pictures": of, **{name: round(100 * end, 2) for name, end in ends.items()}}


def _uci() -> list[tuple[int, int, int]]:
    """UCI's digits, 8 x 8, enlarged: each class, how many there are, how many were read right."""
    digits = load_digits()
    right = np.zeros(10, int)
    for grey, truth in zip(digits.images, digits.target, strict=True):
        small = Image.fromarray(np.clip(grey * 255 / 16, 0, 255).astype(np.uint8))
        large = small.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        with suppress(ImageError):  # it is not right
            right[truth] += measure.reader().read(picture(large)).likeliest.answer == truth
    counts = np.bincount(digits.target).tolist()
    return [(number, counts[number], int(right[number])) for number in range(10)]


def _digit(test: Patterns, index: int) -> NDArray[np.uint8]:
    digit: NDArray[np.uint8] = test.subset(slice(index, index + 1)).cropped(28).grey[0]
    return digit


def _examples(test: Patterns) -> list[tuple[str, Image.Image]]:
    """The first picture of each kind."""
    index = int(measure.patterns(test, measure.PICTURES)[0])
    digit = _digit(test, index)
    return [
        (measure.kind_of(make), measure.made(number, index, digit)[0])
        for number, make in enumerate(kinds.ONE)
    ]


def _worst(each: Answered, test: Patterns) -> photos.Worst:
    """A misread picture made once more, and what was seen in it."""
    number = [measure.kind_of(make) for make in kinds.ONE].index(each.kind)
    image, _ = measure.made(number, each.pattern, _digit(test, each.pattern))
    read = measure.reader().read(picture(image)).likeliest
    return photos.Worst(image, read.box, read.field, each.truth, each.answer, each.kind, each.cause)


STUDY = Study(analyse=analyse)
