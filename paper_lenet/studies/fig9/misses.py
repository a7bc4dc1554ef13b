"""The bars that ours miss by most, and how the settings that the paper leaves open were chosen.

A miss is measured as a factor, ours over the printed error or the reverse: half a point is little
of 12% and much of 1.1%. Settings were chosen on training patterns kept apart, and never by the test
set, so that a miss may not be mended by them either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from paper_lenet.base.files import fixed
from paper_lenet.base.statistics import over_seeds
from paper_lenet.studies.fig9.bars import OUTSIDE, Placed, verdict
from paper_lenet.studies.fig9.reading import Choice, Trials

WORST = 3
MISSES = ("bar", "classifier", "printed", "ours", "difference", "factor", "tried")
CHOICES = (
    *("classifier", "setting", "value", "seeds", "patterns"),
    *("error", "least", "greatest", "chosen"),
)


def missed(everyone: Iterable[Placed]) -> list[tuple[float, Placed]]:
    """The bars whose verdict is outside, by the factor, the worst first."""
    found = [(_factor(each), each) for each in everyone if each.first and verdict(each) == OUTSIDE]
    return sorted(found, key=lambda each: -each[0])


def _factor(each: Placed) -> float:
    assert each.bar is not None and each.outcome is not None
    ours = max(each.outcome.error.mean, 100 / each.outcome.patterns)  # one pattern, if none
    return max(ours / each.bar.error, each.bar.error / ours)


def miss_row(factor: float, each: Placed, choices: Sequence[Choice]) -> list[object]:
    """The cells of `MISSES`: percent, points, and the candidates of each open setting in words."""
    assert each.bar is not None and each.outcome is not None
    ours = each.outcome.error.mean
    numbers = each.bar.error, fixed(ours), fixed(ours - each.bar.error), fixed(factor, 2)
    return [each.bar.name, each.name, *numbers, _tried(each.name, choices) or "nothing else"]


def _tried(name: str, choices: Sequence[Choice]) -> str:
    values: dict[str, dict[str, None]] = {}  # of each setting, in the order of the record
    for choice in choices:
        if choice.classifier == name:
            values.setdefault(choice.setting, {})[choice.value] = None
    return "; ".join(f"{setting} {', '.join(of)}" for setting, of in values.items())


def choice_rows(choices: Sequence[Choice], outcomes: Mapping[str, Trials]) -> list[list[object]]:
    """The cells of `CHOICES`, of what was trained; errors in percent over the seeds."""
    groups: dict[tuple[str, str, str], list[Choice]] = {}
    for choice in choices:
        if choice.classifier in outcomes:
            groups.setdefault((choice.classifier, choice.setting, choice.value), []).append(choice)
    result: list[list[object]] = []
    for (name, setting, value), mine in groups.items():
        error = over_seeds([100 * each.errors / each.patterns for each in mine], floor=0)
        settings = outcomes[name].classifier.settings
        chosen = "yes" if str(getattr(settings, setting, "")) == value else "no"
        numbers = map(fixed, (error.mean, error.least, error.greatest))
        result.append([name, setting, value, error.n, mine[0].patterns, *numbers, chosen])
    return result
