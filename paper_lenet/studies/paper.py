"""The study ``paper``: how far its seeds differ, and whether the paper's network is one of them.

Written here: ``statistics.json`` (`power`, `shared`), ``overlap.csv``, ``times.csv`` (`overlap`).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from paper_lenet import paper
from paper_lenet.studies import draw, overlap, power
from paper_lenet.studies.readings import BASE, LATE
from paper_lenet.studies.table import read_study
from paper_lenet.tables import write_json

RUN = "paper"


def analyse(folder: Path, figures: Path) -> None:
    """Write the tables into `folder`, and draw ``overlap`` and ``times`` into `figures`.

    Args:
        folder: of this study; that of ``readings``, beside it, gives the spread within seeds.
        figures: made if missing.
    """
    run = read_study(folder)[RUN]
    beside = folder.parent / "readings"
    within = power.paired_sd(read_study(beside), BASE) if beside.is_dir() else None
    tests = run.values(lambda each: each.test)
    late = run.values(lambda each: each.on_the_fly[LATE - 1])
    tree = {
        "seeds": len(tests),
        "power": power.tree(tests, paper.UNCERTAINTY.value, within),
        "test_error": power.draw_tree(paper.TEST_ERROR.value, tests),
        "training_error": power.draw_tree(paper.TRAINING_ERROR.value, late),
        "overlap": overlap.summary(run),
    }
    write_json(folder / "statistics.json", tree)
    overlap.write_pairs(folder / "overlap.csv", {RUN: run})
    overlap.write_times(folder / "times.csv", run)
    drawings = {
        "overlap": partial(overlap.picture, {f"{len(tests)} seeds": run}),
        "times": partial(overlap.picture_times, run),
    }
    draw.write(figures, drawings)
