"""What differs between two drawings, SVG files by matplotlib.

Elements, their order and nesting, texts, references and instructions must be the same, and names of
elements, made from hashes, only have to fit. Places may differ by 0.05 units, other numbers by a
thousandth, and an embedded picture by two grey levels.
"""

from __future__ import annotations

import base64
import io
import math
import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, NamedTuple
from xml.etree.ElementTree import XMLParser

import numpy as np
from numpy.typing import NDArray
from PIL import Image

UNITS = 0.05  # of a figure: 72 to the inch
RELATIVE, ABSOLUTE = 1e-3, 1e-4  # of other numbers, as a line's width or a scale
LEVELS = 2  # of 255, in a picture embedded in a figure

NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
REFERENCE = re.compile(r"#([\w.:-]+)")
LINEAR = re.compile(r"(?:scale|matrix)\([^)]*\)")
PICTURE = "data:image/png;base64,"
METADATA = "{http://www.w3.org/2000/svg}metadata"
PLACES = ("d", "x", "y", "width", "height", "transform", "viewBox")


class Part(NamedTuple):
    """A start or an end of an element, or an instruction, as <?xml-stylesheet?>.

    Attributes:
        tag: with its namespace, after a slash if it is an end.
        values: attributes by full name, as `xlink:href` is not `href`; and the text that follows.
    """

    tag: str
    values: dict[str, str]

    def __str__(self) -> str:
        return f"<{self.tag.rpartition('}')[2]}>"


class _Flat:
    """What the parser calls: all parts, one after another, but what tells matplotlib's version."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.drawn = True

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.drawn &= tag != METADATA
        if self.drawn:
            self.parts.append(Part(tag, {**attributes, "the text": ""}))

    def end(self, tag: str) -> None:
        if self.drawn:
            self.parts.append(Part(f"/{tag}", {"the text": ""}))
        self.drawn |= tag == METADATA

    def pi(self, target: str, data: str | None = None) -> None:
        self.parts.append(Part(f"?{target}", {"the text": data or ""}))

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        self.parts.append(Part(f"!{name}", {"the text": f"{public} {system}"}))

    def data(self, text: str) -> None:
        if self.drawn:
            self.parts[-1].values["the text"] += text

    def close(self) -> None:
        """The parser calls it at the end."""


def drawings_differ(committed: bytes, found: bytes) -> str | None:
    """What differs beyond tolerance, in words, or nothing.

    Raises:
        xml.etree.ElementTree.ParseError: one of them is no XML.
    """
    for theirs, ours in zip_longest(*map(_parts, (committed, found))):
        if theirs is None or ours is None or theirs.tag != ours.tag:
            return f"{ours or 'nothing'} stands where {theirs or 'nothing'} was"
        for key in sorted(theirs.values.keys() | ours.values.keys()):
            one, other = theirs.values.get(key), ours.values.get(key)
            if one is None or other is None or not _close(key, one, other):
                if one and one.startswith(PICTURE):
                    return f"the picture in {ours} is another"
                name = key.rpartition("}")[2]
                return f"{name} of {ours} is {brief(other)}, not {brief(one)}"
    return None


def _parts(content: bytes) -> list[Part]:
    """The parts of a drawing, in which names of elements are replaced by their rank."""
    flat = _Flat()
    parser = XMLParser(target=flat)
    parser.feed(content)
    parser.close()
    parts = flat.parts
    known: dict[str, str] = {}
    for part in parts:
        if "id" in part.values:
            known[part.values["id"]] = part.values["id"] = f"name-{len(known)}"
    for part in parts:
        for key, value in part.values.items():
            if not value.startswith(PICTURE):
                part.values[key] = REFERENCE.sub(
                    lambda match: "#" + known.get(match[1], match[1]), value
                )
    return parts


def _close(key: str, theirs: str, ours: str) -> bool:
    """Whether two strings differ at most in numbers, and those by no more than they may."""
    if theirs == ours:
        return True
    if theirs.startswith(PICTURE) and ours.startswith(PICTURE):
        return _alike(theirs, ours)
    if key not in (*PLACES, "style") or NUMBER.split(theirs) != NUMBER.split(ours):
        return False
    if key == "style":
        return _nearly(theirs, ours)
    pairs = zip(_numbers(theirs), _numbers(ours), strict=True)
    if not all(abs(one - other) <= UNITS for one, other in pairs):
        return False
    return all(map(_nearly, LINEAR.findall(theirs), LINEAR.findall(ours)))


def _numbers(text: str) -> Iterator[float]:
    return map(float, NUMBER.findall(text))


def _nearly(theirs: str, ours: str) -> bool:
    pairs = zip(_numbers(theirs), _numbers(ours), strict=True)
    return all(math.isclose(*pair, rel_tol=RELATIVE, abs_tol=ABSOLUTE) for pair in pairs)


def _alike(theirs: str, ours: str) -> bool:
    """Whether two embedded pictures show the same."""
    try:
        one, other = _picture(theirs), _picture(ours)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return one.shape == other.shape and bool(np.abs(one - other).max() <= LEVELS)


def _picture(text: str) -> NDArray[np.int64]:
    content = base64.b64decode(text[len(PICTURE) :])
    return np.asarray(Image.open(io.BytesIO(content), formats=["PNG"]), np.int64)


def brief(value: Any) -> str:
    """`value` in a few characters."""
    text = "missing" if value in (None, ...) else str(value).strip()
    return text if len(text) <= 60 else text[:57] + "..."
