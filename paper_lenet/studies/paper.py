"""The study ``paper``: how far its seeds differ, and whether the paper's network is one of them.

Its trainings are those of the pipeline, whose stage ``evaluate`` has the errors pass by pass and
what each pattern was taken for. Written here: ``statistics.json`` (`power`, `mistakes`) and
``overlap.csv`` (`overlap`).
"""

from __future__ import annotations

from functools import partial

from paper_lenet.base.files import write_json
from paper_lenet.figures import common_mistakes, draw
from paper_lenet.paper import numbers
from paper_lenet.results import power
from paper_lenet.results.trainings import read_study
from paper_lenet.studies import overlap
from paper_lenet.studies.readings import BASE, LATE
from paper_lenet.studies.study import PAPER, Folders, Study

READINGS = "readings"


def analyse(folders: Folders) -> None:
    """Write the tables, and draw ``overlap`` and ``times``.

    The record of ``readings``, if it is there, gives the spread within seeds.
    """
    run = read_study(folders.trained())[PAPER]
    beside = folders.trained(READINGS)
    within = power.paired_sd(read_study(beside), BASE) if beside.is_dir() else None
    tests = run.values(lambda each: each.test)
    late = run.values(lambda each: each.on_the_fly[LATE - 1])
    tree = {
        "seeds": len(tests),
        "power": power.tree(tests, numbers.UNCERTAINTY.value, within),
        "test_error": power.draw_tree(numbers.TEST_ERROR.value, tests),
        "training_error": power.draw_tree(numbers.TRAINING_ERROR.value, late),
        "overlap": overlap.summary(run),
    }
    write_json(folders.results() / "statistics.json", tree)
    overlap.write_pairs(folders.results() / "overlap.csv", {PAPER: run})
    seeds = {f"{len(tests)} seeds": overlap.indices(run)}
    drawings = {
        "overlap": partial(common_mistakes.indices, seeds),
        "times": partial(common_mistakes.times, *overlap.by_times(run)),
    }
    draw.write(folders.figures, drawings)


STUDY = Study(analyse=analyse)
