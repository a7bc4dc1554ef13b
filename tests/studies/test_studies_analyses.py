"""The analyses of the studies on made-up trainings whose answers can be computed by hand."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest
from made_up_study import TEST, Made, errors, write
from scipy import stats

from paper_lenet.base.files import read_csv, write_csv
from paper_lenet.base.statistics import over_seeds
from paper_lenet.digits import distort
from paper_lenet.digits.affine import Map, bilinear, mapped
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.network.architecture import layers
from paper_lenet.network.recipe import Loss, Presentation, Recipe
from paper_lenet.paper import numbers
from paper_lenet.results import mistakes, trainings
from paper_lenet.results.answers import Answers
from paper_lenet.studies import (
    costs,
    distortions,
    fig7,
    invariance,
    ladder,
    readings,
    rejection,
    settling,
    sizes,
)
from paper_lenet.studies import paper as study_paper
from paper_lenet.training.job import Job

FIG8 = mistakes.fig8()


def drawn(folder):
    """The figures' names; each must be there for both themes, and be SVG."""
    for path in folder.iterdir():
        assert ElementTree.parse(path).getroot().get("width") == "320pt"
    names = sorted(path.stem.rpartition("-")[0] for path in folder.iterdir())
    assert names[::2] == names[1::2]
    return names[::2]


def by_run(path):
    return {row["run"]: row for row in read_csv(path)}


# Overlap


def test_study_paper_writes_and_draws(tmp_path):
    keys = list(FIG8)
    first = Made({index: FIG8[index] for index in keys[:40]} | {0: 1})
    second = Made(
        dict.fromkeys(keys[30:40], 0) | {0: 1} | dict.fromkeys(range(5, 34), 1), (90,) * 20
    )
    write(tmp_path / "r" / "paper", {"paper": {0: first, 1: second}})
    near = {0: errors(1), 1: errors(4)}
    write(tmp_path / "r" / "readings", {"paper": {0: errors(1), 1: errors(2)}, "other": near})
    study_paper.analyse(Path("paper.yaml"), tmp_path / "r", tmp_path)
    tree = json.loads((tmp_path / "r" / "paper" / "statistics.json").read_text())
    found = tree["overlap"]
    assert (found["fig8"]["shared"], found["fig8"]["shared_greatest"]) == (25.0, 40)
    assert found["two_seeds"]["shared"] == 11.0
    same = sum(FIG8[index] == 0 for index in keys[30:40])
    assert found["two_seeds"]["same_answer"] == same + 1
    assert found["fig8"]["same_answer"] == (40 + same) / 2
    # The first misreads 41, the second 40, and both 11 of them.
    counts = found["misread_by_some"], found["misread_by_all"], found["misread_by_one"]
    assert counts == (70, 11, 59)
    assert (found["fig8_misread_by_none"], found["fig8_misread_by_all"]) == (42, 10)
    assert found["ours_in_all_but_not_in_fig8"] == 1
    assert tree["power"]["sd_paired"] == pytest.approx(math.sqrt(0.5), abs=1e-4)
    rows = {row["index"]: row for row in read_csv(tmp_path / "r" / "paper" / "times.csv")}
    assert (rows["0"]["times"], rows["0"]["answers"], rows["0"]["fig8_answer"]) == ("2", "1:2", "")
    assert rows[str(keys[-1])]["times"] == "0"
    assert len(read_csv(tmp_path / "r" / "paper" / "overlap.csv")) == 3
    curve = read_csv(tmp_path / "r" / "paper" / "curve.csv")
    # 100 and 90 of 1,000 training patterns; the figure has a point more than we have passes.
    assert (curve[0]["on_the_fly_mean"], curve[0]["on_the_fly_min"]) == ("9.5000", "9.0000")
    assert (curve[0]["fig5_on_the_fly"], curve[0]["fig5_test"]) == ("4.89", "2.65")
    assert (len(curve), curve[20]["test_mean"], curve[20]["fig5_test"]) == (21, "", "0.95")
    assert drawn(tmp_path / "paper") == ["errors", "overlap", "times"]


# Readings


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
    write(tmp_path / "s", runs)
    readings.analyse(Path("s.yaml"), tmp_path, tmp_path / "f")
    rows = by_run(tmp_path / "s" / "summary.csv")
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
    assert drawn(tmp_path / "f" / "s") == ["readings"]


# Ladder


