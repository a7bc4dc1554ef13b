"""The 82 patterns of Fig. 8: would one more seed of ours misread them? (`mistakes` has the test.)

Written for the study ``paper``, and for each run of ``distortions``, as Fig. 8 is most likely the
network that was trained on distortions: 82 of 10,000 is the error that Fig. 6 has for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from paper_lenet.base.files import fixed, write_csv
from paper_lenet.base.statistics import over_seeds
from paper_lenet.figures import style
from paper_lenet.figures.style import SMALL, WIDTH, Theme
from paper_lenet.results.mistakes import (
    Misread,
    Shared,
    fig8,
    pairs,
    rank,
    shared,
    times_misread,
)
from paper_lenet.results.trainings import Run, TableError

PRINTED = "fig8"
PAIRS = (
    "run",
    "one",
    "other",
    "errors_one",
    "errors_other",
    "shared",
    "same_answer",
    "jaccard",
    "jaccard_same_answer",
)


def write_pairs(path: Path, runs: Mapping[str, Run]) -> None:
    """All pairs of one run's seeds, and each seed with Fig. 8."""
    rows = []
    for name, run in runs.items():
        networks = {str(seed): each.misread for seed, each in run.seeds.items()}
        networks[PRINTED] = fig8()
        names = list(networks)
        for place, one in enumerate(names):
            for other in names[place + 1 :]:
                found = shared(networks[one], networks[other])
                totals = len(networks[one]), len(networks[other])
                indices = fixed(found.jaccard), fixed(found.jaccard_same)
                rows.append((name, one, other, *totals, found.both, found.same, *indices))
    write_csv(path, PAIRS, rows)


def write_times(path: Path, run: Run) -> None:
    """Every test pattern that some seed, or the network of Fig. 8, misread.

    ``times`` is how many seeds misread it, ``answers`` their answers with how often each was given.
    """
    networks, printed = misread(run), fig8()
    found = times_misread(networks)
    rows = []
    for index in sorted(found.keys() | printed.keys()):
        answers = Counter(network[index] for network in networks if index in network)
        text = " ".join(f"{answer}:{answers[answer]}" for answer in sorted(answers))
        rows.append((index, found.get(index, 0), len(networks), text, printed.get(index, "")))
    write_csv(path, ("index", "times", "seeds", "answers", "fig8_answer"), rows)


def misread(run: Run) -> Sequence[Misread]:
    """The misread patterns of each seed.

    Raises:
        TableError: fewer than two are trained.
    """
    if len(run.seeds) < 2:
        raise TableError("an overlap between seeds needs two trained networks or more")
    return run.misread


def summary(run: Run) -> dict[str, Any]:
    """One run's overlaps as a tree for JSON; `two_seeds` are means over all pairs of seeds."""
    networks, printed = misread(run), fig8()
    beside = [shared(network, printed) for network in networks]
    own = pairs(networks)
    found = times_misread(networks)
    counts = Counter(found.values())
    alike, alike_same = rank(networks), rank(networks, same_answer=True)
    return {
        "seeds": len(networks),
        "fig8": {"patterns": len(printed)} | _means(beside),
        "two_seeds": {"pairs": len(own)} | _means(own),
        "fig8_likeness": round(alike.likeness[-1], 4),
        "least_likeness_of_ours": round(min(alike.likeness[:-1]), 4),
        "greatest_likeness_of_ours": round(max(alike.likeness[:-1]), 4),
        "rank": alike.rank,
        "of": len(networks) + 1,
        "p": round(alike.p, 4),
        "rank_same_answer": alike_same.rank,
        "p_same_answer": round(alike_same.p, 4),
        "misread_by_some": len(found),
        "misread_by_all": counts[len(networks)],
        "misread_by_one": counts[1],
        "fig8_misread_by_none": sum(index not in found for index in printed),
        "fig8_misread_by_all": sum(found.get(index) == len(networks) for index in printed),
        "ours_in_all_but_not_in_fig8": sum(
            count == len(networks) and index not in printed for index, count in found.items()
        ),
    }


