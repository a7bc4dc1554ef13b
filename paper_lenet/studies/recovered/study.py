"""The study ``recovered``: the network of 1998, recovered from Fig. 13.

It trains nothing. Networks of ours whose parameters are known (`ours`) are drawn and recovered;
that says how far the method can be believed. Then the network of 1998 is recovered. All of it takes
a few minutes.
"""

from __future__ import annotations

from paper_lenet.base.files import read_json
from paper_lenet.studies.recovered import c5, known_truth, ours, panels, record
from paper_lenet.studies.study import Folders, Study


def analyse(folders: Folders) -> None:
    """Check the method, recover the network of 1998, and write its tables."""
    folder = folders.results()
    known_truth.check(ours.read(folders.trained("revive")), folder)
    check = read_json(folder / "truth.json")
    found = panels.recovered({name: float(layer["widened"]) for name, layer in check.items()})
    record.write(folder, found)
    c5.write(folder, found.calibrated)


STUDY = Study(analyse=analyse)
