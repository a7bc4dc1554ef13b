"""Trainings of Fig. 9's classifiers as a `Kind` of training: what is fitted at once, and networks.

A library's last bits are those of one machine, so the digest of a training has, besides its
settings, what the code gives for a brief one (`behaviour`), to the last bit. What takes the hidden
states of a network begins with that network.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from paper_lenet.network.weights import Parameters
from paper_lenet.studies.fig9 import networks
from paper_lenet.studies.fig9.classifier import Scored, Sets
from paper_lenet.studies.fig9.forms import side_of
from paper_lenet.studies.fig9.run import Run, State
from paper_lenet.studies.fig9.sets import Judged, Source
from paper_lenet.training.job import Row
from paper_lenet.training.job import State as Passed
from paper_lenet.training.jobs import CURVATURE
from paper_lenet.training.kind import DIVERGED, TRAINED, Advance, Ending, Kept, Kind, Watch
from paper_lenet.training.passes import Divergence
from paper_lenet.training.store import Store

COST = "cost"  # (2,), int64: operations and variables; no parameter has names like these
SCORES = "scores"  # (M, 10), float32
DIVERGES = "diverges in pass"


def kind(store: Path, sums: Sequence[str]) -> Kind:
    """The trainings as a `Kind`, with networks below taken from `store`.

    Args:
        store: the folder.
        sums: the SHA-256 of the files of patterns.
    """
    return Kind(
        digest=digest,
        begin=partial(begin, store, tuple(sums)),
        advance=advance,
        passes=passes,
        rows=lambda state: state.rows,
        seconds=lambda state: state.seconds,
        pack=pack,
        unpack=unpack,
    )


def digest(run: Run, sums: Sequence[str]) -> str:
    """SHA-256, hexadecimal, of all that decides the result of `run`, and of what the code does.

    Args:
        run: the training.
        sums: the SHA-256 of the files of patterns.
    """
    from paper_lenet.studies.fig9.behaviour import behaviour  # which trains, briefly, by `advance`

    parts = {
        "classifier": run.classifier.to_json(run.settings),
        "seed": run.seed,
        "apart": run.apart,
        "data": list(sums),
        "behaviour": [number.hex() for number in behaviour(run.classifier, run.settings)],
        "below": digest(run.below, sums) if run.below else "",
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def passes(run: Run) -> int:
    """How many passes a run has."""
    found: int = run.kind.trains.passes(run.settings) if run.kind.network else 1
    return found


def begin(store: Path, sums: Sequence[str], run: Run) -> State:
    """The state before the first pass: that of the network below, if there is one."""
    if run.below is None:
        return begin_alone(run)
    below = Store(store, kind(store, sums), list(sums))
    found = below.load(run.below, below.digest(run.below))
    assert found is not None  # it is trained before
    return State(Passed(found.state.passed.parameters))


def begin_alone(run: Run) -> State:
    """The state before the first pass of what stands on no network."""
    if not run.kind.network:
        return State(Passed({}))
    trains, side = run.kind.trains, side_of(run.classifier.form)
    return State(trains.begin(run.settings, side, run.seed))


def advance(run: Run, state: State, source: Source, watch: Watch) -> Advance:
    """One more pass of `run`.

    Raises:
        FilterError: no pattern is left for a member of a boosted network.
        RecipeError: a network does not take the form, or there are too few patterns.
    """
    judged = source.judged(run.classifier.form, run.apart)
    if not run.kind.network:
        sets = hidden(run.below, state.passed, judged) if run.below else judged.sets
        return _at_once(run, sets, judged.truth)
    trains, (training, test) = run.kind.trains, judged.patterns
    try:
        passed = trains.one_pass(run.settings, run.seed, training, test, state.passed, watch)
    except Divergence as error:
        message = DIVERGES + str(error).partition(DIVERGES)[2]
        return Advance(state, Ending(DIVERGED, np.zeros(0, np.uint8), message))
    if len(passed.rows) < passes(run):
        return Advance(State(passed), None)
    return _ended(passed, trains.fitted(run.settings, passed, test))


def hidden(below: Run, passed: Passed, judged: Judged) -> Sets:
    """The hidden states of the network `below`, as passed, in place of the patterns' pixels."""
    training, test = judged.patterns
    network = networks.trained(below.settings, training.grey.shape[1], passed)
    first, last = (network.hidden(part)[:, None] for part in (training, test))
    return Sets(first, judged.sets.labels, last)


def _at_once(run: Run, sets: Sets, truth: NDArray[np.uint8]) -> Advance:
    """The one pass of what a library fits; nothing is shown on the fly."""
    begun = time.perf_counter()
    fitted = run.kind.trains.fit(run.settings, sets, run.seed)
    if run.below:
        fitted = _with_network(fitted, run.below)
    errors = int(np.count_nonzero(answers(fitted.scores) != truth))
    row = Row(run.seed, 1, 0.0, 0.0, 0, 0, None, errors, len(truth), 0.0, 0.0)
    return _ended(Passed({}, (row,), (time.perf_counter() - begun,)), fitted)


def _with_network(fitted: Scored, below: Run) -> Scored:
    """What it costs with the network that makes the states, but for the ten outputs."""
    cost = networks.cost_below_outputs(below.settings)
    return Scored(fitted.scores, fitted.operations + cost[0], fitted.variables + cost[1])


def _ended(passed: Passed, fitted: Scored) -> Advance:
    return Advance(State(passed, fitted), Ending(TRAINED, answers(fitted.scores)))


def answers(scores: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The class of the greatest score, the first of equal ones: (M,), uint8."""
    found: NDArray[np.uint8] = scores.argmax(axis=1).astype(np.uint8)
    return found


def pack(state: State) -> Kept:
    """A state as it is kept."""
    passed, fitted = state
    tensors: dict[str, NDArray[Any]] = dict(passed.parameters)
    if passed.curvature is not None:
        tensors[CURVATURE] = passed.curvature
    if fitted is not None:
        cost = np.array([fitted.operations, fitted.variables], np.int64)
        tensors |= {SCORES: fitted.scores, COST: cost}
    names = list(passed.parameters)
    return Kept(tensors, {"names": names, "rows": passed.rows, "seconds": passed.seconds})


def unpack(run: Run, kept: Kept) -> State:
    """The state of `run` that `pack` packed.

    Raises:
        ValueError: its passes are not those of the run.
    """
    parameters: Parameters = {name: kept.tensors[name] for name in kept.note["names"]}
    rows, seconds = tuple(Row(*values) for values in kept.note["rows"]), kept.note["seconds"]
    numbers = range(1, 1 + min(len(rows), passes(run)))
    if [row.number for row in rows] != list(numbers) or len(seconds) != len(rows):
        raise ValueError(f"its passes are not those of {run}")
    passed = Passed(parameters, rows, tuple(seconds), kept.tensors.get(CURVATURE))
    if len(rows) < passes(run):
        return State(passed)
    return State(passed, Scored(kept.tensors[SCORES], *map(int, kept.tensors[COST])))


def prepare() -> None:
    """Make a new process ready: linear algebra on one thread, whose sums are in one order."""
    threadpool_limits(1)
