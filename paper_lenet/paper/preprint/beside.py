"""A reading beside the committed file: the same bytes, the same numbers, or what differs."""

from __future__ import annotations

import io
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from itertools import zip_longest
from typing import NamedTuple

import numpy as np

from paper_lenet.paper.preprint.reading import Reading


class Verdict(NamedTuple):
    """What came of one reading.

    Attributes:
        well: the same bytes; of an .npz the same arrays; and where `Reading.open` says that
            something is not recorded, numbers may be off by one in the last digit.
        said: the same in one line.

    Example:
        >>> committed = files("paper_lenet.paper").joinpath("data/fig5_curves.csv").read_bytes()
        >>> verdict(Reading("fig5_curves.csv", committed, ()))
        Verdict(well=True, said='fig5_curves.csv: the same bytes')
        >>> verdict(Reading("fig5_curves.csv", committed[:-5], ())).well
        False
    """

    well: bool
    said: str


def verdict(reading: Reading) -> Verdict:
    """Lay a reading beside the committed file of its name.

    Example:
        >>> verdict(Reading("no-such.csv", b"", ()))
        Verdict(well=False, said='no-such.csv: no such file is committed')
    """
    source = files("paper_lenet.paper").joinpath("data", reading.name)
    if not source.is_file():
        return Verdict(False, f"{reading.name}: no such file is committed")
    committed = source.read_bytes()
    if reading.content == committed:
        return Verdict(True, f"{reading.name}: the same bytes")
    if reading.name.endswith(".npz"):
        found = _arrays(reading.content, committed)
    else:
        found = _text(reading.content.decode("ascii"), committed.decode("ascii"))
    why = f"; {reading.open}" if reading.open else ""
    # Of what was recorded whole, no digit may differ.
    well = found.well and (bool(reading.open) or reading.name.endswith(".npz"))
    return Verdict(well, f"{reading.name}: {found.said}{why}")


def _arrays(read: bytes, committed: bytes) -> Verdict:
    with np.load(io.BytesIO(read)) as ours, np.load(io.BytesIO(committed)) as theirs:
        if ours.files != theirs.files:
            return Verdict(False, f"holds {', '.join(ours.files)}, not {', '.join(theirs.files)}")
        other = [name for name in ours.files if not np.array_equal(ours[name], theirs[name])]
    if other:
        return Verdict(False, f"other numbers in {', '.join(other)}")
    return Verdict(True, "the same arrays, packed otherwise by this zlib or NumPy")


def _text(read: str, committed: str) -> Verdict:
    lines = list(zip_longest(read.splitlines(), committed.splitlines(), fillvalue=""))
    fields, other = 0, []
    for number, (ours, theirs) in enumerate(lines, 1):
        pairs = list(zip_longest(ours.split(","), theirs.split(",")))
        fields += len(pairs) if number > 1 else 0
        for one, two in pairs:
            if one != two and not _next(one, two):
                return Verdict(
                    False, f"line {number} is {ours!r}, in the committed file {theirs!r}"
                )
            other += [number] if one != two else []
    where = ", ".join(map(str, dict.fromkeys(other)))
    differ = "differs" if len(other) == 1 else "differ"
    return Verdict(
        True,
        f"{len(other)} of {fields} fields {differ} by one in the last digit (line {where})",
    )


def _next(one: str | None, two: str | None) -> bool:
    """Whether these have as many decimals, and differ by one in the last of them."""
    try:
        first, second = Decimal(one or ""), Decimal(two or "")
    except InvalidOperation:
        return False
    places = second.as_tuple().exponent
    if not isinstance(places, int) or places == 0 or first.as_tuple().exponent != places:
        return False  # a whole number is exact
    return abs(first - second) <= Decimal(1).scaleb(places)
