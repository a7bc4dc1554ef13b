"""The law of one axis of a prior, as a grid file states it.

One of ``{uniform: [low, high]}``, ``{logarithmic: [low, high]}`` (uniform in the logarithm) and
``{choice: {value: weight, ...}}``. A range may have ``parts: [weight, ...]`` too: the weights of so
many parts, which are equally likely without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.errors import as_key, expect, joined

LARGEST = 1e100  # number in a law
RANGES = ("uniform", "logarithmic")

Law = Mapping[str, Any]
Vector = NDArray[np.float64]


def is_continuous(law: Law) -> bool:
    """Whether an axis has a range, not options."""
    return "choice" not in law


def options(law: Law) -> list[Any]:
    """The options of a discrete axis."""
    return list(law["choice"])


def ends(law: Law) -> tuple[str, float, float]:
    """The kind of a range, one of `RANGES`, and its ends."""
    ((kind, (low, high)),) = ((kind, law[kind]) for kind in RANGES if kind in law)
    return kind, float(low), float(high)


def shares(law: Law) -> Vector:
    """The weights of a law's options, or of the parts of its range; they add up to 1."""
    weights = law.get("parts", [1.0]) if is_continuous(law) else list(law["choice"].values())
    return np.asarray(np.array(weights, float) / np.sum(weights))


def quantile(law: Law, fraction: Vector) -> NDArray[Any]:
    """The values that have these shares of the law's weight below them."""
    weights = shares(law)
    below = np.cumsum(weights)
    places = np.minimum(np.searchsorted(below, fraction, side="right"), len(weights) - 1)
    if not is_continuous(law):
        return np.array(options(law), object)[places]
    inside = (fraction - (below - weights)[places]) / weights[places]
    fraction = (places + np.clip(inside, 0, 1)) / len(weights)
    kind, low, high = ends(law)
    if kind == "uniform":
        return np.asarray(low + (high - low) * fraction)
    return np.asarray(low * (high / low) ** fraction)


def check(prior: Mapping[str, Law], place: str) -> None:
    """Refuse a prior of which an axis has no law; `place` names the prior.

    Raises:
        RecipeError: an entry is none of the laws above.
    """
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
