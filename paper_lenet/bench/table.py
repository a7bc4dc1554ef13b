"""The report as text: one table, in sections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from paper_lenet.base.words import several
from paper_lenet.bench import beside, core, kernels
from paper_lenet.bench.scaled import lines as scaled

Tree = dict[str, Any]


def lines(tree: Tree, others: list[Tree]) -> Iterator[str]:
    """The lines of the whole table, the figures of other cores, and one sentence at the end."""
    place, update = tree["environment"], tree["update"]
    yield f"{place['processor']}, {place['cores']} cores, {place['platform']}"
    yield ", ".join(f"{name} {place[name]}" for name in ("python", "numba", "llvmlite", "torch"))
    yield f"{tree['rounds']} rounds in alternation: median (least to greatest)"
    yield ""
    yield "the core"
    for name, text in core.told(tree["core"], tree["least_ghz"]["greatest"]):
        yield _line(name, text)
    yield ""
    yield f"one update of recipe {tree['recipe']}, batch of one, one core"
    yield from _executions(update, "us", ".1f")
    yield _line("operations it needs", f"{update['operations']:12,d}")
    yield _spread("  of them a second, engine", update["engine_gflops"], "GFLOP/s", ".1f")
    yield _spread("  at the peak it would take", update["floor_us"], "us", ".1f")
    yield _spread("  fused multiply-add peak", update["peak_gflops"], "GFLOP/s", ".1f")
    yield _spread("  share of the peak", update["peak_percent"], "%", ".1f")
    yield ""
    yield "one answer (forward alone; PyTorch in batches)"
    yield from _executions(tree["answer"], "per_second", ",.0f")
    yield ""
    yield "curvature of one pattern"
    yield from _executions(tree["curvature"], "us", ".1f")
    yield ""
    yield "updates a second, one seed a thread"
    for row in tree["threads"]:
        number = row["threads"]
        yield _spread(several(number, "thread", "threads"), row["per_second"], "", ",.0f")
        yield _spread("  times one thread", row["times_one"], "", ".2f")
    yield ""
    yield from _start(tree)
    yield ""
    yield from scaled(tree["scaling"])
    yield ""
    yield from _kernels(tree)
    if "variants" in tree:
        yield ""
        yield from _variants(tree["variants"])
    yield ""
    yield from beside.lines(tree, others)
    yield ""
    yield beside.sentence(tree, others)


def _line(name: str, text: str) -> str:
    return f"  {name:28}{text}"


def _spread(name: str, values: Tree, unit: str, form: str) -> str:
    median, least, greatest = (
        format(values[part], form) for part in ("median", "least", "greatest")
    )
    return _line(name, f"{median:>12} {unit:9}({least} to {greatest})")


def _executions(tree: Tree, key: str, form: str) -> Iterator[str]:
    unit = {"us": "us", "per_second": "a second"}[key]
    yield _spread("engine", tree[f"engine_{key}"], unit, form)
    if tree["pytorch_us"] is None:
        yield _line("PyTorch", "not installed: skipped")
        return
    yield _spread("PyTorch, eager", tree[f"pytorch_{key}"], unit, form)
    yield _spread("  engine faster by", tree["pytorch_over_engine"], "times", ".1f")


def _start(tree: Tree) -> Iterator[str]:
    start = tree["start"]
    memory = start["memory_mib"]
    told = "not known here" if memory is None else f"{memory:12.0f} MiB"
    yield "the engine in a fresh process"
    yield _line("ready, nothing compiled", f"{start['cold_seconds']:12.1f} s")
    yield _line("ready, compiled before", f"{start['warm_seconds']:12.1f} s")
    yield _line(f"most memory, {start['threads']} in training", told)
    yield _line("one training, worked out", f"{tree['training']['engine_seconds']:12.1f} s")


def _kernels(tree: Tree) -> Iterator[str]:
    yield (
        "part of an update        us   (least to greatest)   share   GFLOP/s   of the peak"
        "    bytes, KiB   alone, us   bound by"
    )
    for row in tree["kernels"]:
        between = f"({row['us_least']:.2f} to {row['us_greatest']:.2f})"
        counted = " " * 24
        if row["gflops"] is not None:
            counted = f"{row['gflops']:10.1f}{row['peak_percent']:13.1f}%"
        kib = (row["bytes_read"] + row["bytes_written"]) / 1024
        yield (
            f"  {row['part']:17}{row['us']:8.2f}   {between:19}{row['share_percent']:6.1f}%"
            f"{counted}{kib:14.1f}{row['bytes_us']:12.2f}   {row['bound']}"
        )
    memory = tree["memory"]
    kib = (memory["bytes_read"] + memory["bytes_written"]) / 1024
    yield _line("all weights and their steps", f"{kib:12.0f} KiB, moved alone")
    yield _spread("  a second", memory["gb_per_second"], "GB", ".1f")
    yield (
        "  bound by memory: its bytes alone take longer than its operations at the peak; "
        f"{kernels.NEITHER}: more than {kernels.WAITING:.0f} times both"
    )


def _variants(rows: list[Tree]) -> Iterator[str]:
    yield "variant                     us an update   times the paper's   curvature, us   a pass, s"
    for row in rows:
        yield (
            f"  {row['variant']:26}{row['us']:12.1f}{row['times']:20.2f}"
            f"{row['curvature_us']:16.1f}{row['pass_seconds']:12.2f}"
        )
