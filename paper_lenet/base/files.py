"""Results as files that are the same bytes for the same numbers, each written whole.

Text is UTF-8 with ``\\n`` at line ends on every system; tables are plain CSV, trees sorted JSON.
Arrays are safetensors with one metadata key, which holds sorted JSON: with several keys their
order, and so the file's hash, would change from run to run.
"""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import json
import math
import os
import re
import stat
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from paper_lenet.base.errors import PaperLenetError

Arrays = dict[str, NDArray[Any]]


class FormatError(PaperLenetError, ValueError):
    """A file is not of the kind that its name says, or only a part of one.

    Example:
        >>> path = Path("twice.csv")
        >>> write_csv(path, ("seed", "seed"), [])
        >>> read_csv(path)
        Traceback (most recent call last):
            ...
        paper_lenet.base.files.FormatError: twice.csv: not a table (no heading of different names)
    """


def write_bytes(path: Path, content: bytes, durable: bool = False) -> None:
    """Write a file whole, and its folder if missing: a reader sees the old content or the new one.

    It is written beside `path` under a name of its own, and renamed; if that fails, nothing is
    left behind, and what a killed process left there is removed. Who may read it is the user's
    mask.

    Args:
        path: replaced if it is there.
        content: all of it.
        durable: it must outlast a loss of power, too; slower.

    Raises:
        OSError: it cannot be written, or is a pipe or a device; `path` is as it was.

    Example:
        >>> path = Path("new/whole.bin")
        >>> write_bytes(path, b"old")
        >>> write_bytes(path, b"new")
        >>> path.read_bytes(), [each.name for each in path.parent.iterdir()]
        (b'new', ['whole.bin'])
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "not a regular file", str(path))  # or /dev/null were one
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_partials(path)
    # Two writers of one file have two names, so that neither renames what the other has begun.
    own = f"{path.name}.{os.getpid()}-{threading.get_ident()}.partial"
    partial = path.with_name(own)
    try:
        with partial.open("wb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _remove_partials(path: Path) -> None:
    """Remove what processes that are no more began to write for `path`."""
    for beside in path.parent.iterdir():
        begun = re.fullmatch(re.escape(path.name) + r"\.(\d{1,9})-\d+\.partial", beside.name)
        if begun and not _runs(int(begun[1])):
            beside.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)  # signal 0 asks, and does nothing
    except ProcessLookupError:
        return False
    except OSError:
        pass  # it runs, and is another user's
    return True


def write_text(path: Path, text: str) -> None:
    """`write_bytes` of UTF-8.

    Example:
        >>> path = Path("found.txt")
        >>> write_text(path, "20 seeds")
        >>> path.read_text()
        '20 seeds'
    """
    write_bytes(path, text.encode("utf-8"))


def write_csv(path: Path, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write `rows` under `heading`; fields are text, whole numbers or already formatted.

    Example:
        >>> path = Path("found.csv")
        >>> write_csv(path, ("seed", "errors"), [(0, 95), (1, 97)])
        >>> [row["errors"] for row in read_csv(path)]
        ['95', '97']
    """
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)
    write_text(path, table.getvalue())


def write_json(path: Path, tree: Mapping[str, Any]) -> None:
    """Write `tree` with sorted keys; numbers must be finite or `None`.

    Example:
        >>> path = Path("found.json")
        >>> write_json(path, {"seeds": 20})
        >>> read_json(path)
        {'seeds': 20}
    """
    write_text(path, json.dumps(tree, indent=2, sort_keys=True, allow_nan=False) + "\n")


def write_tensors(
    path: Path, arrays: Mapping[str, NDArray[Any]], note: Mapping[str, Any] | None = None
) -> None:
    """Write arrays durably, and what is said of them.

    Args:
        path: replaced if it is there.
        arrays: by name.
        note: one key, the metadata's, and a tree for JSON.

    Example:
        >>> path = Path("found.safetensors")
        >>> biases = {"C1.bias": np.zeros(6, np.float32)}
        >>> write_tensors(path, biases, {"recipe": {"seed": 0}})
        >>> arrays, note = read_tensors(path, "recipe")
        >>> arrays["C1.bias"].shape, note
        ((6,), {'seed': 0})
    """
    metadata = {key: json.dumps(tree, sort_keys=True) for key, tree in (note or {}).items()}
    tensors = {name: np.ascontiguousarray(part) for name, part in arrays.items()}
    write_bytes(path, save(tensors, metadata or None), durable=True)


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal.

    Example:
        >>> path = Path("empty")
        >>> write_bytes(path, b"")
        >>> file_digest(path)[:16]
        'e3b0c44298fc1c14'
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def believing(path: Path) -> Iterator[None]:
    """What is met in a file that is not as it was written, as a `FormatError` of that file.

    Example:
        >>> with believing(Path("times.json")):
        ...     {"us": 40}["ms"]
        Traceback (most recent call last):
            ...
        paper_lenet.base.files.FormatError: times.json: not as it was written (KeyError('ms'))
    """
    try:
        yield
    except PaperLenetError:
        raise
    except (LookupError, OverflowError, TypeError, ValueError) as error:
        raise FormatError(f"{path}: not as it was written ({error!r})") from None


