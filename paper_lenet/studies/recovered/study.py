"""The study ``revive``: the network of 1998, recovered from Fig. 13.

Its trainings are networks of ours whose parameters are known. `examine` draws and recovers them,
recovers the network of 1998, and revives it; `analyse` asks what that says of the readings, and
draws the figures.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import yaml

from paper_lenet.studies.recovered import evidence, known_truth, panels, pictures, record, revival
from paper_lenet.training.kind import Finished


def examine(trainings: Sequence[Finished], processed: Path, folder: Path) -> None:
    """Check the method, recover the network of 1998, and revive it.

    Args:
        trainings: networks of ours, whose parameters are known.
        processed: folder of the patterns.
        folder: of the results.
    """
    known_truth.check(trainings, folder)
    check = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    found = panels.recovered({name: float(layer["widened"]) for name, layer in check.items()})
    record.write(folder, found)
    revival.revive(trainings, found.calibrated, processed, folder)


def analyse(grid: Path, results: Path, figures: Path) -> None:
    """Weigh the readings by what was recovered, and draw the figures."""
    text = grid.with_name("posterior.yaml").read_text(encoding="utf-8")
    evidence.write(results / grid.stem, results, yaml.safe_load(text)["prior"])
    pictures.write(results / grid.stem, figures / grid.stem)
