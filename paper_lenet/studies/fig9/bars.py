"""Figs. 9 to 12, bar by bar: what is printed beside what came out, and whether the two agree.

A bar is what one network or program of 1998 gave. Where ours draw something, as initial weights,
the printed error is laid beside the interval for one further training of ours. Where nothing is
drawn there is one number, and it is within if it is no farther from the printed one than the
paper's own uncertainty. Of several readings of a bar the first in the file is the bar's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from paper_lenet.base.errors import expect
from paper_lenet.base.files import fixed
from paper_lenet.base.statistics import Summary
from paper_lenet.paper import classifiers
from paper_lenet.paper.numbers import UNCERTAINTY
from paper_lenet.studies.fig9.reading import Trials

WITHIN, OUTSIDE, NOT_TRIED = "within", "outside", "not tried"
COSTS = ("operations", "variables", "rejected")
HEADING = (
    *("bar", "classifier", "reading", "today", "form", "kind"),
    *("printed", "n", "mean", "sd", "low", "high", "run_low", "run_high", "difference", "verdict"),
    *("operations", "printed_operations", "variables", "printed_variables"),
    *("rejected", "rejected_of_all", "printed_rejected", "seconds"),
)


class Placed(NamedTuple):
    """A classifier in its place in the figure.

    Attributes:
        bar: what is printed; `None` for what the paper has not.
        name: the classifier's; empty for a bar that was not tried.
        outcome: what came of it; `None` for a bar that was not tried.
    """

    bar: classifiers.PrintedBar | None
    name: str = ""
    outcome: Trials | None = None

    @property
    def first(self) -> bool:
        """Whether it is the one by which its bar is judged."""
        return self.bar is not None and self.outcome is not None and self.outcome.reading == 1


def placed(outcomes: Mapping[str, Trials]) -> list[Placed]:
    """All bars in the paper's order, each with its readings; then what the paper has not.

    Raises:
        RecipeError: a classifier names a bar that Fig. 9 has not.
    """
    bars = [bar.name for bar in classifiers.CLASSIFIERS]
    for name, outcome in outcomes.items():
        known = outcome.classifier.bar in ("", *bars)
        expect(known, outcome.classifier.bar, "a bar of Fig. 9", f"{name}.bar")
    result = [each for bar in classifiers.CLASSIFIERS for each in _of(bar, outcomes)]
    rest = {name: each for name, each in outcomes.items() if not each.classifier.bar}
    return [*result, *(Placed(None, name, each) for name, each in rest.items())]


def _of(bar: classifiers.PrintedBar, outcomes: Mapping[str, Trials]) -> Iterator[Placed]:
    """The readings of a bar; before them the bar alone if its first was not tried."""
    mine = {name: each for name, each in outcomes.items() if each.classifier.bar == bar.name}
    if all(each.reading != 1 for each in mine.values()):
        yield Placed(bar)
    yield from (Placed(bar, name, each) for name, each in mine.items())


def verdict(each: Placed) -> str:
    """Whether the printed error is what ours have; empty for what the paper has not."""
    if each.bar is None:
        return ""
    if each.outcome is None:
        return NOT_TRIED
    return WITHIN if _agrees(each.outcome.error, each.bar.error) else OUTSIDE


def _agrees(ours: Summary, printed: float) -> bool:
    if ours.n == 1:
        return abs(ours.mean - printed) <= UNCERTAINTY.value + 1e-9
    half = UNCERTAINTY.unit / 2  # of the last digit that is printed of most
    return ours.run_low <= printed + half and printed - half <= ours.run_high


def row(each: Placed) -> list[object]:
    """The cells of `HEADING`: errors and shares in percent, operations and variables as counted.

    Printed operations and variables are in thousands, seconds those of one training; what there is
    none of is empty.
    """
    cells: dict[str, object] = {"classifier": each.name, "verdict": verdict(each), "n": 0}
    if each.bar is not None:
        printed = each.bar._asdict()
        costs = {f"printed_{name}": printed[name] for name in COSTS}
        cells |= {"bar": each.bar.name, "printed": each.bar.error, **costs}
    if each.outcome is not None:
        cells |= _ours(each.outcome)
        if each.bar is not None:
            cells["difference"] = fixed(each.outcome.error.mean - each.bar.error)
    found = (cells.get(name) for name in HEADING)
    return ["" if cell is None else cell for cell in found]


def _ours(outcome: Trials) -> dict[str, object]:
    """Errors over the seeds, and the means of what a classifier costs."""
    made, error = outcome.classifier, outcome.error
    numbers = {
        "mean": error.mean,
        "sd": error.sd,
        **outcome.interval._asdict(),
        "run_low": error.run_low,
        "run_high": error.run_high,
    }
    return {
        "reading": outcome.reading or None,
        "today": "yes" if made.today else "no",
        "form": made.form,
        "kind": made.kind,
        "n": error.n,
        **{name: fixed(number) for name, number in numbers.items()},
        **{name: f"{outcome.mean(name).mean:.0f}" for name in COSTS[:2]},
        **{name: fixed(outcome.mean(name).mean, 2) for name in ("rejected", "rejected_of_all")},
        "seconds": fixed(outcome.seconds, 1),
    }


def tree(each: Placed) -> dict[str, Any]:
    """A classifier beside its bar, for JSON.

    What is printed is `None` for what the paper has not, ours for a bar that was not tried.
    ``errors`` are in percent, one a seed.
    """
    printed = each.bar.error if each.bar else None
    result: dict[str, Any] = {
        "bar": each.bar.name if each.bar else None,
        "printed": printed,
        "verdict": verdict(each),
        "n": 0,
        "errors": [],
        **dict.fromkeys(("patterns", "mean", "low", "high", "run_low", "run_high", "difference")),
    }
    if each.outcome is None:
        return result
    error, interval = each.outcome.error, each.outcome.interval
    numbers = {
        "mean": error.mean,
        "low": interval.low,
        "high": interval.high,
        "run_low": error.run_low,
        "run_high": error.run_high,
        "difference": math.nan if printed is None else error.mean - printed,
    }
    found = {name: None if math.isnan(part) else round(part, 4) for name, part in numbers.items()}
    errors = [round(part, 4) for part in each.outcome.errors]
    return result | {"n": error.n, "errors": errors, "patterns": each.outcome.patterns} | found


def firsts(everyone: Sequence[Placed]) -> list[Placed]:
    """One of each bar: its first reading, or the bar alone."""
    return [each for each in everyone if each.first or (each.bar and not each.outcome)]


def key(bar: str) -> str:
    """The name of a bar in JSON: ``dist-lenet-5`` for ``[dist] LeNet-5``."""
    return re.sub(r"[^a-z0-9]+", "-", bar.lower()).strip("-")
