"""Checkpoints: what is kept of an unfinished training, and who may write it.

Each job has a folder named by a digest of all that decides its result: recipe, seed, trainer, data,
sources, versions. It holds one file, the state after the last finished pass, replaced whole after
each pass: weights and record cannot disagree, and a kill loses the pass in progress alone. An
edited source or another recipe has another digest, so nothing stale is taken up. Of a source only
what it does counts: a comment, a docstring or a line break costs nobody an hour.

A folder is held by one process at a time, by a lock of the operating system, which falls with the
process however it ends. The stage holds, in the same way, the place that it will write to.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from filelock import FileLock, Timeout
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from paper_lenet.base.machine import versions
from paper_lenet.training.job import Job, Row, State

STATE = "state.safetensors"
# Every source that decides the result, beside the trainer's own. The engine's are among them for
# the reference too: both are shown the patterns that `engine.presentation` makes.
SOURCES = (
    "architecture.py",
    "data/fig3_codes.txt",
    "engine/*.py",
    "execution.py",
    "job.py",
    "passes.py",
    "patterns.py",
    "recipe.py",
    "streams.py",
    "weights.py",
)
TRAINERS: dict[str, tuple[str, ...]] = {
    "engine": (),
    "reference": ("reference.py", "lenet5.py", "layers.py", "losses.py", "curvature.py"),
}


class BusyError(RuntimeError):
    """Another process holds what is asked for."""


class CheckpointError(RuntimeError):
    """A checkpoint cannot be read or written."""


def digest(job: Job, data: Sequence[str]) -> str:
    """SHA-256, hexadecimal, of all that decides the result of `job`.

    Args:
        job: the training.
        data: the SHA-256 of each file of patterns.
    """
    home = Path(__file__).parent
    names = (*SOURCES, *TRAINERS[job.trainer])
    sources = sorted(path for name in names for path in home.glob(name))
    parts = {
        "recipe": job.recipe.to_json(),
        "seed": job.seed,
        "trainer": job.trainer,
        "data": list(data),
        "thorough": job.thorough,
        "sources": {path.relative_to(home).as_posix(): source_digest(path) for path in sources},
        "versions": versions(),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def source_digest(path: Path) -> str:
    """SHA-256 of what a source does: of its syntax tree without docstrings, or of its bytes."""
    return _meaning(path.read_bytes()) if path.suffix == ".py" else file_digest(path)


@cache
def _meaning(source: bytes) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            node.body = node.body[1:]
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()


@contextmanager
def held(folder: Path, what: str) -> Iterator[None]:
    """Hold `folder`, made if missing, against all other processes; if empty at the end, remove it.

    Args:
        folder: what is held.
        what: names it in the error, as in "another training `what` is running".

    Raises:
        BusyError: another process holds it; told at once, with that process's id.
    """
    lock, owner = FileLock(folder / "lock"), folder / "pid"
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Whoever takes or removes a folder does so behind this lock, held for milliseconds: else one
    # process could remove the lock's file while another has just opened it.
    doorway = folder.parent / "lock"
    with FileLock(doorway):
        folder.mkdir(exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise BusyError(_busy(what, owner.read_text(encoding="utf-8"))) from None
        owner.write_text(str(os.getpid()), encoding="utf-8")
    try:
        yield
    finally:
        with FileLock(doorway):
            owner.unlink()
            lock.release()
            Path(lock.lock_file).unlink(missing_ok=True)
            if not any(folder.iterdir()):
                folder.rmdir()


def _busy(what: str, pid: str) -> str:
    return (
        f"another training {what} is running (pid {pid}; it may have outlived the command that "
        f"started it). Wait until it ends, or stop it with `kill {pid}`, which keeps its finished "
        "passes; then run this again"
    )


def save(folder: Path, state: State) -> None:
    """Replace the state in `folder`; whatever happens, the file there is whole.

    Raises:
        CheckpointError: it cannot be written; the state before it is still there.
    """
    record = {"names": list(state.parameters), "rows": state.rows, "seconds": state.seconds}
    tensors = dict(state.parameters)
    if state.curvature is not None:
        tensors["curvature"] = state.curvature
    partial = folder / f"{STATE}.partial"
    try:
        save_file(tensors, partial, metadata={"record": json.dumps(record)})
        partial.replace(folder / STATE)
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"{folder}: the checkpoint cannot be written ({error})") from None


def load(folder: Path) -> State | None:
    """The state in `folder`, or None if no pass has been finished.

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
            kept = "curvature" in file.keys()  # noqa: SIM118
            curvature = file.get_tensor("curvature") if kept else None
        rows = tuple(Row(*values) for values in record["rows"])
        return State(parameters, rows, tuple(record["seconds"]), curvature)
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise CheckpointError(
            f"{path}: not a readable checkpoint ({error}); remove the file to train this seed anew"
        ) from None


def remove(folder: Path) -> None:
    """Remove the state from `folder`: the results are in place."""
    (folder / STATE).unlink(missing_ok=True)
