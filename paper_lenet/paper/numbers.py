"""What the paper printed: the only place where a published number is written.

What it printed of the other classifiers, Figs. 9 to 12, is in `classifiers`.

LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document Recognition", Proc.
IEEE 86(11), 1998. Places are the journal's. The curves of Figs. 5 and 6 and the patterns of Fig. 8
were read from the figures of the authors' preprint; ``data/README.md`` says how.

The paper contradicts itself, or the two versions each other, in three of the numbers used here:

- connections: the journal prints 156,000 for C3 and 345,308 in all, the preprint 151,600 and
  340,908. The sum over the layers gives the preprint's; both are kept.
- passes: the text says 20, Fig. 5 draws 21 points. All 21 are kept; point n is taken as pass n.
- Fig. 6 draws the test error for 60,000 patterns at 0.94%, the text and Fig. 5 have 0.95%.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Published(NamedTuple):
    """One printed number.

    Attributes:
        what: the quantity, in a few words.
        value: as printed; percentages as percentages.
        place: section, figure or table, and page.
        unit: one unit of the last digit that is printed, or one step of a drawing's coordinates; 0
            where the number is exact.

    Example:
        >>> TEST_ERROR.value, TEST_ERROR.unit, TEST_ERROR.place
        (0.95, 0.01, 'Section III-B, pp. 2287-2288')
    """

    what: str
    value: float
    place: str
    unit: float = 0.0


class Count(NamedTuple):
    """What Section II-B prints of one layer; `None` where it prints nothing.

    Example:
        >>> COUNTS[0].layer, COUNTS[0].parameters, COUNTS[0].connections
        ('C1', 156, 122304)
    """

    layer: str
    parameters: int | None
    connections: int | None
    journal_connections: int | None
    place: str


class CurvePoint(NamedTuple):
    """One point of Fig. 5, in percent.

    Example:
        >>> fig5()[0]
        CurvePoint(number=1, training_error=4.89, test_error=2.65)
    """

    number: int
    training_error: float
    test_error: float


class SizePoint(NamedTuple):
    """One training set size of Fig. 6, in percent.

    Example:
        >>> fig6()[-1].patterns
        60000
    """

    patterns: int
    test_error: float
    training_error: float


class Misread(NamedTuple):
    """One pattern of Fig. 8: its index in the MNIST test set, from 0, and both classes.

    Example:
        >>> fig8()[0]._fields
        ('test_index', 'truth', 'answer')
    """

    test_index: int
    truth: int
    answer: int


_INPUT = "Section II-B, p. 2284"
BACKGROUND = Published("input of a background pixel", -0.1, _INPUT)
FOREGROUND = Published("input of a foreground pixel", 1.175, _INPUT)
INPUT_MEAN = Published("mean of the inputs (roughly)", 0.0, _INPUT)
INPUT_VARIANCE = Published("variance of the inputs (roughly)", 1.0, _INPUT)
# Not printed: "roughly", taken as within a tenth of the unit that the scale aims at.
ROUGHLY = 0.1

_COUNTS = "Section II-B, p. 2285"
COUNTS = (
    Count("C1", 156, 122_304, 122_304, "Section II-B, p. 2284"),
    Count("S2", 12, 5_880, 5_880, _COUNTS),
    Count("C3", 1_516, 151_600, 156_000, _COUNTS),
    Count("S4", 32, 2_000, 2_000, _COUNTS),
    Count("C5", 48_120, 48_120, 48_120, _COUNTS),
    Count("F6", 10_164, None, None, _COUNTS),
)
LAYERS = Published("layers, all with trainable parameters", 7, "Section II-B, p. 2284")
TOTAL = Count("total", 60_000, 340_908, 345_308, "Section II-A, p. 2284")

_TRAINING = "Section III-B, pp. 2287-2288"
TRAINING_PATTERNS = Published("training patterns", 60_000, "Section III-A, p. 2287")
TEST_PATTERNS = Published("test patterns", 10_000, "Section III-A, p. 2287")
_DATA = "Section III-A, p. 2287"
WRITERS_TRAINING = Published("students whose patterns are in the training set", 250, _DATA)
WRITERS_TEST = Published("students whose patterns are in the test set", 250, _DATA)
STUDENTS_TRAINING = Published("training patterns by students (nearly)", 30_000, _DATA)
STUDENTS_TEST = Published("test patterns by students", 5_000, _DATA)
LARGEST_DIGIT = Published("side of the largest digit, pixels", 20, _INPUT)
PASSES = Published("passes", 20, _TRAINING)
TEST_ERROR = Published("test error once it has settled, %", 0.95, _TRAINING, 0.01)
SETTLING_PASS = Published("pass at which the test error settles (about)", 10, _TRAINING)
CONVERGENCE = (
    Published("passes to convergence, at least", 10, "Fig. 5, caption"),
    Published("passes to convergence, at most", 12, "Fig. 5, caption"),
)
TRAINING_ERROR = Published("training error on the fly after 19 passes, %", 0.35, _TRAINING, 0.01)
TRAINING_ERROR_PASS = 19
SMALLEST_STEP = Published("smallest step in the first pass (about)", 7e-5, _TRAINING, 1e-5)
LARGEST_STEP = Published("largest step in the first pass", 0.016, _TRAINING, 1e-3)
DAYS = (
    Published("days of training, at least", 2, "Section III-D, p. 2293"),
    Published("days of training, at most", 3, "Section III-D, p. 2293"),
)
DISTORTED_PATTERNS = Published("distorted training patterns", 540_000, _TRAINING)
TIMES_SEEN = Published("times that each sample is seen (about)", 2, _TRAINING, 1)
DISTORTED_TEST_ERROR = Published("test error after training on distortions, %", 0.8, _TRAINING, 0.1)
UNCERTAINTY = Published("uncertainty of a test error, points (about)", 0.1, "Fig. 9, caption", 0.1)
SVM_REGULAR = Published("test error of a regular SVM, %", 1.4, "Section III-C, p. 2291", 0.1)

_APPENDIX_A = "Appendix A, p. 2318"
SQUASHED_ONE = Published("f(1), and -f(-1)", 1.0, _APPENDIX_A)
STRONGEST_BEND = Published("where the second derivative of f is greatest", 1.0, _APPENDIX_A, 0.1)
INITIAL_BOUND = Published("bound of an initial weight, times its unit's inputs", 2.4, _APPENDIX_A)

_INVARIANCE = "Section III-E, p. 2294"
SCALE_FACTOR = Published("factor of scales that are recognised (about)", 2, _INVARIANCE)
VERTICAL_SHIFT = Published("vertical shift, as a part of the height (about)", 0.5, _INVARIANCE)
ROTATION = Published("rotation either way, degrees", 30, _INVARIANCE)
INVERTED = Published("probability that a pixel is inverted", 0.1, "Fig. 13, caption")

# Not of this paper: what its authors' surviving program reached, one seed and thirty passes.
LUSH_TEST_ERROR = Published(
    "test error of the authors' surviving code, %", 0.82, "Yadav and Bottou (2019), QMNIST", 0.01
)

FIG_5 = "Fig. 5"
FIG_6 = "Fig. 6"
FIG_8 = "Fig. 8"
FIG_13 = "Fig. 13"
# One step of the coordinates of the markers, in points.
FIG_5_STEP = 0.026
FIG_6_STEP = 0.005
DISTORTED_FIG_6 = Published("test error after training on distortions, %", 0.82, FIG_6, FIG_6_STEP)


def fig5() -> tuple[CurvePoint, ...]:
    """The 21 points of Fig. 5; the training error is counted on the fly, as its caption says.

    Example:
        >>> len(fig5()), fig5()[-1].number
        (21, 21)
    """
    return tuple(
        CurvePoint(int(number), float(training), float(test))
        for number, training, test in _rows("fig5_curves.csv")
    )


def fig6() -> tuple[SizePoint, ...]:
    """The three training set sizes of Fig. 6 without distortions.

    Example:
        >>> [point.patterns for point in fig6()]
        [15000, 30000, 60000]
    """
    return tuple(
        SizePoint(int(patterns), float(test), float(training))
        for patterns, test, training in _rows("fig6_sizes.csv")
    )


def fig8() -> tuple[Misread, ...]:
    """The 82 patterns of Fig. 8, in its order.

    82 of 10,000 is 0.82%, which Fig. 6 has for training with distortions: the network of Fig. 8 is
    most likely that one, not the one of Fig. 5.

    Example:
        >>> len(fig8())
        82
    """
    return tuple(
        Misread(int(index), int(truth), int(answer))
        for index, truth, answer in _rows("fig8_errors.csv")
    )


def is_test_set(labels: NDArray[np.uint8]) -> bool:
    """Whether `labels`, (N,), are those of the paper's test set, as far as Fig. 8 shows it.

    The number of patterns and the truth of all 82 must agree. Only then do the paper's error rates
    and indices speak of this set.

    Example:
        >>> is_test_set(np.zeros(10_000, np.uint8))  # a set of zeros alone
        False
    """
    if len(labels) != TEST_PATTERNS.value:
        return False
    return all(labels[pattern.test_index] == pattern.truth for pattern in fig8())


@cache
def _rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of one of the package's data files, without the heading."""
    text = files("paper_lenet.paper").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return tuple(tuple(row) for row in csv.reader(text.splitlines()))[1:]
