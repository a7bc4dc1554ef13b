"""This core's figures beside the committed ones of other cores, and all of it in one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from paper_lenet.base.machine import figure, named, slug
from paper_lenet.bench import kernels

Tree = dict[str, Any]
# What is laid side by side: its name, where it stands in a file, and its format.
FIGURES = (
    ("one update, us", "update.engine_us.median", ".1f"),
    ("  in PyTorch, us", "update.pytorch_us.median", ",.0f"),
    ("  engine faster by, times", "update.pytorch_over_engine.median", ".1f"),
    ("  peak, GFLOP/s", "update.peak_gflops.median", ".0f"),
    ("  share of the peak, %", "update.peak_percent.median", ".1f"),
    ("answers a second", "answer.engine_per_second.median", ",.0f"),
    ("  engine faster by, times", "answer.pytorch_over_engine.median", ".1f"),
    ("curvature of a pattern, us", "curvature.engine_us.median", ".1f"),
    ("  engine faster by, times", "curvature.pytorch_over_engine.median", ".1f"),
    ("one training, s", "training.engine_seconds", ".1f"),
    ("weights and steps, GB/s", "memory.gb_per_second.median", ".0f"),
    ("clock, at least, GHz", "least_ghz.greatest", ".2f"),
)
BOUNDS = {
    kernels.MEMORY: "which memory bounds",
    kernels.ARITHMETIC: "which arithmetic bounds",
    kernels.NEITHER: "which neither arithmetic nor memory bounds",
}


def others(committed: Mapping[str, Tree], tree: Tree) -> list[Tree]:
    """Of the committed figures, those of other kinds of processors and of the same recipe."""
    own = slug(tree["environment"]["processor"])
    return [
        each
        for name, each in committed.items()
        if name != own and each.get("recipe") == tree["recipe"]
    ]


def lines(tree: Tree, several: list[Tree]) -> Iterator[str]:
    """A column for this core and for each other."""
    if not several:
        yield "beside other cores: there are no committed figures of another one"
        return
    yield _row("beside other cores", [named(tree) + " (this)", *map(named, several)])
    for what, key, form in FIGURES:
        yield _row(f"  {what}", [_text(each, key, form) for each in (tree, *several)])
    for each in several:
        yield f"  {named(each)}: {of_engine(each, tree)}"


def sentence(tree: Tree, several: list[Tree]) -> str:
    """What matters of all, in words."""
    slowest = max(tree["kernels"], key=lambda part: part["us"])
    widest = (tree["core"]["vectors"] or "vectors unknown").partition(",")[0]
    core = f"{named(tree)}, {widest}"
    said = (
        f"On this core ({core}) an update takes {_text(tree, 'update.engine_us.median', '.1f')} us,"
        f" {_text(tree, 'update.peak_percent.median', '.0f')}% of the measured peak{_times(tree)};"
        f" the slowest part is {slowest['part']}, {BOUNDS[slowest['bound']]}"
    )
    for each in several:
        taken = _text(each, "update.engine_us.median", ".1f")
        percent = _text(each, "update.peak_percent.median", ".0f")
        said += f"; on {named(each)} it took {taken} us, {percent}%"
    return said + "."


def of_engine(tree: Tree, present: Tree) -> str:
    """When a file was measured, and whether with the engine of another."""
    when = f"measured on {tree['date']}" if "date" in tree else "measured on a day it does not name"
    if "engine" not in tree:
        return f"{when}, with an engine that it does not name"
    same = tree["engine"]["sha256"] == present["engine"]["sha256"]
    return f"{when}, with {'the same' if same else 'another'} engine"


def _times(tree: Tree) -> str:
    times = figure(tree, "update.pytorch_over_engine.median")
    return "" if times is None else f", {times:.0f} times as fast as PyTorch"


def _text(tree: Tree, key: str, form: str) -> str:
    found = figure(tree, key)
    return "-" if found is None else format(found, form)


def _row(what: str, cells: list[str]) -> str:
    return f"{what:30}" + "".join(f"  {cell:>26}" for cell in cells)
