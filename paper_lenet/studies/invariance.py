"""Section III-E: how far scale, position, rotation, shape, stroke and noise may vary.

The paper estimates by eye in which ranges its network still reads digits, and gives no error rates.
Here test patterns are altered in one way at a time and the errors counted. `examine` computes,
`analyse` reads what it wrote. The study ``invariance`` trains nothing new: its runs are those of
other studies. Rejection (`rejection`) and costs (`costs`) are written along with it.

The patterns are the first of a random order, not of the test set: its first half was written by
Census employees and is easier than the second. 2,000 give an error of a tenth an interval of about
a percentage point either way.

Maps are bilinear (`affine`) about the middle of the field, 32 x 32 as in training: what leaves it
is lost, so large scales and shifts cut digits off. A digit's height is taken as that of the box
that digits were fitted into, 20 pixels. Squeezing multiplies the width and divides the height.
Strokes grow by grey-level dilation and thin by erosion with a cross of 3 x 3 pixels; a whole step
moves every edge by one pixel, and parts of a step mix the two steps around them. Noise inverts
pixels with a probability, by words of our streams that no training uses; a pixel that is inverted
at one probability is so at every higher one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from tqdm import tqdm

from paper_lenet.base import streams
from paper_lenet.base.files import fixed, read_csv, significant, write_csv
from paper_lenet.base.statistics import Summary, over_seeds
from paper_lenet.digits.affine import Map, mapped
from paper_lenet.digits.patterns import Patterns
from paper_lenet.figures import draw, invariance
from paper_lenet.network.weights import Trained
from paper_lenet.paper import numbers
from paper_lenet.results.answers import Answers
from paper_lenet.results.trainings import TableError
from paper_lenet.studies import costs, rejection
from paper_lenet.training.execution import execution
from paper_lenet.training.job import as_taken
from paper_lenet.training.store import TRAINED, Finished

PATTERNS = 2000
SEEDS = 3
BASE = "paper"
APART = 2**42  # presentations are numbered from here on, far from those of every training
EXAMPLE = 4  # the digit that is drawn, as in most panels of Fig. 13
READ = 10.0  # percent: below it, digits count as read
COLUMNS = ("network", "seed", "transformation", "amount", "errors", "patterns")
CROSS = ndimage.generate_binary_structure(2, 1)[None]
_SHIFTS = (-12, -10, -8, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 8, 10, 12)

Grey = NDArray[np.uint8]


class Counted(NamedTuple):
    """The errors of one network on the patterns altered in one way."""

    network: str
    seed: int
    transformation: str
    amount: float
    errors: int
    patterns: int


class Transformation(NamedTuple):
    """One way to alter patterns.

    Attributes:
        amounts: from low to high; `neutral` changes nothing.
        neutral: where limits are looked for from.
        apply: makes the patterns, (N, side, side), of an amount.
        limits: the range that the paper states; NaN where it states none.
    """

    amounts: tuple[float, ...]
    neutral: float
    apply: Callable[[Grey, float], Grey]
    limits: tuple[float, float] = (math.nan, math.nan)


def _rotation(degrees: float) -> Map:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return Map(a=cosine, b=-sine, c=sine, d=cosine)


def stroke(grey: Grey, amount: float) -> Grey:
    """Strokes with every edge moved out by `amount` pixels, or in if it is negative."""
    step: Callable[..., Grey] = ndimage.grey_dilation if amount > 0 else ndimage.grey_erosion
    whole = int(abs(amount))
    for _ in range(whole):
        grey = step(grey, footprint=CROSS)
    part = abs(amount) - whole
    if not part:
        return grey
    mixed = (1 - part) * grey + part * step(grey, footprint=CROSS)
    return np.floor(mixed + 0.5).astype(np.uint8)


def noise(grey: Grey, probability: float) -> Grey:
    """Each pixel inverted with that probability."""
    size = grey[0].size
    words = [streams.uniform(streams.key(0, "noise", APART + i), size) for i in range(len(grey))]
    inverted = np.array(words).reshape(grey.shape) < probability
    return np.where(inverted, 255 - grey, grey)


_HALF = numbers.VERTICAL_SHIFT.value * numbers.LARGEST_DIGIT.value
_FACTOR, _DEGREES = numbers.SCALE_FACTOR.value, numbers.ROTATION.value
TRANSFORMATIONS = {
    "shift right, pixels": Transformation(
        _SHIFTS, 0, lambda grey, amount: mapped(grey, Map(right=amount))
    ),
    "shift down, pixels": Transformation(
        _SHIFTS, 0, lambda grey, amount: mapped(grey, Map(down=amount)), (-_HALF, _HALF)
    ),
    "scale": Transformation(
        (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.6, 1.8, 2),
        1,
        lambda grey, amount: mapped(grey, Map(a=amount, d=amount)),
        (1 / _FACTOR, _FACTOR),
    ),
    "rotation, degrees": Transformation(
        (-60, -50, -40, -30, -20, -10, 0, 10, 20, 30, 40, 50, 60),
        0,
        lambda grey, amount: mapped(grey, _rotation(amount)),
        (-_DEGREES, _DEGREES),
    ),
    "squeezing": Transformation(
        (0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.4, 1.6, 1.8, 2),
        1,
        lambda grey, amount: mapped(grey, Map(a=amount, d=1 / amount)),
    ),
    "stroke, pixels": Transformation((-1, -0.75, -0.5, -0.25, 0, 0.5, 1, 1.5, 2, 2.5), 0, stroke),
    "noise": Transformation((0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4), 0, noise),
}


def chosen(test: Patterns) -> Patterns:
    """The patterns that are altered: the first `PATTERNS` of one random order of `test`."""
    order = streams.permutation(streams.key(0, "subset"), len(test))
    return test.subset(np.sort(order[:PATTERNS]))


def measure(networks: Iterable[tuple[str, Trained]], test: Patterns) -> list[Counted]:
    """The errors of every network on every alteration of the chosen test patterns.

    Args:
        networks: each with the name under which its errors are taken together, as ``paper``.
        test: the test set, 32 x 32.

    Returns:
        Rows in the order of transformation, amount and network.
    """
    patterns = chosen(test)
    ready = [
        (name, each.seed, each.recipe, execution("engine", each.recipe, each.parameters))
        for name, each in networks
    ]
    rows = []
    steps = [(name, amount) for name, how in TRANSFORMATIONS.items() for amount in how.amounts]
    for name, amount in tqdm(steps, desc="invariance", disable=None):
        grey = TRANSFORMATIONS[name].apply(patterns.grey, amount)
        altered = Patterns(grey, patterns.labels, patterns.levels)
        for network, seed, recipe, run in ready:
            answers = run.penalties(as_taken(recipe, altered)).argmin(axis=1)
            errors = int(np.count_nonzero(answers != altered.labels))
            rows.append(Counted(network, seed, name, amount, errors, len(altered)))
    return rows


def examine(trainings: Sequence[Finished], processed: Path, folder: Path) -> None:
    """Write what the trained networks do into `folder`, made if missing.

    ``curves.csv`` has the errors on altered patterns, of the first `SEEDS` networks of each run;
    ``rejection.csv`` and ``needed.csv``, of `rejection`, have all networks of the run `BASE`.

    Args:
        trainings: of the study, each run under its name.
        processed: folder with ``test.safetensors``.
        folder: for the files.

    Raises:
        TableError: a training diverged.
    """
    test = Patterns.load(processed / "test.safetensors")
    networks: dict[str, list[Trained]] = {}
    for one in trainings:
        if one.outcome != TRAINED:
            raise TableError(f"{one.job}: it diverged, and has no network to look at")
        trained = Trained(one.state.parameters, one.job.recipe, one.job.seed)
        networks.setdefault(one.job.name, []).append(trained)
    few = [(name, each) for name, group in networks.items() for each in group[:SEEDS]]
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, measure(few, test))
    rejection.measure([judged(each, test) for each in networks[BASE]], folder)


def judged(trained: Trained, test: Patterns) -> Answers:
    """The answers of a network to the whole test set."""
    recipe = trained.recipe
    network = execution("engine", recipe, trained.parameters)
    penalties = network.penalties(as_taken(recipe, test))
    return Answers(trained.seed, test.labels.astype(np.int64), penalties, recipe.loss)


def write(folder: Path, rows: Sequence[Counted]) -> None:
    """Write ``curves.csv`` into `folder`."""
    cells = [(*row[:3], significant(row.amount), *row[4:]) for row in rows]
    write_csv(folder / "curves.csv", COLUMNS, cells)


def analyse(
    grid: Path, results: Path, figures: Path, processed: Path = Path("data/processed/mnist")
) -> None:
    """Write ``limits.csv``, ``means.csv`` and the tables of `rejection` and `costs`, and draw.

    Args:
        grid: ``studies/NAME.yaml``; its stem names the study.
        results: has what `examine` wrote in ``NAME``, and takes the tables there.
        figures: the drawings go to ``NAME`` below it.
        processed: folder with ``test.safetensors``, for the examples.

    Raises:
        TableError: ``curves.csv`` is missing.
    """
    folder, figures = results / grid.stem, figures / grid.stem
    found = means(_read(folder / "curves.csv"))
    cells = [
        (name, network, significant(amount), *_cells(value))
        for (name, network), curve in found.items()
        for amount, value in curve.items()
    ]
    heading = ("transformation", "network", "amount", "seeds", "error", "sd", "low", "high")
    write_csv(folder / "means.csv", heading, cells)
    write_csv(folder / "limits.csv", LIMITS, [limits(*key, curve) for key, curve in found.items()])
    test = chosen(Patterns.load(processed / "test.safetensors"))
    example = test.grey[test.labels == EXAMPLE][:1]
    drawings = {
        "curves": partial(invariance.curves, found, TRANSFORMATIONS),
        "examples": partial(invariance.examples, example, TRANSFORMATIONS),
    }
    draw.write(figures, drawings)
    rejection.analyse(folder, figures)
    costs.analyse(folder, figures)


Curve = dict[float, Summary]
LIMITS = (
    "transformation",
    "network",
    "low",
    "high",
    "paper_low",
    "paper_high",
    "error_at_paper_low",
    "error_at_paper_high",
)


def means(rows: Iterable[Counted]) -> dict[tuple[str, str], Curve]:
    """By transformation and network, the error in percent at each amount over the seeds."""
    values: dict[tuple[str, str], dict[float, list[float]]] = {}
    for row in rows:
        curve = values.setdefault((row.transformation, row.network), {})
        curve.setdefault(row.amount, []).append(100 * row.errors / row.patterns)
    return {
        key: {amount: over_seeds(part) for amount, part in curve.items()}
        for key, curve in values.items()
    }


def limits(name: str, network: str, curve: Curve) -> list[str]:
    """Where the mean error reaches `READ` on both sides, and the error at the paper's limits."""
    how = TRANSFORMATIONS[name]
    ends = [reached(curve, how.neutral, side) for side in (-1, 1)]
    at = [curve[limit].mean if limit in curve else math.nan for limit in how.limits]
    return [
        name,
        network,
        *(significant(value, 3) for value in (*ends, *how.limits)),
        *(fixed(value, 2) for value in at),
    ]


def reached(curve: Curve, neutral: float, side: int) -> float:
    """The amount on one side of `neutral` where the mean error first exceeds `READ`.

    Linear between the amounts that were measured; NaN if it does not come to that.
    """
    last, error = neutral, curve[neutral].mean
    for amount in sorted(curve, key=lambda amount: side * amount):
        if side * amount <= side * neutral:
            continue
        value = curve[amount].mean
        if value > READ >= error:
            return last + (amount - last) * (READ - error) / (value - error)
        last, error = amount, value
    return math.nan


def _cells(value: Summary) -> list[str]:
    parts = (value.mean, value.sd, value.low, value.high)
    return [str(value.n), *(fixed(part) for part in parts)]


def _read(path: Path) -> list[Counted]:
    if not path.is_file():
        raise TableError(f"{path}: there is no such file; measure first")
    return [
        Counted(
            row["network"],
            int(row["seed"]),
            row["transformation"],
            float(row["amount"]),
            int(row["errors"]),
            int(row["patterns"]),
        )
        for row in read_csv(path)
    ]
