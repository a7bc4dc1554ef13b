"""How sure are we? The posterior over readings of the paper, given its fingerprints.

`prior` drew readings, and each was trained once. The fingerprints of a training (`fingerprints`)
are learned from those runs (`emulator`), a sample of the prior is weighted by how likely each
reading makes the paper's (`likelihood`), and the weighted sample is asked what it says
(`evidence`), whether the paper fits at all (`predictive`), and whether such answers are right for
runs of our own (`recovery`). As a check without an emulator, the runs nearest to the paper are
looked at as they are (approximate Bayesian computation by rejection).

Only committed files are read, and nothing is trained.
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from paper_lenet.network.params import Params
from paper_lenet.studies.posterior import calibration_check, fingerprints, steps, tables
from paper_lenet.studies.posterior import figures as pictures
from paper_lenet.studies.posterior.likelihood import Evidence, TooFewError
from paper_lenet.studies.posterior.weighing import Posterior
from paper_lenet.studies.prior import Prior

SAMPLE = 100_000
CHECKED = 30_000  # readings of the sample that weigh the draws of `recovery`
# Studies whose runs on clean patterns, and on those with inverted pixels, are fingerprinted.
CLEAN, NOISE = ("posterior", "readings", "paper"), "noise"


def prepare(grid: Path, params: Params, processed: Path, folder: Path) -> None:
    """Measure the steps of pass 1 of further draws, see `steps.measure`."""
    steps.measure(grid, params, processed, folder)


def analyse(grid: Path, results: Path, figures: Path) -> None:
    """Compute the posterior, check it, and write its tables and figures.

    Args:
        grid: ``studies/posterior.yaml``, which states the prior.
        results: folder of the studies' results; the tables go to its ``posterior/``.
        figures: folder of the studies' figures; these go to its ``posterior/``.

    Raises:
        FingerprintError: the study ``posterior`` has no files.
        TooFewError: too few of its draws learned.
    """
    prior = _stated(grid)
    weighed = Posterior(prior, gather(prior, results), SAMPLE)
    judged = {
        kind: calibration_check.recover(
            [part.evidence for part in weighed.of(kind)], prior, _drawn_from(grid, kind), CHECKED
        )
        for kind in weighed.kinds
    }
    tables.write(weighed, judged, results / "posterior")
    pictures.write(weighed, judged, figures / "posterior")


def _stated(grid: Path) -> Prior:
    """The prior that a grid file states."""
    prior: Prior = yaml.safe_load(grid.read_text(encoding="utf-8"))["prior"]
    return prior


def _drawn_from(grid: Path, kind: str) -> Prior:
    """What the draws of a kind of training were drawn from, on the axes of the prior."""
    prior = _stated(grid)
    if kind == "clean":
        return prior
    law = _stated(grid.with_name(f"{NOISE}.yaml"))
    return {key: law[key] for key in prior}


def gather(prior: Prior, results: Path) -> dict[str, Evidence]:
    """The evidence of the studies in `results`; without inverted pixels if there is too little."""
    folders = [results / name for name in CLEAN if (results / name / "runs.csv").is_file()]
    curves = [run for folder in folders for run in fingerprints.curve(folder)]
    found = {"curve": Evidence(fingerprints.curve_of_paper(), prior, curves)}
    first = [run for folder in folders for run in fingerprints.steps(folder)]
    if (results / CLEAN[0] / steps.FILE).is_file():
        first += steps.read(results / CLEAN[0], prior, first[0].recipe)
    found["steps"] = Evidence(fingerprints.steps_of_paper(), prior, first)
    try:
        noisy = fingerprints.noise(results / NOISE)
        found["noise"] = Evidence(fingerprints.noise_of_paper(), prior, noisy)
    except (fingerprints.FingerprintError, TooFewError) as error:
        print(f"posterior: without Fig. 13 ({error})", file=sys.stderr)
    return found
