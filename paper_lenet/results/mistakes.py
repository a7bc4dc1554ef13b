"""What the networks misread: confusion, classes, patterns, the most confident mistakes.

Counts are sums over the networks (one a seed), and stay whole numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.files import fixed, significant, write_csv
from paper_lenet.base.statistics import over_seeds
from paper_lenet.network.architecture import CLASSES
from paper_lenet.paper import numbers
from paper_lenet.results.answers import Judged

MOST_CONFIDENT = 50


def confusion(networks: Sequence[Judged]) -> NDArray[np.int64]:
    """How often each class (row) was given each answer (column), (10, 10), over all networks."""
    total = np.zeros((CLASSES, CLASSES), np.int64)
    for network in networks:
        np.add.at(total, (network.truth, network.answers), 1)
    return total


def times_misread(networks: Sequence[Judged]) -> dict[int, int]:
    """By index, how many of the networks misread the pattern; only those that some misread."""
    counts = Counter(int(index) for network in networks for index in network.misread)
    return {index: counts[index] for index in sorted(counts)}


def shared_by_two(networks: Sequence[Judged]) -> tuple[float, float]:
    """What two of our networks share, the mean over all pairs: a yardstick for Fig. 8.

    Returns:
        The number of patterns that both misread, and of these with the same answer.
    """
    shared = same = pairs = 0
    for one, other in combinations(networks, 2):
        both = np.intersect1d(one.misread, other.misread, assume_unique=True)
        shared += len(both)
        same += int(np.count_nonzero(one.answers[both] == other.answers[both]))
        pairs += 1
    return shared / pairs, same / pairs


def write_confusion(path: Path, networks: Sequence[Judged]) -> None:
    """All hundred pairs of class and answer."""
    counts = confusion(networks)
    rows = [(truth, answer, count) for (truth, answer), count in np.ndenumerate(counts)]
    write_csv(path, ("truth", "answer", "count"), rows)


def write_classes(path: Path, networks: Sequence[Judged]) -> None:
    """Errors of each class: the rate and its t interval over seeds, precision, recall and F1.

    ``patterns`` is the number of test patterns of the class; ``errors`` counts over all networks,
    and precision, recall and F1 are those of all their answers together.
    """
    counts = confusion(networks)
    rows = []
    for label in range(CLASSES):
        mine = networks[0].truth == label
        patterns, right = int(mine.sum()), int(counts[label, label])
        answered, shown = int(counts[:, label].sum()), int(counts[label].sum())
        misread = [int((network.answers[mine] != label).sum()) for network in networks]
        rates = over_seeds([100 * errors / max(patterns, 1) for errors in misread])
        rows.append(
            (
                label,
                patterns,
                sum(misread),
                *(fixed(value) for value in (rates.mean, rates.low, rates.high)),
                _ratio(right, answered),
                _ratio(right, shown),
                _ratio(2 * right, answered + shown),
            )
        )
    heading = ("class", "patterns", "errors", "error_percent", "low", "high")
    write_csv(path, (*heading, "precision", "recall", "f1"), rows)


def write_misclassified(path: Path, networks: Sequence[Judged], known: bool) -> None:
    """Every misread pattern of every network with its ten penalties.

    ``in_fig8`` says whether the paper's network misread it too; empty if the set is not the
    paper's (`known` is false).
    """
    printed = {pattern.test_index for pattern in numbers.fig8()}
    rows = []
    for network in networks:
        for index in map(int, network.misread):
            mark = ("yes" if index in printed else "no") if known else ""
            penalties = (significant(float(value)) for value in network.penalties[index])
            rows.append((network.seed, *_classes(network, index), mark, *penalties))
    names = (f"penalty_{label}" for label in range(CLASSES))
    write_csv(path, ("seed", "index", "truth", "answer", "in_fig8", *names), rows)


def write_patterns(path: Path, networks: Sequence[Judged], known: bool) -> None:
    """Every pattern that some network, or the one of Fig. 8, misread.

    ``times`` is how many networks misread it, ``answers`` their wrong answers with how often each
    was given, ``fig8_answer`` the answer printed in Fig. 8.
    """
    printed = {pattern.test_index: pattern.answer for pattern in numbers.fig8()} if known else {}
    times = times_misread(networks)
    truth = networks[0].truth
    rows = []
    for index in sorted(times.keys() | printed.keys()):
        wrong = Counter(int(network.answers[index]) for network in networks)
        del wrong[int(truth[index])]
        answers = " ".join(f"{answer}:{wrong[answer]}" for answer in sorted(wrong))
        rows.append((index, truth[index], times.get(index, 0), answers, printed.get(index, "")))
    write_csv(path, ("index", "truth", "times", "answers", "fig8_answer"), rows)


def write_confident(path: Path, networks: Sequence[Judged]) -> None:
    """The most confident mistakes, one a pattern: that of its most confident network.

    ``confidence`` is the posterior of the wrong answer, ``gap`` the second smallest penalty less
    the smallest (`Judged`); ``times`` is how many networks misread the pattern.
    """
    mistakes = sorted(
        (-float(network.confidence[index]), network.seed, int(index), network)
        for network in networks
        for index in network.misread
    )
    times = times_misread(networks)
    rows: dict[int, tuple[object, ...]] = {}
    for confidence, seed, index, network in mistakes:
        if index not in rows and len(rows) < MOST_CONFIDENT:
            values = (fixed(-confidence, 6), fixed(float(network.gap[index])))
            rows[index] = (*_classes(network, index), seed, *values, times[index])
    heading = ("index", "truth", "answer", "seed", "confidence", "gap", "times")
    write_csv(path, heading, rows.values())


def _classes(network: Judged, index: int) -> tuple[int, int, int]:
    return index, int(network.truth[index]), int(network.answers[index])


def _ratio(part: int, whole: int) -> str:
    """A fraction with six decimals; empty if there is no whole."""
    return fixed(part / whole, 6) if whole else ""
