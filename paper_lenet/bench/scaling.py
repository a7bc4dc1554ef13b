"""Several workers at once: measured up to this machine's cores, worked out beyond (`queued`).

On one machine a worker is a thread of one process, which shares the patterns with the others; on a
cluster it may be a process of its own. Both train the same short jobs here, in fresh processes
(`worker`), with all that a training does: loading, updates, judging, keeping what came out.
"""

from __future__ import annotations

import itertools
import math
import os
import statistics
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from paper_lenet.base.files import believing, read_json
from paper_lenet.bench import child
from paper_lenet.bench.clock import ratios, summary
from paper_lenet.bench.queued import Side, outcome
from paper_lenet.network.recipe import Recipe

Tree = dict[str, Any]
MEASURED = (1, 2, 4, 8)  # workers, if there are as many cores
WORKED_OUT = (1, 2, 4, 8, 16, 64)


class Jobs(NamedTuple):
    """What the workers do.

    Attributes:
        processed: folder of the patterns.
        recipe: what is trained.
        patterns: of the one pass of each job.
    """

    processed: Path
    recipe: Recipe
    patterns: int


def measure(jobs: Jobs, most: int, rounds: Iterable[int]) -> Tree:
    """Workers as threads and as processes, in alternation; and one pass of the usual length.

    Args:
        jobs: what they do, two for each of the workers.
        most: cores there are.
        rounds: 0, 1, 2, ...

    Raises:
        FreshError: a process cannot train.
    """
    counts = [count for count in MEASURED if count <= most]
    number = 2 * counts[-1]
    found: dict[tuple[str, int], list[list[Tree]]] = {}
    for kind, count in _turns(counts, rounds):
        each = (1, number, count) if kind == "threads" else (count, number // count, 1)
        found.setdefault((kind, count), []).append(_run(jobs, *each))
    whole = jobs._replace(patterns=jobs.recipe.presentation.patterns)
    (single,) = _run(whole, 1, 1, 1)
    return {
        "patterns": jobs.patterns,
        "jobs": number,
        "threads": _rows("threads", counts, found),
        "processes": _rows("processes", counts, found),
        "outside_percent": 100 * single["outside"],
        "pass_seconds": single["seconds"],
        "machine_mib": _memory(),
    }


def worked_out(measured: Tree, cold: float, queues: dict[str, list[float]]) -> list[Tree]:
    """One row for each queue and number of workers, as threads of one process.

    Args:
        measured: by `measure`.
        cold: seconds for which one process compiles while the others wait.
        queues: seconds of the trainings of each, by its name.
    """
    one, last = measured["threads"][0], measured["threads"][-1]
    side = Side(
        slower=max(1.0, last["cpu_seconds"]["median"] / one["cpu_seconds"]["median"]),
        one_by_one=measured["outside_percent"] / 100,
        start=cold + measured["processes"][0]["start_seconds"]["median"],
    )
    return [
        {
            "queue": name,
            "trainings": len(seconds),
            "longest_seconds": max(seconds),
            "workers": workers,
            "start_seconds": side.start,
            **outcome(seconds, workers, side)._asdict(),
            "threads_mib": memory(measured["threads"], workers),
            "processes_mib": _times(measured["processes"][0]["memory_mib"], workers),
        }
        for name, seconds in queues.items()
        for workers in WORKED_OUT
    ]


def memory(threads: list[Tree], workers: int) -> float | None:
    """MiB of one process with so many threads: each takes as much as those that were measured."""
    one, last = threads[0], threads[-1]
    if one["memory_mib"] is None or last is one:
        return None
    each = (last["memory_mib"] - one["memory_mib"]) / (last["workers"] - 1)
    return float(one["memory_mib"] + (workers - 1) * max(0.0, each))


def largest(studies: Path) -> dict[str, list[float]]:
    """The study with most trainings: the seconds that each took where it was trained.

    Args:
        studies: the folder of the studies' files of seconds; nothing if there are none.

    Raises:
        FormatError: a file is not one of seconds.
    """
    every = {path.stem: _seconds(path) for path in sorted(studies.glob("*.json"))}
    name = max(every, key=lambda each: len(every[each]), default="")
    return {f"study {name}": every[name]} if any(every.get(name, [])) else {}


def _seconds(path: Path) -> list[float]:
    tree = read_json(path)
    with believing(path):
        runs = dict(dict(tree).get("seconds", {})).values()
        return [float(each) for run in runs for _, each in sorted(dict(run).items(), key=_seed)]


def _seed(item: tuple[str, Any]) -> int:
    return int(item[0])


def _turns(counts: list[int], rounds: Iterable[int]) -> Iterable[tuple[str, int]]:
    every = list(itertools.product(("threads", "processes"), counts))
    for number in rounds:
        yield from every[:: -1 if number % 2 else 1]


def _run(jobs: Jobs, processes: int, each: int, threads: int) -> list[Tree]:
    """What so many processes say, each of which trains so many jobs on so many threads."""
    counts = [str(count) for count in (jobs.patterns, each, threads)]
    arguments = [str(jobs.processed), jobs.recipe.to_json(), *counts, str(time.time())]
    return child.run("worker", [arguments] * processes)


def _rows(
    kind: str, counts: list[int], found: dict[tuple[str, int], list[list[Tree]]]
) -> list[Tree]:
    seconds = {n: [_slowest(one, "seconds") for one in found[kind, n]] for n in counts}
    cpu = {
        n: [math.fsum(each["cpu_seconds"] for each in one) for one in found[kind, n]]
        for n in counts
    }
    return [
        {
            "workers": n,
            "seconds": summary(seconds[n]),
            "times_one": summary(ratios(seconds[1], seconds[n])),
            "cpu_seconds": summary(cpu[n]),
            "cores": summary(ratios(cpu[n], seconds[n])),
            "start_seconds": summary([_slowest(one, "start_seconds") for one in found[kind, n]]),
            "memory_mib": _middle([each["memory_mib"] for one in found[kind, n] for each in one]),
        }
        for n in counts
    ]


def _slowest(several: list[Tree], key: str) -> float:
    return max(float(each[key]) for each in several)


def _middle(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def _times(value: float | None, count: int) -> float | None:
    return None if value is None else value * count


def _memory() -> float | None:
    """The machine's memory, MiB; nothing where it cannot be asked."""
    names = getattr(os, "sysconf_names", {})
    if not {"SC_PHYS_PAGES", "SC_PAGE_SIZE"} <= set(names):
        return None
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**20
