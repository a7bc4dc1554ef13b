"""The study ``sizes`` on made-up trainings: Fig. 6."""

from __future__ import annotations

from made_up_study import Made, by_run, drawn, errors, write

from paper_lenet.pipeline.study import analyse
from paper_lenet.studies.study import Folders


def distorted(strength):
    return {"presentation.distorted": 9, "presentation.strength": strength}


def test_sizes_are_laid_beside_fig6(tmp_path):
    folders = Folders("sizes", tmp_path)
    two = {0: errors(4), 1: errors(6)}
    recipes = {"fig7": distorted(1.0), "chosen": distorted(0.5)}
    beside = {"fig7": two, "chosen": {0: errors(3), 1: errors(5)}}
    write(folders.trained("distortions"), beside, recipes)
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
