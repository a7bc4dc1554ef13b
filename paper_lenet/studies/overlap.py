"""The 82 patterns of Fig. 8: would one more seed of ours misread them? (`mistakes` has the test.)

Written for the study ``paper``, and for each run of ``distortions``, as Fig. 8 is most likely the
network that was trained on distortions: 82 of 10,000 is the error that Fig. 6 has for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from paper_lenet.base.files import fixed, write_csv
from paper_lenet.base.statistics import over_seeds
from paper_lenet.figures.common_mistakes import Indices
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
HALF = 5000  # test patterns; the two halves have different writers
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
        for (one, first), (other, second) in combinations(networks.items(), 2):
            found = shared(first, second)
            counts = len(first), len(second), found.both, found.same
            rows.append(
                (name, one, other, *counts, *map(fixed, (found.jaccard, found.jaccard_same)))
            )
    write_csv(path, PAIRS, rows)


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


def halves(run: Run) -> dict[str, dict[str, int]]:
    """What the first `HALF` test patterns have of all seeds' errors and of Fig. 8's; the others."""
    found = times_misread(misread(run))
    errors, printed = Counter[bool](), Counter(index < HALF for index in fig8())
    for index, times in found.items():
        errors[index < HALF] += times
    return {
        name: {"first": count[True], "second": count[False]}
        for name, count in (("errors", errors), ("fig8", printed))
    }


def indices(run: Run) -> Indices:
    """Jaccard's index of all pairs of the run's seeds, and of each seed and Fig. 8."""
    networks, printed = misread(run), fig8()
    return Indices(
        [each.jaccard for each in pairs(networks)],
        [shared(network, printed).jaccard for network in networks],
    )


def by_times(run: Run) -> tuple[list[int], list[int]]:
    """How many patterns 0, 1, ... all seeds misread: those of Fig. 8, and the others.

    That nobody misreads a pattern is counted of Fig. 8 alone.
    """
    networks, printed = misread(run), fig8()
    found = times_misread(networks)
    in_fig8 = Counter(found.get(index, 0) for index in printed)
    others = Counter(count for index, count in found.items() if index not in printed)
    steps = range(len(networks) + 1)
    return [in_fig8[count] for count in steps], [others[count] for count in steps]
