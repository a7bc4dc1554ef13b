"""From seconds to what is reported: rates, ratios round by round, the share of the peak."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paper_lenet.bench import kernels, memory
from paper_lenet.bench.clock import Seconds, rates, ratios, spread, summary
from paper_lenet.bench.operations import operations, total
from paper_lenet.network.recipe import Recipe

Tree = dict[str, Any]
TEST_PATTERNS = 10_000


def report(recipe: Recipe, seconds: Seconds, start: Tree) -> Tree:
    """All but the variants, the scaling and the environment.

    Args:
        recipe: what was trained.
        seconds: of all works, by name and round; those of PyTorch may be missing.
        start: of `fresh.first_and_second`.
    """
    peak = peaks(seconds)
    return {
        "start": start,
        "operations": [
            {"layer": layer, **counts} for layer, counts in operations(recipe.network).items()
        ],
        "update": update(recipe, seconds, peak),
        "memory": moved(recipe, seconds),
        "least_ghz": summary(rates(seconds["clock"], 1e-9)),
        "answer": pair(seconds, "answer"),
        "curvature": pair(seconds, "curvature"),
        "threads": threads(seconds),
        "kernels": kernels.rows(recipe, seconds, peak),
        "training": {
            "engine_seconds": training(recipe, seconds, "engine"),
            "pytorch_seconds": training(recipe, seconds, "reference"),
        },
    }


def peaks(seconds: Seconds) -> list[float]:
    """Operations a second, round by round: those of the number of chains that does best."""
    chains = [rates(part) for name, part in seconds.items() if name.startswith("peak of ")]
    return [max(both) for both in zip(*chains, strict=True)]


def update(recipe: Recipe, seconds: Seconds, peak: Sequence[float]) -> Tree:
    """One update in both executions, and the engine's share of the peak."""
    count = total(operations(recipe.network))
    done = rates(seconds["engine, update"], count)
    return {
        **pair(seconds, "update"),
        "operations": count,
        "floor_us": _microseconds([count / part for part in peak]),
        "engine_gflops": summary([part / 1e9 for part in done]),
        "peak_gflops": summary([part / 1e9 for part in peak]),
        "peak_percent": summary([100 * part for part in ratios(done, peak)]),
    }


def moved(recipe: Recipe, seconds: Seconds) -> Tree:
    """All weights descending by all steps, moved alone: bytes, microseconds, GB a second."""
    bytes_ = memory.traffic(recipe)[memory.WHOLE]
    taken = seconds[f"bytes of {memory.WHOLE}"]
    return {
        "bytes_read": bytes_.read,
        "bytes_written": bytes_.written,
        "us": _microseconds(taken),
        "gb_per_second": summary(rates(taken, (bytes_.read + bytes_.written) / 1e9)),
    }


def pair(seconds: Seconds, what: str) -> Tree:
    """Microseconds of both executions and their ratio; no PyTorch, no ratio."""
    engine, reference = seconds[f"engine, {what}"], seconds.get(f"reference, {what}")
    return {
        "engine_us": _microseconds(engine),
        "engine_per_second": summary(rates(engine)),
        "pytorch_us": reference and _microseconds(reference),
        "pytorch_per_second": reference and summary(rates(reference)),
        "pytorch_over_engine": reference and summary(ratios(reference, engine)),
    }


def threads(seconds: Seconds) -> list[Tree]:
    """Updates a second of all threads together, one seed a thread, and over those of one."""
    one = seconds["threads, 1"]
    return [
        {
            "threads": int(name.removeprefix("threads, ")),
            "per_second": summary(rates(part)),
            "times_one": summary(ratios(one, part)),
        }
        for name, part in seconds.items()
        if name.startswith("threads, ")
    ]


def training(recipe: Recipe, seconds: Seconds, trainer: str) -> float | None:
    """Worked out, not measured: one seed's training on one core, with its evaluation."""
    if f"{trainer}, update" not in seconds:
        return None
    step, patterns = recipe.step, recipe.presentation.patterns
    update, answer, curvature = (
        spread(seconds[f"{trainer}, {what}"]).median for what in ("update", "answer", "curvature")
    )
    answers = patterns + TEST_PATTERNS  # after each pass
    work = step.passes * (patterns * update + answers * answer)
    return work + step.estimates * step.patterns * curvature


def _microseconds(values: Sequence[float]) -> Tree:
    return summary([1e6 * part for part in values])
