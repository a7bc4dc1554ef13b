"""The pictures read: what was answered, as photographs and framed as if they were clean.

Each kind has the same test patterns, the first of the random order that `altered` takes up too. The
pictures are shared out among processes; each is drawn, read, and thrown away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import cache
from multiprocessing import get_context
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.bars import tqdm
from paper_lenet.base.machine import cores
from paper_lenet.digits import frame
from paper_lenet.digits.image import ImageError, picture
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.weights import pretrained
from paper_lenet.results.reading import Prediction, Reader, overlap
from paper_lenet.studies.altered import chosen
from paper_lenet.studies.photos import kinds
from paper_lenet.studies.photos.light import Taken
from paper_lenet.studies.photos.sheet import Chance
from paper_lenet.training.pool import end_with_parent

PICTURES, BLANKS, ROWS = 100, 20, 100  # of a kind
MOST = 5  # digits in a row
OVERLAP = 0.5  # of the boxes' union: the digit was found
Box = tuple[int, int, int, int]


class Answered(NamedTuple):
    """One picture of one digit.

    Attributes:
        kind: its kind.
        pattern: the index of the test pattern.
        truth: its class.
        answer: or -1 for a picture that was refused.
        unsure: whether that was said.
        gap: the second smallest penalty less the smallest; 0 if it was refused.
        plain: the answer if the picture is framed as if it were clean; -1 as well.
        cause: of another answer: ``pattern`` (the network misreads the pattern itself), ``place``
            (something else was taken for the digit), ``frame`` (it was framed otherwise than
            MNIST's), ``several`` (more than one was seen), ``refused``; or empty.
    """

    kind: str
    pattern: int
    truth: int
    answer: int
    unsure: bool
    gap: float
    plain: int
    cause: str


class Rows(NamedTuple):
    """One picture of several digits: how many there are, were found, and were read right."""

    digits: int
    found: int
    right: int


def kind_of(make: Callable[..., Taken]) -> str:
    """The name of a kind, as tables have it."""
    return (make.__doc__ or "").strip()


def patterns(test: Patterns, count: int) -> NDArray[np.int64]:
    """Which test patterns become pictures, (count,)."""
    some = chosen(test)
    return some[:: max(1, len(some) // count)][:count]


def made(kind: int, pattern: int, digit: NDArray[np.uint8]) -> Taken:
    """The picture of a kind, by its place in `kinds.ONE`, of a test pattern, (28, 28)."""
    return kinds.ONE[kind](digit, Chance(kind, pattern))


def one(test: Patterns) -> list[Answered]:
    """Every kind's pictures of one digit, read."""
    some = patterns(test, PICTURES)
    shown = list(zip(some.tolist(), test.subset(some).cropped(28).grey, strict=True))
    jobs = [
        (number, index, digit, int(test.labels[index]))
        for number in range(len(kinds.ONE))
        for index, digit in shown
    ]
    return list(_shared(_one, jobs))


def blanks() -> dict[str, int]:
    """How many pictures of each kind without a digit were refused, of `BLANKS`."""
    jobs = [(kind, number) for kind in kinds.NONE for number in range(BLANKS)]
    refused = _shared(_blank, jobs)
    result = dict.fromkeys(kinds.NONE, 0)
    for (kind, _), was in zip(jobs, refused, strict=True):
        result[kind] += was
    return result


def rows(test: Patterns) -> list[Rows]:
    """Pictures of two to `MOST` digits, read."""
    order = patterns(test, ROWS * MOST)
    jobs = []
    for number in range(ROWS):
        count = 2 + number % (MOST - 1)
        some = test.subset(order[number * MOST : number * MOST + count])
        jobs.append((number, some.cropped(28).grey, some.labels))
    return list(_shared(_row, jobs))


def _shared(ask: Callable[[Any], Any], jobs: Sequence[Any]) -> Iterator[Any]:
    """`ask` of each job, in order, by as many processes as there are cores."""
    fresh = get_context("spawn")
    with ProcessPoolExecutor(cores(), fresh, initializer=end_with_parent) as pool:
        found = pool.map(ask, jobs, chunksize=20)
        yield from tqdm(found, total=len(jobs), desc="pictures", disable=None)


@cache
def reader() -> Reader:
    """The network that the package brings along; made once in each process."""
    return Reader(pretrained())


def _one(job: tuple[int, int, NDArray[np.uint8], int]) -> Answered:
    number, index, digit, truth = job
    image, mark = made(number, index, digit)
    looked_at, plain = picture(image), -1
    with suppress(ImageError):
        plain = _answer(frame.field(looked_at.grey))
    none = Answered(kind_of(kinds.ONE[number]), index, truth, -1, False, 0.0, plain, "refused")
    try:
        read = reader().read(looked_at)
    except ImageError:
        return none
    found = read.likeliest
    if read.sure > 1:
        return none._replace(cause="several")
    cause = "" if found.answer == truth else _cause(found, digit, truth, mark.box)
    return none._replace(answer=found.answer, unsure=found.unsure, gap=found.gap, cause=cause)


def _answer(field: NDArray[np.uint8]) -> int:
    return int(reader().penalties(field[None])[0].argmin())


def _cause(found: Prediction, digit: NDArray[np.uint8], truth: int, box: Box) -> str:
    if _answer(digit) != truth:
        return "pattern"
    return "place" if overlap(found.box, box) < OVERLAP else "frame"


def _blank(job: tuple[str, int]) -> bool:
    kind, number = job
    image = kinds.blank(kind, Chance(len(kinds.ONE) + list(kinds.NONE).index(kind), number))
    try:
        reader().read(picture(image))
    except ImageError:
        return True
    return False


def _row(job: tuple[int, NDArray[np.uint8], NDArray[np.uint8]]) -> Rows:
    number, digits, truth = job
    row = kinds.several(digits, Chance(len(kinds.ONE) + len(kinds.NONE), number))
    try:
        read = reader().read(picture(row.picture)).digits
    except ImageError:
        read = []
    places = [
        (each, wanted)
        for box, wanted in zip(row.boxes, truth.tolist(), strict=True)
        for each in read
        if overlap(each.box, box) > OVERLAP
    ]
    return Rows(len(digits), len(places), sum(each.answer == wanted for each, wanted in places))
