"""The study ``gain``: the rule for the recipe `paper`, and what the steps say of the inputs."""

from __future__ import annotations

from pathlib import Path

import known
import numpy as np
import pytest
from made_up_study import Made, by_run, write

from paper_lenet.base.files import read_csv, read_json
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.network.recipe import Recipe
from paper_lenet.paper import numbers
from paper_lenet.pipeline.study import analyse
from paper_lenet.studies import gain, inputs, prior
from paper_lenet.studies.grid import changed
from paper_lenet.studies.recovered import file
from paper_lenet.studies.recovered.quantities import QUANTITIES, quantities
from paper_lenet.studies.recovered.record import NETWORK
from paper_lenet.studies.study import Folders, Trained
from paper_lenet.training.selection import Selection

TWICE = {"presentation.scale": [-0.2, 2.35]}
PRINTED = numbers.SMALLEST_STEP.value, numbers.LARGEST_STEP.value
SEEDS = 6


def curve(more: float = 0.0) -> list[int]:
    """Fig. 5's training errors of 1,000 patterns, with so many points more from pass 3 on."""
    return [
        round(10 * (point.training_error + (more if point.number >= 3 else 0)))
        for point in numbers.fig5()[:20]
    ]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """With a recovered network in its place."""
    result = Folders("gain", tmp_path)
    rows = known.rows()
    path = result.results("recovered") / NETWORK
    path.parent.mkdir(parents=True)
    file.save(path, rows, rows, {})
    return result


def seeds(
    folders: Folders,
    off: float = 0.5,
    c1: float = 1.0,
    steps: tuple[float, float] = PRINTED,
    more: float = 0.0,
) -> dict[int, Made]:
    """Networks whose quantities lie around theirs, but for S4's, which are `off` above.

    C1's size is theirs times `c1`.
    """
    found = quantities(folders.results("recovered") / NETWORK)
    result = {}
    for seed in range(SEEDS):
        near = 1 + 0.02 * (seed - (SEEDS - 1) / 2)
        measures = {
            name: near * value * (1 + off if name.startswith("S4") else 1.0)
            for name, value in found.items()
        }
        measures["C1_rms"] *= c1
        result[seed] = Made({1: 1}, curve(more), steps=steps, measures=measures)
    return result


def verdicts(folders: Folders, reading: dict[int, Made], noisy: dict[int, Made]) -> dict[str, str]:
    """The row of a reading with twice the gain, beside a recipe that misses S4."""
    own = seeds(folders, more=0.1)
    write(folders.trained("paper"), {"paper": own})
    runs = {"paper_inverted": own, "twice": reading, "twice_inverted": noisy}
    write(folders.trained(), runs, {"twice": TWICE, "twice_inverted": TWICE})
    analyse(folders)
    return by_run(folders.results() / "readings.csv")["twice"]


def test_a_reading_that_meets_all_three_is_taken(folders: Folders) -> None:
    row = verdicts(folders, seeds(folders), seeds(folders, off=0.0, c1=0.5))
    assert (row["curve"], row["steps"], row["recovered"], row["verdict"]) == (
        *("yes",) * 3,
        "taken",
    )
    assert (row["gain"], row["seeds"]) == ("2", str(SEEDS))
    assert (row["inside"], row["places"]) == (str(len(QUANTITIES)), str(len(QUANTITIES)))
    assert read_json(folders.results() / "gain.json") == {"readings": 1, "taken": ["twice"]}


def test_c1_counts_times_its_gain(folders: Folders) -> None:
    verdicts(folders, seeds(folders), seeds(folders, off=0.0, c1=1.0))
    rows = [
        row
        for row in read_csv(folders.results() / "places.csv")
        if (row["run"], row["quantity"]) == ("twice", "C1_rms")
    ]
    assert [row["inside"] for row in rows] == ["no"]
    assert float(rows[0]["mean"]) == pytest.approx(2 * float(rows[0]["theirs"]), rel=1e-3)


@pytest.mark.parametrize(
    ("reading", "missed"),
    [
        ({"more": 0.2}, "curve"),
        ({"steps": (6.4e-5, PRINTED[1])}, "steps"),
        ({"steps": (PRINTED[0], 0.0166)}, "steps"),
    ],
)
def test_one_that_misses_the_curve_or_a_step_is_not(
    folders: Folders, reading: dict[str, float], missed: str
) -> None:
    row = verdicts(folders, seeds(folders, **reading), seeds(folders, off=0.0, c1=0.5))
    assert row["verdict"] == "not taken"
    assert [name for name in ("curve", "steps", "recovered") if row[name] == "no"] == [missed]


def test_as_many_places_inside_as_the_recipe_are_not_enough(folders: Folders) -> None:
    row = verdicts(folders, seeds(folders), seeds(folders, off=0.5, c1=0.5))
    assert (row["recovered"], row["verdict"]) == ("no", "not taken")


def test_a_reading_with_a_seed_that_diverged_does_not_meet_the_curve(folders: Folders) -> None:
    row = verdicts(folders, {**seeds(folders), SEEDS: None}, seeds(folders, off=0.0, c1=0.5))
    assert (row["curve"], row["verdict"]) == ("no", "not taken")


