"""The study ``distortions`` on made-up trainings."""

from __future__ import annotations

import json

import numpy as np
import pytest
from made_up_study import by_run, drawn, errors, write

from paper_lenet.digits import excerpt
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.pipeline.study import analyse
from paper_lenet.studies import distortions, fig7
from paper_lenet.studies.study import Folders, Trained
from paper_lenet.training.selection import Selection


def distorted(strength):
    return {"presentation.distorted": 9, "presentation.strength": strength}


def test_distortions_are_laid_beside_the_study_paper(tmp_path):
    folders = Folders("distortions", tmp_path)
    two = {0: errors(4), 1: errors(6)}
    recipes = {"fig7": distorted(1.0), "chosen": distorted(0.5)}
    write(folders.trained("paper"), {"paper": two})
    runs = {"fig7": {0: errors(4), 1: errors(8)}, "chosen": {0: errors(3), 1: errors(4)}}
    write(folders.trained(), runs, recipes)

    grey = np.random.default_rng(0).integers(0, 256, (400, 32, 32), np.uint8)
    training = Patterns(grey, np.zeros(400, np.uint8), grey_scale(-0.1, 1.175))
    patterns = Selection(training, training)
    distortions.examine(Trained(folders.grid(), {}, [], patterns, folders.trained()))
    digits = excerpt.read(folders.trained() / distortions.ORIGINALS)
    assert digits.indices.tolist() == fig7.originals().tolist()
    assert (digits.grey == grey[fig7.originals()]).all()

    analyse(folders)
    rows = by_run(folders.results() / "errors.csv")
    assert list(rows) == ["paper", "fig7", "chosen"]
    assert (rows["chosen"]["difference"], rows["chosen"]["pairs"]) == ("-0.7500", "2")
    assert rows["paper"]["strength"] == rows["paper"]["difference"] == ""
    tree = json.loads((folders.results() / "distortions.json").read_text())
    assert tree["chosen"]["test_error"]["mean"] == pytest.approx(1.75)
    # Errors of 2 and 4 percent: the standard error of one further run is 2 ** 0.5 * 1.5 ** 0.5.
    assert tree["fig7"]["fig6"]["t"] == pytest.approx((0.82 - 3) / 3**0.5, abs=0.01)
    gain = tree["fig7"]["gain"]
    assert (gain["mean"], gain["paper"]) == (pytest.approx(-0.5), pytest.approx(0.13))
    assert "gain" not in tree["paper"]
    assert tree["paper"]["halves"]["errors"] == {"first": 10, "second": 0}
    names = ["drawn-chosen", "drawn-fig7", "drawn-paper", "overlaps"]
    assert drawn(folders.figures) == names


def test_single_seeds_have_no_overlap(tmp_path):
    folders = Folders("distortions", tmp_path)
    write(folders.trained("paper"), {"paper": {0: errors(4), 1: errors(6)}})
    write(folders.trained(), {"fig7": {0: errors(4)}, "gone": {0: None}}, {"fig7": distorted(1.0)})
    grey = np.zeros((400, 32, 32), np.uint8)
    training = Patterns(grey, np.zeros(400, np.uint8), grey_scale(-0.1, 1.175))
    patterns = Selection(training, training)
    distortions.examine(Trained(folders.grid(), {}, [], patterns, folders.trained()))
    analyse(folders)
    rows = by_run(folders.results() / "errors.csv")
    assert (rows["gone"]["diverged"], rows["gone"]["test_mean"]) == ("1", "")
    assert list(json.loads((folders.results() / "distortions.json").read_text())) == ["paper"]
