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
from matplotlib.figure import Figure
from numpy.typing import NDArray

from paper_lenet.base.files import fixed, read_csv, significant, write_csv, write_json
from paper_lenet.base.statistics import Summary, over_seeds
from paper_lenet.figures import draw, style
from paper_lenet.figures.style import SMALL, Theme
from paper_lenet.paper import classifiers
from paper_lenet.results.answers import Answers

STEPS = tuple(number / 10 for number in range(101))  # percent rejected
COLUMNS = ("rejected", "seeds", "error_mean", "error_low", "error_high", "of_all_mean")


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
        accepted = over_seeds([100 * int(left[rejected]) / (patterns - rejected) for left in found])
        whole = over_seeds([100 * int(left[rejected]) / patterns for left in found])
        numbers = (accepted.mean, accepted.low, accepted.high, whole.mean)
        rows.append((significant(share, 3), len(found), *(fixed(value) for value in numbers)))
    return rows


def analyse(folder: Path, figures: Path) -> None:
    """Write ``rejection.json`` and ``fig10.csv`` into `folder`, and draw ``rejection``, ``fig10``.

    `folder` has what `measure` wrote; `figures` is made if missing.
    """
    rows = read_csv(folder / "needed.csv")
    ours = over_seeds([float(row["rejected"]) for row in rows])
    whole = over_seeds([float(row["rejected_of_all"]) for row in rows])
    tree = {
        "seeds": ours.n,
        "error": classifiers.ERROR_AFTER_REJECTION.value,
        "accepted": _spread(ours),
        "of_all": _spread(whole),
        "below": sum(other.rejected < ours.mean for other in others() if other.rejected),
        "others": len(others()),
    }
    write_json(folder / "rejection.json", tree)
    bars = [(other.name, other.rejected, "paper") for other in others() if other.rejected]
    bars.append(("LeNet-5, ours", round(ours.mean, 2), "ours"))
    write_csv(folder / "fig10.csv", ("classifier", "rejected", "whose"), bars)
    curve = read_csv(folder / "rejection.csv")
    drawings = {
        "rejection": partial(picture, curve, ours),
        "fig10": partial(draw.bars, bars, "rejected for 0.5% error, %"),
    }
    draw.write(figures, drawings)


def others() -> list[classifiers.Classifier]:
    """The classifiers of Fig. 10."""
    return [each for each in classifiers.CLASSIFIERS if each.rejected is not None]


def _spread(value: Summary) -> dict[str, float]:
    parts = {"mean": value.mean, "sd": value.sd, "low": value.low, "high": value.high}
    return {name: round(part, 4) for name, part in parts.items()}


def picture(curve: Sequence[dict[str, str]], ours: Summary, theme: Theme) -> Figure:
    """The error on what is accepted against the share that is rejected."""
    figure = style.figure(220.0)
    axes = figure.add_axes((0.12, 0.16, 0.86, 0.8))
    rejected, mean, low, high = (
        [float(row[name]) for row in curve]
        for name in ("rejected", "error_mean", "error_low", "error_high")
    )
    axes.fill_between(rejected, low, high, color=theme.negative, alpha=0.25, linewidth=0)
    axes.plot(rejected, mean, color=theme.negative, linewidth=1.6)
    goal = classifiers.ERROR_AFTER_REJECTION.value
    axes.plot((0, ours.mean, ours.mean), (goal, goal, 0), color=theme.text, linewidth=0.9)
    axes.plot(ours.mean, goal, "o", color=theme.text, markersize=4.5)
    text = f"{goal:g}% after {ours.mean:.1f}% are rejected"
    axes.annotate(text, (ours.mean, goal), (6, 4), textcoords="offset points", fontsize=SMALL)
    axes.set_xlim(0, rejected[-1])
    axes.set_ylim(bottom=0)
    axes.set_xlabel("test patterns rejected, %")
    axes.set_ylabel("error on the others, %", labelpad=2)
    axes.grid(axis="y", color=theme.muted, alpha=0.25, linewidth=0.6)
    axes.tick_params(color=theme.muted, length=3)
    return figure
