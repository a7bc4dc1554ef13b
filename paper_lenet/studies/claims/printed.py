"""The printed numbers by the names that ``claims.yaml`` calls them.

All are read from `numbers`, `classifiers` and the figures' data, where they are written, but for
the coefficients of Fig. 13, which the study ``recovered`` found. Functions here raise a
`ValueError` for what the paper does not print.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from paper_lenet.base.statistics import LEVEL
from paper_lenet.paper import classifiers, fig13, numbers
from paper_lenet.paper.numbers import CurvePoint, Published
from paper_lenet.studies.recognised import WRONG
from paper_lenet.studies.recovered.quantities import quantities

Printed = tuple[Published, ...]
RECOVERED = Path(__file__).with_name("network-1998.safetensors")  # the study's own file
# Of each column of `classifiers`: the figure, and one unit of the last digit that is printed.
BARS = {
    "error": ("Fig. 9", 0.1),
    "rejected": ("Fig. 10", 0.1),
    "operations": ("Fig. 11", 1),
    "variables": ("Fig. 12", 1),
}


class Plain(float):
    """A number that a text shows as ``{NAME}`` in its shortest form."""

    def __format__(self, form: str) -> str:
        return float.__format__(self, form or "g")


def named_numbers() -> dict[str, Plain]:
    """Every single number of `numbers` and `classifiers` by name, and what rules are made of."""
    ours = {"LEVEL": 100 * LEVEL, "OUTSIDE": 100 - 100 * LEVEL, "WRONG": WRONG}
    ours["SATURATED"] = fig13.SATURATED
    # Bonferroni: all passes together have the level of one interval.
    ours["TOGETHER"] = 100 * (1 - (1 - LEVEL) / numbers.PASSES.value)
    # What distortions gain in the paper: in points, and as a part of the error; and the smaller of
    # the two gains that Fig. 6 draws for twice as many patterns.
    plain, distorted = numbers.TEST_ERROR.value, numbers.DISTORTED_TEST_ERROR.value
    ours |= {"GAIN": round(plain - distorted, 9), "APART": 1 - distorted / plain}
    tests = [point.test_error for point in numbers.fig6()]
    ours["FALL"] = round(min(more - fewer for more, fewer in pairwise(tests)), 9)
    found = {name: Plain(number) for name, number in ours.items()}
    for name, number in (*vars(numbers).items(), *vars(classifiers).items()):
        if isinstance(number, Published):
            found[name] = Plain(number.value)
        elif isinstance(number, int | float):
            found[name] = Plain(number)
    return found


def constant(name: str) -> Printed:
    """What `numbers` or `classifiers` has under `name`: a number, or the two ends of a range."""
    for module in (numbers, classifiers):
        found: Any = getattr(module, name, None)
        if isinstance(found, Published):
            return (found,)
        if isinstance(found, tuple) and all(isinstance(each, Published) for each in found):
            return found
    raise ValueError(f"no printed number {name!r}")


def count(layer: str, kind: str) -> Printed:
    """The ``parameters``, ``connections`` or ``journal_connections`` of a layer, or in total."""
    row = _named((*numbers.COUNTS, numbers.TOTAL), layer, "layer")
    return (Published(f"{kind} of {layer}", _there(row, kind, layer), row.place),)


def classifier(name: str, column: str, unit: float | None = None) -> Printed:
    """One bar of Figs. 9 to 12; `unit` is given where its number is more rounded than others."""
    value = _there(_named(classifiers.CLASSIFIERS, name, "classifier"), column, name)
    place, usual = BARS[column]
    return (Published(f"{column} of {name}", value, place, usual if unit is None else unit),)


def cost(name: str) -> Printed:
    """What Figs. 11 and 12 both have of a classifier: as many operations as variables."""
    bars = [classifier(name, column)[0] for column in ("operations", "variables")]
    if bars[0].value != bars[1].value:
        raise ValueError(f"Figs. 11 and 12 print two numbers of {name}")
    return (bars[0]._replace(place="Figs. 11 and 12"),)


def fig5(error: str, first: int = 1) -> Printed:
    """The ``training`` or ``test`` error of the points from `first` on that have a pass of ours."""
    points = numbers.fig5()[first - 1 : int(numbers.PASSES.value)]
    return tuple(_point(point, error) for point in points)


def _point(point: CurvePoint, error: str) -> Published:
    value = _there(point, f"{error}_error", "Fig. 5")
    return Published(f"point {point.number}", value, numbers.FIG_5, numbers.FIG_5_STEP)


def fig6(patterns: int, error: str) -> Printed:
    """The ``training`` or ``test`` error at one of the sizes of Fig. 6."""
    point = _named(numbers.fig6(), patterns, "size")
    value = _there(point, f"{error}_error", "Fig. 6")
    return (Published(f"{error} error, %", value, numbers.FIG_6, numbers.FIG_6_STEP),)


def fig8() -> Printed:
    """How many misread patterns are drawn."""
    return (Published("misread patterns", len(numbers.fig8()), numbers.FIG_8),)


def coefficient(layer: str, kind: str) -> Printed:
    """The ``mean``, ``least`` or ``greatest`` coefficient of S2 or S4 in the recovered network."""
    what, found = f"{kind} coefficient of {layer}", quantities(RECOVERED)
    name = f"{layer}_{kind}"
    if name not in found:
        raise ValueError(f"Fig. 13 has no {what}")
    return (Published(what, round(found[name], 3), numbers.FIG_13, 0.001),)


def saturated(layer: str) -> Printed:
    """The share of a layer's states in Fig. 13 that are saturated, at least and at most."""
    share = fig13.saturated(fig13.drawn(layer))
    what = f"part of {layer}'s states beyond {fig13.SATURATED}"
    return tuple(Published(what, round(value, 3), numbers.FIG_13) for value in share)


def _named(rows: Any, name: object, what: str) -> Any:
    """The row whose first field is `name`."""
    for row in rows:
        if row[0] == name:
            return row
    raise ValueError(f"no {what} {name!r}; there are: {', '.join(str(row[0]) for row in rows)}")


def _there(row: Any, field: str, of: str) -> Any:
    """A field that has a number."""
    value = getattr(row, field, None)
    if not isinstance(value, int | float):
        raise ValueError(f"the paper prints no {field} of {of}")
    return value
