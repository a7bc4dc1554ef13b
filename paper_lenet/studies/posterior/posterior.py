"""How sure are we? The posterior over readings of the paper, given its summary statistics.

Rounds of readings were drawn (`rounds`), and each was trained as the network of Fig. 5 and as that
of Fig. 13. The statistics of a training (`summaries`) are learned from those runs and from those of
other studies (`emulator`), a sample of the prior is weighted by how likely each reading makes the
paper's (`likelihood`, `weighing`), and the weighted sample is asked what it says (`marginals`),
whether the paper fits at all (`predictive`), and whether such answers are right for draws of our
own (`calibration_check`). A second method has no emulator (`population`). `verdict` lays the two
side by side.

The analysis reads committed files alone, and trains nothing.
"""

from __future__ import annotations

from paper_lenet.results.trainings import read_study
from paper_lenet.studies.posterior import calibration_check, pictures, steps, summaries, tables
from paper_lenet.studies.posterior.directions import narrowest
from paper_lenet.studies.posterior.likelihood import Likelihood
from paper_lenet.studies.posterior.population import population
from paper_lenet.studies.posterior.rounds import FIRST, Round, is_recorded, rounds
from paper_lenet.studies.posterior.weighing import Posterior
from paper_lenet.studies.prior import Prior, read_prior
from paper_lenet.studies.recovered.record import NETWORK
from paper_lenet.studies.study import Folders, Study

SAMPLE = 60_000
CHECKED = 30_000  # readings of each law that weigh the draws of the check
# Studies whose runs teach the emulator too: on clean patterns, and on those with inverted pixels.
CLEAN, NOISE = ("posterior", "readings", "paper", "gain"), ("noise", "gain")


def analyse(folders: Folders) -> None:
    """Compute the posterior, check it, and write its tables and figures.

    Raises:
        FileError: the network of 1998 has not been recovered.
        TableError: a record of trainings is not whole.
        TooFewError: too few draws learned.
    """
    prior, drawn = read_prior(folders.grid(FIRST)), rounds(folders)
    parts = gather(prior, drawn, folders)
    weighed = Posterior(prior, parts, SAMPLE)
    directions = narrowest(weighed)
    likelihoods = list(parts.values())
    judged = calibration_check.recover(
        likelihoods, prior, drawn, [each.direction for each in directions], CHECKED
    )
    found = population(prior, drawn, likelihoods)
    tables.write(weighed, judged, found, directions, folders.results())
    pictures.write(weighed, judged, folders.figures)


def gather(prior: Prior, drawn: list[Round], folders: Folders) -> dict[str, Likelihood]:
    """The likelihood of each kind of statistics.

    Raises:
        FileError: the network of 1998 has not been recovered.
        TableError: a record of trainings is not whole.
        TooFewError: too few draws learned.
    """
    others = [read_study(folders.trained(name)) for name in CLEAN if is_recorded(folders, name)]
    clean, inverted = [each.clean for each in drawn], [each.inverted for each in drawn]
    curves = [one for runs in (*clean, *others) for one in summaries.curve(runs)]
    first = [one for runs in (*clean, *others) for one in summaries.steps(runs)]
    first += steps.read(folders.trained(FIRST), prior, first[0].recipe)
    noisy = [
        *inverted,
        *(read_study(folders.trained(name)) for name in NOISE if is_recorded(folders, name)),
    ]
    states = [one for runs in noisy for one in summaries.noise(runs)]
    fig13 = summaries.noise_of_paper(folders.results("recovered") / NETWORK)
    return {
        "curve": Likelihood(summaries.curve_of_paper(), prior, curves),
        "steps": Likelihood(summaries.steps_of_paper(), prior, first),
        "noise": Likelihood(fig13, prior, states),
    }


# Steps too: the record of the study's own draws, which were made before the rounds, has them.
STUDY = Study(examine=steps.examine, analyse=analyse)
