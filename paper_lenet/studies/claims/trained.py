"""What the record of trainings says, for the claims: one value a seed.

A run is named by its study, as in ``sizes/15000``. Errors are in percent. Whatever is not there
raises `NotMeasured`, which says how it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from paper_lenet.base.statistics import LEVEL, over_seeds, wilson_percent
from paper_lenet.paper import numbers
from paper_lenet.paper.numbers import Published
from paper_lenet.results import mistakes
from paper_lenet.results.beside_paper import settling_pass
from paper_lenet.results.paired import differences
from paper_lenet.results.trainings import Run, Training
from paper_lenet.studies.claims.model import Ours
from paper_lenet.studies.claims.power import of_further_run, of_rank
from paper_lenet.studies.claims.printed import fig5
from paper_lenet.studies.claims.results import PIPELINE, NotMeasured, Results

CURVES: dict[str, Callable[[Training], tuple[float, ...]]] = {
    "training": lambda each: each.on_the_fly,
    "test": lambda each: each.tests,
}
BASE = "paper/paper"
ONE_SIGMA = 0.6826894921370859  # the level of an interval of one standard deviation
STEPS = ("smallest_step", "largest_step")  # columns of ``runs.csv`` that are of pass 1


def column(results: Results, run: str, name: str) -> Ours:
    """A column of ``runs.csv``: a step of pass 1, or what was measured on the trained network."""
    found = _run(results, run)
    if name in STEPS:
        return _seeds(found, found.values(lambda each: getattr(each.first, name)))
    measures = [each.measures for each in found.seeds.values()]
    return _seeds(found, [each[name] for each in measures if name in each])


def test_error(results: Results, run: str) -> Ours:
    """The test error after the last pass."""
    found = _run(results, run)
    return _seeds(found, found.tests.values())


def last_error(results: Results, run: str) -> Ours:
    """The training error on the fly in the last pass."""
    found = _run(results, run)
    after = found.values(lambda each: each.last.after)
    facts = {"after": over_seeds(after)} if after else {}
    return _seeds(found, found.values(lambda each: each.last.on_the_fly))._replace(facts=facts)


def error_in_pass(results: Results, run: str, error: str, number: float) -> Ours:
    """The ``training`` error on the fly, or the ``test`` error, in one pass, counted from 1."""
    found = _run(results, run)
    return _seeds(found, [curve[int(number) - 1] for curve in _curves(found, error)])


def settling(results: Results, run: str) -> Ours:
    """The pass at which the test error settles, by our rule."""
    drawn = settling_pass([point.test_error for point in numbers.fig5()])
    values = [float(settling_pass(curve)) for curve in _curves(_run(results, run), "test")]
    return Ours(tuple(values), facts={"drawn": drawn})


def rise(results: Results, run: str, start: float) -> Ours:
    """The test error after the last pass less that after pass `start`."""
    curves = _curves(_run(results, run), "test")
    return Ours(tuple(curve[-1] - curve[int(start) - 1] for curve in curves))


def crossing(results: Results, run: str) -> Ours:
    """Whether the training error on the fly begins above the test error, and ends below it."""
    found = _run(results, run)
    pairs = zip(*(_curves(found, error) for error in ("training", "test")), strict=True)
    return Ours(tuple(one[0] > other[0] and one[-1] < other[-1] for one, other in pairs))


def converged(results: Results, run: str, other: str) -> Ours:
    """Whether a training ends, with no more than twice the paper's test error.

    The facts have how many trainings of another run `failed`, and `of` how many.
    """
    good, beside = _converged(_run(results, run)), _converged(results.run(other))
    return Ours(good, facts={"failed": beside.count(False), "of": len(beside)})


def _converged(run: Run) -> tuple[bool, ...]:
    good = [error <= 2 * numbers.TEST_ERROR.value for error in run.tests.values()]
    return (*good, *[False] * run.diverged)


def curve_inside(results: Results, run: str, error: str) -> Ours:
    """Which points of Fig. 5 one further run of ours may have, all passes taken together.

    The power is a part of the error: a curve off by it in every pass would be outside in the pass
    that tells most, in as many cases as power asks for.
    """
    found = _run(results, run)
    points, passes = fig5(error), _by_pass(found, error)
    level = 1 - (1 - LEVEL) / len(points)
    inside = _inside(passes, points, level)
    outside = [point.what for point, good in zip(points, inside, strict=True) if not good]
    parts = [
        (of_further_run(each.sd, each.n, level) + point.unit / 2) / point.value
        for each, point in zip(map(over_seeds, passes), points, strict=True)
    ]
    facts = {
        "usual": sum(_inside(passes, points, LEVEL)),
        "outside": f"; outside: {', '.join(outside)}" if outside else "",
    }
    return Ours(tuple(inside), len(found.seeds), facts=facts, power=min(parts))


def curve_apart(results: Results, run: str, error: str, first: int) -> Ours:
    """The greatest difference of our mean curve from Fig. 5, from pass `first` on."""
    found, points = _run(results, run), fig5(error, first)
    averages = [over_seeds(values).mean for values in _by_pass(found, error)][first - 1 :]
    apart = [mean - point.value for mean, point in zip(averages, points, strict=True)]
    worst = max(apart, key=abs)
    return Ours((worst,), len(found.seeds), facts={"point": points[apart.index(worst)].what})


def sampling_error(results: Results, run: str) -> Ours:
    """Half of Wilson's interval of one standard deviation, for the mean test error."""
    found = _run(results, run)
    tests, count = over_seeds([*found.tests.values()]), found.last.test_patterns
    low, high = wilson_percent(tests.mean, count, ONE_SIGMA)
    return Ours(((high - low) / 2,), count, facts={"sd": tests.sd})