def _means(found: Sequence[Shared]) -> dict[str, Any]:
    both = over_seeds([each.both for each in found])
    return {
        "shared": round(both.mean, 2),
        "shared_least": both.least,
        "shared_greatest": both.greatest,
        "same_answer": round(over_seeds([each.same for each in found]).mean, 2),
        "jaccard": round(over_seeds([each.jaccard for each in found]).mean, 4),
    }


def picture(runs: Mapping[str, Run], theme: Theme) -> Figure:
    """For each run its own pairs as a histogram, and its seeds with Fig. 8 as ticks below."""
    pitch, top, below = 74.0, 34.0, 34.0
    height = top + pitch * len(runs) + below
    figure = style.figure(height)
    own = {name: [each.jaccard for each in pairs(misread(run))] for name, run in runs.items()}
    beside = {
        name: [shared(network, fig8()).jaccard for network in misread(run)]
        for name, run in runs.items()
    }
    values = [value for part in (*own.values(), *beside.values()) for value in part]
    low, high = min(values) - 0.02, max(values) + 0.02
    for place, name in enumerate(runs):
        bottom = below + pitch * (len(runs) - 1 - place)
        axes = figure.add_axes((0.03, bottom / height, 0.94, (pitch - 24) / height))
        _distribution(axes, own[name], beside[name], (low, high), theme)
        axes.set_title(name, fontsize=SMALL, loc="left", pad=3, fontweight="bold")
        if place < len(runs) - 1:
            axes.set_xticklabels([])
    axes.set_xlabel("patterns that both misread, over those that either does")
    _key(figure, height, theme)
    return figure


def _distribution(
    axes: Axes,
    own: Sequence[float],
    beside: Sequence[float],
    limits: tuple[float, float],
    theme: Theme,
) -> None:
    axes.hist(own, bins=list(np.linspace(*limits, 31)), color=theme.positive, alpha=0.75)
    top = axes.get_ylim()[1]
    axes.set_ylim(-0.28 * top, top)
    axes.vlines(beside, -0.24 * top, -0.05 * top, color=theme.negative, linewidth=1.4)
    axes.set_xlim(*limits)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="x", color=theme.muted, length=3)


def _key(figure: Figure, height: float, theme: Theme) -> None:
    lines = (
        (12.0, theme.positive, "■ two seeds of ours, all pairs"),
        (165.0, theme.negative, "| each of ours and Fig. 8"),
    )
    for left, colour, text in lines:
        figure.text(left / WIDTH, 1 - 10 / height, text, va="center", fontsize=SMALL, color=colour)


def picture_times(run: Run, theme: Theme) -> Figure:
    """How many seeds misread a pattern: all patterns, and of them those of Fig. 8."""
    networks, printed = misread(run), fig8()
    found = times_misread(networks)
    steps = range(len(networks) + 1)
    in_fig8 = [sum(found.get(index, 0) == count for index in printed) for count in steps]
    others = [
        sum(value == count and index not in printed for index, value in found.items())
        for count in steps
    ]
    figure = style.figure(210.0)
    axes = figure.add_axes((0.11, 0.16, 0.87, 0.8))
    axes.bar(steps, in_fig8, color=theme.negative, width=0.8, label="in Fig. 8")
    axes.bar(steps, others, bottom=in_fig8, color=theme.positive, width=0.8, label="not in Fig. 8")
    axes.set_xlabel(f"of {len(networks)} seeds, how many misread a pattern")
    axes.set_ylabel("test patterns", labelpad=2)
    axes.set_xticks([count for count in steps if count % 5 == 0])
    axes.grid(axis="y", color=theme.muted, alpha=0.25, linewidth=0.6)
    axes.tick_params(color=theme.muted, length=3)
    axes.legend(loc="upper right")
    return figure