class _Row(dict[str, str]):
    """One row of a table by the names in its heading; one that is not there is the file's fault."""

    def __init__(self, path: Path, cells: Iterable[tuple[str, str]]) -> None:
        super().__init__(cells)
        self.path = path

    def __missing__(self, name: str) -> str:
        raise FormatError(f"{self.path}: not as it was written (no column {name})")


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of a file that `write_csv` wrote, by the names in its heading.

    Raises:
        OSError: there is no such file, or it cannot be read.
        FormatError: it is no table: empty, a name stands twice, a row is longer or shorter.

    Example:
        >>> path = Path("read.csv")
        >>> write_csv(path, ("seed", "errors"), [(0, 95)])
        >>> read_csv(path)
        [{'seed': '0', 'errors': '95'}]
        >>> read_csv(path)[0]["answer"]
        Traceback (most recent call last):
            ...
        paper_lenet.base.files.FormatError: read.csv: not as it was written (no column answer)
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            heading, *rows = list(csv.reader(file, strict=True)) or [[]]
        if not heading or len(set(heading)) < len(heading):
            raise ValueError("no heading of different names")
        return [_Row(path, zip(heading, row, strict=True)) for row in rows]
    except (csv.Error, ValueError) as error:
        raise FormatError(f"{path}: not a table ({error})") from None


def read_json(path: Path) -> Any:
    """The tree in a file that `write_json` wrote.

    Raises:
        OSError: there is no such file, or it cannot be read.
        FormatError: it is not JSON, names a key twice, or is nested too deeply.

    Example:
        >>> path = Path("twice.json")
        >>> write_text(path, '{"seed": 0, "seed": 1}')
        >>> read_json(path)
        Traceback (most recent call last):
            ...
        paper_lenet.base.files.FormatError: twice.json: not JSON (a key stands twice)
    """
    try:
        return parse_json(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise FormatError(f"{path}: not JSON ({error})") from None


def parse_json(text: str | bytes) -> Any:
    """What JSON says.

    Raises:
        ValueError: it is none, names a key twice, or is nested too deeply.

    Example:
        >>> parse_json('{"j": 2.0}')
        {'j': 2.0}
    """
    try:
        return json.loads(text, object_pairs_hook=_object)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; readers of one in which a key stands twice would not agree what it says."""
    result = dict(pairs)
    if len(result) < len(pairs):
        raise ValueError("a key stands twice")
    return result


def read_tensors(path: Path | str, key: str | None = None) -> tuple[Arrays, Any]:
    """The arrays that `write_tensors` wrote, and the tree under the metadata's `key`, if any.

    Raises:
        OSError: there is no such file, or it cannot be read.
        ValueError: it is another file, or only a part of one.

    Example:
        >>> path = Path("read.safetensors")
        >>> write_tensors(path, {"F6.bias": np.full(84, 0.5, np.float32)})
        >>> arrays, note = read_tensors(path)
        >>> float(arrays["F6.bias"].sum()), note
        (42.0, None)
        >>> read_tensors(path, "recipe")
        Traceback (most recent call last):
            ...
        ValueError: its metadata has no recipe
    """
    if not stat.S_ISREG(Path(path).stat().st_mode):
        raise ValueError("not a plain file")
    with Path(path).open("rb"):
        pass  # safetensors says of a file that may not be read that it is not there
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise ValueError(str(error)) from None
    except (AttributeError, TypeError) as error:
        raise ValueError(f"numbers that NumPy has not: {error}") from None
    if key is None:
        return arrays, None
    if key not in metadata:
        raise ValueError(f"its metadata has no {key}")
    return arrays, parse_json(metadata[key])


def fixed(value: float, decimals: int = 4) -> str:
    """`value` with so many decimals; empty where there is none (NaN).

    Example:
        >>> fixed(0.95), fixed(0.95, 1), fixed(math.nan)
        ('0.9500', '0.9', '')
    """
    return "" if math.isnan(value) else f"{value:.{decimals}f}"


def significant(value: float, digits: int = 6) -> str:
    """`value` with so many significant digits; empty where there is none (NaN).

    Example:
        >>> significant(345308.4), significant(0.00125, 2)
        ('345308', '0.0013')
    """
    return "" if math.isnan(value) else f"{value:.{digits}g}"
