"""The edges between levels as files.

- ``edges.csv``: of each panel, all edges, in steps;
- ``own.csv``: where a panel's edge is not the common one, the median over the panels.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.files import fixed, read_csv, write_csv
from paper_lenet.studies.recovered import palette

APART = 0.25  # steps: an edge that is farther from the common one is called a panel's own

Array = NDArray[np.float64]


def write(folder: Path, edges: Array) -> None:
    """Write both tables into `folder`.

    Args:
        folder: must be there.
        edges: (panels, levels + 1), in steps; the outer ones are infinite.
    """
    inner = [(panel, *(fixed(edge, 2) for edge in own[1:-1])) for panel, own in enumerate(edges)]
    write_csv(folder / "edges.csv", ("panel", *map(str, palette.LEVELS[:-1])), inner)
    common = np.median(edges, axis=0)
    rows = [
        (panel, palette.LEVELS[k - 1], palette.LEVELS[k], fixed(common[k], 2), fixed(own[k], 2))
        for panel, own in enumerate(edges)
        for k in range(1, len(common) - 1)
        if abs(own[k] - common[k]) > APART
    ]
    write_csv(folder / "own.csv", ("panel", "above", "below", "common", "own"), rows)


def read(path: Path) -> Array:
    """The edges of each panel, (panels, levels + 1), in steps, from ``edges.csv``."""
    inner = np.array([[float(cell) for cell in row.values()][1:] for row in read_csv(path)])
    return np.pad(inner, ((0, 0), (1, 1)), constant_values=((0, 0), (-np.inf, np.inf)))
