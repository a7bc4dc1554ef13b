"""Draws from a prior over readings of the paper (Sections II and III, Appendices A and C).

A prior gives each axis, a dotted key of the recipe, its own law; the axes are independent. Draw
number i is made from the stream (i, ``prior``, axis), one word an axis, so more draws leave the
earlier ones as they are, and an axis of its own law leaves the others.

Some axes are stated in units that keep the network the same when another axis changes:

- a coefficient is that of the average of four inputs; on their sum it is a quarter. The axes
  ``initial.coefficient_S2`` and ``initial.coefficient_S4`` give each layer its own;
- j is on the scale of the halved squared distance; without the half it is twice as much.

And two together are the recipe's ``presentation.scale``, the inputs of background and foreground:
``presentation.gain``, how much farther apart they are than printed, and ``presentation.offset``,
the share of white at which the input is zero, one of `OFFSETS`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from paper_lenet.base import streams
from paper_lenet.base.errors import RecipeError, as_key, expect, joined
from paper_lenet.base.reading import read_yaml
from paper_lenet.paper import numbers

LARGEST = 1e100  # number in a law
RANGES = ("uniform", "logarithmic")
# The shares of white, and where each is zero: MNIST's mean over the digits' own 28x28 pixels and
# over the padded 32x32, the printed constants, and the background.
PRINTED = numbers.BACKGROUND.value, numbers.FOREGROUND.value
APART = round(PRINTED[1] - PRINTED[0], 4)
OFFSETS = {"printed": -PRINTED[0] / APART, "mean_28": 0.130660, "mean_32": 0.100037}
OFFSETS |= {"background": 0.0}

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


def draws(prior: Prior, count: int, place: str = "prior", first: int = 0) -> dict[int, Changes]:
    """`count` readings by number, each a change of the recipe by dotted key.

    Args:
        prior: for each dotted key one of ``{uniform: [low, high]}``, ``{logarithmic: [low, high]}``
            (uniform in the logarithm) and ``{choice: {value: weight, ...}}``. A range may have
            ``parts: [weight, ...]`` too, the weights of so many parts that are equally likely
            without them.
        count: how many.
        first: number of the first one.
        place: names the prior in errors.

    Raises:
        RecipeError: a law is none of these.
    """
    _check(prior, place)
    return {number: draw(prior, number) for number in range(first, first + count)}


def name(number: int) -> str:
    """What draw `number` is called in a record: ``draw-007``."""
    return f"draw-{number:03d}"


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
    if "initial.coefficient_S2" in result:
        layers = (result.pop(f"initial.coefficient_{layer}") for layer in ("S2", "S4"))
        result["initial.coefficient"] = tuple(layers)
    if "presentation.gain" in result:
        apart = result.pop("presentation.gain") * APART
        zero = OFFSETS[result.pop("presentation.offset")]
        result["presentation.scale"] = tuple(_rounded(apart * (end - zero)) for end in (0, 1))
    if result.get("network.subsampling") == "sum":
        _multiply(result, "initial.coefficient", 0.25)
    if result.get("loss.half") is False:
        _multiply(result, "loss.j", 2)
    return result


def in_the_priors_units(recipe: Mapping[str, Any]) -> Changes:
    """What a recipe says on each axis, and its other keys: the inverse of `in_the_recipes_units`.

    Args:
        recipe: by part and key, as ``recipes.json`` has it.
    """
    result = leaves(recipe)
    sums = 4 if result["network.subsampling"] == "sum" else 1
    first = result["initial.coefficient"]
    both = first if isinstance(first, list | tuple) else (first, first)
    result["initial.coefficient"] = None if both[0] != both[1] else both[0] * sums
    for layer, value in zip(("S2", "S4"), both, strict=True):
        result[f"initial.coefficient_{layer}"] = value * sums
    low, high = result["presentation.scale"] or PRINTED
    result["presentation.gain"] = (high - low) / APART
    share = -low / (high - low)
    near = min(OFFSETS, key=lambda name: abs(OFFSETS[name] - share))
    result["presentation.offset"] = near if abs(OFFSETS[near] - share) < 1e-3 else None
    if not result["loss.half"]:
        result["loss.j"] /= 2
    return result


def leaves(recipe: Mapping[str, Any]) -> Changes:
    """A recipe's values by dotted key."""
    return {f"{part}.{key}": value for part, keys in recipe.items() for key, value in keys.items()}


def gain(recipe: Mapping[str, Any]) -> float:
    """How much farther apart foreground and background are than printed; recipe by part and key."""
    low, high = recipe["presentation"]["scale"] or PRINTED
    return float(high - low) / APART


def _multiply(reading: Changes, key: str, factor: float) -> None:
    value = reading.get(key)
    if isinstance(value, tuple):
        reading[key] = tuple(each * factor for each in value)
    elif isinstance(value, int | float):
        reading[key] = value * factor


def ends(law: Mapping[str, Any]) -> tuple[str, float, float]:
    """The kind of a range, one of `RANGES`, and its ends."""
    ((kind, (low, high)),) = ((kind, law[kind]) for kind in RANGES if kind in law)
    return kind, float(low), float(high)


def _value(law: Mapping[str, Any], fraction: float) -> Any:
    """The value that has `fraction` of the law's weight below it."""
    if "choice" in law:
        left = fraction * math.fsum(law["choice"].values())
        for value, weight in law["choice"].items():
            left -= weight
            if left < 0:
                return value
        return value
    kind, low, high = ends(law)
    fraction = _plain(law.get("parts", [1]), fraction)
    if kind == "uniform":
        return _rounded(low + (high - low) * fraction)
    return _rounded(low * (high / low) ** fraction)


def _plain(parts: list[float], fraction: float) -> float:
    """The share of a range, without weights, below what has `fraction` of the weights below it."""
    left = fraction * math.fsum(parts)
    for place, weight in enumerate(parts):
        if left < weight:
            return (place + left / weight) / len(parts)
        left -= weight
    return 1.0


def _rounded(value: float) -> float:
    """To four digits: what a recipe file would say, and the same wherever a power is computed."""
    return float(f"{value:.4g}")


def _check(prior: Prior, place: str) -> None:
    """Raise `RecipeError` unless every law is one that `draws` knows; `place` names the prior."""
    wanted = "one of {uniform: [low, high]}, {logarithmic: [low, high]}, {choice: {value: weight}}"
    for key, law in prior.items():
        good = isinstance(law, dict) and (_is_choice(law) or _is_range(dict(law)))
        expect(good, law, wanted, joined(place, as_key(key)))


def _is_choice(law: dict[Any, Any]) -> bool:
    what = law.get("choice")
    return len(law) == 1 and isinstance(what, dict) and _are_weights(list(what.values()))


def _is_range(law: dict[Any, Any]) -> bool:
    if not _are_weights(law.pop("parts", [1])) or len(law) != 1:
        return False
    ((kind, what),) = law.items()
    if kind not in RANGES or not isinstance(what, list) or len(what) != 2:
        return False
    least = 0 if kind == "logarithmic" else -LARGEST
    return _within(least, what[0]) and _within(what[0], what[1])


def _are_weights(what: Any) -> bool:
    return isinstance(what, list) and bool(what) and all(_within(0, each) for each in what)


def _within(low: float, number: Any) -> bool:
    """Whether it is a number above `low` and not too large."""
    return isinstance(number, int | float) and low < number < LARGEST
