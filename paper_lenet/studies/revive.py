"""The study ``revive``: the network of 1998, recovered from Fig. 13 (`paper_lenet.revive`).

Its trainings are networks of ours whose parameters are known. `examine` draws and recovers them,
and recovers the network of 1998; `analyse` draws the figures.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from paper_lenet.revive import known, panels, pictures, record
from paper_lenet.studies.store import Finished


def examine(trainings: Sequence[Finished], processed: Path, folder: Path) -> None:
    """Check the method, and recover the network of 1998.

    Args:
        trainings: networks of ours, whose parameters are known.
        processed: folder of the patterns.
        folder: of the results.
    """
    known.check(trainings, folder)
    check = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    found = panels.recovered({name: float(layer["widened"]) for name, layer in check.items()})
    record.write(folder, found)


def analyse(grid: Path, results: Path, figures: Path) -> None:
    """Draw the figures from the study's files, see `pictures`."""
    pictures.write(results / grid.stem, figures / grid.stem)
