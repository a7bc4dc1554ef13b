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

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from paper_lenet.base import streams
from paper_lenet.base.errors import RecipeError
from paper_lenet.base.reading import read_yaml
from paper_lenet.paper import numbers
from paper_lenet.studies.laws import Law, check, is_continuous, quantile

# The shares of white, and where each is zero: MNIST's mean over the digits' own 28x28 pixels and
# over the padded 32x32, the printed constants, and the background.
PRINTED = numbers.BACKGROUND.value, numbers.FOREGROUND.value
APART = round(PRINTED[1] - PRINTED[0], 4)
OFFSETS = {"printed": -PRINTED[0] / APART, "mean_28": 0.130660, "mean_32": 0.100037}
OFFSETS |= {"background": 0.0}

PAIRS = (
    ("initial.coefficient_S2", "initial.coefficient_S4"),
    ("presentation.gain", "presentation.offset"),
)

Prior = Mapping[str, Law]
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
        RecipeError: there is none, one of its laws is none, or an axis lacks its other half.
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
        prior: for each dotted key a law.
        count: how many.
        first: number of the first one.
        place: names the prior in errors.

    Raises:
        RecipeError: a law is none of these, or an axis lacks its other half.
    """
    _check(prior, place)
    return {number: draw(prior, number) for number in range(first, first + count)}


def name(number: int) -> str:
    """What draw `number` is called in a record: ``draw-007``."""
    return f"draw-{number:03d}"


def draw(prior: Prior, number: int) -> Changes:
    """Reading `number`, as changes of the recipe."""
    result = {}
    for axis, (key, law) in enumerate(prior.items()):
        (value,) = quantile(law, streams.uniform(streams.key(number, "prior", axis), 1))
        result[key] = _rounded(float(value)) if is_continuous(law) else value
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
    result["presentation.gain"] = gain(recipe)
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


def _check(prior: Prior, place: str) -> None:
    check(prior, place)
    for pair in PAIRS:
        there = [axis for axis in pair if axis in prior]
        if len(there) == 1:
            raise RecipeError(
                f"goes with {' and '.join(pair)}, and one is missing", f"{place}: {there[0]}"
            )


def _multiply(reading: Changes, key: str, factor: float) -> None:
    value = reading.get(key)
    if isinstance(value, tuple):
        reading[key] = tuple(each * factor for each in value)
    elif isinstance(value, int | float):
        reading[key] = value * factor


def _rounded(value: float) -> float:
    """To four digits: what a recipe file would say, and the same wherever a power is computed."""
    return float(f"{value:.4g}")
