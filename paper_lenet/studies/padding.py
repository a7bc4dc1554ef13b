"""The study ``padding``: 28 x 28 in place of 32 x 32, and everything else equal (Section II-B).

The padded networks are those of the study ``paper``, with the same recipe and the same seeds. One
thing more differs, because it must: without the padding S4 is 4 x 4, so C5's window is 4 x 4 too,
and the network has fewer parameters.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from paper_lenet.base.files import write_json
from paper_lenet.base.statistics import Summary, over_seeds, wilson_of_mean
from paper_lenet.figures import draw
from paper_lenet.figures.style import Theme
from paper_lenet.network.architecture import Network, layers
from paper_lenet.network.recipe import build
from paper_lenet.results.paired import difference, on_patterns
from paper_lenet.results.trainings import Run, TableError, Training, read_study

PADDED, BARE = "padded", "not_padded"


def analyse(grid: Path, results: Path, figures: Path) -> None:
    """Write ``padding.json``, and draw ``padding``.

    Args:
        grid: ``studies/NAME.yaml``; its stem names the study.
        results: has the study's files in ``NAME``, and takes the summary there; the padded
            networks are in ``paper``.
        figures: the drawing goes to ``NAME`` below it.

    Raises:
        TableError: the two studies do not belong together.
    """
    folder = results / grid.stem
    bare = read_study(folder)[BARE]
    padded = alike(read_study(results / "paper")["paper"], bare)
    write_json(folder / "padding.json", summary(padded, bare))
    draw.write(figures / grid.stem, {"padding": partial(picture, padded, bare)})


def alike(padded: Run, bare: Run) -> Run:
    """`padded` with the seeds of `bare` alone.

    Raises:
        TableError: their recipes differ in more than the input, or a seed is missing.
    """
    recipe = {**bare.recipe, "network": {**bare.recipe["network"], "input": Network().input}}
    if recipe != padded.recipe or not bare.seeds or bare.seeds.keys() - padded.seeds.keys():
        raise TableError("the studies padding and paper differ in more than the input; run both")
    return padded._replace(seeds={seed: padded.seeds[seed] for seed in bare.seeds})


def summary(padded: Run, bare: Run) -> dict[str, Any]:
    """The content of ``padding.json``: errors in percent, the difference without less with."""
    points, patterns = difference(bare, padded), on_patterns(bare, padded)
    if points is None or patterns is None:
        raise TableError("the studies padding and paper have no misread patterns in common")
    return {
        PADDED: _one(padded),
        BARE: _one(bare),
        "difference": {
            **_rounded(points),
            "mcnemar_median": float(f"{patterns.median:.3g}"),
            "mcnemar_below": patterns.below,
        },
    }


def _one(run: Run) -> dict[str, Any]:
    network: Network = build(Network, run.recipe["network"], "network")
    listed = layers(network)
    test = over_seeds(run.values(_test))
    sample = wilson_of_mean(test.mean, run.last.test_patterns)
    return {
        "input": network.input,
        "parameters": sum(layer.parameters for layer in listed),
        "connections": sum(layer.connections for layer in listed),
        "test": _rounded(test),
        "wilson_low": round(sample.low, 4),
        "wilson_high": round(sample.high, 4),
        "on_the_fly": _rounded(over_seeds(run.values(_on_the_fly))),
    }


def _rounded(found: Summary) -> dict[str, float]:
    return {
        "n": found.n,
        **{part: round(getattr(found, part), 4) for part in ("mean", "sd", "low", "high")},
    }


def _test(each: Training) -> float:
    return each.test


def _on_the_fly(each: Training) -> float:
    return each.on_the_fly[-1]


def picture(padded: Run, bare: Run, theme: Theme) -> Figure:
    """Errors with and without the padding, mean and interval over the seeds."""
    labels = [
        f"{run.recipe['network']['input']} × {run.recipe['network']['input']}"
        for run in (padded, bare)
    ]
    titles = ["test error, %", "training error on the fly, %"]
    figure, panels = draw.rows(labels, titles, theme, top=22.0)
    for axes, quantity, colour in zip(
        panels, (_test, _on_the_fly), (theme.negative, theme.positive), strict=True
    ):
        found = [over_seeds(run.values(quantity)) for run in (padded, bare)]
        dots = [draw.Dot(each.mean, each.low, each.high) for each in found]
        low, high = min(dot.low for dot in dots), max(dot.high for dot in dots)
        edge = 0.15 * (high - low) or 0.1  # all may be the same
        draw.dots(axes, dots, (low - edge, high + edge), colour)
    return figure
