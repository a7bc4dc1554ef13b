"""Trainings of tutorials as a `Kind` of training: one pass more, and how they are kept.

PyTorch's bits are those of one machine and its libraries. So the digest of a training has the
numbers of a brief one, to the last bit.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from paper_lenet.studies.tutorials.behaviour import numbers
from paper_lenet.studies.tutorials.schedule import stops
from paper_lenet.studies.tutorials.sets import Sets, sets
from paper_lenet.studies.tutorials.spec import Inputs, Tutorial
from paper_lenet.studies.tutorials.train import (
    PassRow,
    TrainingState,
    TutorialError,
    beginning,
    one_pass,
)
from paper_lenet.training.kind import TRAINED, Advance, Ending, Kept, Kind, Watch


class Run(NamedTuple):
    """One tutorial, trained with one seed."""

    name: str
    tutorial: Tutorial
    seed: int

    def __str__(self) -> str:
        return f"{self.name}, seed {self.seed}"

    def __hash__(self) -> int:
        return hash((self.name, self.seed))

    @property
    def data(self) -> str:
        """The name of its data set."""
        return self.tutorial.inputs.data

    def finished(self, state: TrainingState) -> bool:
        """Whether there is no pass left."""
        return stops(self.tutorial.training, state.losses)


def digest(run: Run, sums: Sequence[str]) -> str:
    """SHA-256, hexadecimal, of all that decides the result of `run`, and of what the code does.

    Args:
        run: the training.
        sums: one text for each data set, ``NAME SHA-256 SHA-256 ...``; that of its own counts.
    """
    parts = {
        "tutorial": run.tutorial.to_json(),
        "seed": run.seed,
        "data": [text for text in sums if text.split()[0] == run.data],
        "behaviour": _behaviour(run.tutorial),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


_brief: dict[str, list[str]] = {}  # by a tutorial's text, as a tutorial has no hash


def _behaviour(tutorial: Tutorial) -> list[str]:
    """The numbers of a brief training, to the last bit."""
    text = tutorial.to_json()
    if text not in _brief:
        _brief[text] = [number.hex() for number in numbers(tutorial)]
    return _brief[text]


def prepare() -> None:
    """Make a new process ready: PyTorch on one thread, whose sums are always in the same order."""
    import torch

    torch.set_num_threads(1)


def advance(run: Run, state: TrainingState, raw: Path, watch: Watch) -> Advance:
    """One more pass of `run`; `raw` is the folder of the data sets' folders.

    Raises:
        TutorialError: the training diverges.
    """
    tutorial = run.tutorial
    patterns = _sets(tutorial.inputs, tutorial.training.validation, raw / run.data)
    try:
        state = one_pass(tutorial, run.seed, patterns, state)
    except TutorialError as error:
        raise TutorialError(f"{run}: {error}") from None
    if not run.finished(state):
        return Advance(state, None)
    assert state.test is not None  # it has had a pass
    return Advance(state, Ending(TRAINED, state.test.argmax(axis=1).astype(np.uint8)))


@lru_cache(maxsize=2)
def _sets(inputs: Inputs, validation: float, raw: Path) -> Sets:
    return sets(inputs, validation, raw)


def pack(state: TrainingState) -> Kept:
    """A state after one pass or more, as it is kept."""
    assert state.memory is not None and state.test is not None
    tensors = {**state.parameters, "memory": state.memory, "test": state.test}
    return Kept(tensors, {"names": list(state.parameters), "rows": state.rows})


def unpack(run: Run, kept: Kept) -> TrainingState:
    """The state of `run` that `pack` packed.

    Raises:
        ValueError: its passes are not those of the run.
    """
    parameters = {name: kept.tensors[name] for name in kept.note["names"]}
    rows = tuple(PassRow(*values) for values in kept.note["rows"])
    numbers = range(1, 1 + min(len(rows), run.tutorial.training.passes))
    if [row.number for row in rows] != list(numbers):
        raise ValueError(f"its passes are not those of {run}")
    return TrainingState(parameters, kept.tensors["memory"], kept.tensors["test"], rows)


RUNS = Kind(
    digest=digest,
    begin=lambda run: beginning(run.tutorial, run.seed),
    advance=advance,
    passes=lambda run: run.tutorial.training.passes,
    rows=lambda state: state.rows,
    seconds=lambda state: math.fsum(row.seconds for row in state.rows),
    pack=pack,
    unpack=unpack,
)