def test_standard_inputs_have_mean_0_and_variance_1() -> None:
    grey = np.random.default_rng(0).integers(0, 256, (7, 32, 32)).astype(np.uint8)
    ways = inputs.ways(inputs.moments(grey[:, 2:30, 2:30]), inputs.moments(grey))
    for name, part in (("28×28", grey[:, 2:30, 2:30]), ("32×32", grey)):
        low, high = ways[f"mean 0, variance 1 over {name}"]
        values = low + (high - low) * part / 255
        assert values.mean() == pytest.approx(0, abs=1e-12)
        assert values.var() == pytest.approx(1)


def test_steps_by_each_way_are_those_of_its_recipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "SEEDS", 2)
    grey = np.random.default_rng(0).integers(0, 256, (40, 32, 32)).astype(np.uint8)
    patterns = Patterns(grey, np.arange(40, dtype=np.uint8) % 10, grey_scale(-0.1, 1.175))
    few = changed(Recipe(), {"step.patterns": 20, "presentation.patterns": 40}, "few")
    selection = Selection(patterns, patterns)
    inputs.examine(Trained(Path("gain.yaml"), {"paper": few}, [], selection, tmp_path))
    rows = read_csv(tmp_path / inputs.FILE)
    assert [row["inputs"] for row in rows] == list(inputs.ways((0.5, 1.0), (0.5, 1.0)))
    # The same inputs by the stage and by the recipe; and the larger ones, the smaller largest step.
    by_stage = [
        inputs.ends(inputs.Job("x", few, seed, "engine"), selection(few)) for seed in (0, 1)
    ]
    assert float(rows[0]["smallest_mean"]) == pytest.approx(np.mean(by_stage, 0)[0], rel=1e-3)
    assert float(rows[0]["largest_mean"]) == pytest.approx(np.mean(by_stage, 0)[1], rel=1e-3)
    for row in rows:
        low, high = float(row["background"]), float(row["foreground"])
        values = low + (high - low) * grey / 255
        assert float(row["mean_32"]) == pytest.approx(values.mean(), abs=2e-3)
        assert float(row["variance_32"]) == pytest.approx(values.var(), rel=2e-3)


ROOT = Path(__file__).parents[2]


def test_the_pages_say_what_the_committed_steps_say() -> None:
    """The printed inputs miss both steps, twice as much meets both, variance 1 the smallest."""
    rows = {row["inputs"]: row for row in read_csv(ROOT / "data/trainings/gain" / inputs.FILE)}
    met = {
        name: [
            abs(float(row[f"{end}_mean"]) - printed.value) <= printed.unit / 2
            for end, printed in zip(("smallest", "largest"), gain.PRINTED_STEPS, strict=True)
        ]
        for name, row in rows.items()
    }
    assert met["as printed"] == [False, False]
    assert met["twice the printed"] == [True, True]
    for field in ("28×28", "32×32"):
        assert met[f"mean 0, variance 1 over {field}"] == [True, False]
    # One network may have the printed largest step by every way, but not the smallest.
    for name, row in rows.items():
        low, high = (float(row[f"largest_{end}"]) for end in ("run_low", "run_high"))
        assert low < gain.PRINTED_STEPS[1].value < high
        printed = gain.PRINTED_STEPS[0]
        smallest = float(row["smallest_run_high"]) < printed.value - printed.unit / 2
        assert smallest == (name == "as printed")


def test_the_pages_say_where_the_recovered_network_lies() -> None:
    rows = read_csv(ROOT / "data/results/studies/gain/places.csv")
    inside = {(row["run"], row["quantity"]): row["inside"] == "yes" for row in rows}
    assert [inside["paper", name] for name in ("S4_mean", "C1_rms")] == [False, True]
    assert [inside["unit", name] for name in ("S4_mean", "C1_rms")] == [True, False]
    table = by_run(ROOT / "data/results/studies/gain/readings.csv")
    assert float(table["unit"]["rms"]) > float(table["paper"]["rms"])
    (size,) = (row for row in rows if (row["run"], row["quantity"]) == ("unit", "C1_rms"))
    (ours,) = (row for row in rows if (row["run"], row["quantity"]) == ("paper", "C1_rms"))
    own = float(size["mean"]) / float(table["unit"]["gain"])
    assert own == pytest.approx(float(ours["mean"]), rel=0.15)
    assert float(size["run_low"]) > float(size["theirs"])


def test_readings_take_the_means_of_the_training_patterns() -> None:
    """Those of the axis ``presentation.offset``, and of the grid's run `unit`."""
    committed = read_json(ROOT / "data/results/mnist/preprocess.json")
    low, high = prior.PRINTED
    for field in ("28", "32"):
        white = (committed[f"field_{field}"]["mean"] - low) / (high - low)
        assert prior.OFFSETS[f"mean_{field}"] == pytest.approx(white, abs=1e-6)
    rows = {row["inputs"]: row for row in read_csv(ROOT / "data/trainings/gain" / inputs.FILE)}
    row = rows["mean 0, variance 1 over 28×28"]
    recipes = read_json(ROOT / "data/trainings/gain/recipes.json")
    scale = recipes["unit"]["presentation"]["scale"]
    assert scale == [float(row["background"]), float(row["foreground"])]
