"""The stages: each hands what does the work its parameters and its paths.

What is needed is imported when a stage runs: one that needs no PyTorch loads none. What a stage
raises is told where the work is done. The command line takes its help from here.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.pipeline.paths import (
    DATA,
    FIG9,
    FINGERPRINTS,
    GRIDS,
    STORE,
    TUTORIALS,
    folder,
    of_recipe,
)

if TYPE_CHECKING:
    from paper_lenet.network.params import Params


def download(params: Params, extra: Path | None, writers: bool) -> None:
    """Fetch MNIST's four files and check them."""
    from paper_lenet.digits.download import download

    if writers:
        download(params.writers, DATA / "raw" / params.writers.name, extra)
    else:
        download(params.data, folder("raw", params), extra)


def preprocess(params: Params) -> None:
    """Pad the digits to 32x32 and scale grey levels."""
    from paper_lenet.digits.preprocess import preprocess

    report = folder("results", params) / "preprocess.json"
    preprocess(folder("raw", params), folder("processed", params), report, params.preprocess)


def train(params: Params) -> None:
    """Train the recipe, once for each seed."""
    from paper_lenet.pipeline.train import train

    processed, models = folder("processed", params), of_recipe("models", params)
    results, timings = (
        of_recipe("results", params) / "train",
        of_recipe("timings", params) / "train.json",
    )
    anew = bool(os.environ.get("PAPER_LENET_ANEW"))
    train(params, processed, models, results, STORE, timings, anew)


def evaluate(params: Params) -> None:
    """Count errors, and lay them beside the paper's."""
    from paper_lenet.pipeline.evaluate import evaluate

    processed, models = folder("processed", params), of_recipe("models", params)
    results = of_recipe("results", params)
    evaluate(params, processed, models, results / "train", results / "evaluate")


def figures(params: Params) -> None:
    """Draw the paper's figures from the results."""
    from paper_lenet.pipeline.figures import figures

    processed, models = folder("processed", params), of_recipe("models", params)
    results = of_recipe("results", params) / "evaluate"
    figures(params, processed, models, results, of_recipe("figures", params))


def explain(params: Params) -> None:
    """Draw what the docs explain the network with."""
    from paper_lenet.pipeline.explain import explain

    processed, models = folder("processed", params), of_recipe("models", params)
    results = of_recipe("results", params) / "explain"
    explain(params, processed, models, results, of_recipe("figures/explained", params))


def examples(params: Params) -> None:
    """Keep a few test digits for the docs."""
    from paper_lenet.pipeline.examples import examples

    results = of_recipe("results", params)
    patterns_csv = results / "evaluate" / "patterns.csv"
    examples(folder("processed", params), patterns_csv, results / "examples.csv")


def touch(params: Params) -> None:
    """Keep what the page to touch shows of a training."""
    from paper_lenet.pipeline.touch import touch

    processed, models = folder("processed", params), of_recipe("models", params)
    touch(params, processed, models, of_recipe("results", params) / "touch")


def fingerprint(params: Params) -> None:
    """Write what each study's trainings depend on."""
    from paper_lenet.pipeline.fingerprint import fingerprint

    fingerprint(params, GRIDS, FINGERPRINTS)


def study(params: Params, name: str, part: str, scheduler: str | None) -> None:
    """Train what a grid of recipes and seeds still lacks."""
    from paper_lenet.pipeline import study
    from paper_lenet.studies.study import Folders

    folders = Folders(name, DATA, params.data.name, GRIDS)
    if scheduler is not None and part != "train":
        raise PaperLenetError("--scheduler: only `train` runs on a cluster")
    if part == "train":
        study.train(folders, params.recipes, folder("processed", params), scheduler)
    else:
        study.analyse(folders)


def tutorials(params: Params, only: list[str], seeds: int) -> None:
    """Train and record what tutorials call LeNet-5."""
    import torch  # noqa: F401 - that it is missing is told before anything is fetched

    from paper_lenet.studies.tutorials.command import tutorials

    tutorials(TUTORIALS, params, DATA, only, seeds)


def fig9(name: str, seed: int) -> None:
    """Train one classifier of Fig. 9, and print its error."""
    from paper_lenet.studies.fig9.command import fig9

    print(fig9(FIG9, name, seed, DATA))
