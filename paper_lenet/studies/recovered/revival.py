"""The network of 1998 revived: C1 to S4 as recovered, C5 and F6 trained on top of them.

Fig. 13 cannot give the 58,284 parameters of C5 and F6. They are trained by the paper's method, with
inverted pixels, several seeds, on four kinds of lower layers:

- ``1998``: those of the network of 1998; ``held``: the same, with C5 held to its drawn states;
- ``ours``: those of our trained networks, one each, C5 and F6 anew from another seed;
- ``random``: those of the initial law, one draw each: what C5 and F6 can do by themselves.

Beside them stand our networks as they were trained, ``whole``.

- ``revived.csv``: each network; ``revival.csv`` and ``revival.json``: each kind.

The last pass counts. Errors are on the test patterns as they are, and with pixels inverted, the
same ones for all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from paper_lenet.base.files import fixed, write_csv, write_json
from paper_lenet.base.statistics import over_seeds
from paper_lenet.digits.distort import shown
from paper_lenet.digits.patterns import Patterns
from paper_lenet.engine import Engine
from paper_lenet.network import weights
from paper_lenet.network.weights import Parameters, Trained, initial_parameters
from paper_lenet.paper import fig13
from paper_lenet.results.mistakes import fig8, shared
from paper_lenet.studies.recovered import file, palette, train_top
from paper_lenet.studies.recovered.calibrate import Calibrated
from paper_lenet.studies.recovered.record import NETWORK
from paper_lenet.training import checkpoint
from paper_lenet.training.job import Job
from paper_lenet.training.kind import Finished
from paper_lenet.training.passes import ASIDE
from paper_lenet.training.selection import FILES, selection

KINDS = {
    "1998": "1998, recovered",
    "held": "1998, C5 held to the drawn states",
    "ours": "ours, C5 and F6 anew",
    "whole": "ours, as trained",
    "random": "random",
}
ANOTHER = 100  # added to a network's seed for the seed of its new C5 and F6
HEADING = ("kind", "seed", "errors", "noisy_errors", "patterns", "fig8", "fig8_same")
MEANS = ("mean", "sd", "low", "high", "least", "greatest")
SUMMARY = (
    *("kind", "name", "seeds"),
    *(f"{test}_{part}" for test in ("clean", "noisy") for part in MEANS),
    *("fig8", "fig8_same", "jaccard"),
)


class Whole(NamedTuple):
    """A whole network and where it is from."""

    kind: str
    seed: int
    parameters: Parameters


class Misreading(NamedTuple):
    """What one network misreads.

    Attributes:
        kind, seed: which network.
        errors: misread test patterns.
        noisy_errors: with inverted pixels.
        patterns: out of so many.
        fig8, fig8_same: how many of the 82 of Fig. 8, and with the same answer.
        jaccard: patterns that both misread over those that either does.
    """

    kind: str
    seed: int
    errors: int
    noisy_errors: int
    patterns: int
    fig8: int
    fig8_same: int
    jaccard: float


def revive(trainings: Sequence[Finished], found: Calibrated, processed: Path, folder: Path) -> None:
    """Train, judge, and write the tables into `folder`, which has the recovered network.

    Args:
        trainings: networks of ours; their recipe and seeds are those of the others too.
        found: the recovered network, for what is drawn of C5.
        processed: folder of the patterns; finished trainings are kept in ``work/revive`` beside it.
        folder: of the study's results.
    """
    recipe = trainings[0].job.recipe
    data = selection(processed)(recipe)
    noisy = shown(data.test, np.arange(len(data.test)), 0, 2 * ASIDE, recipe.presentation)
    judged = []
    for each in _networks(trainings, found, processed, folder, data.training):
        engine = Engine(recipe, each.parameters)
        answers = [engine.penalties(part).argmin(1) for part in (data.test, noisy)]
        judged.append(_judged(each, answers, data.test.labels))
    rows = [(*each[:-1],) for each in judged]
    write_csv(folder / "revived.csv", HEADING, rows)
    summaries = [_summary(kind, judged) for kind in KINDS]
    write_csv(folder / "revival.csv", SUMMARY, (list(each.values()) for each in summaries))
    write_json(folder / "revival.json", {str(each["kind"]): each for each in summaries})


def _networks(
    trainings: Sequence[Finished],
    found: Calibrated,
    processed: Path,
    folder: Path,
    patterns: Patterns,
) -> Iterator[Whole]:
    recovered, _ = file.load(folder / NETWORK)
    pull = drawn_c5(found)
    sums = [checkpoint.file_digest(processed / name) for name in FILES]
    work = processed.parents[1] / "work" / "revive"
    jobs = [training.job for training in trainings]
    again = [replace(job, seed=job.seed + ANOTHER) for job in jobs]
    wanted: list[tuple[str, Job, Parameters, train_top.Pull | None]] = []
    wanted += [("1998", job, recovered, None) for job in jobs]
    wanted += [("held", job, recovered, pull) for job in jobs]
    wanted += [
        ("ours", job, lower(training.state.parameters), None)
        for job, training in zip(again, trainings, strict=True)
    ]
    wanted += [
        ("random", job, lower(initial_parameters(job.recipe, job.seed)), None) for job in jobs
    ]
    total = sum(job.recipe.step.passes for _, job, _, _ in wanted) * len(patterns)
    with tqdm(total=total, desc="revival", unit=" patterns", unit_scale=True, disable=None) as bar:
        for kind, job, below, held in wanted:
            path = work / f"{_digest(job, below, held, sums)}.safetensors"
            if not path.exists():
                done = train_top.train(job, below, patterns, bar.update, held)
                weights.save(path, Trained(done, job.recipe, job.seed))
            yield Whole(kind, job.seed, weights.load(path).parameters)
    for training in trainings:
        yield Whole("whole", training.job.seed, training.state.parameters)


def lower(parameters: Parameters) -> Parameters:
    """C1 to S4 of a network."""
    return {n: part for n, part in parameters.items() if n.split(".")[0] not in train_top.TRAINED}


def drawn_c5(found: Calibrated) -> train_top.Pull:
    """What Fig. 13 shows of C5, over the states of S4 that the recovered network has there."""
    states = found.layers["S4"].states.mean
    below: NDArray[np.float64] = states.reshape(len(states), -1)
    grey = fig13.drawn("C5")
    return train_top.Pull(below, found.drawing.interval(palette.read(grey, found.edges)))


def _digest(job: Job, below: Parameters, pull: train_top.Pull | None, sums: list[str]) -> str:
    """Of all that decides a training."""
    parts = [checkpoint.digest(job, sums), weights.digest(below)]
    if pull is not None:
        held = (pull.below, *pull.total)
        parts += [hashlib.sha256(part.tobytes()).hexdigest() for part in held]
    parts.append(checkpoint.file_digest(Path(train_top.__file__)))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _judged(
    each: Whole, answers: Sequence[NDArray[np.int64]], labels: NDArray[np.uint8]
) -> Misreading:
    clean, noisy = (part != labels for part in answers)
    misread = {int(index): int(answers[0][index]) for index in np.flatnonzero(clean)}
    both = shared(misread, fig8())
    return Misreading(
        each.kind,
        each.seed,
        int(clean.sum()),
        int(noisy.sum()),
        len(labels),
        both.both,
        both.same,
        both.jaccard,
    )


def _summary(kind: str, judged: Sequence[Misreading]) -> dict[str, object]:
    some = [each for each in judged if each.kind == kind]
    result: dict[str, object] = {"kind": kind, "name": KINDS[kind], "seeds": len(some)}
    for test, key in (("clean", "errors"), ("noisy", "noisy_errors")):
        found = over_seeds([100 * getattr(each, key) / each.patterns for each in some])
        result |= {f"{test}_{part}": fixed(getattr(found, part)) for part in MEANS}
    for key in ("fig8", "fig8_same", "jaccard"):
        result[key] = fixed(float(np.mean([getattr(each, key) for each in some])), 3)
    return result
