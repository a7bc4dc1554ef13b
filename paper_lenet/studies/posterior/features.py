"""Readings as points: what a reading is to the emulator.

A reading is given by the axes of `prior`, in the prior's units: a coefficient on the average of
four inputs, j on the scale of the halved squared distance. An axis with a range, or whose
options are fractions from the least to the greatest, gives one feature; another gives one less than
it has options. All are from -1 to 1. Two axes do nothing under eq. 8, which has no rubbish
class and whose second derivative is a constant: j is then in the middle of its range, and
``step.output`` is ``constant``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from paper_lenet.studies.laws import Law, ends, is_continuous, options
from paper_lenet.studies.prior import Prior, in_the_priors_units, leaves

Reading = dict[str, Any]
Readings = dict[str, NDArray[Any]]
Matrix = NDArray[np.float64]
ROUNDED = 1e-3  # of a range: a recipe states its numbers to four digits
SILENT_UNDER_8 = ("loss.j", "step.output")
# Keys of a recipe that axes of a prior give in other units.
IN_UNITS = ("initial.coefficient", "presentation.scale")


def reading(recipe: Mapping[str, Any], prior: Prior) -> Reading | None:
    """The reading of a recipe, as ``recipes.json`` has it; `None` if outside the prior's range."""
    known = in_the_priors_units(recipe)
    found = {key: known[key] for key in prior}
    if found.get("loss.equation") == 8 and "loss.j" in found:
        found["loss.j"] = _middle(prior["loss.j"])
    inside = (_inside(found[key], law) for key, law in prior.items())
    return found if all(inside) else None


def apart(recipe: Mapping[str, Any], prior: Prior) -> dict[str, Any]:
    """What a recipe fixes beside the prior's axes, by dotted key: equal for comparable runs."""
    return {
        key: value
        for key, value in leaves(recipe).items()
        if key not in prior and key not in IN_UNITS
    }


def gather(found: list[Reading]) -> Readings:
    """Readings one by one as arrays by axis."""
    result: Readings = {}
    for key in found[0]:
        values = [each[key] for each in found]
        continuous = isinstance(values[0], float)
        result[key] = np.array(values, float if continuous else object)
    return result


def asked(key: str, readings: Readings) -> NDArray[np.bool_]:
    """Of which readings an axis is to be asked, (m,): of j only those under eq. 9."""
    if key in SILENT_UNDER_8 and "loss.equation" in readings:
        return np.asarray(readings["loss.equation"] == 9)
    return np.ones(len(readings[key]), bool)


def columns_of(prior: Prior) -> list[tuple[str, str]]:
    """What each feature of `matrix` is: an axis, and the option that it stands for, or nothing."""
    result = []
    for key, law in prior.items():
        scaled = is_continuous(law) or isinstance(options(law)[0], float)
        result += [(key, "")] if scaled else [(key, str(each).lower()) for each in options(law)[1:]]
    return result


def matrix(readings: Readings, prior: Prior) -> Matrix:
    """The features of readings, (readings, features), each from -1 to 1."""
    columns = []
    for key, law in prior.items():
        quiet, values = ~asked(key, readings), readings[key]
        if is_continuous(law):
            columns.append(np.where(quiet, 0.0, _scaled(values.astype(float), law)))
            continue
        first, *others = options(law)
        if isinstance(first, float):
            column = 2 * (values.astype(float) - first) / (others[-1] - first) - 1
            columns.append(np.where(quiet, -1.0, column))
            continue
        columns += [np.where(~quiet & (values == other), 1.0, -1.0) for other in others]
    return np.column_stack(columns)


def _scaled(values: Matrix, law: Law) -> Matrix:
    kind, low, high = ends(law)
    if kind == "logarithmic":
        values, low, high = np.log(values), math.log(low), math.log(high)
    return np.asarray((2 * values - low - high) / (high - low))


def _middle(law: Law) -> float:
    kind, low, high = ends(law)
    return math.sqrt(low * high) if kind == "logarithmic" else (low + high) / 2


def _inside(value: Any, law: Law) -> bool:
    if not is_continuous(law):
        return value in law["choice"]
    _, low, high = ends(law)
    slack = ROUNDED * (high - low)
    return isinstance(value, int | float) and low - slack <= value <= high + slack
