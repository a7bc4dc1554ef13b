"""The paper's numbers beside ours.

The paper shows one run. Two intervals answer two questions about its number: whether it agrees with
the mean over our seeds (``low``, ``high``) and whether its run could have been one of ours
(``run_low``, ``run_high``, wider).

Only for the paper's own test set; of any other the paper says nothing, and the tables stay empty.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from paper_lenet.base.files import significant
from paper_lenet.base.statistics import Summary, over_seeds
from paper_lenet.paper import numbers
from paper_lenet.paper.numbers import Published
from paper_lenet.results.mistakes import Misread, fig8, shared
from paper_lenet.results.trainings import Run

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


def rows(run: Run) -> list[tuple[str, ...]]:
    """The comparison, one row a published number, under `HEADING`.

    Errors are in percent. What our run has not reached (pass 19 of a shorter run) has no row.

    Example:
        >>> from paper_lenet.results.trainings import made
        >>> found = rows(made(10))
        >>> [dict(zip(HEADING, row, strict=True))["ours"] for row in found[:2]]
        ['4', '1']
    """
    result = [*_curve(run), *_text(run), *_settling(run), *_misread(run.misread)]
    if run.last.patterns == numbers.TRAINING_PATTERNS.value:
        return result
    caveat = f"ours from {run.last.patterns} training patterns only"
    return [(*row[:-1], f"{caveat}; {row[-1]}".rstrip("; ")) for row in result]


def _curve(run: Run) -> list[tuple[str, ...]]:
    """Fig. 5 at our last pass."""
    last = run.last.number
    if last > len(numbers.fig5()):
        return []
    point, place = numbers.fig5()[last - 1], f"{numbers.FIG_5}, point {last}"
    training = Published(
        f"training error on the fly in pass {last}, %", point.training_error, place
    )
    test = Published(f"test error after pass {last}, %", point.test_error, place)
    return [
        _row(training, run.over_seeds(last, lambda each: each.on_the_fly)),
        _row(test, run.over_seeds(last, lambda each: each.test)),
    ]


def _text(run: Run) -> list[tuple[str, ...]]:
    """The numbers of Section III-B's text."""
    last = run.last.number
    result = [
        _row(
            numbers.TEST_ERROR,
            run.over_seeds(last, lambda each: each.test),
            f"ours after the last pass, {last}",
        )
    ]
    if last >= numbers.TRAINING_ERROR_PASS:
        ours = run.over_seeds(numbers.TRAINING_ERROR_PASS, lambda each: each.on_the_fly)
        result.append(_row(numbers.TRAINING_ERROR, ours))
    result.append(_row(numbers.SMALLEST_STEP, run.over_seeds(1, lambda each: each.smallest_step)))
    result.append(_row(numbers.LARGEST_STEP, run.over_seeds(1, lambda each: each.largest_step)))
    return result


def _settling(run: Run) -> list[tuple[str, ...]]:
    """When the test error settles: as the text has it, and as Fig. 5 does by our rule."""
    passes = settling_passes(run)
    rule = f"first pass from which it stays within {numbers.UNCERTAINTY.value} points of the last"
    drawn = settling_pass([point.test_error for point in numbers.fig5()])
    figure = Published("pass at which the test error settles, by our rule", drawn, numbers.FIG_5)
    return [_row(numbers.SETTLING_PASS, passes, rule), _row(figure, passes, rule)]


def settling_passes(run: Run) -> Summary:
    """`settling_pass` over the seeds.

    Example:
        >>> from paper_lenet.results.trainings import made
        >>> one, two, three = (network.last for network in made(20, 11, 10).seeds.values())
        >>> run = made(10)
        >>> run.seeds[0] = run.seeds[0]._replace(passes=(one, two, three))
        >>> settling_passes(run).mean
        2.0
    """
    return over_seeds(run.values(lambda each: settling_pass(each.tests)))


def settling_pass(test_errors: Sequence[float]) -> int:
    """The first pass from which the test error stays near that of the last one.

    Near is within the paper's own uncertainty, 0.1 points. The paper says "about ten" and not how
    it judged: by this rule its own curve, Fig. 5, settles at pass 9.

    Args:
        test_errors: in percent, one a pass.

    Returns:
        The pass, counted from 1.

    Example:
        >>> settling_pass([3.0, 1.5, 1.04, 1.0, 1.0])
        3
    """
    last = test_errors[-1]
    number = len(test_errors)
    # 1e-9: a difference of exactly 0.1 points counts as near, whatever the rounding.
    near = numbers.UNCERTAINTY.value + 1e-9
    while number > 1 and abs(test_errors[number - 2] - last) <= near:
        number -= 1
    return number


def _misread(networks: Sequence[Misread]) -> list[tuple[str, ...]]:
    """Fig. 8. No equality is expected, so nothing is subtracted from its 82 patterns."""
    found = [shared(network, fig8()) for network in networks]
    note = "Fig. 8 is most likely the network trained on distortions"
    both = Published("patterns of Fig. 8 that ours misreads too", len(fig8()), numbers.FIG_8)
    # The paper prints no number for this one.
    same = Published("of these with the same answer", math.nan, numbers.FIG_8)
    return [
        _row(both, over_seeds([each.both for each in found]), note, claim=False),
        _row(same, over_seeds([each.same for each in found]), note, claim=False),
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
