"""The study ``readings`` on made-up trainings whose distances from Fig. 5 are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from made_up_study import Made, by_run, drawn, errors, write

from paper_lenet.paper import numbers
from paper_lenet.pipeline.study import analyse
from paper_lenet.studies import readings
from paper_lenet.studies.study import Folders


def curve(more=0.0):
    """Fig. 5's training errors, of 1,000 patterns, with so many points more from pass 3 on."""
    points = numbers.fig5()[:20]
    return [
        10 * point.training_error + (10 * more if point.number >= 3 else 500) for point in points
    ]


def test_distance_from_fig5_is_over_passes_3_to_20():
    assert readings.rms(readings.deviations([value / 10 for value in curve(0.25)])) == (
        pytest.approx(0.25)
    )


def test_readings_are_laid_beside_the_base(tmp_path):
    level = [20] * 20
    runs = {
        "paper": {0: Made({1: 1}, level), 1: Made({1: 1}, level)},
        "worse": {0: Made({1: 1, 2: 1}, [30] * 20), 1: Made({3: 1, 4: 1, 5: 1}, [32] * 20)},
        "fails": {0: None, 1: errors(180)},
        "never": {0: None, 1: None},
    }
    folders = Folders("readings", tmp_path)
    write(folders.trained(), runs)
    analyse(folders)
    rows = by_run(folders.results() / "summary.csv")
    worse = rows["worse"]
    assert (worse["test_mean"], worse["difference"], worse["pairs"]) == ("1.2500", "0.7500", "2")
    assert worse["on_the_fly_19"] == "3.1000"
    assert worse["on_the_fly_19_difference"] == "1.1000"
    assert (worse["smallest_step_ratio"], worse["largest_step_ratio"]) == ("1", "1.25")
    assert (rows["fails"]["diverged"], rows["fails"]["collapsed"]) == ("1", "1")
    assert (rows["never"]["seeds"], rows["never"]["test_mean"]) == ("0", "")
    printed = [point.training_error for point in numbers.fig5()[2:20]]
    apart = [3.1 - value for value in printed]
    assert float(worse["rms"]) == pytest.approx(math.sqrt(np.mean(np.square(apart))), abs=1e-4)
    assert float(worse["worst"]) == pytest.approx(max(apart), abs=1e-4)
    assert int(worse["worst_pass"]) == 3 + printed.index(min(printed))
    assert drawn(folders.figures) == ["readings"]
