"""How sure are we? The posterior over readings of the paper, given its summary statistics.

`prior` drew readings, and each was trained once. The statistics of a training (`summaries`) are
learned from those runs (`emulator`), a sample of the prior is weighted by how likely each reading
makes the paper's (`likelihood`, `weighing`), and the weighted sample is asked what it says
(`marginals`), whether the paper fits at all (`predictive`), and whether such answers are right for
runs of our own (`calibration_check`). As a check without an emulator, the runs nearest to the paper
are looked at as they are (approximate Bayesian computation by rejection).

The analysis reads committed files alone, and trains nothing.
"""

from __future__ import annotations

import sys

from paper_lenet.results.trainings import TableError, read_study
from paper_lenet.studies.posterior import calibration_check, pictures, steps, summaries, tables
from paper_lenet.studies.posterior.likelihood import Likelihood, TooFewError
from paper_lenet.studies.posterior.weighing import Posterior
from paper_lenet.studies.prior import Prior, read_prior
from paper_lenet.studies.study import Folders, Study

SAMPLE = 100_000
CHECKED = 30_000  # readings of the sample that weigh the draws of the check
# Studies whose runs on clean patterns, and on those with inverted pixels, are summarised.
CLEAN, NOISE = ("posterior", "readings", "paper"), "noise"


def analyse(folders: Folders) -> None:
    """Compute the posterior, check it, and write its tables and figures.

    Raises:
        TableError: a record of trainings is not whole.
        TooFewError: too few draws learned.
    """
    prior = read_prior(folders.grid())
    weighed = Posterior(prior, gather(prior, folders), SAMPLE)
    judged = {
        kind: calibration_check.recover(
            [part.likelihood for part in weighed.of(kind)],
            prior,
            _drawn_from(folders, prior, kind),
            CHECKED,
        )
        for kind in weighed.kinds
    }
    tables.write(weighed, judged, folders.results())
    pictures.write(weighed, judged, folders.figures)


def _drawn_from(folders: Folders, prior: Prior, kind: str) -> Prior:
    """What the draws of a kind of training were drawn from, on the axes of the prior."""
    if kind == "clean":
        return prior
    law = read_prior(folders.grid(NOISE))
    return {key: law[key] for key in prior}


def gather(prior: Prior, folders: Folders) -> dict[str, Likelihood]:
    """The likelihood of each kind of statistics; without inverted pixels if there is too little."""
    records = [folders.trained(name) for name in CLEAN]
    studies = [read_study(folder) for folder in records if (folder / "runs.csv").is_file()]
    curves = [one for runs in studies for one in summaries.curve(runs)]
    found = {"curve": Likelihood(summaries.curve_of_paper(), prior, curves)}
    first = [one for runs in studies for one in summaries.steps(runs)]
    if (records[0] / steps.FILE).is_file():
        first += steps.read(records[0], prior, first[0].recipe)
    found["steps"] = Likelihood(summaries.steps_of_paper(), prior, first)
    try:
        noisy = summaries.noise(read_study(folders.trained(NOISE)))
        found["noise"] = Likelihood(summaries.noise_of_paper(), prior, noisy)
    except (TableError, TooFewError) as error:
        print(f"posterior: without Fig. 13 ({error})", file=sys.stderr)
    return found


STUDY = Study(examine=steps.examine, analyse=analyse)
