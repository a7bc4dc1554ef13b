"""The studies ``sizes`` and ``distortions`` on made-up trainings."""

from __future__ import annotations

import numpy as np
from made_up_study import Made, by_run, drawn, errors, write

from paper_lenet.digits import excerpt
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.pipeline.study import analyse
from paper_lenet.studies import distortions, fig7
from paper_lenet.studies.study import Folders, Trained
from paper_lenet.training.store import Selection


def distorted(strength):
    return {"presentation.distorted": 9, "presentation.strength": strength}


def test_sizes_and_distortions_are_laid_beside_the_paper(tmp_path):
    folders, beside = Folders("sizes", tmp_path), Folders("distortions", tmp_path)
    two = {0: errors(4), 1: errors(6)}
    recipes = {"fig7": distorted(1.0), "chosen": distorted(0.5)}
    write(folders.trained("paper"), {"paper": two})
    write(beside.trained(), {"fig7": two, "chosen": {0: errors(3), 1: errors(5)}}, recipes)
    small = {"presentation.patterns": 15000}
    long = small | {"step.eta": [[40, 1e-4]]}
    runs = {"15000": two, "15000_long": {0: Made({1: 1}, (10,) * 40)}, "60000": two}
    write(folders.trained(), runs, {"15000": small, "15000_long": long})
    analyse(folders)
    rows = by_run(folders.results() / "sizes.csv")
    assert list(rows) == ["15000", "15000_long", "60000", "fig7", "chosen"]
    assert (rows["15000"]["paper_test"], rows["15000"]["paper_training"]) == ("1.68", "0.05")
    assert (rows["15000_long"]["passes"], rows["15000_long"]["test_mean"]) == ("40", "0.5000")
    assert (rows["chosen"]["distorted"], rows["chosen"]["paper_test"]) == ("540000", "0.82")
    assert rows["chosen"]["paper_training"] == ""
    assert rows["60000"]["after_mean"] == "0.7000"
    assert drawn(folders.figures) == ["sizes"]

    grey = np.random.default_rng(0).integers(0, 256, (400, 32, 32), np.uint8)
    training = Patterns(grey, np.zeros(400, np.uint8), grey_scale(-0.1, 1.175))
    patterns = Selection(training, training)
    distortions.examine(Trained(beside.grid(), {}, [], patterns, beside.trained()))
    digits = excerpt.read(beside.trained() / distortions.ORIGINALS)
    assert (digits.grey == grey[fig7.originals()]).all()
    analyse(beside)
    rows = by_run(beside.results() / "errors.csv")
    assert list(rows) == ["paper", "fig7", "chosen"]
    assert (rows["chosen"]["difference"], rows["chosen"]["pairs"]) == ("-0.5000", "2")
    assert rows["paper"]["strength"] == rows["paper"]["difference"] == ""
    names = ["drawn-chosen", "drawn-fig7", "drawn-paper", "overlaps"]
    assert drawn(beside.figures) == names
