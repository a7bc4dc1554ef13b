"""What other files of results say, for the claims: data, rejection, Fig. 9, what is recognised.

Errors are in percent. Whatever is not there
raises `NotMeasured`, which says how it is made.
"""

from __future__ import annotations

from typing import Any

from paper_lenet.base.statistics import Summary, over_seeds
from paper_lenet.paper import numbers
from paper_lenet.studies.claims.model import Ours
from paper_lenet.studies.claims.results import NotMeasured, Results
from paper_lenet.studies.recognised import Curve, counted, limit, means
from paper_lenet.studies.study import PAPER

BASE = "paper/paper"
ONE_SIGMA = 0.6826894921370859  # the level of an interval of one standard deviation
FIELDS = ("field_28", "field_32")


def patterns(results: Results, part: str) -> Ours:
    """Patterns of the ``train`` or ``test`` part of today's MNIST."""
    return Ours((results.tree("preprocess.json", lambda tree: int(tree["patterns"][part])),))


def same_truth(results: Results) -> Ours:
    """Patterns of Fig. 8 whose class is that of the same place in today's test set."""
    table = f"{PAPER}/evaluate/patterns.csv"
    truth = dict(results.rows(table, lambda row: (int(row["index"]), int(row["truth"]))))
    same = sum(truth.get(pattern.test_index) == pattern.truth for pattern in numbers.fig8())
    return Ours((same,))


def shared_writers(results: Results) -> Ours:
    """Writers of patterns in both sets."""
    shared = results.analysed("writers", "writers.json", lambda tree: int(tree["shared"]["test"]))
    return Ours((shared,))


def students(results: Results, side: str, what: str) -> Ours:
    """How many ``patterns`` or ``writers`` of SD-1 there are on a side.

    The facts have as many of the part of the test set that is used.
    """
    sides = ("test", side)
    used, ours = results.analysed(
        "writers",
        "writers.json",
        lambda tree: [int(tree["sides"][each]["students"][what]) for each in sides],
    )
    return Ours((ours,), facts={"used": used})


def moment(results: Results, kind: str) -> Ours:
    """The ``mean`` or ``variance`` of the training inputs, in the field that is nearer."""
    number = {"mean": numbers.INPUT_MEAN, "variance": numbers.INPUT_VARIANCE}[kind]
    values = results.tree(
        "preprocess.json", lambda tree: {field: float(tree[field][kind]) for field in FIELDS}
    )
    best = min(values.values(), key=lambda value: abs(value - number.value))
    return Ours((best,), facts=values)


def rejected(results: Results) -> Ours:
    """Percent to reject for the paper's error on the patterns that are accepted."""
    rows = results.measured(
        "invariance",
        "needed.csv",
        lambda row: (float(row["rejected"]), float(row["rejected_of_all"])),
    )
    accepted, of_all = zip(*rows, strict=True)
    return Ours(accepted, facts={"of_all": over_seeds(of_all).mean})


def bar_error(results: Results, bar: str) -> Ours:
    """The test error of what stands for a bar of Fig. 9, mean over its seeds if it has several."""
    values, patterns = _bar(results, bar)
    return Ours((over_seeds(values).mean,), patterns)


def bar_errors(results: Results, bar: str) -> Ours:
    """The same, a value a seed."""
    return Ours(_bar(results, bar)[0])


def _bar(results: Results, bar: str) -> tuple[tuple[float, ...], int]:
    """The errors of a bar by seed, and the number of test patterns."""
    values, patterns = results.analysed("fig9", "fig9.json", lambda tree: _tried(tree, bar))
    if not values:
        raise NotMeasured(f"make fig9: {bar} is not tried yet")
    return values, patterns


def _tried(tree: dict[str, Any], bar: str) -> tuple[tuple[float, ...], int]:
    (mine,) = (each for each in tree["bars"].values() if each["bar"] == bar)
    return tuple(map(float, mine["errors"])), int(mine["patterns"] or 0)


def scales(results: Results, network: str, other: str) -> Ours:
    """The greatest scale over the smallest between which digits are recognised.

    The facts have both ends, and those of another network.
    """
    n, ends = _ends(results, network, other, "scale", 1.0)
    return Ours((ends["high"] / ends["low"],), n, facts=ends)


def reach(results: Results, network: str, other: str, transformation: str, unit: float = 1) -> Ours:
    """The smaller of the two amounts up to which they are, either way, over `unit`."""
    n, ends = _ends(results, network, other, transformation, 0.0)
    return Ours((min(-ends["low"], ends["high"]) / unit,), n, facts=ends)


def noise(results: Results, network: str) -> Ours:
    """The probability of inverting a pixel up to which they are."""
    curve, _, high = _recognised(results, network, "noise", 0.0, numbers.INVERTED.value)
    at = curve[numbers.INVERTED.value]
    return Ours((high,), at.n, facts={"error": at.mean})


def _ends(
    results: Results, network: str, other: str, name: str, neutral: float
) -> tuple[int, dict[str, float]]:
    """Of how many seeds of `network`, and the ends of it and of `other`, by the names of facts."""
    curve, low, high = _recognised(results, network, name, neutral)
    _, *beside = _recognised(results, other, name, neutral)
    names = ("low", "high", "other_low", "other_high")
    return curve[neutral].n, dict(zip(names, (low, high, *beside), strict=True))


def _recognised(
    results: Results, network: str, name: str, neutral: float, needed: float | None = None
) -> tuple[Curve, float, float]:
    """Errors by amount, and the amounts between which digits are recognised.

    Both as `limit` has them. The amount `needed`, or else `neutral`, must have been measured.
    """
    rows = results.measured("invariance", "curves.csv", counted)
    curve: dict[float, Summary] = dict(means(rows).get((name, network), {}))
    needed = neutral if needed is None else needed
    if needed not in curve:
        raise NotMeasured(f"make invariance: no {name} {needed:g} of network {network} yet")
    return curve, limit(curve, neutral, -1), limit(curve, neutral, 1)
