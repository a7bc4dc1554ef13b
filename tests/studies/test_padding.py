"""The study ``padding`` on made-up trainings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_up_study import drawn, errors, write

from paper_lenet.network.architecture import Network, layers
from paper_lenet.pipeline.study import analyse
from paper_lenet.results.trainings import TableError
from paper_lenet.studies.study import Folders

BARE = {"network.input": 28}


def test_padding_is_laid_beside_the_study_paper(tmp_path: Path) -> None:
    folders = Folders("padding", tmp_path)
    write(folders.trained("paper"), {"paper": {0: errors(4), 1: errors(6), 2: errors(100)}})
    write(folders.trained(), {"not_padded": {0: errors(8), 1: errors(12)}}, {"not_padded": BARE})
    analyse(folders)
    tree = json.loads((folders.results() / "padding.json").read_text())
    # Of 200 test patterns; the third seed has no partner.
    assert (tree["padded"]["test"]["n"], tree["padded"]["test"]["mean"]) == (2, 2.5)
    assert (tree["not_padded"]["test"]["mean"], tree["difference"]["mean"]) == (5.0, 2.5)
    # The first misread the same patterns and 4 or 6 more.
    assert tree["difference"]["mcnemar_below"] == 1
    assert tree["difference"]["mcnemar_median"] == pytest.approx((0.125 + 0.03125) / 2, rel=1e-2)
    count = sum(layer.parameters for layer in layers(Network(input=28)))
    assert (tree["not_padded"]["parameters"], tree["not_padded"]["input"]) == (count, 28)
    assert drawn(folders.figures) == ["padding"]


@pytest.mark.parametrize(
    ("seeds", "changes"), [({5: errors(1)}, BARE), ({0: errors(1)}, BARE | {"loss.j": 1.0})]
)
def test_padding_needs_the_same_recipe_and_seeds(tmp_path, seeds, changes) -> None:
    folders = Folders("padding", tmp_path)
    write(folders.trained("paper"), {"paper": {0: errors(4), 1: errors(6)}})
    write(folders.trained(), {"not_padded": seeds}, {"not_padded": changes})
    with pytest.raises(TableError, match="differ in more than the input"):
        analyse(folders)