def test_rungs_are_laid_beside_the_one_before_and_the_first(tmp_path):
    runs = {
        "0-paper": {0: errors(10), 1: errors(10)},
        "1-full-c3": {0: errors(12), 1: errors(14)},
        "2-max-pool": {0: errors(8), 1: errors(8)},
    }
    full = {"network.c3": "full"}
    write(
        tmp_path / "s",
        runs,
        {"1-full-c3": full, "2-max-pool": full | {"network.subsampling": "max"}},
    )
    ladder.analyse(Path("s.yaml"), tmp_path, tmp_path / "f")
    first, second, third = read_csv(tmp_path / "s" / "rungs.csv")
    assert first["before_difference"] == first["first_difference"] == ""
    assert (second["change"], second["before_difference"]) == ("full C3", "1.5000")
    assert (third["before_difference"], third["first_difference"]) == ("-2.5000", "-1.0000")
    assert int(first["parameters"]) == sum(layer.parameters for layer in layers())
    # 36 more kernels of 25 weights; then S2 and S4 lose 6 and 16 pairs.
    assert int(second["parameters"]) - int(first["parameters"]) == 36 * 25
    assert int(third["parameters"]) - int(second["parameters"]) == -2 * (6 + 16)
    assert drawn(tmp_path / "f" / "s") == ["ladder"]


def test_last_rung_is_that_of_the_tutorials(tmp_path):
    write(tmp_path / "ladder", {"0-paper": {0: errors(10), 1: errors(12)}})
    (tmp_path / "tutorials").mkdir()
    names = ("tutorial", "seed", "parameters", "errors_on_the_fly", "patterns")
    names += ("test_errors", "test_patterns")
    rows = [("other", 0, 5, 9, 9, 9, 9)]
    rows += [("ladder_adam", seed, 60_000, 5, 1000, 6 + 4 * seed, TEST) for seed in (0, 1)]
    write_csv(tmp_path / "tutorials" / "runs.csv", names, rows)
    ladder.analyse(Path("ladder.yaml"), tmp_path, tmp_path / "f")
    last = read_csv(tmp_path / "ladder" / "rungs.csv")[-1]
    assert (last["change"], last["seeds"], last["test_mean"]) == ("Adam batch 128", "2", "4.0000")
    assert (last["before_difference"], last["before_pairs"]) == ("-1.5000", "2")
    assert last["before_mcnemar_median"] == ""
    rows[-1] = ("ladder_adam", 1, 60_001, *rows[-1][3:])
    write_csv(tmp_path / "tutorials" / "runs.csv", names, rows)
    with pytest.raises(trainings.TableError, match="not the network of the rung before"):
        ladder.analyse(Path("ladder.yaml"), tmp_path, tmp_path / "f")


# Settling


def settled(tmp_path, counts, changes):
    runs = {
        "none": {0: errors(50), 1: errors(50)},
        "rate_1": {0: errors(9)},
        "rate_2": {0: errors(8)},
    }
    runs |= {name: {s: errors(n) for s, n in enumerate(part)} for name, part in counts.items()}
    recipes = {name: {"presentation.distorted": 9, **part} for name, part in changes.items()}
    recipes |= {name: {"step.curvature": "never"} for name in ("rate_1", "rate_2")}
    write(tmp_path / "s", runs, recipes)
    settling.analyse(Path("s.yaml"), tmp_path, tmp_path / "f")
    assert drawn(tmp_path / "f" / "s") == ["settling"]
    return json.loads((tmp_path / "s" / "chosen.json").read_text())


HALF, WHOLE = {"presentation.strength": 0.5}, {"presentation.strength": 1.0}
PEAKED = WHOLE | {"presentation.law": "triangular"}


def test_clear_winner_is_chosen(tmp_path):
    tree = settled(tmp_path, {"half": (10, 12), "whole": (30, 32)}, {"half": HALF, "whole": WHOLE})
    found = tree["distortions"]
    assert (found["run"], found["tied"], found["strength"]) == ("half", ["half"], 0.5)
    # Two runs of two seeds, each one pattern of 200 (half a point) from its mean.
    assert found["standard_error"] == pytest.approx(math.sqrt(0.5 / 2), abs=1e-4)
    assert tree["rate"]["run"] == "rate_2"
    rows = by_run(tmp_path / "s" / "distortions.csv")
    assert list(rows) == ["none", "half", "whole"]
    assert (rows["half"]["chosen"], rows["whole"]["chosen"]) == ("yes", "")
    assert rows["half"]["difference"] == "-19.5000"
    # With the base, three runs of two seeds: squares of 0, 1/2 and 1/2 over three degrees.
    half = stats.t.ppf(0.975, 3) * math.sqrt((0.5 + 0.5) / 3) / math.sqrt(2)
    assert float(rows["half"]["error_high"]) - 5.5 == pytest.approx(half, abs=1e-4)
    assert list(by_run(tmp_path / "s" / "rates.csv")) == ["none", "rate_1", "rate_2"]


