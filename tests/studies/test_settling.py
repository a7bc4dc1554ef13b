"""The study ``settling`` on made-up trainings: what is chosen, and why."""

from __future__ import annotations

import json
import math

import pytest
from made_up_study import by_run, drawn, errors, write
from scipy import stats

from paper_lenet.pipeline.study import analyse
from paper_lenet.results import trainings
from paper_lenet.studies.study import Folders

HALF, WHOLE = {"presentation.strength": 0.5}, {"presentation.strength": 1.0}


PEAKED = WHOLE | {"presentation.law": "triangular"}


def settled(tmp_path, counts, changes):
    runs = {
        "none": {0: errors(50), 1: errors(50)},
        "rate_1": {0: errors(9)},
        "rate_2": {0: errors(8)},
    }
    runs |= {name: {s: errors(n) for s, n in enumerate(part)} for name, part in counts.items()}
    recipes = {name: {"presentation.distorted": 9, **part} for name, part in changes.items()}
    recipes |= {name: {"step.curvature": "never"} for name in ("rate_1", "rate_2")}
    folders = Folders("settling", tmp_path)
    write(folders.trained(), runs, recipes)
    analyse(folders)
    assert drawn(folders.figures) == ["settling"]
    return json.loads((folders.results() / "chosen.json").read_text())


def test_clear_winner_is_chosen(tmp_path):
    tree = settled(tmp_path, {"half": (10, 12), "whole": (30, 32)}, {"half": HALF, "whole": WHOLE})
    found = tree["distortions"]
    assert (found["run"], found["tied"], found["strength"]) == ("half", ["half"], 0.5)
    # Two runs of two seeds, each one pattern of 200 (half a point) from its mean.
    assert found["standard_error"] == pytest.approx(math.sqrt(0.5 / 2), abs=1e-4)
    assert tree["rate"]["run"] == "rate_2"
    results = Folders("settling", tmp_path).results()
    rows = by_run(results / "distortions.csv")
    assert list(rows) == ["none", "half", "whole"]
    assert (rows["half"]["chosen"], rows["whole"]["chosen"]) == ("yes", "")
    assert rows["half"]["difference"] == "-19.5000"
    # With the base, three runs of two seeds: squares of 0, 1/2 and 1/2 over three degrees.
    half = stats.t.ppf(0.975, 3) * math.sqrt((0.5 + 0.5) / 3) / math.sqrt(2)
    assert float(rows["half"]["error_high"]) - 5.5 == pytest.approx(half, abs=1e-4)
    assert list(by_run(results / "rates.csv")) == ["none", "rate_1", "rate_2"]


def test_ties_go_to_the_one_nearest_the_text(tmp_path):
    counts = {"half": (10, 14), "whole": (11, 14), "peaked": (10, 13)}
    changes = {"half": HALF, "whole": WHOLE, "peaked": PEAKED}
    found = settled(tmp_path, counts, changes)["distortions"]
    assert found["least"] == "peaked"
    assert found["tied"] == ["half", "whole", "peaked"]
    assert found["run"] == "whole"


CURVATURE = WHOLE | {"step.curvature": "originals"}
GAIN = WHOLE | {"presentation.scale": [-0.2, 2.35]}
FIRST = WHOLE | {"presentation.order": "originals_first", "step.eta": [[1, 0.0002], [1, 0.0005]]}


def test_what_else_goes_with_distortions_counts_as_a_choice_and_is_told(tmp_path):
    counts = dict.fromkeys(("half", "curvature", "gain", "first", "both"), (10, 14))
    changes = {"half": HALF, "curvature": CURVATURE, "gain": GAIN, "first": FIRST}
    found = settled(tmp_path, counts, changes | {"both": CURVATURE | GAIN})["distortions"]
    assert found["tied"] == ["half", "curvature", "gain", "first", "both"]
    assert (found["run"], found["beside"]) == ("half", "nothing")
    rows = by_run(Folders("settling", tmp_path).results() / "distortions.csv")
    assert {name: row["beside"] for name, row in rows.items()} == {
        "none": "",
        "half": "",
        "curvature": "curvature originals",
        "gain": "scale [-0.2, 2.35]",
        "first": "order originals_first",
        "both": "curvature originals, scale [-0.2, 2.35]",
    }


def test_distortions_need_a_run(tmp_path):
    folders = Folders("settling", tmp_path)
    write(folders.trained(), {"none": {0: errors(1)}})
    with pytest.raises(trainings.TableError, match="no trained run of the kind distortions"):
        analyse(folders)
