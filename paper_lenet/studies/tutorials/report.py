"""The analysis: what the tutorials' networks do, over seeds, beside what their authors print.

It reads the record (`record`) and the file of tutorials alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from paper_lenet.base.files import fixed, read_csv, write_csv, write_json
from paper_lenet.base.statistics import over_seeds, wilson_percent
from paper_lenet.digits import excerpt
from paper_lenet.figures import draw, mistaken
from paper_lenet.studies.study import Folders, Study
from paper_lenet.studies.tutorials.spec import FIGURES, Tutorial, read_tutorials

Row = Mapping[str, str]  # of ``runs.csv``
STATISTICS = ("mean", "sd", "low", "high", "run_low", "run_high")
ERRORS = {
    "training": ("errors_on_the_fly", "patterns"),
    "validation": ("validation_errors", "validation_patterns"),
    "test": ("test_errors", "test_patterns"),
}


def analyse(folders: Folders) -> None:
    """Write ``summary.json`` and ``summary.csv``, and draw ``mistakes-NAME``.

    They have every tutorial of the file that was trained.

    Raises:
        OSError: the record cannot be read.
        RecipeError: the file of tutorials is wrong.
    """
    rows = read_csv(folders.trained() / "runs.csv")
    tree, drawings = {}, {}
    for name, tutorial in read_tutorials(folders.grid()).tutorials.items():
        mine = [row for row in rows if row["tutorial"] == name]
        if not mine:
            continue
        tree[name] = summary(tutorial, mine)
        if tutorial.mistakes:
            drawings[f"mistakes-{name}"] = _drawing(folders.trained(), name)
    write_json(folders.results() / "summary.json", tree)
    flat = [{"tutorial": name, **_flat(part)} for name, part in tree.items()]
    lines = [["" if value is None else value for value in row.values()] for row in flat]
    write_csv(folders.results() / "summary.csv", list(flat[0]), lines)
    draw.write(folders.figures, drawings)


def _drawing(record: Path, name: str) -> draw.Drawing:
    """The first mistakes, as many as have their pictures in the record."""
    test, training = (
        excerpt.read(record / f"{part}-{name}.csv").grey for part in ("misread", "nearest")
    )
    rows = read_csv(record / f"mistakes-{name}.csv")[: len(test)]
    return partial(mistaken.draw, rows, test, training)


def summary(tutorial: Tutorial, rows: Sequence[Row]) -> dict[str, Any]:
    """Errors in percent over the seeds, with intervals, and the author's.

    Of each of training (on the fly), validation and test: mean, standard deviation, t interval of
    the mean, and that of one further run, in which one author's single run would lie; ``author`` is
    100 less the accuracy that its author prints. Of the test also Wilson's interval.
    """
    passes = [int(row["passes"]) for row in rows]
    counts = {
        name: [(int(row[errors] or 0), int(row[patterns] or 0)) for row in rows]
        for name, (errors, patterns) in ERRORS.items()
    }
    judged = counts["test"][0][1]
    result: dict[str, Any] = {
        "data": tutorial.inputs.data,
        "parameters": int(rows[0]["parameters"]),
        "seeds": len(rows),
        "passes_least": min(passes),
        "passes_greatest": max(passes),
        "test_patterns": judged,
    }
    for name in FIGURES:
        result[name] = _figure(counts[name])
        printed = tutorial.printed.get(name)
        result[name]["author"] = None if printed is None else round(100 - printed, 6)
    mean = math.fsum(100 * wrong / judged for wrong, _ in counts["test"]) / len(rows)
    low, high = wilson_percent(mean, judged)
    result["test"] |= {"wilson_low": round(low, 6), "wilson_high": round(high, 6)}
    return result


def _figure(counts: Sequence[tuple[int, int]]) -> dict[str, float | None]:
    """The statistics of an error in percent; all `None` if nothing was judged."""
    if not counts[0][1]:
        return dict.fromkeys(STATISTICS)
    found = over_seeds([100 * errors / patterns for errors, patterns in counts], floor=0)
    values = {name: getattr(found, name) for name in STATISTICS}
    return {name: None if math.isnan(part) else round(part, 6) for name, part in values.items()}


def _flat(tree: Mapping[str, Any]) -> dict[str, object]:
    """Nested keys joined by underscores, numbers with six decimals."""
    result: dict[str, object] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            result |= {f"{key}_{inner}": part for inner, part in _flat(value).items()}
        else:
            result[key] = fixed(value, 6) if isinstance(value, float) else value
    return result


STUDY = Study(analyse=analyse)
