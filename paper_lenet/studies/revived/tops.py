"""Upper layers to be trained on lower ones that are held, as a `Kind` of training.

Fig. 13 cannot give the 58,284 parameters of C5 and F6. They are trained by the paper's method, with
inverted pixels, several seeds, on four kinds of lower layers, which are the runs of the grid:

- ``1998``: those of the network of 1998; ``held``: the same, with C5 held to its drawn states;
- ``ours``: those of our trained networks, one each, C5 and F6 anew from another seed;
- ``random``: those of the initial law, one draw each: what C5 and F6 can do by themselves.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache, partial

from paper_lenet.network import weights
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import Parameters, initial_parameters
from paper_lenet.studies.recovered import c5, file, ours
from paper_lenet.studies.recovered.ours import lower
from paper_lenet.studies.recovered.record import NETWORK
from paper_lenet.studies.revived.train_top import Held, Pulled, pulled
from paper_lenet.studies.study import Folders
from paper_lenet.training import jobs
from paper_lenet.training.behaviour import SEED, TEST, TRAINING, brief, made
from paper_lenet.training.job import Job, State
from paper_lenet.training.jobs import JOBS
from paper_lenet.training.kind import Advance, Watch, nobody
from paper_lenet.training.selection import Selection

ANOTHER = 100  # added to the seed of a network of ours for the seed of its new C5 and F6


@dataclass(frozen=True, eq=False, kw_only=True)
class Top(Job):
    """C5 and F6 to be trained.

    Attributes:
        below: the parameters of C1 to S4, which stay.
        pull: what C5 is held to; `None` leaves it free.
    """

    below: Parameters
    pull: c5.Pull | None


def tops(grid: Sequence[Job], folders: Folders) -> list[Top]:
    """The trainings of the grid, each run with its lower layers.

    Raises:
        FileError: the network of 1998 has not been recovered, or ours have not been trained.
    """
    theirs, _ = file.load(folders.results("recovered") / NETWORK)
    pull = c5.read(folders.results("recovered"))
    known = {one.seed: one.parameters for one in ours.read(folders.trained("revive"))}
    layers: dict[str, Callable[[Job], Parameters]] = {
        "1998": lambda job: theirs,
        "held": lambda job: theirs,
        "ours": lambda job: known[job.seed - ANOTHER],
        "random": lambda job: lower(initial_parameters(job.recipe, job.seed)),
    }
    return [top(job, layers[job.name](job), pull if job.name == "held" else None) for job in grid]


def top(job: Job, below: Parameters, pull: c5.Pull | None = None) -> Top:
    """C5 and F6 of `job`, to be trained on these lower layers."""
    own = {each.name: getattr(job, each.name) for each in fields(Job)}
    return Top(**own, below=below, pull=pull)


def begin(job: Top) -> State:
    """The state before the first pass: C5 and F6 start from the recipe's law."""
    return State({**initial_parameters(job.recipe, job.seed), **job.below})


def advance(job: Top, state: State, patterns: Selection, watch: Watch) -> Advance:
    """One more pass."""
    held = partial(Held, job.recipe)
    make = held if job.pull is None else partial(Pulled, job.recipe, job.pull)
    return jobs.one_pass(job, state, patterns, make, watch)


def digest(job: Top, sums: Sequence[str]) -> str:
    """SHA-256, hexadecimal, of all that decides the result of `job`, and of what the code does."""
    start = begin(job).parameters
    parts = {
        "job": jobs.digest(job, sums),
        "start": weights.digest(start),
        "pulled": None if job.pull is None else weights.digest(pulled(start, job.pull)),
        "behaviour": behaviour(job.recipe),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@cache
def behaviour(recipe: Recipe) -> str:
    """SHA-256 of the bits of a brief training of C5 and F6 on lower layers that are held."""
    recipe = brief(recipe)
    below = lower(initial_parameters(recipe, SEED + 1))
    job = top(Job("brief", recipe, SEED, "engine", thorough=False), below)
    patterns = Selection(made(TRAINING), made(TEST, TRAINING))
    state, ending = begin(job), None
    while ending is None:
        state, ending = advance(job, state, patterns, nobody)
    return hashlib.sha256(
        b"".join(part.tobytes() for part in state.parameters.values())
    ).hexdigest()


TOPS = replace(JOBS, digest=digest, begin=begin, advance=advance)
