"""Claims on invariance and noise: Section III-E, Fig. 13.

The paper names ranges of correct recognition, estimated, without error rates. The study
``invariance`` has the errors of networks trained on clean patterns and on patterns with inverted
pixels; the figure's network was of the second kind.
"""

from __future__ import annotations

from collections.abc import Callable

from paper_lenet.base.statistics import Summary, over_seeds
from paper_lenet.paper import numbers
from paper_lenet.paper.numbers import Published
from paper_lenet.studies.claims.model import Claim, Finding, Tolerance
from paper_lenet.studies.claims.results import NotMeasured, Results
from paper_lenet.studies.claims.rules import holds

STUDY, FILE = "invariance", "curves.csv"
NETWORKS = {"paper": "clean patterns", "inverted": "a tenth of the pixels inverted"}
SHIFT, SCALE, ROTATION, NOISE = "shift down, pixels", "scale", "rotation, degrees", "noise"
WRONG = 10.0  # percent
HEIGHT = numbers.LARGEST_DIGIT.value

RECOGNISED = Tolerance(
    f"at the stated limits, and everywhere between them, at most {WRONG:g}% are misread, on "
    "average over the seeds",
    "the paper calls it correct recognition and names no rate; one in ten misread, ten times the "
    "error of undistorted digits, is a wide reading of it",
)

Curve = dict[float, Summary]


def claims() -> list[Claim]:
    """The claims of this theme."""
    result = []
    for network in NETWORKS:
        result += [_scale(network), _shift(network), _rotation(network)]
    return [*result, _noise()]


def curve(results: Results, network: str, transformation: str, needed: float) -> Curve:
    """Error in percent over the seeds, by amount in increasing order, `needed` among them."""
    values: dict[float, list[float]] = {}
    for row in results.of_study(STUDY, FILE):
        if (row["network"], row["transformation"]) == (network, transformation):
            error = 100 * int(row["errors"]) / int(row["patterns"])
            values.setdefault(float(row["amount"]), []).append(error)
    if needed not in values:
        raise NotMeasured(f"make {STUDY}: no {transformation} {needed:g} of network {network} yet")
    return {amount: over_seeds(values[amount]) for amount in sorted(values)}


def recognised(found: Curve, neutral: float) -> tuple[float, float]:
    """The smallest and greatest amount up to which no mean error is beyond `WRONG`.

    Both are `neutral` if that itself is beyond it.
    """
    ends = []
    for side in (-1, 1):
        end = neutral
        for amount in sorted(found, key=lambda amount: side * amount):
            if side * amount >= side * neutral:
                if found[amount].mean > WRONG:
                    break
                end = amount
        ends.append(end)
    return ends[0], ends[1]


def _claim(
    name: str,
    network: str,
    statement: str,
    printed: Published,
    test: str,
    judge: Callable[[Results], Finding],
) -> Claim:
    return Claim(
        f"{name}-{network}",
        f"{statement}; our networks trained on {NETWORKS[network]}",
        (printed,),
        printed.place,
        test,
        RECOGNISED,
        judge,
    )


def _scale(network: str) -> Claim:
    printed = numbers.SCALE_FACTOR

    def judge(results: Results) -> Finding:
        found = curve(results, network, SCALE, 1.0)
        low, high = recognised(found, 1.0)
        note = f"scales {low:g} to {high:g}; beyond, digits leave the field or lose their strokes"
        return Finding(holds(high / low >= printed.value), high / low, n=found[1.0].n, note=note)

    return _claim(
        "invariance-scale",
        network,
        "digits are recognised over scales that differ by about this factor",
        printed,
        "the greatest scale over the smallest between which it holds",
        judge,
    )


def _shift(network: str) -> Claim:
    printed = numbers.VERTICAL_SHIFT

    def judge(results: Results) -> Finding:
        found = curve(results, network, SHIFT, 0.0)
        low, high = recognised(found, 0.0)
        ours = min(-low, high) / HEIGHT
        note = f"{low:g} to {high:g} pixels, of a box of {HEIGHT:g}"
        return Finding(holds(ours >= printed.value), ours, n=found[0.0].n, note=note)

    return _claim(
        "invariance-shift",
        network,
        "digits are recognised when shifted up or down by about this part of their height",
        printed,
        "the smaller of the two shifts up to which it holds, as a part of the height of the box",
        judge,
    )


def _rotation(network: str) -> Claim:
    printed = numbers.ROTATION

    def judge(results: Results) -> Finding:
        found = curve(results, network, ROTATION, 0.0)
        low, high = recognised(found, 0.0)
        note = f"{low:g} to {high:g} degrees"
        return Finding(
            holds(min(-low, high) >= printed.value), min(-low, high), n=found[0.0].n, note=note
        )

    return _claim(
        "invariance-rotation",
        network,
        "digits are recognised when rotated by up to so many degrees either way",
        printed,
        "the smaller of the two angles up to which it holds",
        judge,
    )


def _noise() -> Claim:
    printed = numbers.INVERTED

    def judge(results: Results) -> Finding:
        found = curve(results, "inverted", NOISE, printed.value)
        at = found[printed.value]
        note = f"at that noise {at.mean:.2f}% are misread"
        _, high = recognised(found, 0.0)
        return Finding(holds(high >= printed.value), high, n=at.n, note=note)

    return _claim(
        "noise",
        "inverted",
        "digits are recognised with each pixel inverted with this probability",
        printed,
        "the probability up to which it holds",
        judge,
    )
