"""Who may write to a folder: one process at a time.

A folder is held by a lock of the operating system, which falls with the process however it ends.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from paper_lenet.base.errors import PaperLenetError


class BusyError(PaperLenetError, RuntimeError):
    """Another process holds what is asked for.

    Example:
        >>> with held(Path("training"), "of seed 0"), held(Path("training"), "of seed 0"):
        ...     pass  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        paper_lenet.training.holding.BusyError: another training of seed 0 is running ...
    """


@contextmanager
def held(folder: Path, what: str) -> Iterator[None]:
    """Hold `folder`, made if missing, against all other processes; if empty at the end, remove it.

    Args:
        folder: what is held.
        what: names it in the error, as in "another training `what` is running".

    Raises:
        BusyError: another process holds it; told at once, with that process's id.

    Example:
        >>> with held(Path("training"), "of seed 0"):
        ...     print(Path("training").is_dir())
        True
        >>> Path("training").exists()
        False
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
        owner.write_text(str(os.getpid()), encoding="utf-8", newline="\n")
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
