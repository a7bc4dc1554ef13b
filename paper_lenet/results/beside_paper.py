"""The paper's numbers beside ours.

The paper shows one run. Two intervals answer two questions about its number: whether it agrees with
the mean over our seeds (``low``, ``high``) and whether its run could have been one of ours
(``run_low``, ``run_high``, wider).

Only for the paper's own test set; of any other the paper says nothing, and the tables stay empty.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from paper_lenet.base.files import significant
from paper_lenet.base.statistics import Summary, mcnemar, over_seeds
from paper_lenet.paper import numbers
from paper_lenet.paper.numbers import Published
from paper_lenet.results.answers import Judged
from paper_lenet.results.history import History, settling_pass

HEADING = (
    "quantity",
    "place",
    "paper",
    "ours",
    "low",
    "high",
    "n",
    "difference",
    "within_interval",
    "run_low",
    "run_high",
    "within_run",
    "note",
)


class Overlap(NamedTuple):
    """The misread patterns of one of our networks and those of Fig. 8.

    Attributes:
        shared: patterns that both misread.
        same_answer: those of them that both give the same wrong class.
        p: exact McNemar test of equal error rates.
    """

    shared: int
    same_answer: int
    p: float


def overlap(network: Judged) -> Overlap:
    """How the misread patterns of `network`, judged on the paper's test set, meet Fig. 8."""
    printed = {pattern.test_index: pattern.answer for pattern in numbers.fig8()}
    ours = {int(index): int(network.answers[index]) for index in network.misread}
    shared = printed.keys() & ours.keys()
    same = sum(printed[index] == ours[index] for index in shared)
    p = mcnemar(len(ours) - len(shared), len(printed) - len(shared))
    return Overlap(len(shared), same, p)


def rows(history: History, networks: Sequence[Judged]) -> list[tuple[str, ...]]:
    """The comparison, one row a published number, under `HEADING`.

    Errors are in percent. What our run has not reached (pass 19 of a shorter run) has no row.
    """
    result = [*_curve(history), *_text(history), *_settling(history), *_misread(networks)]
    if history.patterns == numbers.TRAINING_PATTERNS.value:
        return result
    caveat = f"ours from {history.patterns} training patterns only"
    return [(*row[:-1], f"{caveat}; {row[-1]}".rstrip("; ")) for row in result]


def _curve(history: History) -> list[tuple[str, ...]]:
    """Fig. 5 at our last pass."""
    last = history.passes
    if last > len(numbers.fig5()):
        return []
    point, place = numbers.fig5()[last - 1], f"{numbers.FIG_5}, point {last}"
    training = Published(
        f"training error on the fly in pass {last}, %", point.training_error, place
    )
    test = Published(f"test error after pass {last}, %", point.test_error, place)
    return [
        _row(training, history.over_seeds(last, lambda each: each.on_the_fly)),
        _row(test, history.over_seeds(last, lambda each: each.test)),
    ]


def _text(history: History) -> list[tuple[str, ...]]:
    """The numbers of Section III-B's text."""
    last = history.passes
    result = [
        _row(
            numbers.TEST_ERROR,
            history.over_seeds(last, lambda each: each.test),
            f"ours after the last pass, {last}",
        )
    ]
    if last >= numbers.TRAINING_ERROR_PASS:
        ours = history.over_seeds(numbers.TRAINING_ERROR_PASS, lambda each: each.on_the_fly)
        result.append(_row(numbers.TRAINING_ERROR, ours))
    result.append(
        _row(numbers.SMALLEST_STEP, history.over_seeds(1, lambda each: each.smallest_step))
    )
    result.append(_row(numbers.LARGEST_STEP, history.over_seeds(1, lambda each: each.largest_step)))
    return result


def _settling(history: History) -> list[tuple[str, ...]]:
    """When the test error settles: as the text has it, and as Fig. 5 does by our rule."""
    passes = settling_passes(history)
    rule = f"first pass from which it stays within {numbers.UNCERTAINTY.value} points of the last"
    drawn = settling_pass([point.test_error for point in numbers.fig5()])
    figure = Published("pass at which the test error settles, by our rule", drawn, numbers.FIG_5)
    return [_row(numbers.SETTLING_PASS, passes, rule), _row(figure, passes, rule)]


def settling_passes(history: History) -> Summary:
    """`settling_pass` over the seeds."""
    curves = history.seeds.values()
    return over_seeds([settling_pass([each.test for each in passes]) for passes in curves])


def _misread(networks: Sequence[Judged]) -> list[tuple[str, ...]]:
    """Fig. 8. No equality is expected, so nothing is subtracted from its 82 patterns."""
    found = [overlap(network) for network in networks]
    printed = len(numbers.fig8())
    note = "Fig. 8 is most likely the network trained on distortions"
    shared = Published("patterns of Fig. 8 that ours misreads too", printed, numbers.FIG_8)
    # The paper prints no number for this one.
    same = Published("of these with the same answer", math.nan, numbers.FIG_8)
    return [
        _row(shared, over_seeds([each.shared for each in found]), note, claim=False),
        _row(same, over_seeds([each.same_answer for each in found]), note, claim=False),
    ]


def _row(printed: Published, ours: Summary, note: str = "", claim: bool = True) -> tuple[str, ...]:
    value = printed.value
    difference = ours.mean - value if claim else math.nan
    return (
        printed.what,
        printed.place,
        significant(value),
        *map(significant, (ours.mean, ours.low, ours.high)),
        str(ours.n),
        significant(difference),
        _within(value, ours.low, ours.high) if claim else "",
        *map(significant, (ours.run_low, ours.run_high)),
        _within(value, ours.run_low, ours.run_high) if claim else "",
        note,
    )


def _within(value: float, low: float, high: float) -> str:
    """Yes or no; empty where one seed gives no interval."""
    if math.isnan(low):
        return ""
    return "yes" if low <= value <= high else "no"
