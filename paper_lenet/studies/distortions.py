"""The study ``distortions``: trained on 60,000 originals and 540,000 distorted copies.

Two runs: ``fig7`` distorts with the ranges measured from Fig. 7, ``chosen`` as the study
``settling`` chose on patterns kept apart. Both are laid beside the run of the study ``paper``,
which sees no distortion, with the same seeds; and beside the 82 patterns of Fig. 8.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from paper_lenet.base.files import fixed, write_csv, write_json
from paper_lenet.base.statistics import over_seeds, wilson_of_mean
from paper_lenet.digits.patterns import Patterns
from paper_lenet.figures import draw
from paper_lenet.network.recipe import Presentation, build
from paper_lenet.paper import numbers
from paper_lenet.results import power
from paper_lenet.results.paired import HEADING, fields
from paper_lenet.results.trainings import Run, read_study
from paper_lenet.studies import fig7, overlap

BASE = "paper"
TITLES = {
    "paper": "without distortions",
    "fig7": "with Fig. 7's distortions",
    "chosen": "with the chosen distortions",
}
COLUMNS = (
    "run",
    "strength",
    "law",
    "fixed",
    "j",
    "seeds",
    "diverged",
    *(f"test_{part}" for part in ("mean", "sd", "low", "high")),
    "wilson_low",
    "wilson_high",
    "on_the_fly",
    *HEADING,
)


def analyse(
    grid: Path, results: Path, figures: Path, processed: Path = Path("data/processed/mnist")
) -> None:
    """Write ``errors.csv``, ``overlaps.csv`` and ``distortions.json``, and draw.

    The drawings are ``overlaps`` and, as Fig. 7, ``drawn-paper`` and one for each run.

    Args:
        grid: ``studies/NAME.yaml``; its stem names the study.
        results: has the study's files in ``NAME``, and takes the tables there; needs ``paper`` too.
        figures: the drawings go to ``NAME`` below it.
        processed: folder with ``train.safetensors``, which has Fig. 7's ten originals.
    """
    folder = results / grid.stem
    runs = read_study(folder)
    base = read_study(results / BASE)[BASE]
    everything = {BASE: base} | runs
    write_csv(folder / "errors.csv", COLUMNS, [row(name, everything) for name in everything])
    trained = {name: run for name, run in everything.items() if len(run.seeds) > 1}
    overlap.write_pairs(folder / "overlaps.csv", trained)
    tree = {
        name: overlap.summary(run)
        | {
            "test_error": power.draw_tree(
                numbers.DISTORTED_TEST_ERROR.value, run.values(lambda each: each.test)
            )
        }
        for name, run in trained.items()
    }
    write_json(folder / "distortions.json", tree)
    named = {TITLES.get(name, name): run for name, run in trained.items()}
    draw.write(figures / grid.stem, {"overlaps": partial(overlap.picture, named)})
    draw.write(figures / grid.stem, drawn(runs, Patterns.load(processed / "train.safetensors")))


def row(name: str, runs: dict[str, Run]) -> list[str]:
    """The cells of `COLUMNS`: errors in percent, and the difference from the run without."""
    run = runs[name]
    shown = run.recipe["presentation"]
    how = [str(shown[key]) for key in ("strength", "law", "fixed")] if shown["distorted"] else []
    start = [name, *(how or [""] * 3), str(run.recipe["loss"]["j"])]
    start += [str(len(run.seeds)), str(run.diverged)]
    if not run.seeds:
        return start + [""] * (len(COLUMNS) - len(start))
    test = over_seeds(run.values(lambda each: each.test))
    sample = wilson_of_mean(test.mean, run.last.test_patterns)
    return [
        *start,
        *(fixed(value) for value in (test.mean, test.sd, test.low, test.high)),
        *map(fixed, sample),
        fixed(over_seeds(run.values(lambda each: each.on_the_fly[-1])).mean),
        *([""] * len(HEADING) if name == BASE else fields(run, runs[BASE])),
    ]


def drawn(runs: dict[str, Run], training: Patterns) -> dict[str, draw.Drawing]:
    """Fig. 7 from the paper's own maps, and ours with each run's presentation."""
    result: dict[str, draw.Drawing] = {
        "drawn-paper": partial(fig7.picture, fig7.printed(training), "the maps fitted to Fig. 7")
    }
    for name, run in runs.items():
        how: Presentation = build(Presentation, run.recipe["presentation"], "presentation")
        title = f"ours, run {name}, seed 0"
        result[f"drawn-{name}"] = partial(fig7.picture, fig7.ours(training, how), title)
    return result
