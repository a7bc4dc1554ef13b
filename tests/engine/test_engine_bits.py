"""The same weights to the last bit: on other processors, in threads, in pieces, after a break."""

from __future__ import annotations

import functools
import json
import os
import platform
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import engine_run
import numpy as np
import pytest
from llvmlite import binding

import paper_lenet
from paper_lenet.digits.distort import Presentation
from paper_lenet.engine import Engine
from paper_lenet.network.recipe import Recipe, Step
from paper_lenet.network.weights import digest, initial_parameters
from paper_lenet.training import checkpoint, passes
from paper_lenet.training.execution import maker
from paper_lenet.training.job import Data, Job, State, beginning
from paper_lenet.training.jobs import pack, unpack

SCRIPT = Path(engine_run.__file__)


class Setting(NamedTuple):
    """A kind of processor: how Numba is told, what the host must have, what code it gets."""

    environment: dict[str, str]
    host: set[str]
    has: set[str]
    lacks: set[str]


# By kind of processor, as Python names it.
SETTINGS = {
    "x86_64": {
        "AVX-512": Setting({}, {"avx512f"}, {"zmm", "vfmadd"}, {"fmaf"}),
        "AVX2": Setting(
            {"NUMBA_CPU_NAME": "haswell", "NUMBA_CPU_FEATURES": ""},
            {"avx2", "fma"},
            {"ymm", "vfmadd"},
            {"zmm", "fmaf"},
        ),
        # The name alone would leave Numba with the host's fused multiply-add.
        "SSE4.2, no FMA": Setting(
            {"NUMBA_CPU_NAME": "nehalem", "NUMBA_CPU_FEATURES": ""},
            {"sse4.2"},
            {"fmaf"},
            {"ymm", "zmm", "vfmadd"},
        ),
    },
    # Each has vectors of four and the fused multiply-add. Another scheduling is other code.
    "aarch64": {
        "the machine's own": Setting({}, set(), {"fmla"}, {"fmaf"}),
        "Cortex-A53": Setting(
            {"NUMBA_CPU_NAME": "cortex-a53", "NUMBA_CPU_FEATURES": ""}, set(), {"fmla"}, {"fmaf"}
        ),
        "Neoverse N1": Setting(
            {"NUMBA_CPU_NAME": "neoverse-n1", "NUMBA_CPU_FEATURES": ""},
            {"lse"},
            {"fmla"},
            {"fmaf"},
        ),
    },
}
ALIASES = {"amd64": "x86_64", "arm64": "aarch64"}
MACHINE = platform.machine().lower()
# None on other kinds, where pytest says that this is skipped.
HERE = SETTINGS.get(ALIASES.get(MACHINE, MACHINE), {})


def ask(setting: Setting, cache: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What `engine_run` says in a fresh process that keeps its compiled kernels in `cache`."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("NUMBA_")}
    package = str(Path(paper_lenet.__file__).parents[1])
    kept |= {"PAPER_LENET_CACHE": str(cache), "PYTHONPATH": package} | setting.environment
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, env=kept, capture_output=True, text=True, check=True)


def host_features() -> set[str]:
    return {name for name, there in binding.get_host_cpu_features().items() if there}


@functools.cache
def here() -> dict[str, dict[str, str]]:
    """The work's digests in this process, with all that the processor has."""
    return engine_run.works()


