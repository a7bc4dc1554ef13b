"""The study ``gain``: may the printed constants of the input stay (Section II-B, p. 2284)?

The paper prints -0.1 and 1.175 for background and foreground and says that mean and variance of the
input are then roughly 0 and 1. Both cannot be so. A reading that takes the sentence as true and the
constants as wrong has a gain: foreground and background lie farther apart than printed.

The rule for the recipe `paper`, fixed before any of these trainings: it changes only if a reading
meets, over its seeds,

- the curve: the root mean square of its mean curve's distance from Fig. 5 over passes 3 to 20 is no
  larger than that of the recipe `paper`;
- the steps: the mean smallest and the mean largest step of pass 1 round to the printed digits;
- the recovered network: it lies inside the interval for one further run in more places than it does
  with the recipe `paper`. Fig. 13 cannot see the gain by itself, a free scale of C1: so C1's size
  counts times the gain.

No test error enters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from paper_lenet.base.files import fixed, significant, write_csv, write_json
from paper_lenet.base.statistics import over_seeds
from paper_lenet.paper import numbers
from paper_lenet.paper.numbers import Published
from paper_lenet.results.trainings import Run, read_study
from paper_lenet.studies import inputs
from paper_lenet.studies.prior import PRINTED, gain
from paper_lenet.studies.readings import deviations, mean_curve, rms, seed_rms
from paper_lenet.studies.recovered.quantities import QUANTITIES, quantities
from paper_lenet.studies.recovered.record import NETWORK
from paper_lenet.studies.study import PAPER, Folders, Study

PRINTED_STEPS = numbers.SMALLEST_STEP, numbers.LARGEST_STEP
INVERTED = "_inverted"  # ends the name of the run that trains a reading as Fig. 13 was
SHOWN = (1, 2, 3, 5, 10, 13, 19, 20)
HEADING = (
    *("run", "background", "foreground", "gain", "seeds"),
    *(f"on_the_fly_{number}" for number in SHOWN),
    *("rms", "seed_rms_low", "seed_rms_high", "worst", "smallest_step", "largest_step"),
    *("inside", "places", "curve", "steps", "recovered", "verdict"),
)
PLACES = ("run", "quantity", "theirs", "mean", "run_low", "run_high", "inside")


class Place(NamedTuple):
    """One quantity of the recovered network beside one reading.

    Attributes:
        quantity: one of `QUANTITIES`.
        theirs: of the network of 1998.
        mean: ours, over seeds.
        low: of the interval for one further run of ours.
        high: of the same.
    """

    quantity: str
    theirs: float
    mean: float
    low: float
    high: float

    @property
    def inside(self) -> bool:
        """Whether one further run of ours may be theirs."""
        return self.low <= self.theirs <= self.high


def analyse(folders: Folders) -> None:
    """Write ``readings.csv``, ``places.csv`` and ``gain.json``.

    Raises:
        FileError: the network of 1998 has not been recovered.
        TableError: a record of trainings is not whole.
    """
    own = read_study(folders.trained())
    runs = {PAPER: read_study(folders.trained(PAPER))[PAPER], **own}
    network = quantities(folders.results("recovered") / NETWORK)
    names = [name for name in runs if f"{name}{INVERTED}" in runs]
    found = {name: places(runs[f"{name}{INVERTED}"], network) for name in names}
    kept = {name: kept_by(runs, name, found[name], found[PAPER]) for name in names}
    rows = [row(name, runs[name], found[name], kept[name]) for name in names]
    write_csv(folders.results() / "readings.csv", HEADING, rows)
    write_csv(folders.results() / "places.csv", PLACES, _places(found))
    taken = [name for name in names if name != PAPER and all(kept[name])]
    write_json(folders.results() / "gain.json", {"readings": len(names) - 1, "taken": taken})


def places(inverted: Run, network: Mapping[str, float]) -> list[Place]:
    """The recovered network beside the seeds of one reading, trained with inverted pixels."""
    result = []
    for name in QUANTITIES:
        scale = gain(inverted.recipe) if name == "C1_rms" else 1.0
        ours = over_seeds([scale * one.measures[name] for one in inverted.seeds.values()])
        result.append(Place(name, network[name], ours.mean, ours.run_low, ours.run_high))
    return result


def kept_by(
    runs: Mapping[str, Run], name: str, found: list[Place], of_paper: list[Place]
) -> tuple[bool, bool, bool]:
    """Whether a reading meets the curve, the steps and the recovered network by the rule.

    One of which a seed diverged does not meet what that seed was trained for.
    """
    run, inverted = runs[name], runs[f"{name}{INVERTED}"]
    inside, before = (sum(each.inside for each in some) for some in (found, of_paper))
    return (
        not run.failed and _rms(run) <= _rms(runs[PAPER]),
        all(_rounds_to(*pair) for pair in zip(steps(run), PRINTED_STEPS, strict=True)),
        not inverted.failed and inside > before,
    )


def steps(run: Run) -> tuple[float, float]:
    """The smallest and the largest step of pass 1, means over the seeds."""
    return (
        over_seeds(run.values(lambda each: each.first.smallest_step)).mean,
        over_seeds(run.values(lambda each: each.first.largest_step)).mean,
    )


def _rounds_to(value: float, printed: Published) -> bool:
    return abs(value - printed.value) <= printed.unit / 2


def _rms(run: Run) -> float:
    return rms(deviations(mean_curve(run)))


def row(name: str, run: Run, found: list[Place], kept: tuple[bool, bool, bool]) -> list[str]:
    """The cells of `HEADING`."""
    scale = run.recipe["presentation"]["scale"] or PRINTED
    curve, seeds = mean_curve(run), seed_rms(run)
    words = ["yes" if each else "no" for each in kept]
    verdict = "today's" if name == PAPER else "taken" if all(kept) else "not taken"
    return [
        *(name, *(significant(each, 4) for each in scale), significant(gain(run.recipe), 3)),
        str(len(run.seeds)),
        *(fixed(curve[number - 1], 3) for number in SHOWN),
        *(fixed(each) for each in (_rms(run), seeds.low, seeds.high)),
        fixed(max(deviations(curve), key=abs), 3),
        *(significant(each, 3) for each in steps(run)),
        *(str(sum(each.inside for each in found)), str(len(found)), *words, verdict),
    ]


def _places(found: Mapping[str, list[Place]]) -> Iterator[tuple[str, ...]]:
    for run, some in found.items():
        for each in some:
            values = (each.theirs, each.mean, each.low, each.high)
            word = "yes" if each.inside else "no"
            yield run, each.quantity, *(significant(value, 4) for value in values), word


STUDY = Study(examine=inputs.examine, analyse=analyse)
