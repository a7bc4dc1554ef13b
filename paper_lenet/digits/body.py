"""What every kind of source gives the stage ``download``: one file's body, or why there is none."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import NamedTuple

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.digits.idx import Readable


class SourceError(PaperLenetError, ValueError):
    """A source does not give a file; the message says why."""


class PassingError(SourceError):
    """The same, but it may be gone in a moment."""


class Body(NamedTuple):
    """A file as a source has it.

    Attributes:
        file: its bytes.
        size: how many, as far as the source says.
        packed: whether they are gzip.
    """

    file: Readable
    size: int | None
    packed: bool


# Opens one file of a source by its name; raises a SourceError.
Fetch = Callable[[str], AbstractContextManager[Body]]
