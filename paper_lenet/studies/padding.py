"""The study ``padding``: 28 x 28 in place of 32 x 32, and everything else equal (Section II-B).

The padded networks are those of the study ``paper``, with the same recipe and the same seeds. One
thing more differs, because it must: without the padding S4 is 4 x 4, so C5's window is 4 x 4 too,
and the network has fewer parameters.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from paper_lenet.base.declared import build
from paper_lenet.base.files import write_json
from paper_lenet.base.statistics import Summary
from paper_lenet.figures import draw, runs
from paper_lenet.network.architecture import Network, layers
from paper_lenet.results.paired import difference, on_patterns
from paper_lenet.results.summary import error, on_the_fly, rounded, wilson_of_mean
from paper_lenet.results.trainings import Run, TableError, read_study
from paper_lenet.studies.study import PAPER, Folders, Study

PADDED, BARE = "padded", "not_padded"


def analyse(folders: Folders) -> None:
    """Write ``padding.json``, and draw ``padding``.

    Raises:
        TableError: the studies ``padding`` and ``paper`` do not belong together.
    """
    bare = read_study(folders.trained())[BARE]
    padded = alike(read_study(folders.trained(PAPER))[PAPER], bare)
    write_json(folders.results() / "padding.json", summary(padded, bare))
    both = padded, bare
    labels = ["{0} × {0}".format(run.recipe["network"]["input"]) for run in both]
    errors = list(map(error, both)), list(map(on_the_fly, both))
    draw.write(folders.figures, {"padding": partial(runs.padding, labels, *errors)})


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
            **_with_seeds(points),
            "mcnemar_median": float(f"{patterns.median:.3g}"),
            "mcnemar_below": patterns.below,
        },
    }


def _one(run: Run) -> dict[str, Any]:
    network: Network = build(Network, run.recipe["network"], "network")
    listed = layers(network)
    sample = wilson_of_mean(run)
    return {
        "input": network.input,
        "parameters": sum(layer.parameters for layer in listed),
        "connections": sum(layer.connections for layer in listed),
        "test": _with_seeds(error(run)),
        "wilson_low": round(sample.low, 4),
        "wilson_high": round(sample.high, 4),
        "on_the_fly": _with_seeds(on_the_fly(run)),
    }


def _with_seeds(found: Summary) -> dict[str, float]:
    return {"n": found.n, **rounded(found)}


STUDY = Study(analyse=analyse)
