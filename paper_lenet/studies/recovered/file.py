"""Arrays as files: safetensors with one metadata key, ``provenance``; the same bytes each time.

The recovered network's arrays have the names and shapes of `architecture.parameter_shapes`, up to
S4, for subsampling by the average; beside each stands its standard deviation, with ``.sd`` after
the name.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.base.files import Arrays, read_tensors, write_tensors
from paper_lenet.network.weights import Parameters
from paper_lenet.studies.recovered import network
from paper_lenet.studies.recovered.network import Rows

KEY = "provenance"
SD = ".sd"


class FileError(PaperLenetError, ValueError):
    """A file is missing or is another."""


def save(path: Path, found: Rows, sd: Rows, note: Mapping[str, Any]) -> None:
    """Write a recovered network.

    Args:
        path: replaced if it is there.
        found: the parameters, as `network.rows` has them.
        sd: their standard deviations, alike.
        note: where they come from.
    """
    deviations = {name + SD: part for name, part in network.parameters(sd).items()}
    write(path, {**network.parameters(found), **deviations}, note)


def load(path: Path) -> tuple[Parameters, Parameters]:
    """The parameters and their standard deviations that `save` wrote.

    Raises:
        FileError: the file is missing or is another.
    """
    arrays, _ = read(path)
    names = [name for name in arrays if not name.endswith(SD)]
    return {n: arrays[n] for n in names}, {n: arrays[n + SD] for n in names}


def write(path: Path, arrays: Mapping[str, NDArray[Any]], note: Mapping[str, Any]) -> None:
    """Write arrays and where they come from."""
    write_tensors(path, arrays, {KEY: note})


def read(path: Path) -> tuple[Arrays, dict[str, Any]]:
    """The arrays, by name, and the note that `write` wrote.

    Raises:
        FileError: the file is missing or is another.
    """
    try:
        return read_tensors(path, KEY)
    except (OSError, ValueError) as error:
        raise FileError(f"{path}: not a file of the recovery ({error})") from None
