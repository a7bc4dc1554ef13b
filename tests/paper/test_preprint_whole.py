"""The preprint itself, where there is one: it is no part of the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from paper_lenet.digits import mnist
from paper_lenet.paper.preprint.beside import verdict
from paper_lenet.paper.preprint.document import open_preprint
from paper_lenet.paper.preprint.readings import readings

PREPRINT = "PAPER_LENET_PREPRINT"  # names its PDF
SAME = ("fig3_codes.txt", "fig5_curves.csv", "fig8_errors.csv")


@pytest.mark.slow
@pytest.mark.skipif(PREPRINT not in os.environ, reason=f"{PREPRINT} names no preprint")
def test_the_preprint_gives_the_committed_files(raw: Path) -> None:
    training, test = mnist.load(raw)
    document = open_preprint(Path(os.environ[PREPRINT]))
    found = {each.name: verdict(each) for each in readings(document, training.images, *test)}
    said = {name: each.said for name, each in found.items()}
    assert all(each.well for each in found.values()), said
    assert [said[name] for name in SAME] == [f"{name}: the same bytes" for name in SAME]
    assert "2 of 9 fields differ by one in the last digit (line 4)" in said["fig6_sizes.csv"]
    assert "10 of 800 fields differ by one in the last digit" in said["fig7_maps.csv"]
    assert "the same" in said["fig13_states.npz"]
    assert len(found) == 7
