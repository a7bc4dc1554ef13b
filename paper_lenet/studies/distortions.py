"""The study ``distortions``: trained on 60,000 originals and 540,000 distorted copies.

Two runs: ``fig7`` distorts with the ranges measured from Fig. 7, ``chosen`` as the study
``settling`` chose on patterns kept apart. Both are laid beside the run of the study ``paper``,
which sees no distortion, with the same seeds; and beside the 82 patterns of Fig. 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from paper_lenet.base.declared import build
from paper_lenet.base.files import fixed, write_csv, write_json
from paper_lenet.digits import excerpt
from paper_lenet.digits.distort import Presentation
from paper_lenet.digits.excerpt import Excerpt
from paper_lenet.figures import common_mistakes, distorted, draw
from paper_lenet.paper import numbers
from paper_lenet.results import power
from paper_lenet.results.paired import HEADING, differences, fields
from paper_lenet.results.summary import error_cells, error_heading, filled, on_the_fly
from paper_lenet.results.trainings import Run, read_study
from paper_lenet.studies import fig7, overlap
from paper_lenet.studies.study import Folders, Study, Trained

BASE = "paper"
ORIGINALS = "originals.csv"
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
    *error_heading("test"),
    "on_the_fly",
    *HEADING,
)


def examine(trained: Trained) -> None:
    """Write ``originals.csv``, the ten training patterns that Fig. 7 distorts."""
    excerpt.write(trained.folder / ORIGINALS, trained.patterns.training, fig7.originals())


def analyse(folders: Folders) -> None:
    """Write ``errors.csv``, ``overlaps.csv`` and ``distortions.json``, and draw.

    The drawings are ``overlaps`` and, as Fig. 7, ``drawn-paper`` and one for each run.
    """
    results = folders.results()
    runs = read_study(folders.trained())
    everything = {BASE: read_study(folders.trained(BASE))[BASE]} | runs
    write_csv(results / "errors.csv", COLUMNS, [row(name, everything) for name in everything])
    trained = {name: run for name, run in everything.items() if len(run.seeds) > 1}
    overlap.write_pairs(results / "overlaps.csv", trained)
    write_json(results / "distortions.json", {name: summary(name, trained) for name in trained})
    named = {TITLES.get(name, name): overlap.indices(run) for name, run in trained.items()}
    drawings = {"overlaps": partial(common_mistakes.indices, named)}
    draw.write(folders.figures, drawings | drawn(runs, excerpt.read(folders.trained() / ORIGINALS)))


def row(name: str, runs: Mapping[str, Run]) -> list[str]:
    """The cells of `COLUMNS`: errors in percent, and the difference from the run without."""
    run = runs[name]
    shown = run.recipe["presentation"]
    how = [str(shown[key]) for key in ("strength", "law", "fixed")] if shown["distorted"] else []
    start = [name, *(how or [""] * 3), str(run.recipe["loss"]["j"])]
    start += [str(len(run.seeds)), str(run.diverged)]
    if not run.seeds:
        return filled(start, COLUMNS)
    start += [*error_cells(run), fixed(on_the_fly(run).mean)]
    return filled(start, COLUMNS) if name == BASE else [*start, *fields(run, runs[BASE])]


def summary(name: str, runs: Mapping[str, Run]) -> dict[str, Any]:
    """What ``distortions.json`` has of a run, over its seeds.

    That are its `overlap.summary` and `overlap.halves`; its test error beside the text's number and
    beside Fig. 6's, each as one further run; and by how many points distortions lower it, within
    seeds, beside the paper's two numbers as one further pair.
    """
    run, base = runs[name], runs[BASE]
    tests = run.values(lambda each: each.test)
    printed = numbers.DISTORTED_FIG_6.value
    tree: dict[str, Any] = overlap.summary(run) | {
        "halves": overlap.halves(run),
        "test_error": power.draw_tree(numbers.DISTORTED_TEST_ERROR.value, tests),
        "fig6": power.draw_tree(printed, tests),
    }
    tree["fig6"]["t"] = round(power.one_of_ours(printed, tests).t, 2)
    if name != BASE:
        gain = numbers.TEST_ERROR.value - printed
        tree["gain"] = power.draw_tree(gain, differences(base, run))
    return tree


def drawn(runs: Mapping[str, Run], originals: Excerpt) -> dict[str, draw.Drawing]:
    """Fig. 7 from the paper's own maps, and ours with each run's presentation."""
    result: dict[str, draw.Drawing] = {
        "drawn-paper": partial(distorted.draw, fig7.printed(originals), "the maps fitted to Fig. 7")
    }
    for name, run in runs.items():
        how: Presentation = build(Presentation, run.recipe["presentation"], "presentation")
        title = f"ours, run {name}, seed 0"
        result[f"drawn-{name}"] = partial(distorted.draw, fig7.ours(originals, how), title)
    return result


STUDY = Study(examine=examine, analyse=analyse)
