"""Draws from a prior over readings of the paper (Sections II and III, Appendices A and C).

A prior gives each axis, a dotted key of the recipe, its own law; the axes are independent. Draw
number i is made from the stream (i, ``prior``, axis), one word an axis, so more draws leave the
earlier ones as they are, and an axis of its own law leaves the others.

Two axes are stated in units that keep the network the same when another axis changes:

- a coefficient is that of the average of four inputs; on their sum it is a quarter;
- j is on the scale of the halved squared distance; without the half it is twice as much.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from paper_lenet.base import streams
from paper_lenet.network.recipe import RecipeError

Prior = Mapping[str, Mapping[str, Any]]
Changes = dict[str, Any]


def draws(prior: Prior, count: int, place: str = "prior") -> dict[str, Changes]:
    """`count` readings, ``draw-000`` and so on, each a change of the recipe by dotted key.

    Args:
        prior: for each dotted key one of ``{uniform: [low, high]}``, ``{logarithmic: [low, high]}``
            (uniform in the logarithm) and ``{choice: {value: weight, ...}}``.
        count: how many.
        place: names the prior in errors.

    Raises:
        RecipeError: a law is none of these.
    """
    for key, law in prior.items():
        _check(law, f"{place}.{key}")
    return {f"draw-{number:03d}": draw(prior, number) for number in range(count)}


def draw(prior: Prior, number: int) -> Changes:
    """Reading `number`, as changes of the recipe."""
    result = {
        key: _value(law, float(streams.uniform(streams.key(number, "prior", axis), 1)[0]))
        for axis, (key, law) in enumerate(prior.items())
    }
    return in_the_recipes_units(result)


def in_the_recipes_units(reading: Mapping[str, Any]) -> Changes:
    """A reading in the prior's units as changes of the recipe; see this module's text."""
    result = dict(reading)
    if result.get("network.subsampling") == "sum" and "initial.coefficient" in result:
        result["initial.coefficient"] /= 4
    if result.get("loss.half") is False and "loss.j" in result:
        result["loss.j"] *= 2
    return result


def _value(law: Mapping[str, Any], fraction: float) -> Any:
    """The value that has `fraction` of the law's weight below it."""
    ((kind, what),) = law.items()
    if kind == "choice":
        left = fraction * math.fsum(what.values())
        for value, weight in what.items():
            left -= weight
            if left < 0:
                return value
        return value
    low, high = map(float, what)
    if kind == "uniform":
        return _rounded(low + (high - low) * fraction)
    return _rounded(low * (high / low) ** fraction)


def _rounded(value: float) -> float:
    """To four digits: what a recipe file would say, and the same wherever a power is computed."""
    return float(f"{value:.4g}")


def _check(law: Any, place: str) -> None:
    wanted = "one of {uniform: [low, high]}, {logarithmic: [low, high]}, {choice: {value: weight}}"
    if not isinstance(law, dict) or len(law) != 1:
        raise RecipeError(f"{place}: {law!r} is not {wanted}")
    ((kind, what),) = law.items()
    if kind == "choice":
        good = isinstance(what, dict) and bool(what) and all(_positive(w) for w in what.values())
    else:
        good = kind in ("uniform", "logarithmic") and isinstance(what, list) and len(what) == 2
        good = good and all(isinstance(part, int | float) for part in what) and what[0] < what[1]
        good = good and (kind == "uniform" or what[0] > 0)
    if not good:
        raise RecipeError(f"{place}: {law!r} is not {wanted}")


def _positive(weight: Any) -> bool:
    return isinstance(weight, int | float) and weight > 0
