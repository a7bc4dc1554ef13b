"""How fast the engine is, measured beside PyTorch and beside what the machine can do at most.

Everything is measured in one run, in rounds in which all parts take turns (`clock`), so that heat
and other programs meet what is compared alike. Ratios are taken round by round. The floating-point
operations of an update are counted from the layer list (`operations`), not from the code; the bytes
that it moves, from how arrays lie in the engine (`memory`). Figures are kept in one file for each
kind of core, so that those of others stand beside them (`beside`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from paper_lenet.base.bars import tqdm
from paper_lenet.base.errors import tell
from paper_lenet.base.files import write_json
from paper_lenet.base.machine import cores, environment, slug
from paper_lenet.bench import (
    core,
    fresh,
    kernels,
    memory,
    report,
    scaling,
    stamp,
    variants,
    workloads,
)
from paper_lenet.bench.clock import alternate
from paper_lenet.bench.workloads import Counts
from paper_lenet.digits.patterns import Patterns
from paper_lenet.engine import Engine
from paper_lenet.network.params import Params
from paper_lenet.network.weights import initial_parameters
from paper_lenet.training.job import Data, select

ROUNDS = 21


def bench(
    params: Params,
    processed: Path,
    timings: Path,
    path: Path | None = None,
    with_variants: bool = False,
    rounds: int = ROUNDS,
    counts: Counts | None = None,
) -> dict[str, Any]:
    """Measure, and write what came out as JSON.

    Args:
        params: all parameters; the recipe to train is the one that is measured.
        processed: folder of ``train.safetensors`` and ``test.safetensors``.
        timings: the folder of all files of seconds; those of trainings are read.
        path: file to write; by default one named after the processor, see `figures`.
        with_variants: whether to measure every variant of the engine too.
        rounds: how often everything is measured.
        counts: how much of everything a round does.

    Returns:
        The same as the file; `table.lines` makes text of it.

    Raises:
        BenchError: the patterns cannot be learned from.
        PatternsError: there are none.
        FormatError: a file of seconds is not one.
        FreshError: a fresh process cannot run the engine.
    """
    counts, recipe = counts or Counts(), params.recipe
    data, place = _data(params, processed), environment()
    path = path or figures(timings, params) / f"{slug(str(place['processor']))}.json"
    study = scaling.largest(timings / "studies")
    _say("starting the engine in a fresh process, with nothing compiled and again")
    start = fresh.first_and_second(processed / "train.safetensors")
    _say("compiling each part of an update, about half a minute")
    engine = Engine(recipe, initial_parameters(recipe, 0))
    parts = kernels.works(engine, data.training, counts.parts)
    parts |= memory.works(recipe, counts.parts)
    whole = workloads.works(recipe, data, counts, thread_counts(cores()))
    seconds = alternate(whole | parts, _shown("rounds", rounds))
    tree = report.report(recipe, seconds, start)
    if with_variants:
        progress = _shown("rounds of variants", rounds)
        tree["variants"] = variants.measure(data.training, progress, counts.variants)
    jobs = scaling.Jobs(processed, recipe, counts.scaling)
    beside = scaling.measure(jobs, cores(), _shown("workers", counts.scaling_rounds))
    queues = {"the pipeline": [tree["training"]["engine_seconds"]] * params.train.seeds} | study
    worked_out = scaling.worked_out(beside, start["cold_seconds"], queues)
    tree["scaling"] = {**beside, "queues": worked_out}
    tree |= {"core": core.core(), "environment": place, "rounds": rounds}
    tree |= {"recipe": params.train.recipe, **stamp.measured_now()}
    write_json(path, tree)
    return tree


def figures(timings: Path, params: Params) -> Path:
    """The folder of committed figures: one file for each kind of core."""
    return timings / params.data.name / "bench"


def thread_counts(most: int) -> list[int]:
    """1, 2, 4, ... and `most`."""
    return sorted({most, *(2**k for k in range(most.bit_length()) if 2**k <= most)})


def _data(params: Params, processed: Path) -> Data:
    both = [Patterns.load(processed / f"{part}.safetensors") for part in ("train", "test")]
    return select(params.recipe, *both)


def _say(line: str) -> None:
    tell(line)


def _shown(what: str, rounds: int) -> Iterable[int]:
    """0 to `rounds` - 1, with a bar on a terminal."""
    bar: Iterable[int] = tqdm(
        range(rounds), desc=what, leave=False, disable=not sys.stderr.isatty()
    )
    return bar
