"""What differs between a committed output and a remade one, file by file.

Integers, words and structure must be the same. Real numbers may differ in their last digits where
a library computed them: 1e-6 relative in JSON and CSV, and in figures as
`paper_lenet.pipeline.drawing` has it. Each function returns the first difference that is too large,
in words, or nothing.
"""

from __future__ import annotations

import csv
import io
import math
import operator
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from pathlib import PurePath
from typing import Any
from xml.etree.ElementTree import ParseError

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load

from paper_lenet.base.files import parse_json
from paper_lenet.pipeline.drawing import brief, drawings_differ

RELATIVE, ABSOLUTE = 1e-6, 1e-9
# What a parser raises of a file that is not what its name says.
NOT_THAT = (ValueError, RecursionError, csv.Error, ParseError)


def difference(name: str, committed: bytes, found: bytes) -> str | None:
    """What differs beyond tolerance between the two contents of the file `name`."""
    compare = {".json": _json, ".csv": _csv, ".svg": drawings_differ}.get(PurePath(name).suffix)
    if compare is None or committed == found:
        return first_difference(name, committed, found)
    try:
        return compare(committed, found)
    except NOT_THAT:
        return first_difference(name, committed, found)


def first_difference(name: str, committed: bytes, found: bytes) -> str | None:
    """Where two contents that must be equal first differ: an array, a line or a byte."""
    if committed == found:
        return None
    if name.endswith(".safetensors"):
        try:
            return _arrays(committed, found)
        except (SafetensorError, LookupError, TypeError, ValueError):
            return _first("byte", committed, found)
    try:
        if name.endswith(".csv") and (text := _csv(committed, found, operator.eq)):
            return text
        return _first("line", committed.decode().splitlines(), found.decode().splitlines())
    except (UnicodeDecodeError, csv.Error):
        return _first("byte", committed, found)


def _first(part: str, committed: Iterable[Any], found: Iterable[Any]) -> str:
    for number, (theirs, ours) in enumerate(zip_longest(committed, found), start=1):
        if theirs != ours:
            return f"{part} {number} is {brief(ours)}, not {brief(theirs)}"
    return "the line endings differ"


def _arrays(committed: bytes, found: bytes) -> str:
    """Which array differs most, the first by name if several do."""
    theirs, ours = load(committed), load(found)
    kinds = [
        {name: (part.dtype, part.shape) for name, part in arrays.items()}
        for arrays in (theirs, ours)
    ]
    if kinds[0] != kinds[1]:
        return "it holds other arrays"
    most = {
        name: _apart(theirs[name], ours[name])
        for name in sorted(theirs)
        if theirs[name].tobytes() != ours[name].tobytes()
    }
    if not most:
        return "the arrays are the same, the notes beside them are not"
    name = max(most, key=lambda name: most[name])
    return f"{name} differs by up to {most[name]:.3g}"


def _apart(theirs: NDArray[Any], ours: NDArray[Any]) -> float:
    """The largest difference; infinite where one of two numbers is none."""
    with np.errstate(invalid="ignore"):
        differences = np.abs(theirs.astype(float) - ours.astype(float))
    differences[theirs == ours] = 0.0
    return float(np.nan_to_num(differences, nan=np.inf, posinf=np.inf).max())


def _json(committed: bytes, found: bytes) -> str | None:
    theirs, ours = (parse_json(part) for part in (committed, found))
    return next(_values(theirs, ours, ""), None)


def _values(theirs: Any, ours: Any, where: str) -> Iterator[str]:
    """The differences between two parsed JSON values, `where` being the path to them."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in sorted(theirs.keys() | ours.keys()):
            path = f"{where}.{key}" if where else str(key)
            yield from _values(theirs.get(key, ...), ours.get(key, ...), path)
    elif isinstance(theirs, list) and isinstance(ours, list):
        for index, (one, other) in enumerate(zip_longest(theirs, ours, fillvalue=...)):
            yield from _values(one, other, f"{where}[{index}]")
    elif not _same(theirs, ours):
        yield f"{where} is {brief(ours)}, not {brief(theirs)}"


def _same(theirs: Any, ours: Any) -> bool:
    """Equal, or two numbers, at least one of them real, that are close."""
    numbers = type(theirs) in (int, float) and type(ours) in (int, float)
    if not numbers or type(theirs) is type(ours) is int:
        return bool(theirs == ours and type(theirs) is type(ours))
    both_nan = math.isnan(theirs) and math.isnan(ours)
    return both_nan or math.isclose(theirs, ours, rel_tol=RELATIVE, abs_tol=ABSOLUTE)


def _csv(committed: bytes, found: bytes, same: Callable[[Any, Any], bool] = _same) -> str | None:
    rows = [list(csv.reader(io.StringIO(part.decode()))) for part in (committed, found)]
    head = (rows[0] or [[]])[0]
    for number, (theirs, ours) in enumerate(zip_longest(*rows, fillvalue=[]), start=1):
        for index, (one, other) in enumerate(zip_longest(theirs, ours)):
            if one != other and not same(_cell(one), _cell(other)):
                column = head[index] if index < len(head) else f"column {index + 1}"
                return f"line {number}, {column} is {brief(other)}, not {brief(one)}"
    return None


def _cell(text: str | None) -> int | float | str | None:
    """A cell as the number that it spells, if it does."""
    for kind in (int, float):
        try:
            return kind(text or "")
        except ValueError:
            continue
    return text
