"""The store of jobs: what is finished is never trained twice, what is not goes on where it stopped.

A job's folder is named by `checkpoint.digest`: recipe, seed, trainer, data, sources, versions. So
two studies, or two runs of one, that ask for the same training share it, and none can take up what
another source made. The folder holds the state after the last finished pass and, once there is no
pass left, ``outcome.json``. A training that diverges has an outcome too: it would diverge again.

Processes share the store. A folder is held by the one that trains in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.architecture import Network
from paper_lenet.network.recipe import Recipe
from paper_lenet.training import checkpoint
from paper_lenet.training.execution import execution
from paper_lenet.training.job import Data, Job, State, beginning, select
from paper_lenet.training.passes import Divergence, Watch, passes

TRAINED, DIVERGED = "trained", "diverged"
OUTCOME = "outcome.json"


class StoreError(RuntimeError):
    """What the store holds cannot be read."""


class Finished(NamedTuple):
    """A job with no pass left.

    Attributes:
        job: what was trained.
        outcome: ``trained`` or ``diverged``.
        state: after the last finished pass.
        answers: (N,), uint8, the class answered to each test pattern; (0,) if it diverged.
        message: how it diverged, from ``diverges in pass`` on; empty if it did not.
    """

    job: Job
    outcome: str
    state: State
    answers: NDArray[np.uint8]
    message: str


class Selection:
    """The patterns of each recipe; those of the few used last are kept, as many recipes share them.

    May be called from several threads, and sent to another process.

    Attributes:
        training: the whole training set.
        test: the whole test set.
    """

    def __init__(self, training: Patterns, test: Patterns) -> None:
        self.training, self.test = training, test
        self._lock = Lock()

        @lru_cache(maxsize=4)
        def selected(recipe: Recipe) -> Data:
            return select(recipe, training, test)

        self._selected = selected

    def __call__(self, recipe: Recipe) -> Data:
        """What `recipe` trains and is tested on, as `job.select` has it."""
        # `select` looks at no more than this, so that recipes that differ elsewhere share a copy.
        seen = Recipe(Network(input=recipe.network.input), presentation=recipe.presentation)
        with self._lock:
            return self._selected(seen)

    def __reduce__(self) -> tuple[Callable[..., Selection], tuple[Patterns, ...]]:
        return _received, (self.training, self.test)


def _received(training: Patterns, test: Patterns) -> Selection:
    """A selection from arrays that another process sent, copied once to where they can be written.

    The engine asks for such arrays, and would else copy them in every call.
    """
    return Selection(*(replace(part, grey=part.grey.copy()) for part in (training, test)))


def train(job: Job, data: Data, state: State | None, folder: Path | None, watch: Watch) -> Finished:
    """Train `job` to its end.

    Args:
        job: what is trained.
        data: of `Selection`.
        state: to go on from; `None` begins.
        folder: where the state is kept after each pass; `None` keeps none.
        watch: told of each chunk; what it raises ends the training.
    """
    state = state or beginning(job)
    try:
        for after in passes(job, data, state, watch):
            state = after
            if folder is not None:
                checkpoint.save(folder, state)
    except Divergence as error:
        message = str(error).removeprefix(f"{job} ")
        return Finished(job, DIVERGED, state, np.zeros(0, np.uint8), message)
    penalties = execution(job.trainer, job.recipe, state.parameters).penalties(data.test)
    return Finished(job, TRAINED, state, penalties.argmin(axis=1).astype(np.uint8), "")


class Store:
    """The jobs in `folder` that were trained on the patterns with the SHA-256 `sums`."""

    def __init__(self, folder: Path, sums: list[str]) -> None:
        self.folder, self.sums = folder, sums

    def digest(self, job: Job) -> str:
        """The job's content address."""
        return checkpoint.digest(job, self.sums)

    def load(self, job: Job, digest: str) -> Finished | None:
        """The finished job, or `None`.

        Raises:
            CheckpointError: its state cannot be read.
            StoreError: its outcome cannot be read.
        """
        path = self.folder / digest / OUTCOME
        if not path.exists():
            return None
        try:
            tree = json.loads(path.read_text(encoding="utf-8"))
            answers = np.array([int(answer) for answer in tree["answers"]], np.uint8)
            outcome, message = str(tree["outcome"]), str(tree["message"])
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise StoreError(
                f"{path}: not a readable outcome ({error}); remove its folder to train {job} anew"
            ) from None
        state = checkpoint.load(self.folder / digest) or beginning(job)
        return Finished(job, outcome, state, answers, message)

    def unfinished(self, digest: str) -> State | None:
        """The state of an unfinished job after its last finished pass, if there is one."""
        return checkpoint.load(self.folder / digest)

    def save(self, finished: Finished, digest: str) -> None:
        """Keep a finished job that was trained elsewhere; one that is held is left to its holder.

        Whoever holds it will get the same bits.
        """
        try:
            with checkpoint.held(self.folder / digest, f"of {finished.job}"):
                if finished.state.rows:
                    checkpoint.save(self.folder / digest, finished.state)
                self._conclude(finished, digest)
        except checkpoint.BusyError:
            return

    def train(self, job: Job, digest: str, selection: Selection, watch: Watch) -> Finished:
        """Train `job` here, from its last finished pass, and keep it.

        Raises:
            BusyError: another process trains it now.
            CheckpointError: its state cannot be read or written.
        """
        folder = self.folder / digest
        with checkpoint.held(folder, f"of {job}"):
            done = self.load(job, digest)  # another process may just have finished it
            if done is not None:
                return done
            done = train(job, selection(job.recipe), checkpoint.load(folder), folder, watch)
            self._conclude(done, digest)
        return done

    def _conclude(self, finished: Finished, digest: str) -> None:
        """Write the outcome, whole, after the state: from here on the job is finished."""
        tree = {
            "outcome": finished.outcome,
            "message": finished.message,
            "answers": "".join(map(str, finished.answers)),
        }
        path = self.folder / digest / OUTCOME
        partial = path.with_name(path.name + ".partial")
        try:
            partial.write_text(json.dumps(tree) + "\n", encoding="utf-8")
            partial.replace(path)
        except OSError as error:
            raise checkpoint.CheckpointError(f"{path}: cannot be written ({error})") from None
