"""What is read from one figure: the file that it becomes, and how sure it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.files import fixed


class Sure(NamedTuple):
    """One measure of how sure a reading is: its lowest and its greatest value in the figure.

    Example:
        >>> sure = over("grey levels", [3.0, 1.0, 2.0])
        >>> sure.what, sure.lowest, sure.greatest
        ('grey levels', 1.0, 3.0)
    """

    what: str
    lowest: float
    greatest: float


class Reading(NamedTuple):
    """What one figure says.

    Attributes:
        name: of the file in ``paper_lenet/paper/data``.
        content: its bytes.
        sure: how sure it is.
        open: what is not recorded of how the committed file was read; empty if nothing.

    Example:
        >>> reading = Reading("a.csv", table("pass,error", [(1, 4.5)]), ())
        >>> reading.content.decode().splitlines(), reading.open
        (['pass,error', '1,4.5'], '')
    """

    name: str
    content: bytes
    sure: tuple[Sure, ...]
    open: str = ""


def over(what: str, values: Sequence[float] | NDArray[np.float64]) -> Sure:
    """The lowest and the greatest of several values.

    Example:
        >>> over("step of the drawing", [0.2, 0.1])
        Sure(what='step of the drawing', lowest=0.1, greatest=0.2)
    """
    return Sure(what, float(np.min(values)), float(np.max(values)))


def table(heading: str, rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file with this heading.

    Example:
        >>> table("pass,error", [(1, 4.5)]).decode().split()
        ['pass,error', '1,4.5']
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([heading.split(","), *rows])
    return text.getvalue().encode("ascii")


def evidence(readings: Iterable[Reading]) -> Reading:
    """How sure all readings are, as one more file.

    Example:
        >>> reading = Reading("a.csv", b"", (over("step", [0.2, 0.1]),))
        >>> evidence([reading]).content.splitlines()[1]
        b'a.csv,step,0.1000,0.2000'
    """
    rows = [
        (reading.name, sure.what, fixed(sure.lowest), fixed(sure.greatest))
        for reading in readings
        for sure in reading.sure
    ]
    return Reading("evidence.csv", table("file,what,lowest,greatest", rows), ())
