"""A quantity over seeds as the cells of a table: mean and spread, and what a sample would change.

The same columns stand in the tables of all studies: mean, standard deviation and t interval over
the seeds, and Wilson's interval for one network with the mean error, which says what another sample
of test patterns would change.
"""

from __future__ import annotations

from collections.abc import Sequence

from paper_lenet.base.files import fixed
from paper_lenet.base.statistics import Interval, Summary, wilson_percent
from paper_lenet.results.trainings import Run

INTERVAL = ("mean", "low", "high")
SPREAD = ("mean", "sd", "low", "high")


def heading(name: str, parts: Sequence[str] = SPREAD) -> tuple[str, ...]:
    """The columns of a quantity, as in ``test_mean``.

    Example:
        >>> heading("test")
        ('test_mean', 'test_sd', 'test_low', 'test_high')
    """
    return tuple(f"{name}_{part}" for part in parts)


def cells(found: Summary, parts: Sequence[str] = SPREAD) -> list[str]:
    """The cells of `heading`, with four decimals; empty where one seed has no spread.

    Example:
        >>> from paper_lenet.base.statistics import over_seeds
        >>> cells(over_seeds([0.9, 1.0, 1.1]))
        ['1.0000', '0.1000', '0.7516', '1.2484']
    """
    return [fixed(getattr(found, part)) for part in parts]


def rounded(found: Summary, parts: Sequence[str] = SPREAD) -> dict[str, float]:
    """The same as numbers of a JSON file.

    Example:
        >>> from paper_lenet.base.statistics import over_seeds
        >>> rounded(over_seeds([0.9, 1.0, 1.1]), INTERVAL)
        {'mean': 1.0, 'low': 0.7516, 'high': 1.2484}
    """
    return {part: round(getattr(found, part), 4) for part in parts}


def error_heading(name: str) -> tuple[str, ...]:
    """The columns of a test error: those of `heading`, and Wilson's interval.

    Example:
        >>> error_heading("test")[-2:]
        ('wilson_low', 'wilson_high')
    """
    return (*heading(name), "wilson_low", "wilson_high")


def error_cells(run: Run, interval: Interval | None = None) -> list[str]:
    """The cells of `error_heading`, in percent.

    Args:
        run: has a trained network.
        interval: stands in the place of the t interval.

    Example:
        >>> from paper_lenet.results.trainings import made
        >>> run = made(10, 14)
        >>> error_cells(run)[:2]
        ['1.2000', '0.2828']
    """
    found = error(run)
    if interval is not None:
        found = found._replace(**interval._asdict())
    return [*cells(found), *(fixed(value) for value in wilson_of_mean(run))]


def filled(start: Sequence[str], columns: Sequence[str]) -> list[str]:
    """A row that is empty from the end of `start` on: nothing was trained.

    Example:
        >>> filled(["diverged"], ["run", "mean", "sd"])
        ['diverged', '', '']
    """
    return [*start, *[""] * (len(columns) - len(start))]


def error(run: Run) -> Summary:
    """The test error over the seeds, in percent.

    Example:
        >>> from paper_lenet.results.trainings import made
        >>> run = made(10, 14)
        >>> round(error(run).mean, 2), error(run).n
        (1.2, 2)
    """
    return run.over_seeds(run.last.number, lambda each: each.test)


def on_the_fly(run: Run) -> Summary:
    """The training error on the fly in the last pass over the seeds, in percent.

    Example:
        >>> from paper_lenet.results.trainings import made
        >>> run = made(10, 14)
        >>> on_the_fly(run).mean
        4.0
    """
    return run.over_seeds(run.last.number, lambda each: each.on_the_fly)


def wilson_of_mean(run: Run) -> Interval:
    """Wilson's interval for one network with the mean test error of `run`, in percent.

    Example:
        >>> from paper_lenet.results.trainings import made
        >>> run = made(10, 14)
        >>> [round(end, 2) for end in wilson_of_mean(run)]
        [0.69, 2.09]
    """
    return wilson_percent(error(run).mean, run.last.test_patterns)
