"""Section III-D: how many test patterns must be rejected for an error of 0.5% on the rest.

A pattern is rejected if the second smallest penalty less the smallest, the paper's difference of
the scores of the best two classes, is below a threshold. Fig. 10 gives the share for some other
classifiers, and none for LeNet-5. The paper does not say of what the 0.5% is; here it is of the
accepted patterns, and in ``of_all`` of all patterns.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.files import fixed, read_csv, significant, write_csv, write_json
from paper_lenet.base.statistics import over_seeds
from paper_lenet.figures import draw, rejection
from paper_lenet.paper import classifiers
from paper_lenet.results.answers import Answers
from paper_lenet.results.summary import INTERVAL, cells, heading, rounded
from paper_lenet.studies.study import Folders

STEPS = tuple(number / 10 for number in range(101))  # percent rejected
COLUMNS = ("rejected", "seeds", *heading("error", INTERVAL), "of_all_mean")


def measure(networks: Sequence[Answers], folder: Path) -> None:
    """Write ``rejection.csv`` and ``needed.csv``, what each network needs, into `folder`."""
    write_csv(folder / "rejection.csv", COLUMNS, curves(networks))
    goal = classifiers.ERROR_AFTER_REJECTION.value
    rows = [
        (
            each.seed,
            len(each.misread),
            *(fixed(needed(each, goal, of_all), 2) for of_all in (False, True)),
        )
        for each in networks
    ]
    write_csv(folder / "needed.csv", ("seed", "errors", "rejected", "rejected_of_all"), rows)


def errors_left(network: Answers) -> NDArray[np.int64]:
    """Errors among the accepted patterns when 0, 1, ... N of N are rejected: (N + 1,).

    Of patterns with equal gaps the first goes first.
    """
    order = np.argsort(network.gap, kind="stable")
    wrong = network.answers[order] != network.truth[order]
    return np.append(0, np.cumsum(wrong[::-1]))[::-1]


def needed(network: Answers, goal: float, of_all: bool) -> float:
    """The smallest share to reject, in percent, for an error of `goal` percent or less."""
    left, patterns = errors_left(network), len(network.truth)
    rejected = np.arange(patterns + 1)
    base = patterns if of_all else np.maximum(1, patterns - rejected)
    return 100 * float(np.argmax(100 * left <= goal * base)) / patterns


def curves(networks: Sequence[Answers]) -> list[tuple[object, ...]]:
    """The cells of `COLUMNS`: errors in percent over the seeds at each share rejected."""
    rows: list[tuple[object, ...]] = []
    found = [errors_left(network) for network in networks]
    patterns = len(networks[0].truth)
    for share in STEPS:
        rejected = round(share * patterns / 100)
        kept = patterns - rejected
        accepted = over_seeds([100 * int(left[rejected]) / kept for left in found], floor=0)
        whole = over_seeds([100 * int(left[rejected]) / patterns for left in found])
        error = *cells(accepted, INTERVAL), fixed(whole.mean)
        rows.append((significant(share, 3), len(found), *error))
    return rows


def analyse(folders: Folders) -> None:
    """Write ``rejection.json`` and ``fig10.csv``, and draw ``rejection`` and ``fig10``.

    The record of the study has what `measure` wrote.
    """
    measured, results = folders.trained(), folders.results()
    rows = read_csv(measured / "needed.csv")
    ours = over_seeds([float(row["rejected"]) for row in rows], floor=0)
    whole = over_seeds([float(row["rejected_of_all"]) for row in rows], floor=0)
    tree = {
        "seeds": ours.n,
        "error": classifiers.ERROR_AFTER_REJECTION.value,
        "accepted": rounded(ours),
        "of_all": rounded(whole),
        "below": sum(other.rejected < ours.mean for other in others() if other.rejected),
        "others": len(others()),
    }
    write_json(results / "rejection.json", tree)
    bars = [(other.name, other.rejected, "paper") for other in others() if other.rejected]
    bars.append(("LeNet-5, ours", round(ours.mean, 2), "ours"))
    write_csv(results / "fig10.csv", ("classifier", "rejected", "whose"), bars)
    curve = read_csv(measured / "rejection.csv")
    drawings = {
        "rejection": partial(rejection.draw, curve, ours.mean),
        "fig10": partial(draw.bars, bars, "rejected for 0.5% error, %"),
    }
    draw.write(folders.figures, drawings)


def others() -> list[classifiers.PrintedBar]:
    """The classifiers of Fig. 10."""
    return [each for each in classifiers.CLASSIFIERS if each.rejected is not None]
