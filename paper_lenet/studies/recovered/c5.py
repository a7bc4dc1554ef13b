"""What Fig. 13 shows of C5: nine total inputs a unit, far fewer than its weights.

They cannot be recovered from that, but a training may be held to it (`revived`). So the numbers are
kept to the last bit: ``c5.safetensors``.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.paper import fig13
from paper_lenet.studies.recovered import file, palette
from paper_lenet.studies.recovered.calibrate import Calibrated
from paper_lenet.studies.recovered.drawing import Ends

FILE = "c5.safetensors"
NOTE = "Fig. 13 of the authors' preprint: C5's total inputs, and the states of S4 as recovered"


class Pull(NamedTuple):
    """What C5 may be held to.

    Attributes:
        below: (panels, 400), the states of S4, map by map.
        total: the total inputs of C5 that are drawn, (panels, 120) each.
    """

    below: NDArray[np.float64]
    total: Ends


def drawn(found: Calibrated) -> Pull:
    """What the figure shows, over the states of S4 that the recovered network has there."""
    states = found.layers["S4"].states.mean
    below: NDArray[np.float64] = states.reshape(len(states), -1)
    grey = fig13.drawn("C5")
    return Pull(below, found.drawing.interval(palette.read(grey, found.edges)))


def write(folder: Path, found: Calibrated) -> None:
    """Write ``c5.safetensors`` into `folder`."""
    below, total = drawn(found)
    file.write(folder / FILE, {"below": below, **total._asdict()}, {"source": NOTE})


def read(folder: Path) -> Pull:
    """What `write` wrote.

    Raises:
        FileError: the file is missing or is another.
    """
    arrays, _ = file.read(folder / FILE)
    return Pull(arrays["below"], Ends(arrays["low"], arrays["high"]))
