"""MNIST (Section III-A): the stage ``download``, and reading what it brought.

The paper took 60,000 training and 10,000 test patterns, today's MNIST: its Fig. 8 draws 82 test
patterns that are found there, in the same order. Four files hold them. A file is taken
from the first of the sources in ``params.yaml`` that has it, and gets its name only when the
SHA-256 of its unpacked bytes is right; compressed files differ between mirrors.
"""

from __future__ import annotations

import hashlib
import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray
from tqdm import tqdm

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.digits.body import Fetch, PassingError, SourceError
from paper_lenet.digits.dataset import Data, Source
from paper_lenet.digits.idx import IdxError, pieces, read_idx
from paper_lenet.digits.sources import describe, opened
from paper_lenet.network.architecture import CLASSES

TRAIN = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
TEST = ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
FILES = TRAIN + TEST
SIDE = 28
PAUSES = (0.5, 1.0, 2.0)  # seconds before each further try


class DataError(PaperLenetError, ValueError):
    """The data cannot be had, or the stage is not told which they are."""


class Digits(NamedTuple):
    """One set of patterns, as distributed.

    Attributes:
        images: (N, 28, 28), uint8, 0 is background.
        labels: (N,), uint8, 0 to 9.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]


def download(data: Data, folder: Path, extra: Path | None = None) -> None:
    """Bring the four files into `folder`; those that are there and right are kept.

    Args:
        data: the sources and the checksums.
        folder: where the files go, unpacked.
        extra: a folder of the user's own, which then is the only source.

    Raises:
        DataError: no source gave all that is missing; the message lists what was tried.
    """
    if set(data.sha256) != set(FILES):
        raise DataError(f"data.sha256 must have exactly these keys: {', '.join(FILES)}")
    sources = data.sources if extra is None else (Source(folder=str(extra)),)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(f"{folder.name}.lock")):
            _fill(folder, sources, data)
    except OSError as error:
        raise DataError(f"{folder}: cannot be filled: {error}") from None


def _fill(folder: Path, sources: tuple[Source, ...], data: Data) -> None:
    for name in FILES:
        _partial(folder / name).unlink(missing_ok=True)  # of a run that was killed
    missing = [name for name in FILES if not _is_right(folder / name, data.sha256[name])]
    if not missing:
        print(f"{folder}: all {len(FILES)} files are there, with the right SHA-256")
        return
    tried = []
    for source in sources:
        left = list(missing)
        try:
            with opened(source, data.seconds) as fetch:
                for name in left:
                    _obtain(fetch, folder / name, data.sha256[name])
                    missing.remove(name)
        except SourceError as error:
            tried.append(f"{describe(source)}: {error}")
            if len(tried) < len(sources):
                print(f"{tried[-1]}; trying the next source", file=sys.stderr, flush=True)
        if len(missing) < len(left):
            served = len(left) - len(missing)
            print(f"{folder}: {served} of {len(FILES)} files from {describe(source)}", flush=True)
        if not missing:
            return
    raise DataError(_advice(folder, missing, tried))


def _advice(folder: Path, missing: list[str], tried: list[str]) -> str:
    """The one message that a user without data gets."""
    lines = [
        f"{folder}: no source gave {', '.join(missing)}. Tried:",
        *(f"  {line}" for line in tried),
        "To supply the files by hand, put these, unpacked or as .gz, into a folder of your own:",
        *(f"  {name}" for name in FILES),
        "and run: paper-lenet download --from FOLDER",
    ]
    return "\n".join(lines)


def _is_right(path: Path, digest: str) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == digest


def _partial(path: Path) -> Path:
    """The name that a file has until it is whole and right."""
    return path.with_name(f"{path.name}.partial")


def _obtain(fetch: Fetch, path: Path, digest: str) -> None:
    """One file, with further tries if what went wrong may be gone in a moment."""
    for pause in PAUSES:
        try:
            return _store(fetch, path, digest)
        except PassingError:
            time.sleep(pause)
    try:
        _store(fetch, path, digest)
    except PassingError as error:
        raise SourceError(f"{error}, {len(PAUSES) + 1} times") from None


def _store(fetch: Fetch, path: Path, digest: str) -> None:
    """Fetch one file and check it; on any failure, Ctrl-C too, `path` is as before."""
    total = hashlib.sha256()
    partial = _partial(path)
    try:
        with (
            fetch(path.name) as body,
            partial.open("wb") as output,
            tqdm.wrapattr(
                body.file, "read", body.size, desc=path.name, leave=False, disable=None
            ) as file,
        ):
            for piece in pieces(file, path.name, body.packed):
                total.update(piece)
                output.write(piece)
        if total.hexdigest() != digest:
            raise SourceError(f"{path.name}: wrong bytes: SHA-256 {total.hexdigest()}")
        partial.replace(path)
    except IdxError as error:
        raise SourceError(str(error)) from None
    finally:
        partial.unlink(missing_ok=True)


def load(folder: Path) -> tuple[Digits, Digits]:
    """The training and the test set from the four files in `folder`.

    Raises:
        IdxError: a file is missing, malformed or does not fit the others.
    """
    return _load(folder, *TRAIN), _load(folder, *TEST)


def _load(folder: Path, images_name: str, labels_name: str) -> Digits:
    images, labels = read_idx(folder / images_name), read_idx(folder / labels_name)
    if images.shape[1:] != (SIDE, SIDE):
        shape = " x ".join(map(str, images.shape))
        raise IdxError(
            f"{folder / images_name}: wrong dimensions: {shape}, not N x {SIDE} x {SIDE}"
        )
    if labels.ndim != 1:
        raise IdxError(f"{folder / labels_name}: wrong dimensions: {labels.ndim} instead of 1")
    if len(images) != len(labels):
        counts = f"{len(labels)} labels for the {len(images)} images of {images_name}"
        raise IdxError(f"{folder / labels_name}: counts disagree: {counts}")
    wrong = np.flatnonzero(labels >= CLASSES)
    if len(wrong):
        label = f"label {labels[wrong[0]]} at index {wrong[0]}"
        raise IdxError(f"{folder / labels_name}: {label} is not in 0 to {CLASSES - 1}")
    return Digits(images, labels)
