"""Made-up results in the form of the committed ones, near the paper's numbers or far from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import made_up_study
import numpy as np

from paper_lenet.base.files import write_csv, write_json
from paper_lenet.paper import fig13, numbers
from paper_lenet.paper.classifiers import CLASSIFIERS
from paper_lenet.studies.claims import printed
from paper_lenet.studies.claims.power import FEWEST
from paper_lenet.studies.claims.results import Results
from paper_lenet.studies.recovered.quantities import quantities
from paper_lenet.studies.study import Folders

SEEDS = 24
PATTERNS = 10_000  # of the test set
CLASSES = 10
FIG5_TRAIN = [point.training_error for point in numbers.fig5()[:20]]
FIG5_TEST = [point.test_error for point in numbers.fig5()[:20]]
FIG8 = {pattern.test_index: pattern.answer for pattern in numbers.fig8()}


@dataclass(frozen=True)
class Made:
    """One run: errors in percent by pass, other columns by name, misread patterns.

    Of those, `from_fig8` are of Fig. 8, and the others of the first `pool` that are not. Seeds
    differ by `spread` times what they usually do.
    """

    train: list[float] = field(default_factory=lambda: FIG5_TRAIN)
    test: list[float] = field(default_factory=lambda: FIG5_TEST)
    patterns: int = 60_000
    columns: Mapping[str, float] = field(default_factory=dict)
    from_fig8: int = 60
    pool: int = 3000
    seeds: int = SEEDS
    diverged: int = 0
    spread: float = 1.0


def study(data: Path, name: str, runs: Mapping[str, Made]) -> None:
    """Write the record of a study's trainings below `data`."""
    trainings = {run: _seeds(made) for run, made in runs.items()}
    made_up_study.write(Folders(name, data).trained(), trainings)


def _seeds(made: Made) -> dict[int, made_up_study.Made | None]:
    # By the passes, so that two runs differ by what was asked for and no more.
    generator = np.random.default_rng(len(made.train))
    trained = {seed: _training(made, generator) for seed in range(made.seeds)}
    lost = range(made.seeds, made.seeds + made.diverged)
    return {**trained, **dict.fromkeys(lost)}


def _training(made: Made, generator: np.random.Generator) -> made_up_study.Made:
    shift = 0.04 * made.spread * generator.standard_normal()
    fly, tests = [], []
    for train, test in zip(made.train, made.test, strict=True):
        near = train * (1 + 0.04 * made.spread * generator.standard_normal())
        fly.append(round(near * made.patterns / 100))
        wrong = test + shift + 0.05 * made.spread * generator.standard_normal()
        tests.append(max(0, round(wrong * PATTERNS / 100)))
    columns = {
        name: value * (1 + 0.05 * generator.standard_normal())
        for name, value in made.columns.items()
    }
    return made_up_study.Made(
        _misread(made, tests[-1], generator),
        fly,
        tests,
        (made.patterns, PATTERNS),
        (columns.pop("smallest_step", 1e-4), columns.pop("largest_step", 0.01)),
        columns,
    )


def _misread(made: Made, errors: int, generator: np.random.Generator) -> dict[int, int]:
    drawn = generator.choice(list(FIG8), min(made.from_fig8, errors), replace=False)
    others = [index for index in range(PATTERNS) if index not in FIG8][: made.pool]
    more = generator.choice(others, errors - len(drawn), replace=False)
    result = {int(index): FIG8[int(index)] for index in drawn}
    return result | {int(index): int(index) % CLASSES for index in more}


def constant(value: float) -> list[float]:
    return [value] * 20


@dataclass(frozen=True)
class World:
    """Everything that claims are judged by."""

    runs: Mapping[str, Mapping[str, Made]]
    mean: float
    variance: float
    patterns: tuple[int, int]
    turned: int
    errors: tuple[int, int]
    shared: int
    writers: int
    bars: float


def world(data: Path, made: World) -> Results:
    """Write `made` below `data` and open it."""
    for name, runs in made.runs.items():
        study(data, name, runs)
    results = data / "results" / "mnist"
    (results / "paper/evaluate").mkdir(parents=True)
    moments = {"mean": made.mean, "variance": made.variance}
    train, test = made.patterns
    tree = {"patterns": {"train": train, "test": test}, "field_28": moments, "field_32": moments}
    write_json(results / "preprocess.json", tree)
    rows = [(one.test_index, (one.truth + made.turned) % CLASSES) for one in numbers.fig8()]
    write_csv(results / "paper/evaluate/patterns.csv", ("index", "truth"), rows)
    _invariance(Folders("invariance", data).trained(), made.errors)
    write_csv(
        Folders("invariance", data).trained() / "needed.csv",
        ("seed", "errors", "rejected", "rejected_of_all"),
        [(0, 95, "1.40", "1.30"), (1, 97, "1.60", "1.50")],
    )
    _writers(Folders("writers", data).results(), made)
    _bars(Folders("fig9", data).results(), made.bars)
    return Results(data)


