"""What `training.measure` reads off a network, read off the recovered one.

The size of the weights of C1 and C3, their root mean square, and S2's and S4's coefficients on the
sum of four inputs (Section II-B), their mean, the least and the greatest.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from paper_lenet.studies.recovered import file

SIZES = ("C1_rms", "C3_rms")
QUANTITIES = (
    *("S2_mean", "S2_least", "S2_greatest", "S4_mean", "S4_least", "S4_greatest"),
    *SIZES,
)


def quantities(network: Path) -> dict[str, float]:
    """`QUANTITIES` of the recovered network in a file.

    Raises:
        FileError: the file is missing or is another.
    """
    found, _ = file.load(network)
    result = {}
    for layer in ("S2", "S4"):
        values: list[float] = (found[f"{layer}.coefficient"].astype(np.float64) / 4).tolist()
        result[f"{layer}_mean"] = math.fsum(values) / len(values)
        result[f"{layer}_least"], result[f"{layer}_greatest"] = min(values), max(values)
    for name in SIZES:
        weights = found[f"{name.removesuffix('_rms')}.weight"].astype(np.float64)
        result[name] = math.sqrt(float(np.mean(weights**2)))
    return result
