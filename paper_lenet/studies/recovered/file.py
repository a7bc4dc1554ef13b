"""The recovered network as a file: safetensors with one metadata key, ``provenance``.

The arrays have the names and shapes of `architecture.parameter_shapes`, up to S4, for subsampling
by the average; beside each stands its standard deviation, with ``.sd`` after the name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.network.weights import Parameters
from paper_lenet.studies.recovered import network
from paper_lenet.studies.recovered.network import Rows

KEY = "provenance"
SD = ".sd"


class FileError(PaperLenetError, ValueError):
    """There is no recovered network in a file."""


def save(path: Path, found: Rows, sd: Rows, note: Mapping[str, Any]) -> None:
    """Write parameters and standard deviations, the same bytes for the same numbers.

    Args:
        path: made, with its folder, if missing.
        found: the parameters, as `network.rows` has them.
        sd: their standard deviations, alike.
        note: where they come from.
    """
    arrays: dict[str, NDArray[np.float32]] = dict(network.parameters(found))
    arrays |= {name + SD: part for name, part in network.parameters(sd).items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(note, sort_keys=True)
    tensors = {name: np.ascontiguousarray(part) for name, part in arrays.items()}
    save_file(tensors, path, metadata={KEY: text})


def load(path: Path) -> tuple[Parameters, Parameters]:
    """The parameters and their standard deviations that `save` wrote.

    Raises:
        FileError: the file is missing or is another.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            json.loads((file.metadata() or {})[KEY])
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise FileError(f"{path}: not a recovered network ({error})") from None
    names = [name for name in arrays if not name.endswith(SD)]
    return {n: arrays[n] for n in names}, {n: arrays[n + SD] for n in names}
