"""The command ``cost``: what an edit costs, before anything is run.

DVC knows which stages are out of date, but of a study's training only once ``fingerprint`` has said
what the code now does. So that stage is run first, if it is out of date; it trains briefly, writes
``data/fingerprints``, and is what the next ``dvc repro`` would begin with anyway. Then DVC is
asked, and each stage is laid beside the time that its last run took, by the committed timings.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.base.files import believing, read_json
from paper_lenet.base.machine import cores

PIPELINE, STUDIES = "dvc.yaml", "studies/dvc.yaml"
FINGERPRINT = f"{STUDIES}:fingerprint"
TRAINED = "_trained"  # ends the stage of a study that is trained apart from the others


class CostError(PaperLenetError, RuntimeError):
    """DVC cannot be asked."""


class Cost(NamedTuple):
    """One stage that is out of date.

    Attributes:
        stage: its name, as ``dvc repro`` takes it.
        changed: what is no longer as it was, in a few words.
        minutes: how long its trainings take on this machine's cores; `None` for seconds.
    """

    stage: str
    changed: str
    minutes: float | None


def costs(root: Path, data: Path) -> list[Cost]:
    """Every stage that is out of date, in DVC's order.

    Args:
        root: the repository.
        data: the folder ``data``.

    Raises:
        CostError: DVC is not there, or fails.
    """
    if FINGERPRINT in _status(root, FINGERPRINT):
        _dvc(root, "repro", "--quiet", "--single-item", FINGERPRINT)
    return list(_costs(_status(root, PIPELINE, STUDIES), data))


def lines(found: Iterable[Cost]) -> Iterator[str]:
    """What is printed."""
    total, several = 0.0, False
    for each in found:
        several = True
        time = "seconds" if each.minutes is None else f"about {each.minutes:.0f} min"
        total += each.minutes or 0.0
        yield f"{each.stage:32} {time:>14}  {each.changed}"
    if not several:
        yield "nothing is out of date"
    else:
        yield f"about {total:.0f} minutes of training on {cores()} cores; what is behind these"
        yield "stages runs only if their outputs change"


def _costs(status: Mapping[str, Any], data: Path) -> Iterator[Cost]:
    for stage, changes in status.items():
        parts = [part for part in changes if isinstance(part, dict)]
        if not parts:
            continue  # «always changed» and the like say nothing of an edit
        names = [_named(*each) for part in parts for kind in part.values() for each in kind.items()]
        more = f" and {len(names) - 2} more" if len(names) > 2 else ""
        yield Cost(stage, ", ".join(map(str, names[:2])) + more, _minutes(stage, data))


def _named(path: str, how: str | Mapping[str, str]) -> str:
    """A changed file, or the changed keys of a file of parameters."""
    return f"{path} ({how})" if isinstance(how, str) else f"{path}: {', '.join(how)}"


def _minutes(stage: str, data: Path) -> float | None:
    """Of the trainings of a stage, by the clock on this machine's cores."""
    file, _, name = stage.rpartition(":")
    if not file and name == "train":
        paths = sorted(data.glob("timings/*/*/train.json"))
    elif name.startswith("train@") or name.endswith(TRAINED):
        study = name.removeprefix("train@").removesuffix(TRAINED)
        paths = [data / "timings" / "studies" / f"{study}.json"]
    else:
        return None
    known = [_core_minutes(path) for path in paths if path.is_file()]
    return sum(known) / cores() if known else None


def _core_minutes(path: Path) -> float:
    with believing(path):
        return float(read_json(path)["core_minutes"])


def _status(root: Path, *targets: str) -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(_dvc(root, "status", "--json", *targets) or "{}")
    return tree


def _dvc(root: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "dvc", *arguments]
    # Stages are called as `python -m paper_lenet`: with this Python, whatever the PATH begins with.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    done = subprocess.run(
        command,
        cwd=root,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        told = done.stderr.strip().splitlines()
        reason = told[-1] if told else f"exit status {done.returncode}"
        raise CostError(f"dvc {' '.join(arguments)}: {reason}")
    return done.stdout
