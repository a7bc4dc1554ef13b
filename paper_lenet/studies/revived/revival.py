"""What the revived networks misread, beside ours as they were trained, ``whole``.

- ``revived.csv``: each network; ``revival.csv`` and ``revival.json``: each kind.

The last pass counts. Errors are on the test patterns as they are, and with pixels inverted, the
same ones for all (`noisy`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from paper_lenet.base.files import fixed, write_csv, write_json
from paper_lenet.base.statistics import over_seeds
from paper_lenet.results.mistakes import Shared, fig8, shared
from paper_lenet.results.trainings import Run, read_study
from paper_lenet.studies.recovered import noisy
from paper_lenet.studies.study import Folders

KINDS = {
    "1998": "1998, recovered",
    "held": "1998, C5 held to the drawn states",
    "ours": "ours, C5 and F6 anew",
    "whole": "ours, as trained",
    "random": "random",
}
HEADING = ("kind", "seed", "errors", "noisy_errors", "patterns", "fig8", "fig8_same")
MEANS = ("mean", "sd", "low", "high", "least", "greatest")
SUMMARY = (
    *("kind", "name", "seeds"),
    *(f"{test}_{part}" for test in ("clean", "noisy") for part in MEANS),
    *("fig8", "fig8_same", "jaccard"),
)


class Misreading(NamedTuple):
    """What one network misreads.

    Attributes:
        kind, seed: which network.
        errors: misread test patterns.
        noisy_errors: with inverted pixels.
        patterns: out of so many.
        fig8: what it shares with the 82 of Fig. 8.
    """

    kind: str
    seed: int
    errors: int
    noisy_errors: int
    patterns: int
    fig8: Shared


def misreadings(folders: Folders) -> list[Misreading]:
    """Of every revived network, and of ours as they were trained."""
    result = []
    for study in (folders.name, "revive"):
        folder = folders.trained(study)
        with_noise = noisy.errors(folder)
        for name, run in read_study(folder).items():
            kind = "whole" if study == "revive" else name
            counts = {seed: with_noise[name, seed] for seed in run.seeds}
            result += list(_misreadings(kind, run, counts))
    return result


def _misreadings(kind: str, run: Run, noisy: dict[int, int]) -> Iterator[Misreading]:
    for seed, one in run.seeds.items():
        last = one.last
        both = shared(one.misread, fig8())
        yield Misreading(kind, seed, last.test_errors, noisy[seed], last.test_patterns, both)


def write(folders: Folders) -> None:
    """Write the tables.

    Raises:
        TableError: a record of trainings is not whole.
    """
    folder, found = folders.results(), misreadings(folders)
    rows = [(*each[:-1], each.fig8.both, each.fig8.same) for each in found]
    write_csv(folder / "revived.csv", HEADING, rows)
    kinds = {kind: _summary(kind, [each for each in found if each.kind == kind]) for kind in KINDS}
    write_csv(folder / "revival.csv", SUMMARY, (list(each.values()) for each in kinds.values()))
    write_json(folder / "revival.json", kinds)


def _summary(kind: str, some: Sequence[Misreading]) -> dict[str, object]:
    result: dict[str, object] = {"kind": kind, "name": KINDS[kind], "seeds": len(some)}
    errors = {
        "clean": [100 * each.errors / each.patterns for each in some],
        "noisy": [100 * each.noisy_errors / each.patterns for each in some],
    }
    for test, values in errors.items():
        found = over_seeds(values, floor=0)
        result |= {f"{test}_{part}": fixed(getattr(found, part)) for part in MEANS}
    shares: dict[str, list[float]] = {
        "fig8": [each.fig8.both for each in some],
        "fig8_same": [each.fig8.same for each in some],
        "jaccard": [each.fig8.jaccard for each in some],
    }
    return result | {key: fixed(float(np.mean(values)), 3) for key, values in shares.items()}