def _writers(folder: Path, made: World) -> None:
    sides = {
        side: {"students": {"writers": made.writers, "patterns": patterns * made.writers}}
        for side, patterns in (("train", 119), ("test", 20), ("test_whole", 119))
    }
    write_json(folder / "writers.json", {"sides": sides, "shared": {"test": made.shared}})


def _bars(folder: Path, factor: float) -> None:
    """Errors of what stands for each bar, `factor` times the printed ones, with `FEWEST` seeds."""
    bars = {
        str(place): {
            "bar": bar.name,
            "errors": [round(factor * bar.error + seed / 100, 2) for seed in range(FEWEST)],
            "patterns": PATTERNS,
        }
        for place, bar in enumerate(CLASSIFIERS)
    }
    write_json(folder / "fig9.json", {"bars": bars})


def _invariance(folder: Path, errors: tuple[int, int]) -> None:
    """Errors of 1,000 patterns: at the neutral amount, and at every other one."""
    amounts = {
        "shift down, pixels": (-10, -5, 0, 5, 10),
        "scale": (0.7, 1, 1.4),
        "rotation, degrees": (-30, 0, 30),
        "noise": (0, 0.1),
    }
    rows = [
        (
            network,
            seed,
            name,
            amount,
            errors[amount not in (0, 1) or (name, amount) == ("", 0)],
            1000,
        )
        for name, listed in amounts.items()
        for amount in listed
        for network in ("paper", "inverted")
        for seed in range(FEWEST)
    ]
    folder.mkdir(parents=True)
    heading = ("network", "seed", "transformation", "amount", "errors", "patterns")
    write_csv(folder / "curves.csv", heading, rows)


def _trained() -> dict[str, float]:
    """Columns of a network like that of Fig. 13."""
    result = quantities(printed.RECOVERED)
    for layer in ("C1", "S2", "C3", "S4", "C5"):
        share = fig13.saturated(fig13.drawn(layer))
        result[f"{layer}_saturated"] = (share.low + share.high) / 2
    return result


STEPS = {"smallest_step": numbers.SMALLEST_STEP.value, "largest_step": numbers.LARGEST_STEP.value}
PLAIN = Made(columns={**STEPS, "F6_saturated": 0.001})
DISTORTED = Made(test=constant(0.81), from_fig8=74)
SIZES = {
    str(point.patterns): Made(
        train=constant(point.training_error),
        test=constant(point.test_error),
        patterns=point.patterns,
    )
    for point in numbers.fig6()
}
GOOD = World(
    runs={
        "paper": {"paper": PLAIN},
        "readings": {"paper": PLAIN, "sum": PLAIN, "curvature_patterns_100": PLAIN},
        "sizes": {**SIZES, "15000_long": SIZES["15000"]},
        "distortions": {"fig7": DISTORTED, "chosen": DISTORTED},
        "gain": {"paper_inverted": Made(columns=_trained())},
        "literal": {"literal": Made(columns=STEPS)},
    },
    mean=0.01,
    variance=1.02,
    patterns=(60_000, 10_000),
    turned=0,
    errors=(10, 50),
    shared=0,
    writers=250,
    bars=1.0,
)

AWAY = Made(
    train=constant(0.9),
    test=[*constant(1.9)[:17], *constant(4.0)[17:]],
    columns={"smallest_step": 1e-3, "largest_step": 0.5, "F6_saturated": 0.5},
    from_fig8=0,
    pool=500,
)
MORE = replace(AWAY, test=constant(9.0), pool=1100)
BAD = World(
    runs={
        "paper": {"paper": AWAY},
        "readings": {"paper": AWAY, "sum": MORE, "curvature_patterns_100": MORE},
        "sizes": {
            "15000": replace(AWAY, patterns=15_000),
            "30000": replace(AWAY, patterns=30_000),
            "60000": MORE,
            "15000_long": replace(AWAY, patterns=15_000),
        },
        "distortions": {"fig7": MORE, "chosen": MORE},
        "gain": {
            "paper_inverted": Made(
                columns={name: (0.95 if "saturated" in name else 3.0) for name in _trained()}
            )
        },
        "literal": {"literal": Made(seeds=0, diverged=5, columns=STEPS)},
    },
    mean=0.5,
    variance=0.2,
    patterns=(500, 100),
    turned=1,
    errors=(10, 500),
    shared=1,
    writers=200,
    bars=3.0,
)