def test_ties_go_to_the_one_nearest_the_text(tmp_path):
    counts = {"half": (10, 14), "whole": (11, 14), "peaked": (10, 13)}
    changes = {"half": HALF, "whole": WHOLE, "peaked": PEAKED}
    found = settled(tmp_path, counts, changes)["distortions"]
    assert found["least"] == "peaked"
    assert found["tied"] == ["half", "whole", "peaked"]
    assert found["run"] == "whole"


def test_distortions_need_a_run(tmp_path):
    write(tmp_path / "s", {"none": {0: errors(1)}})
    with pytest.raises(trainings.TableError, match="no trained run of the kind distortions"):
        settling.analyse(Path("s.yaml"), tmp_path, tmp_path / "f")


# Fig. 6, Fig. 7 and distortions


def distorted(strength):
    return {"presentation.distorted": 9, "presentation.strength": strength}


def test_sizes_and_distortions_are_laid_beside_the_paper(tmp_path):
    folder = tmp_path / "r"
    two = {0: errors(4), 1: errors(6)}
    recipes = {"fig7": distorted(1.0), "chosen": distorted(0.5)}
    write(folder / "paper", {"paper": two})
    write(folder / "distortions", {"fig7": two, "chosen": {0: errors(3), 1: errors(5)}}, recipes)
    small = {"presentation.patterns": 15000}
    long = small | {"step.eta": [[40, 1e-4]]}
    runs = {"15000": two, "15000_long": {0: Made({1: 1}, (10,) * 40)}, "60000": two}
    write(folder / "sizes", runs, {"15000": small, "15000_long": long})
    sizes.analyse(Path("sizes.yaml"), folder, tmp_path / "f")
    rows = by_run(folder / "sizes" / "sizes.csv")
    assert list(rows) == ["15000", "15000_long", "60000", "fig7", "chosen"]
    assert (rows["15000"]["paper_test"], rows["15000"]["paper_training"]) == ("1.68", "0.05")
    assert (rows["15000_long"]["passes"], rows["15000_long"]["test_mean"]) == ("40", "0.5000")
    assert (rows["chosen"]["distorted"], rows["chosen"]["paper_test"]) == ("540000", "0.82")
    assert rows["chosen"]["paper_training"] == ""
    assert rows["60000"]["after_mean"] == "0.7000"
    assert drawn(tmp_path / "f" / "sizes") == ["sizes"]

    grey = np.random.default_rng(0).integers(0, 256, (400, 32, 32), np.uint8)
    training = Patterns(grey, np.zeros(400, np.uint8), grey_scale(-0.1, 1.175))
    training.save(tmp_path / "train.safetensors")
    distortions.analyse(Path("distortions.yaml"), folder, tmp_path / "f", tmp_path)
    rows = by_run(folder / "distortions" / "errors.csv")
    assert list(rows) == ["paper", "fig7", "chosen"]
    assert (rows["chosen"]["difference"], rows["chosen"]["pairs"]) == ("-0.5000", "2")
    assert rows["paper"]["strength"] == rows["paper"]["difference"] == ""
    names = ["drawn-chosen", "drawn-fig7", "drawn-paper", "overlaps"]
    assert drawn(tmp_path / "f" / "distortions") == names


def test_fig7_maps_are_a_hundred_with_the_measured_ranges():
    panels = fig7.panels()
    assert [panel.digit for panel in panels] == [digit for digit in range(10) for _ in range(10)]
    assert len(fig7.originals()) == 10
    scale = np.array([math.sqrt(panel.map.a * panel.map.d) for panel in panels])
    shear = np.array([panel.map.b / panel.map.a for panel in panels])
    assert (scale.min(), scale.max()) == pytest.approx((0.717, 1.296), abs=0.003)
    assert (shear.min(), shear.max()) == pytest.approx((-0.139, 0.135), abs=0.003)
    assert all(panel.map.c == 0 for panel in panels)


def test_our_copies_are_those_that_training_shows():
    grey = np.random.default_rng(1).integers(0, 256, (400, 32, 32), np.uint8)
    training = Patterns(grey, np.zeros(400, np.uint8), grey_scale(-0.1, 1.175))
    how = Presentation(distorted=9, strength=0.5)
    found = fig7.ours(training, how)
    assert found.shape == (10, 10, 32, 32)
    assert (found[:, 0] == grey[fig7.originals()]).all()
    item = np.array([fig7.originals()[3] + 5 * 400])
    assert (found[3, 5] == distort.shown(training, item, 0, 0, how).grey[0]).all()


