"""What a tutorial's networks misread with most confidence, and what hints at why.

A hint is measured, not guessed: which training pattern of the answered class is nearest, and is it
nearer than any of the true class; was the truth the second choice; how often is this class taken
for that one anyway. None proves why.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.files import fixed, write_csv
from paper_lenet.digits import excerpt
from paper_lenet.digits.mnist import Digits
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.results.answers import Answers
from paper_lenet.results.confusion import confusion
from paper_lenet.results.misclassified import most_confident
from paper_lenet.results.mistakes import times_misread

LISTED, DRAWN, PAIRS = 48, 24, 12
HEADING = (
    *("index", "truth", "answer", "truth_name", "answer_name", "seed", "confidence", "times"),
    *("second", "second_name", "second_confidence"),
    *("nearest_answer", "distance_answer", "nearest_truth", "distance_truth"),
    *("taken_percent", "hints"),
)


class Nearest(NamedTuple):
    """A training pattern, and its root mean square distance in grey levels."""

    place: int
    distance: float


def nearest(image: NDArray[np.uint8], label: int, training: Digits) -> Nearest:
    """The training pattern of class `label` that is nearest to `image`, pixel by pixel."""
    mine = np.flatnonzero(training.labels == label)
    difference = training.images[mine].astype(np.int32) - image
    squares = np.square(difference, out=difference).sum(axis=(1, 2))  # whole numbers: exact
    place = int(squares.argmin())
    return Nearest(int(mine[place]), float(np.sqrt(squares[place] / image.size)))


def write_misread(
    folder: Path,
    name: str,
    networks: Sequence[Answers],
    training: Digits,
    test: Digits,
    classes: Sequence[str],
) -> None:
    """Write ``mistakes-NAME.csv`` and ``pairs-NAME.csv``, and the pictures of the first mistakes.

    Those are ``misread-NAME.csv``, of the test patterns, and ``nearest-NAME.csv``, of the training
    patterns of the answered class that are nearest to them.

    Args:
        folder: for the files.
        name: the tutorial's.
        networks: one a seed.
        training: as distributed.
        test: as distributed.
        classes: the names of the ten classes.
    """
    counts = confusion(networks)
    share = 100 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    times = times_misread([network.misread for network in networks])
    rows = [
        _row(index, network, times[index], training, test, classes, share)
        for index, network in most_confident(networks, LISTED)
    ]
    write_csv(folder / f"mistakes-{name}.csv", HEADING, rows)
    _write_pairs(folder / f"pairs-{name}.csv", counts, share, classes)
    for part, digits, column in (
        ("misread", test, "index"),
        ("nearest", training, "nearest_answer"),
    ):
        places = np.array([row[HEADING.index(column)] for row in rows[:DRAWN]], np.int64)
        patterns = Patterns(digits.images, digits.labels, grey_scale(0, 1))
        excerpt.write(folder / f"{part}-{name}.csv", patterns, places)


def _row(
    index: int,
    network: Answers,
    times: int,
    training: Digits,
    test: Digits,
    classes: Sequence[str],
    share: NDArray[np.float64],
) -> tuple[object, ...]:
    """One row under `HEADING`."""
    truth, answer = int(network.truth[index]), int(network.answers[index])
    second = int(np.argsort(network.penalties[index], kind="stable")[1])
    likely = float(np.exp(-network.penalties[index, second].astype(np.float64)))
    near = [nearest(test.images[index], label, training) for label in (answer, truth)]
    taken = float(share[truth, answer])
    hints = []
    if near[0].distance < near[1].distance:
        hints.append(f"looks more like {classes[answer]}")
    if second == truth:
        hints.append("truth is second choice")
    if taken == max(np.delete(share[truth], truth)):
        hints.append(f"{classes[truth]} is most often taken for {classes[answer]}")
    return (
        *(index, truth, answer, classes[truth], classes[answer], network.seed),
        fixed(float(network.confidence[index]), 6),
        times,
        *(second, classes[second], fixed(likely, 6)),
        *(near[0].place, fixed(near[0].distance, 2), near[1].place, fixed(near[1].distance, 2)),
        fixed(taken, 2),
        "; ".join(hints),
    )


def _write_pairs(
    path: Path, counts: NDArray[np.int64], share: NDArray[np.float64], classes: Sequence[str]
) -> None:
    """The pairs of truth and answer that were confused most often, over all seeds."""
    pairs = sorted(
        (-int(count), truth, answer)
        for (truth, answer), count in np.ndenumerate(counts)
        if truth != answer and count
    )
    rows = [
        (
            truth,
            answer,
            classes[truth],
            classes[answer],
            -count,
            fixed(float(share[truth, answer]), 2),
        )
        for count, truth, answer in pairs[:PAIRS]
    ]
    heading = ("truth", "answer", "truth_name", "answer_name", "count", "percent")
    write_csv(path, heading, rows)
