"""The store of tutorials' trainings: a folder each, named by all that decides the result.

It holds one file, the state after the last finished pass, replaced whole after each pass; that of
a finished training stays. So nothing is trained twice, and an edited source or another recipe takes
up nothing stale.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from paper_lenet.base.machine import versions
from paper_lenet.studies.tutorials.schedule import stops
from paper_lenet.studies.tutorials.spec import Tutorial
from paper_lenet.studies.tutorials.train import PassRow, TrainingState
from paper_lenet.training.checkpoint import STATE, CheckpointError, source_digest

# What decides the result, beside the tutorial itself. `spec` only says what may be asked for.
SOURCES = (
    "patterns.py",
    "streams.py",
    "tutorials/initial.py",
    "tutorials/network.py",
    "tutorials/optimisers.py",
    "tutorials/schedule.py",
    "tutorials/sets.py",
    "tutorials/train.py",
)
COMPUTES = ("numpy", "torch")


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

    def finished(self, state: TrainingState | None) -> bool:
        """Whether there is no pass left."""
        return state is not None and stops(self.tutorial.training, state.losses)


def digest(run: Run, data: Sequence[str]) -> str:
    """SHA-256, hexadecimal, of all that decides the result of `run`.

    Args:
        run: the training.
        data: the SHA-256 of each of the four files.
    """
    home = Path(__file__).parent.parent
    parts = {
        "tutorial": run.tutorial.to_json(),
        "seed": run.seed,
        "data": list(data),
        "sources": {name: source_digest(home / name) for name in SOURCES},
        "versions": {name: versions()[name] for name in COMPUTES},
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def save(folder: Path, state: TrainingState) -> None:
    """Replace the state in `folder`; whatever happens, the file there is whole.

    Raises:
        CheckpointError: it cannot be written.
    """
    record = {"names": list(state.parameters), "rows": state.rows}
    tensors = dict(state.parameters)
    if state.memory is not None and state.test is not None:
        tensors |= {"memory": state.memory, "test": state.test}
    partial = folder / f"{STATE}.partial"
    try:
        save_file(tensors, partial, metadata={"record": json.dumps(record)})
        partial.replace(folder / STATE)
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"{folder}: the checkpoint cannot be written ({error})") from None


def load(folder: Path) -> TrainingState | None:
    """The state in `folder`, or `None` if no pass has been finished.

    Raises:
        CheckpointError: there is a file, but not one that `save` wrote.
    """
    path = folder / STATE
    if not path.exists():
        return None
    try:
        with safe_open(path, framework="numpy") as file:
            record = json.loads((file.metadata() or {})["record"])
            parameters = {name: file.get_tensor(name) for name in record["names"]}
            memory, test = file.get_tensor("memory"), file.get_tensor("test")
        return TrainingState(
            parameters, memory, test, tuple(PassRow(*values) for values in record["rows"])
        )
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise CheckpointError(
            f"{path}: not a readable checkpoint ({error}); remove the file to train this seed anew"
        ) from None