def test_bilinear_is_that_of_the_distortions_in_training():
    draw = np.random.default_rng(2)
    grey = draw.integers(0, 256, (1, 32, 32), np.uint8)
    rows, columns = draw.uniform(-40, 70, (2, 32, 32))
    found = bilinear(grey, rows, columns)[0]
    grey_at = distort.grey_at.py_func
    for row in range(32):
        for column in range(32):
            level = grey_at(grey[0], rows[row, column], columns[row, column])
            assert found[row, column] == np.uint8(level + 0.5)


def test_maps_move_what_they_say():
    grey = np.zeros((1, 32, 32), np.uint8)
    grey[0, 10, 20] = 200
    assert (mapped(grey, Map()) == grey).all()
    assert mapped(grey, Map(right=3, down=-2))[0, 8, 23] == 200
    # A quarter turn about 15.5: (x, y) from the centre goes to (-y, x).
    turned = mapped(grey, Map(a=0.0, b=-1.0, c=1.0, d=0.0))
    assert np.argwhere(turned[0]).tolist() == [[20, 21]]
    wide = mapped(np.full((1, 32, 32), 100, np.uint8), Map(a=0.5))[0]
    assert (wide[:, 9:23] == 100).all()
    assert not wide[:, :7].any()


# Section III-E


@pytest.mark.parametrize("name", invariance.TRANSFORMATIONS)
def test_neutral_amounts_change_nothing(name):
    how = invariance.TRANSFORMATIONS[name]
    grey = np.random.default_rng(3).integers(0, 256, (2, 32, 32), np.uint8)
    assert how.neutral in how.amounts
    assert list(how.amounts) == sorted(how.amounts)
    if name != "noise":
        assert (how.apply(grey, how.neutral) == grey).all()
    assert (how.apply(grey, how.amounts[-1]) != grey).any()


def test_strokes_grow_and_thin_by_whole_pixels():
    grey = np.zeros((1, 32, 32), np.uint8)
    grey[0, 10:14, 5:25] = 250
    assert np.count_nonzero(invariance.stroke(grey, 1)[0, :, 15]) == 6
    assert np.count_nonzero(invariance.stroke(grey, -1)[0, :, 15]) == 2
    half = invariance.stroke(grey, 0.5)[0, :, 15]
    assert half[9:15].tolist() == [125, 250, 250, 250, 250, 125]


def test_noise_is_nested_and_has_its_probability():
    grey = np.zeros((20, 32, 32), np.uint8)
    some, more = (invariance.noise(grey, part) > 0 for part in (0.1, 0.3))
    assert (more | ~some).all()
    assert some.mean() == pytest.approx(0.1, abs=0.01)
    assert more.mean() == pytest.approx(0.3, abs=0.015)
    assert (invariance.noise(grey, 0.1)[:5] == invariance.noise(grey[:5], 0.1)).all()


def test_limits_lie_where_the_mean_error_passes_a_tenth():
    errors_at = {-2: 50, -1: 8, 0: 1, 1: 4, 2: 16}
    curve = {float(amount): over_seeds([value]) for amount, value in errors_at.items()}
    assert invariance.reached(curve, 0, 1) == pytest.approx(1.5)
    assert invariance.reached(curve, 0, -1) == pytest.approx(-1 - 2 / 42)
    assert math.isnan(invariance.reached({0.0: over_seeds([1]), 1.0: over_seeds([2])}, 0, 1))


def labelled(count):
    labels = (np.arange(count) % 10).astype(np.uint8)
    grey = np.random.default_rng(4).integers(0, 256, (count, 32, 32), np.uint8)
    return Patterns(grey, labels, grey_scale(-0.1, 1.175))


NETWORKS = {
    "paper": lambda patterns: 1 - np.eye(10, dtype=np.float32)[patterns.labels],
    "inverted": lambda patterns: np.zeros((len(patterns), 10), np.float32),
}


def trained(name, seed, outcome="trained"):
    """A network that answers as `NETWORKS` has it; its parameters are its name."""
    state = SimpleNamespace(parameters=name)
    job = Job(name, Recipe(), seed, "engine")
    return SimpleNamespace(job=job, outcome=outcome, state=state)


