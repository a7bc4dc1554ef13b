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
from pathlib import Path
from typing import Any

from paper_lenet.base import streams
from paper_lenet.base.errors import RecipeError, as_key, expect, joined
from paper_lenet.base.reading import read_yaml

LARGEST = 1e100  # number in a law

Prior = Mapping[str, Mapping[str, Any]]
Changes = dict[str, Any]


def read_prior(grid: Path) -> Prior:
    """The prior that a grid file states.

    Raises:
        RecipeError: the file is missing, is not YAML, or states none.
    """
    return stated(read_yaml(grid), grid)


def stated(tree: Any, grid: Path) -> Prior:
    """The prior in the entries of a grid file; `grid` names it in errors.

    Raises:
        RecipeError: there is none, or one of its laws is none.
    """
    laws: Prior | None = tree.get("prior") if isinstance(tree, dict) else None
    place = f"{grid}: prior"
    if not isinstance(laws, dict) or not laws:
        raise RecipeError("not a mapping of keys to laws", place)
    _check(laws, place)
    return laws


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
    _check(prior, place)
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
    if result.get("network.subsampling") == "sum":
        _multiply(result, "initial.coefficient", 0.25)
    if result.get("loss.half") is False:
        _multiply(result, "loss.j", 2)
    return result


def _multiply(reading: Changes, key: str, factor: float) -> None:
    if isinstance(reading.get(key), int | float):
        reading[key] *= factor


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


def _check(prior: Prior, place: str) -> None:
    """Raise `RecipeError` unless every law is one that `draws` knows; `place` names the prior."""
    wanted = "one of {uniform: [low, high]}, {logarithmic: [low, high]}, {choice: {value: weight}}"
    for key, law in prior.items():
        good = isinstance(law, dict) and len(law) == 1 and _is_law(*law.items())
        expect(good, law, wanted, joined(place, as_key(key)))


def _is_law(entry: tuple[Any, Any]) -> bool:
    kind, what = entry
    if kind == "choice":
        return isinstance(what, dict) and bool(what) and all(_within(0, w) for w in what.values())
    if kind not in ("uniform", "logarithmic") or not isinstance(what, list) or len(what) != 2:
        return False
    least = 0 if kind == "logarithmic" else -LARGEST
    return _within(least, what[0]) and _within(what[0], what[1])


def _within(low: float, number: Any) -> bool:
    """Whether it is a number above `low` and not too large."""
    return isinstance(number, int | float) and low < number < LARGEST
