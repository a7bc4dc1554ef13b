"""A made-up record of Fig. 9's classifiers, as its training would write it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from paper_lenet.base.files import write_csv, write_json
from paper_lenet.paper.classifiers import CLASSIFIERS
from paper_lenet.studies.fig9 import spec
from paper_lenet.studies.study import Folders

PATTERNS = 10_000
RUNS = (
    *("classifier", "seed", "errors", "patterns", "operations", "variables"),
    *("rejected", "rejected_of_all"),
)
MISREAD = ("classifier", "seed", "index", "answer")
CHOICES = ("classifier", "setting", "value", "seed", "errors", "patterns")


@dataclass(frozen=True)
class Settings:
    """Of every made-up classifier."""

    k: int = 3


@dataclass(frozen=True)
class Made:
    """One classifier: its errors by seed, and what a file of classifiers says of it."""

    errors: Mapping[int, int]
    bar: str = ""
    today: bool = False
    form: str = "regular"
    kind: str = "neighbours"
    settings: object = field(default_factory=Settings)
    tried: Mapping[int, int] = field(default_factory=dict)
    seconds: float = 2.5

    @property
    def recorded(self) -> bool:
        """Whether it is trained elsewhere."""
        return self.kind == "recorded"


def write(data: Path, classifiers: Mapping[str, Made], patch: pytest.MonkeyPatch) -> Folders:
    """Write the record of what has errors, and have the file of classifiers say the same."""
    folders = Folders("fig9", data)
    runs: list[tuple[object, ...]] = []
    misread: list[tuple[object, ...]] = []
    choices = []
    for place, (name, made) in enumerate(classifiers.items()):
        for seed, errors in made.errors.items():
            share = f"{errors / 100:.2f}", f"{errors / 120:.2f}"
            runs.append((name, seed, errors, PATTERNS, 7850 * (place + 1), 7850, *share))
            misread += [(name, seed, index, index % 10) for index in wrong(errors, seed, place)]
        choices += [(name, "k", k, 0, errors, PATTERNS) for k, errors in made.tried.items()]
    write_csv(folders.trained() / "runs.csv", RUNS, runs)
    write_csv(folders.trained() / "misread.csv", MISREAD, misread)
    write_csv(folders.trained() / "choices.csv", CHOICES, choices)
    seconds = [
        {"classifier": name, "seconds": made.seconds}
        for name, made in classifiers.items()
        if made.errors
    ]
    write_json(data / "timings/studies/fig9.json", {"trainings": seconds})
    patch.setattr(spec, "read", lambda path: SimpleNamespace(classifiers=dict(classifiers)))
    return folders


def wrong(errors: int, seed: int, place: int) -> list[int]:
    """So many indices: of all patterns some are hard for everyone."""
    hardness = np.random.default_rng(1).random(PATTERNS) ** 3
    own = np.random.default_rng((2, seed, place)).random(PATTERNS)
    return sorted(np.argsort(hardness * own)[:errors].tolist())


def whole(factor: float = 1.0, seeds: int = 5) -> dict[str, Made]:
    """All bars, with `factor` times the printed error; those that draw nothing have one seed."""
    result = {}
    for place, bar in enumerate(CLASSIFIERS):
        errors = round(100 * bar.error * factor)
        drawn = any(word in bar.name for word in ("Linear", "LeNet", "-10", "RBF"))
        counts = {seed: errors + seed - seeds // 2 for seed in range(seeds if drawn else 1)}
        result[f"classifier_{place}"] = Made(counts, bar.name)
    return result