def difference(results: Results, run: str, other: str) -> Ours:
    """The test error less that of another run, in points, within seeds."""
    return Ours(tuple(differences(results.run(run), results.run(other))))


def smallest_gain(results: Results, *runs: str) -> Ours:
    """The test error of a run less that of the next, in points, within seeds: the least sure."""
    found = [results.run(run) for run in runs]
    parts = [tuple(differences(one, other)) for one, other in pairwise(found)]
    return Ours(min(parts, key=lambda part: over_seeds(part).low if len(part) > 1 else -1e9))


def fig8_shared(results: Results, run: str) -> Ours:
    """How many of Fig. 8's patterns a network misreads as well, whatever the answer.

    The power is that of the rank among the seeds, by how many patterns each shares with the others.

    p is that of a test of exchangeability (`paper_lenet.results.mistakes`): if the network of
    Fig. 8 were one more seed, it would be as like ours as they are like each other.
    """
    found = results.run(run)
    networks = found.misread
    ours = _seeds(found, [each.both for each in map(_with_fig8, networks)])
    if not networks:
        return ours
    spread = over_seeds(mistakes.shared_with_others(networks)).sd
    place, same = (mistakes.rank(networks, answer) for answer in (False, True))
    two = [pair.both for pair in mistakes.pairs(networks)]
    facts = {
        "two": sum(two) / max(1, len(two)),
        "place": place.rank,
        "of": len(place.likeness),
        "p": place.p,
        "p_same": same.p,
    }
    return ours._replace(p=place.p, facts=facts, power=of_rank(spread, len(networks)))


def fig8_likeness(results: Results, run: str, other: str) -> Ours:
    """Jaccard's index of a network's misread patterns with Fig. 8's, beside that of another run."""
    ours, beside = (
        tuple(_with_fig8(network).jaccard for network in results.run(name).misread)
        for name in (run, other)
    )
    return Ours(ours, other=beside, facts={"other": over_seeds(beside)} if beside else {})


def _run(results: Results, name: str) -> Run:
    """A run; that of the paper's recipe must have two seeds or more, and as many passes."""
    run, passes = results.run(name), int(numbers.PASSES.value)
    short = len(run.seeds) < 2 or run.last.number != passes
    if name == BASE and short:
        raise NotMeasured(f"make {PIPELINE}: it takes two seeds or more of {passes} passes")
    return run


def _with_fig8(network: mistakes.Misread) -> mistakes.Shared:
    return mistakes.shared(network, mistakes.fig8())


def _seeds(run: Run, values: Iterable[float]) -> Ours:
    return Ours(tuple(values), diverged=run.diverged)


def _curves(run: Run, error: str) -> list[tuple[float, ...]]:
    """Each seed's error, by pass."""
    return [CURVES[error](each) for each in run.seeds.values()]


def _by_pass(run: Run, error: str) -> list[tuple[float, ...]]:
    """Each pass's error, one a seed."""
    return list(zip(*_curves(run, error), strict=True))


def _inside(
    passes: Sequence[Sequence[float]], points: Sequence[Published], level: float
) -> list[bool]:
    """Whether the interval for one further run contains each point, to its rounding."""
    intervals = [over_seeds(values, level) for values in passes]
    return [
        found.run_low <= point.value + point.unit / 2
        and point.value - point.unit / 2 <= found.run_high
        for found, point in zip(intervals, points, strict=True)
    ]
