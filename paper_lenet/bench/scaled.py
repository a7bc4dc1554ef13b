"""Several workers at once, as text, and in one sentence what bounds the most of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Tree = dict[str, Any]
KIND = {"threads": "thread", "processes": "process"}  # one of them
NEAR = 0.9  # of a bound: nothing else holds it back
MIB = 1024  # in a GiB


def lines(tree: Tree) -> Iterator[str]:
    """What was measured, what was worked out, and the sentence."""
    yield (
        f"{tree['jobs']} short trainings of {tree['patterns']:,} patterns, by workers at once:"
        " times one worker, on so many cores, start, memory"
    )
    for kind in ("threads", "processes"):
        for row in tree[kind]:
            times = row["times_one"]
            name = f"{row['workers']} {kind if row['workers'] > 1 else KIND[kind]}"
            each = " each" if kind == "processes" else ""
            yield (
                f"  {name:28}{times['median']:12.2f} times    ({times['least']:.2f} to "
                f"{times['greatest']:.2f}) on {row['cores']['median']:.2f} cores, "
                f"{row['start_seconds']['median']:.1f} s, {_mib(row['memory_mib'])}{each}"
            )
    share, seconds = tree["outside_percent"], tree["pass_seconds"]
    yield f"  {'one whole pass':28}{seconds:12.2f} s, {share:.1f}% of it outside the loops"
    yield "queue of trainings, worked out     workers      minutes   times one   at most   bound by"
    for row in tree["queues"]:
        name = f"{row['queue']}, {row['trainings']} trainings"
        yield (
            f"  {name:31}{row['workers']:9}{row['seconds'] / 60:13.1f}{row['times_one']:12.1f}"
            f"{row['at_most']:10.1f}   {row['bound']}"
        )
    yield f"  {sentence(tree)}"


def sentence(tree: Tree) -> str:
    """What bounds the most workers, in words."""
    most = max(row["workers"] for row in tree["queues"])
    rows = [row for row in tree["queues"] if row["workers"] == most]
    each = "; ".join(f"{row['queue']} {row['times_one']:.0f} times ({_why(row)})" for row in rows)
    threads, processes = _mib(rows[0]["threads_mib"]), _mib(rows[0]["processes_mib"])
    return (
        f"With {most} workers in place of one: {each}. Memory: {threads} as threads of one "
        f"process, {processes} as processes; this machine has {_mib(tree['machine_mib'])}. "
        f"Until the first begins: {rows[0]['start_seconds']:.0f} s, most of it compiling, once."
    )


def _why(row: Tree) -> str:
    told = f"bound by {row['bound']}, {row['at_most']:.0f} at most"
    if row["times_one"] >= NEAR * row["at_most"]:
        return told
    return f"{told}; the start and the queue's end take the rest"


def _mib(value: float | None) -> str:
    if value is None:
        return "memory unknown"
    return f"{value:.0f} MiB" if value < 10 * MIB else f"{value / MIB:.0f} GiB"