def test_every_network_is_measured_on_every_amount(tmp_path, monkeypatch):
    def run(trainer, recipe, name):
        return SimpleNamespace(penalties=NETWORKS[name])

    monkeypatch.setattr(invariance, "execution", run)
    monkeypatch.setattr(invariance, "PATTERNS", 40)
    test = labelled(50)
    test.save(tmp_path / "test.safetensors")
    trainings = [trained("paper", seed) for seed in range(5)]
    trainings += [trained("inverted", seed) for seed in range(2)]
    invariance.examine(trainings, tmp_path, tmp_path / "s")
    rows = read_csv(tmp_path / "s" / "curves.csv")
    amounts = sum(len(how.amounts) for how in invariance.TRANSFORMATIONS.values())
    assert len(rows) == (invariance.SEEDS + 2) * amounts
    assert {row["errors"] for row in rows if row["network"] == "paper"} == {"0"}
    zeros = int(np.count_nonzero(invariance.chosen(test).labels == 0))
    assert {row["errors"] for row in rows if row["network"] == "inverted"} == {str(40 - zeros)}
    assert len(read_csv(tmp_path / "s" / "needed.csv")) == 5

    invariance.analyse(Path("s.yaml"), tmp_path, tmp_path / "f", tmp_path)
    found = read_csv(tmp_path / "s" / "limits.csv")
    assert [row["low"] for row in found] == [""] * len(found)
    assert json.loads((tmp_path / "s" / "rejection.json").read_text())["accepted"]["mean"] == 0
    names = ["curves", "examples", "fig10", "fig11", "fig12", "rejection"]
    assert drawn(tmp_path / "f" / "s") == names


def test_invariance_needs_trained_networks(tmp_path):
    labelled(20).save(tmp_path / "test.safetensors")
    with pytest.raises(trainings.TableError, match="recipe paper, seed 1: it diverged"):
        invariance.examine([trained("paper", 1, "diverged")], tmp_path, tmp_path)
    with pytest.raises(trainings.TableError, match="measure first"):
        invariance.analyse(Path("s.yaml"), tmp_path, tmp_path, tmp_path)


# Section III-D and the costs


def test_rejection_by_brute_force():
    draw = np.random.default_rng(5)
    truth = draw.integers(0, 10, 60)
    penalties = draw.uniform(0, 30, (60, 10)).astype(np.float32)
    penalties[np.arange(50), truth[:50]] = 0
    network = Answers(0, truth, penalties, Loss())
    wrong = network.answers != truth
    for goal, of_all in ((5.0, False), (5.0, True), (0.0, False)):
        for rejected in range(61):
            kept = np.argsort(network.gap, kind="stable")[rejected:]
            base = 60 if of_all else max(1, len(kept))
            if 100 * wrong[kept].sum() / base <= goal:
                break
        assert rejection.needed(network, goal, of_all) == pytest.approx(100 * rejected / 60)
    first, *_, last = rejection.curves([network])
    assert float(first[2]) == pytest.approx(100 * wrong.mean(), abs=1e-4)
    assert float(last[2]) == pytest.approx(100 * rejection.errors_left(network)[6] / 54, abs=1e-4)


def test_rejection_is_laid_beside_fig10(tmp_path):
    truth = np.arange(200) % 10
    penalties = np.ones((200, 10), np.float32)
    penalties[np.arange(200), truth] = 0
    penalties[:4] = penalties[:4, ::-1] / 2
    networks = [dataclasses.replace(Answers(0, truth, penalties, Loss()), seed=s) for s in (0, 1)]
    rejection.measure(networks, tmp_path)
    rejection.analyse(tmp_path, tmp_path / "f")
    tree = json.loads((tmp_path / "rejection.json").read_text())
    # Four of 200 are wrong, with the smallest gaps; one may stay.
    assert tree["accepted"]["mean"] == 2.0
    assert tree["of_all"]["mean"] == 1.5
    assert (tree["seeds"], tree["others"]) == (2, len(rejection.others()))
    assert drawn(tmp_path / "f") == ["fig10", "rejection"]


def test_costs_are_counted_from_the_layers(tmp_path):
    costs.analyse(tmp_path, tmp_path / "f")
    found = costs.counts()
    # C1, C3, C5, F6 and the output without biases, and one product a subsampling unit.
    by_hand = 28 * 28 * 6 * 25 + 100 * 60 * 25 + 120 * 400 + 84 * 120 + 840 + 1176 + 400
    assert found["multiplications"] == by_hand
    assert found["connections and parameters"] == (
        numbers.TOTAL.connections + numbers.TOTAL.parameters
    )
    assert drawn(tmp_path / "f") == ["fig11", "fig12"]
