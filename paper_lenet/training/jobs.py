"""Jobs of the paper's network as a `Kind` of training: one pass more, and how they are kept."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence

import numpy as np

from paper_lenet.network.weights import Parameters, fitting
from paper_lenet.training.behaviour import behaviour
from paper_lenet.training.execution import maker
from paper_lenet.training.job import Job, Row, State, beginning
from paper_lenet.training.kind import DIVERGED, TRAINED, Advance, Ending, Kept, Kind, Watch
from paper_lenet.training.passes import Divergence, Make, passes
from paper_lenet.training.selection import Selection

CURVATURE = "curvature"  # beside the parameters, whose names have a dot


def digest(job: Job, sums: Sequence[str]) -> str:
    """SHA-256, hexadecimal, of all that decides the result of `job`, and of what the code does.

    Args:
        job: the training.
        sums: the SHA-256 of each file of patterns.

    Example:
        >>> from dataclasses import replace
        >>> from paper_lenet.network.recipe import Recipe
        >>> job = Job("paper", Recipe(), 0, "engine")
        >>> found = digest(job, ["a"])
        >>> digest(replace(job, name="twin"), ["a"]) == found  # a name decides nothing
        True
        >>> digest(replace(job, seed=1), ["a"]) == found or digest(job, ["b"]) == found
        False
    """
    parts = {
        "recipe": job.recipe.to_json(),
        "seed": job.seed,
        "trainer": job.trainer,
        "data": list(sums),
        "thorough": job.thorough,
        "behaviour": behaviour(job.recipe, job.trainer),
    }
    if job.device != "cpu":  # whose last bits are other ones
        parts["device"] = job.device
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def advance(job: Job, state: State, patterns: Selection, watch: Watch) -> Advance:
    """One more pass of `job` by its trainer.

    Example:
        >>> from paper_lenet.network.recipe import Recipe
        >>> from paper_lenet.training.behaviour import brief, made
        >>> from paper_lenet.training.kind import nobody
        >>> job = Job("brief", brief(Recipe()), 0, "engine")
        >>> advance(job, beginning(job), Selection(made(96), made(32, 96)), nobody)
        Advance(state=State(60,000 parameters, 1 pass), ending=None)
    """
    return one_pass(job, state, patterns, maker(job), watch)


def one_pass(job: Job, state: State, patterns: Selection, make: Make, watch: Watch) -> Advance:
    """One more pass of `job` by the networks that `make` makes; after the last one, the answers.

    Example:
        >>> from paper_lenet.network.recipe import Recipe, Step
        >>> from paper_lenet.training.behaviour import brief, made
        >>> from paper_lenet.training.kind import nobody
        >>> job = Job("brief", brief(Recipe(step=Step().first(1))), 0, "engine")
        >>> patterns = Selection(made(96), made(32, 96))
        >>> _, ending = one_pass(job, beginning(job), patterns, maker(job), nobody)
        >>> ending.outcome, ending.answers.shape
        ('trained', (32,))
    """
    data = patterns(job.recipe)
    try:
        state = next(passes(job, data, state, make, watch), state)
    except Divergence as error:
        message = str(error).removeprefix(f"{job} ")
        return Advance(state, Ending(DIVERGED, np.zeros(0, np.uint8), message))
    if len(state.rows) < job.recipe.step.passes:
        return Advance(state, None)
    penalties = make(state.parameters).penalties(data.test)
    return Advance(state, Ending(TRAINED, penalties.argmin(axis=1).astype(np.uint8)))


def pack(state: State) -> Kept:
    """A state as it is kept.

    Example:
        >>> from paper_lenet.network.recipe import Recipe
        >>> from paper_lenet.training.job import beginning
        >>> job = Job("paper", Recipe(), 0, "engine")
        >>> kept = pack(beginning(job))
        >>> len(kept.tensors), kept.note["rows"]
        (12, ())
        >>> unpack(job, kept)
        State(60,000 parameters, 0 passes)
    """
    note = {"names": list(state.parameters), "rows": state.rows, "seconds": state.seconds}
    extra = {} if state.curvature is None else {CURVATURE: state.curvature}
    return Kept({**state.parameters, **extra}, note)


def unpack(job: Job, kept: Kept) -> State:
    """The state that `pack` packed.

    Raises:
        ValueError: it is none of `job`: other arrays, another seed, passes that are not its own.
        ...: `KeyError` or `TypeError`, if it is no state at all.

    Example:
        >>> from paper_lenet.network.recipe import Recipe
        >>> from paper_lenet.training.behaviour import brief, made
        >>> from paper_lenet.training.kind import nobody
        >>> job, other = (Job("brief", brief(Recipe()), seed, "engine") for seed in (0, 1))
        >>> patterns = Selection(made(96), made(32, 96))
        >>> unpack(job, pack(advance(other, beginning(other), patterns, nobody).state))
        Traceback (most recent call last):
            ...
        ValueError: its passes are not those of recipe brief, seed 0
    """
    parts: Parameters = {name: kept.tensors[name] for name in kept.note["names"]}
    parameters = fitting(parts, job.recipe.network)
    rows = tuple(Row(*values) for values in kept.note["rows"])
    seconds, curvature = tuple(kept.note["seconds"]), kept.tensors.get(CURVATURE)
    passes = [(job.seed, number) for number in range(1, 1 + min(len(rows), job.recipe.step.passes))]
    if [(row.seed, row.number) for row in rows] != passes or len(seconds) != len(rows):
        raise ValueError(f"its passes are not those of {job}")
    count = sum(part.size for part in parameters.values())
    if curvature is not None and (curvature.dtype != np.float32 or curvature.shape != (count,)):
        raise ValueError(f"{CURVATURE} is {curvature.dtype} {curvature.shape}")
    return State(parameters, rows, seconds, curvature)


JOBS = Kind(
    digest=digest,
    begin=beginning,
    advance=advance,
    passes=lambda job: job.recipe.step.passes,
    rows=lambda state: state.rows,
    seconds=lambda state: math.fsum(state.seconds),
    pack=pack,
    unpack=unpack,
)