def test_the_weights_are_those_on_record():
    """Made once, on one machine; a machine on which this fails cannot prove our weights."""
    recorded = json.loads(engine_run.RECORD.read_text(encoding="utf-8"))
    assert here() == recorded, (
        "the engine's arithmetic is not what was recorded. If it was changed on purpose, record "
        f"it anew: python tests/{SCRIPT.name} --record"
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", HERE)
def test_every_processor_gives_the_same_weights(name, tmp_path):
    setting = HERE[name]
    missing = setting.host - host_features()
    if missing:
        pytest.skip(f"this processor has no {', '.join(sorted(missing))}")
    answer = ask(setting, tmp_path, "--instructions")
    found: dict[str, Any] = json.loads(answer.stdout)
    assert not found["instructions"]["NRT_incref"]  # no references are counted
    used = {word for word, count in found["instructions"].items() if count}
    assert setting.has <= used
    assert not setting.lacks & used
    assert found["works"] == here()
    told = answer.stderr.splitlines()
    assert [line.split(";")[0] for line in told] == [
        "paper-lenet: compiling the engine, ten to twenty seconds",
        "paper-lenet: compiling the engine of other networks, some seconds",
    ]
    if not setting.environment:
        again = ask(setting, tmp_path)
        assert json.loads(again.stdout)["works"] == here()
        assert again.stderr == "", "a second process compiles nothing, and says nothing"


def trained(seed: int) -> str:
    """The weights after some updates on patterns in an order of the seed's own."""
    recipe, shown = Recipe(), engine_run.patterns(100)
    engine = Engine(recipe, initial_parameters(recipe, seed))
    for number in range(3):
        steps = engine_run.steps(recipe, engine, shown)
        order = np.random.default_rng([seed, number]).integers(0, 100, 500)
        engine.learn(shown, order, steps)
        engine.penalties(shown)
    return digest(engine.parameters())


def test_seeds_side_by_side_are_as_each_alone():
    alone = [trained(seed) for seed in range(4)]
    assert len(set(alone)) == 4
    for threads in (1, 2, 4):
        with ThreadPoolExecutor(threads) as pool:
            assert list(pool.map(trained, range(4))) == alone, f"{threads} threads"


@pytest.mark.parametrize("size", [1, 7, 100])
def test_an_order_may_be_learned_in_pieces(size):
    recipe, shown = Recipe(), engine_run.patterns(100)
    whole, pieces = (Engine(recipe, initial_parameters(recipe, 0)) for _ in range(2))
    steps, order = engine_run.steps(recipe, whole, shown), np.arange(300) % 100
    together = whole.learn(shown, order, steps)
    parts = [
        pieces.learn(shown, order[first : first + size], steps) for first in range(0, 300, size)
    ]
    assert np.array_equal(whole.weights, pieces.weights)
    assert together.errors == sum(part.errors for part in parts)
    assert together.shown == sum(part.shown for part in parts) == 300
    assert together.loss == pytest.approx(sum(part.loss for part in parts), rel=1e-12)


def test_asking_in_between_changes_nothing():
    """Curvature, penalties and states leave no trace in what is learned next."""
    recipe, shown = Recipe(), engine_run.patterns(100)
    quiet, asked = (Engine(recipe, initial_parameters(recipe, 0)) for _ in range(2))
    steps = engine_run.steps(recipe, quiet, shown)
    for first in range(0, 100, 10):
        order = np.arange(first, first + 10)
        quiet.learn(shown, order, steps)
        asked.learn(shown, order, steps)
        asked.curvature(shown, order)
        asked.penalties(shown)
        asked.activations(shown.inputs(order[:1])[0])
    assert np.array_equal(quiet.weights, asked.weights)


def job() -> tuple[Job, Data]:
    """Three short passes, as the stage ``train`` runs them."""
    step = Step(eta=((2, 0.0005), (1, 0.0002)), patterns=20)
    presentation = Presentation(patterns=100, order="reshuffled")
    recipe = Recipe(step=step, presentation=presentation)
    shown = engine_run.patterns(100)
    return Job("short", recipe, 0, "engine"), Data(shown, shown, np.arange(100))


def run(state: State, count: int = 3) -> State:
    """The state `count` passes on."""
    this, data = job()
    following = passes.passes(this, data, state, maker(this), lambda *_: None)
    for _ in range(count):
        state = next(following)
    return state


def test_a_training_goes_on_from_any_pass_with_the_same_bits(tmp_path, monkeypatch):
    whole = run(beginning(job()[0]))
    for finished in (1, 2):
        checkpoint.save(tmp_path, pack(run(beginning(job()[0]), finished)))
        kept = checkpoint.load(tmp_path)
        assert kept is not None
        state = unpack(job()[0], kept)
        monkeypatch.setattr(passes, "CHUNK", 13)
        resumed = run(state, 3 - finished)
        assert digest(resumed.parameters) == digest(whole.parameters)
        # The mean loss is summed chunk by chunk; all else is the same.
        for mine, other in zip(resumed.rows, whole.rows, strict=True):
            assert mine._replace(loss=0) == other._replace(loss=0)
            assert mine.loss == pytest.approx(other.loss, rel=1e-12)
        monkeypatch.undo()
