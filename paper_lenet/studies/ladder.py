"""The study ``ladder``: from the paper's network to what tutorials call LeNet-5, a change a rung.

Runs stand in the order of the grid, and each keeps the changes of those before it. A rung is laid
beside the one before it, which says what its own change costs or gains, and beside the first one,
which says where all changes together have led. Both differences are paired (`paired`).

The last rung, Adam with batches of 128, is trained in PyTorch by the study ``tutorials``, if that
is there. It keeps the network of the rung before, and has no record of its misread patterns.
"""

from __future__ import annotations

import math
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from paper_lenet.base.files import fixed, read_csv, write_csv
from paper_lenet.base.statistics import over_seeds, wilson_of_mean
from paper_lenet.figures import draw, style
from paper_lenet.figures.style import SMALL, WIDTH, Theme
from paper_lenet.network.architecture import Network, layers
from paper_lenet.network.recipe import build
from paper_lenet.results.paired import HEADING, difference, fields
from paper_lenet.results.trainings import Pass, Run, TableError, Training, read_study

TUTORIAL, LAST = "ladder_adam", "8-adam-batch-128"
LEFT, RIGHT, PITCH, TOP = 100.0, 8.0, 34.0, 22.0  # points


def analyse(grid: Path, results: Path, figures: Path) -> None:
    """Write ``rungs.csv``, and draw ``ladder``.

    Args:
        grid: ``studies/NAME.yaml``; its stem names the study.
        results: has the study's files in ``NAME``, and takes the table there; ``tutorials`` has
            the last rung.
        figures: the drawings go to ``NAME`` below it.
    """
    folder = results / grid.stem
    runs = read_study(folder)
    runs |= adam(results / "tutorials" / "runs.csv", next(reversed(runs.values())))
    names = list(runs)
    rows = [rung(runs, names[max(0, place - 1)], name) for place, name in enumerate(names)]
    write_csv(folder / "rungs.csv", heading(), rows)
    draw.write(figures / grid.stem, {"ladder": partial(picture, runs)})


def adam(path: Path, before: Run) -> dict[str, Run]:
    """The last rung from the file of the study ``tutorials``; nothing if there is no such file.

    Raises:
        TableError: its network is not that of the rung `before`.
    """
    if not path.is_file():
        return {}
    rows = [row for row in read_csv(path) if row["tutorial"] == TUTORIAL]
    if any(int(row["parameters"]) != parameters(before.recipe) for row in rows):
        raise TableError(f"{path}: {TUTORIAL} has not the network of the rung before")
    seeds = {int(row["seed"]): _training(row) for row in rows}
    return {LAST: Run(seeds, {}, before.recipe)} if seeds else {}


def _training(row: dict[str, str]) -> Training:
    """A tutorial's training; its last pass, the only one that is looked at, stands for all."""
    fly, shown, errors, patterns = (
        int(row[name]) for name in ("errors_on_the_fly", "patterns", "test_errors", "test_patterns")
    )
    nan = math.nan
    return Training((Pass(1, nan, fly, shown, nan, errors, patterns, nan, nan),), {}, {})


def heading() -> tuple[str, ...]:
    """The columns of ``rungs.csv``; those of the first rung's differences are empty."""
    return (
        "rung",
        "run",
        "change",
        "parameters",
        "seeds",
        "diverged",
        *(f"test_{part}" for part in ("mean", "sd", "low", "high")),
        "wilson_low",
        "wilson_high",
        "on_the_fly",
        *(f"before_{name}" for name in HEADING),
        *(f"first_{name}" for name in HEADING),
    )


def rung(runs: dict[str, Run], before: str, name: str) -> list[str]:
    """One row: the run `name` beside the run `before` and beside the first one."""
    run, first = runs[name], next(iter(runs))
    number, change = described(name)
    start = [number, name, change, str(parameters(run.recipe))]
    start += [str(len(run.seeds)), str(run.diverged)]
    if not run.seeds:
        return start + [""] * (len(heading()) - len(start))
    test = over_seeds(run.values(lambda each: each.test))
    sample = wilson_of_mean(test.mean, run.last.test_patterns)
    nothing = [""] * len(HEADING)
    return [
        *start,
        *(fixed(value) for value in (test.mean, test.sd, test.low, test.high)),
        *map(fixed, sample),
        fixed(over_seeds(run.values(lambda each: each.on_the_fly[-1])).mean),
        *(nothing if name == first else fields(run, runs[before])),
        *(nothing if name == first else fields(run, runs[first])),
    ]


def described(name: str) -> tuple[str, str]:
    """The number and the words of a rung's name: ``1-full-c3`` is rung 1, "full C3"."""
    number, _, words = name.partition("-")
    spelled = {"c3": "C3", "relu": "ReLU", "sgd": "SGD", "adam": "Adam", "paper": "the paper"}
    return number, " ".join(spelled.get(word, word) for word in words.split("-"))


def parameters(recipe: dict[str, Any]) -> int:
    """Trainable parameters of a recipe's network, from the list of layers."""
    network: Network = build(Network, recipe["network"], "network")
    return sum(layer.parameters for layer in layers(network))


def picture(runs: dict[str, Run], theme: Theme) -> Figure:
    """The ladder from the top down: test errors, and between rungs what the change did."""
    names = list(runs)
    height = TOP + PITCH * len(names) + 22
    figure = style.figure(height)
    corner = LEFT / WIDTH, 22 / height
    axes = figure.add_axes((*corner, (WIDTH - LEFT - RIGHT) / WIDTH, PITCH * len(names) / height))
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_yticks([])
    axes.tick_params(axis="x", color=theme.muted, length=3)
    axes.grid(axis="x", color=theme.muted, alpha=0.25, linewidth=0.6)
    axes.set_title("test error, %: mean and 95% interval", fontsize=SMALL, pad=6)
    means = []
    for place, name in enumerate(names):
        _label(axes, place, name, runs[name])
        if runs[name].seeds:
            test = over_seeds(runs[name].values(lambda each: each.test))
            means.append((test.mean, place))
            axes.plot((test.low, test.high), (place, place), color=theme.negative, linewidth=2.0)
            axes.plot(test.mean, place, "o", color=theme.negative, markersize=5)
    axes.plot(*zip(*means, strict=True), color=theme.muted, linewidth=0.9, zorder=1)
    for place, (before, name) in enumerate(pairwise(names)):
        _step(axes, place + 0.5, runs[name], runs[before], theme)
    return figure


def _label(axes: Axes, place: int, name: str, run: Run) -> None:
    _, change = described(name)
    where = axes.get_yaxis_transform()
    axes.text(-0.46, place - 0.14, change, transform=where, va="center", fontweight="bold")
    text = f"{parameters(run.recipe):,} parameters"
    axes.text(-0.46, place + 0.2, text, transform=where, va="center", fontsize=SMALL)


def _step(axes: Axes, place: float, run: Run, before: Run, theme: Theme) -> None:
    """The paired difference, in bold where its interval leaves out zero."""
    points = difference(run, before)
    if points is None:
        return
    text = f"{points.mean:+.2f}".replace("-", "−")
    apart = points.low > 0 or points.high < 0
    axes.text(
        1.0,
        place,
        text,
        transform=axes.get_yaxis_transform(),
        ha="right",
        va="center",
        fontsize=SMALL,
        fontweight="bold" if apart else "normal",
        color=theme.text if apart else theme.muted,
    )
