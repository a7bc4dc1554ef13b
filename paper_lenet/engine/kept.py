"""The kernels in a folder: believed only as they were written, and not for ever.

Numba reads what it finds, and a file that is cut ends in an error of its own or in a crash. So the
SHA-256 of each file stands beside them, and where one differs all are compiled anew.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

from paper_lenet.base.errors import tell
from paper_lenet.base.files import FormatError, file_digest, read_json, write_json

SUMS = "sums.json"
MOST, DAYS = 8, 30  # folders that are kept beside each other, and for how long without use


def make_private(folder: Path) -> None:
    """Make the folder if missing; what is in it will be run.

    Raises:
        OSError: it cannot be made, or another user owns it or may write to it.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.stat()
    if hasattr(os, "geteuid") and found.st_uid != os.geteuid():
        raise PermissionError(f"{folder} belongs to another user")
    if found.st_mode & 0o022:
        raise PermissionError(f"other users may write to {folder}")


def believed(folder: Path) -> bool:
    """Whether the folder has kernels and each file is as `seal` saw it; if not, none is left."""
    try:
        expected = read_json(folder / SUMS)
        if expected and expected == _sums(folder):
            return True
    except (OSError, FormatError):
        pass  # not whole, whatever it is
    if (folder / SUMS).exists():
        tell(f"kept kernels are damaged, and removed: {folder}")
    for path in (*_files(folder), folder / SUMS):
        path.unlink(missing_ok=True)
    return False


def seal(folder: Path) -> None:
    """Write down the SHA-256 of the kernels as they are now."""
    write_json(folder / SUMS, _sums(folder))


def tidy(folders: Iterable[Path]) -> None:
    """Of folders beside each other keep the last `MOST` used, none longer than `DAYS` unused."""
    used = sorted(((path.stat().st_mtime, path) for path in folders), reverse=True)
    for place, (when, path) in enumerate(used):
        if place >= MOST or time.time() - when > DAYS * 86400:
            shutil.rmtree(path, ignore_errors=True)  # what cannot be removed does no harm


def _files(folder: Path) -> list[Path]:
    """Numba's indices and data, and what it was writing when it was killed."""
    return sorted(folder.glob("*.nb[ic]*"))


def _sums(folder: Path) -> dict[str, str]:
    return {path.name: file_digest(path) for path in _files(folder)}
