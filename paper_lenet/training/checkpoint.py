"""The file in which a training is kept after a pass: it is whole and as it was written, or refused.

Replaced whole after each pass, so that weights and record cannot disagree and a kill loses the pass
in progress alone. It holds the SHA-256 of its arrays and its record, looked at in each reading: a
file in which one bit has changed is never trained on.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.base.files import read_tensors, write_tensors
from paper_lenet.training.kind import Kept

STATE, KEY = "state.safetensors", "record"


class CheckpointError(PaperLenetError, RuntimeError):
    """What is kept of a training cannot be read or written.

    Example:
        >>> from paper_lenet.base.files import write_bytes
        >>> save(Path("spoilt"), Kept({}, {"rows": [1]}))
        >>> path = Path("spoilt") / STATE
        >>> write_bytes(path, path.read_bytes().replace(b"[1]", b"[2]"))
        >>> load(Path("spoilt"))  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        paper_lenet.training.checkpoint.CheckpointError: spoilt/state.safetensors: not a ...
    """


def save(folder: Path, kept: Kept) -> None:
    """Replace the state in `folder`; whatever happens, the file there is whole.

    Raises:
        CheckpointError: it cannot be written; the state before it is still there.

    Example:
        >>> save(Path("kept"), Kept({"C1.bias": np.zeros(6, np.float32)}, {"rows": []}))
        >>> load(Path("kept"))
        Kept(C1.bias)
    """
    note = {**kept.note, "sha256": _digest(kept)}
    try:
        write_tensors(folder / STATE, kept.tensors, {KEY: note})
    except OSError as error:
        raise CheckpointError(f"{folder}: the checkpoint cannot be written ({error})") from None


def load(folder: Path) -> Kept | None:
    """The state in `folder`, or `None` if no pass has been finished.

    Raises:
        CheckpointError: there is a file, but not one that `save` wrote, or not as it wrote it.

    Example:
        >>> load(Path("nowhere")) is None
        True
    """
    path = folder / STATE
    if not path.exists():
        return None
    try:
        tensors, note = read_tensors(path, KEY)
        expected = note.pop("sha256")
        kept = Kept(tensors, note)
        if _digest(kept) != expected:
            raise ValueError("its content is not what was written")
        return kept
    except (OSError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise spoilt(path, error) from None


def spoilt(path: Path, error: Exception) -> CheckpointError:
    """The error of a file that is there and cannot be believed.

    Example:
        >>> error = spoilt(Path("kept") / STATE, ValueError("a bit is another one"))
        >>> str(error).rpartition("; ")[2]
        'remove the file to train this seed anew'
    """
    return CheckpointError(
        f"{path}: not a readable checkpoint ({error}); remove the file to train this seed anew"
    )


def _digest(kept: Kept) -> str:
    total = hashlib.sha256(json.dumps(kept.note, sort_keys=True).encode())
    for name, part in sorted(kept.tensors.items()):
        total.update(f"{name} {part.dtype.str} {part.shape}".encode())
        total.update(np.ascontiguousarray(part).tobytes())
    return total.hexdigest()
