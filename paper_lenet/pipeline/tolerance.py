"""What differs between a committed output and a remade one, file by file.

Integers, words and structure must be the same. Real numbers may differ in their last digits where
a library computed them: 1e-6 relative in JSON and CSV, 0.05 units in a figure. Each function
returns the first difference that is too large, in words, or nothing.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import math
import operator
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from pathlib import PurePath
from typing import Any
from xml.etree import ElementTree

import numpy as np
from PIL import Image
from safetensors import SafetensorError
from safetensors.numpy import load

RELATIVE, ABSOLUTE = 1e-6, 1e-9
UNITS = 0.05  # of a figure: 72 to the inch
LEVELS = 2  # of 255, in a picture embedded in a figure

NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
REFERENCE = re.compile(r"#([\w.:-]+)")
PICTURE = "data:image/png;base64,"


def difference(name: str, committed: bytes, found: bytes) -> str | None:
    """What differs beyond tolerance between the two contents of the file `name`."""
    compare = {".json": _json, ".csv": _csv, ".svg": _svg}.get(PurePath(name).suffix)
    if compare is None or committed == found:
        return first_difference(name, committed, found)
    try:
        return compare(committed, found)
    except (ValueError, ElementTree.ParseError):  # one of them is not what its name says
        return first_difference(name, committed, found)


def first_difference(name: str, committed: bytes, found: bytes) -> str | None:
    """Where two contents that must be equal first differ: an array, a line or a byte."""
    if committed == found:
        return None
    if name.endswith(".safetensors"):
        try:
            return _arrays(committed, found)
        except SafetensorError:
            return _first("byte", committed, found)
    try:
        if name.endswith(".csv") and (text := _csv(committed, found, operator.eq)):
            return text
        return _first("line", committed.decode().splitlines(), found.decode().splitlines())
    except UnicodeDecodeError:
        return _first("byte", committed, found)


def _first(part: str, committed: Iterable[Any], found: Iterable[Any]) -> str:
    for number, (theirs, ours) in enumerate(zip_longest(committed, found), start=1):
        if theirs != ours:
            return f"{part} {number} is {_brief(ours)}, not {_brief(theirs)}"
    return "the line endings differ"


def _arrays(committed: bytes, found: bytes) -> str:
    theirs, ours = load(committed), load(found)
    shapes = [{name: part.shape for name, part in arrays.items()} for arrays in (theirs, ours)]
    if shapes[0] != shapes[1]:
        return "it holds other arrays"
    for name in theirs:
        if theirs[name].tobytes() != ours[name].tobytes():
            most = np.abs(theirs[name].astype(float) - ours[name].astype(float)).max()
            return f"{name} differs by up to {most:.3g}"
    return "the arrays are the same, the notes beside them are not"


def _json(committed: bytes, found: bytes) -> str | None:
    return next(_values(json.loads(committed), json.loads(found), ""), None)


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
        yield f"{where} is {_brief(ours)}, not {_brief(theirs)}"


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
                return f"line {number}, {column} is {_brief(other)}, not {_brief(one)}"
    return None


def _cell(text: str | None) -> int | float | str | None:
    """A cell as the number that it spells, if it does."""
    for kind in (int, float):
        try:
            return kind(text or "")
        except ValueError:
            continue
    return text


def _svg(committed: bytes, found: bytes) -> str | None:
    """Differences in the elements; names of elements, made from hashes, only have to fit."""
    trees = [ElementTree.fromstring(part) for part in (committed, found)]
    names: list[dict[str, str]] = [{}, {}]
    for tree, known in zip(trees, names, strict=True):
        for element in tree.iter():
            if "id" in element.attrib:
                known[element.attrib["id"]] = f"name-{len(known)}"
    for theirs, ours in zip_longest(trees[0].iter(), trees[1].iter()):
        if theirs is None or ours is None or theirs.tag != ours.tag:
            return f"{_tag(ours)} stands where {_tag(theirs)} was"
        text = _strings_differ(_tag(ours), _strings(theirs, names[0]), _strings(ours, names[1]))
        if text:
            return text
    return None


def _strings_differ(tag: str, theirs: dict[str, str], ours: dict[str, str]) -> str | None:
    for key in sorted(theirs.keys() | ours.keys()):
        one, other = theirs.get(key, ""), ours.get(key, "")
        if _close(one, other):
            continue
        if one.startswith(PICTURE):
            return f"the picture in {tag} is another"
        return f"{key} of {tag} is {_brief(other)}, not {_brief(one)}"
    return None


def _tag(element: ElementTree.Element | None) -> str:
    return "nothing" if element is None else f"<{element.tag.rpartition('}')[2]}>"


def _strings(element: ElementTree.Element, known: dict[str, str]) -> dict[str, str]:
    """Attributes and texts by name, with the `known` names of elements replaced by their rank."""
    strings = {name.rpartition("}")[2]: value for name, value in element.attrib.items()}
    if "id" in strings:
        strings["id"] = known[strings["id"]]
    strings["text"], strings["tail"] = element.text or "", element.tail or ""
    return {
        name: REFERENCE.sub(lambda match: "#" + known.get(match[1], match[1]), value)
        for name, value in strings.items()
    }


def _close(theirs: str, ours: str) -> bool:
    """Whether two strings differ at most in numbers, and those by no more than `UNITS`."""
    if theirs == ours:
        return True
    if theirs.startswith(PICTURE) and ours.startswith(PICTURE):
        return _alike(theirs, ours)
    if NUMBER.split(theirs) != NUMBER.split(ours):
        return False
    pairs = zip(NUMBER.findall(theirs), NUMBER.findall(ours), strict=True)
    return all(abs(float(one) - float(other)) <= UNITS for one, other in pairs)


def _alike(theirs: str, ours: str) -> bool:
    """Whether two embedded pictures show the same."""
    one, other = (
        np.asarray(Image.open(io.BytesIO(base64.b64decode(part[len(PICTURE) :]))), int)
        for part in (theirs, ours)
    )
    return one.shape == other.shape and bool(np.abs(one - other).max() <= LEVELS)


def _brief(value: Any) -> str:
    """`value` in a few characters."""
    text = "missing" if value in (None, ...) else str(value).strip()
    return text if len(text) <= 60 else text[:57] + "..."
