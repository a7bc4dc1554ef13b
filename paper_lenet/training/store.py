"""The store: what is finished is never trained twice, what is not goes on where it stopped.

A training's folder is named by `Kind.digest`: recipe, seed, trainer, patterns, and what the code
does. So the pipeline and all studies share what they have in common, and none can take up what
another code made. The folder holds the state after the last finished pass and, once there is no
pass left, ``outcome.json``. A training that diverges has an outcome too: it would diverge again.
"""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np

from paper_lenet.base.files import read_json, write_json
from paper_lenet.training import checkpoint
from paper_lenet.training.checkpoint import CheckpointError
from paper_lenet.training.holding import held
from paper_lenet.training.kind import DIVERGED, TRAINED, Advance, Ending, Finished, Job, Kind

OUTCOME = "outcome.json"


class Store:
    """The trainings of one kind in `folder`, on patterns whose files have the SHA-256 `sums`.

    Example:
        >>> from paper_lenet.network.recipe import Recipe
        >>> from paper_lenet.training.job import Job
        >>> from paper_lenet.training.jobs import JOBS
        >>> job, store = Job("paper", Recipe(), 0, "engine"), Store(Path("kept"), JOBS, ["a", "b"])
        >>> digest = store.digest(job)
        >>> failed = Ending(DIVERGED, np.zeros(0, np.uint8), "diverges in pass 1")
        >>> with store.hold(job, digest):
        ...     store.save(digest, Advance(store.state(job, digest), failed))
        >>> store.load(job, digest).ending.message
        'diverges in pass 1'
        >>> store.forget(digest)
        >>> store.load(job, digest) is None
        True
    """

    def __init__(self, folder: Path, kind: Kind, sums: list[str]) -> None:
        self.folder, self.kind, self.sums = folder, kind, sums

    def digest(self, job: Job) -> str:
        """The job's content address."""
        return self.kind.digest(job, self.sums)

    def hold(self, job: Job, digest: str) -> AbstractContextManager[None]:
        """Hold the job's folder against other processes.

        Raises:
            BusyError: another process trains it now.
        """
        return held(self.folder / digest, f"of {job}")

    def load(self, job: Job, digest: str) -> Finished | None:
        """The finished job, or `None`.

        Raises:
            CheckpointError: what is kept of it cannot be read.
        """
        path = self.folder / digest / OUTCOME
        if not path.exists():
            return None
        try:
            tree = read_json(path)
            expected = tree.pop("sha256")
            if _digest(tree) != expected:
                raise ValueError("its content is not what was written")
            ending = _ending(tree)
        except (OSError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise CheckpointError(
                f"{path}: not a readable outcome ({error}); remove its folder to train {job} anew"
            ) from None
        state = self.state(job, digest)
        last = self.kind.rows(state)[-1:]
        answered = [row.test_patterns for row in last] == [len(ending.answers)]
        if ending.outcome == TRAINED and not answered:
            raise CheckpointError(
                f"{path}: not the outcome of the passes beside it; remove its folder to train "
                f"{job} anew"
            )
        return Finished(job, state, ending)

    def state(self, job: Job, digest: str) -> Any:
        """The job's state after its last finished pass, or its beginning.

        Raises:
            CheckpointError: what is kept of it cannot be read.
        """
        folder = self.folder / digest
        kept = checkpoint.load(folder)
        if kept is None:
            return self.kind.begin(job)
        try:
            return self.kind.unpack(job, kept)
        except (KeyError, TypeError, ValueError) as error:
            raise checkpoint.spoilt(folder / checkpoint.STATE, error) from None

    def save(self, digest: str, advance: Advance) -> None:
        """Keep the state after a pass and, if it was the last, how the training ended.

        Raises:
            CheckpointError: it cannot be written; what was kept before is still there.
        """
        folder = self.folder / digest
        if self.kind.rows(advance.state):
            checkpoint.save(folder, self.kind.pack(advance.state))
        if advance.ending is None:
            return
        outcome, answers, message = advance.ending
        tree = {"outcome": outcome, "message": message, "answers": "".join(map(str, answers))}
        path = folder / OUTCOME
        try:
            write_json(path, {**tree, "sha256": _digest(tree)})
        except OSError as error:
            raise CheckpointError(f"{path}: cannot be written ({error})") from None

    def forget(self, digest: str) -> None:
        """Remove what is kept of a job, which the caller holds: it is to be trained anew."""
        for name in (OUTCOME, checkpoint.STATE):
            (self.folder / digest / name).unlink(missing_ok=True)


def _ending(tree: dict[str, Any]) -> Ending:
    outcome, message, answers = tree["outcome"], str(tree["message"]), str(tree["answers"])
    if outcome not in (TRAINED, DIVERGED) or not re.fullmatch("[0-9]*", answers):
        raise ValueError("its outcome or its answers are none")
    return Ending(outcome, np.array([int(answer) for answer in answers], np.uint8), message)


def _digest(tree: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(tree, sort_keys=True).encode()).hexdigest()
