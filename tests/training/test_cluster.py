"""A study on a cluster of this machine: a scheduler and two workers, one of which is killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from fake_training import digits

import paper_lenet
from paper_lenet.network.recipe import Recipe

pytest.importorskip("distributed")
pytestmark = pytest.mark.slow

HOME = Path(paper_lenet.__file__).parents[1]
COMMAND = [sys.executable, "-m", "paper_lenet", "study", "tiny", "train"]
SEEDS = 5
PARAMS = {
    "data": {"name": "tiny", "sources": [], "sha256": {}},
    "preprocess": {},
    "train": {"recipe": "paper", "seeds": 1},
    "recipes": {"paper": json.loads(Recipe().to_json())},
}
GRID = {
    "recipe": "paper",
    "seeds": SEEDS,
    "runs": {"base": {"presentation.patterns": 1000, "step.eta": [[20, 0.0002]]}},
}

# Loaded by a worker, which then kills itself in the midst of its first training.
DOOMED = """
import os, signal, threading
from distributed import WorkerPlugin

class Doomed(WorkerPlugin):
    def transition(self, key, start, finish, **kwargs):
        if finish == "executing":
            threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGKILL)).start()

async def dask_setup(worker):
    await worker.plugin_add(Doomed())
"""


def variables(home: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(home)}


def study(folder: Path, *more: str) -> subprocess.Popen[str]:
    """The command, in a folder with patterns, parameters and a grid."""
    if not folder.exists():
        processed = folder / "data/processed/tiny"
        processed.mkdir(parents=True)
        (folder / "studies").mkdir()
        digits(1000, 1).save(processed / "train.safetensors")
        digits(100, 2).save(processed / "test.safetensors")
        (folder / "params.yaml").write_text(yaml.safe_dump(PARAMS))
        (folder / "studies/tiny.yaml").write_text(yaml.safe_dump(GRID))
    return subprocess.Popen(
        [*COMMAND, *more], cwd=folder, env=variables(HOME), stderr=subprocess.PIPE, text=True
    )


def ended(process: subprocess.Popen[str], status: int = 0) -> str:
    """What the command said, once it has ended with this status."""
    _, text = process.communicate(timeout=600)
    assert process.returncode == status, text
    return text


def results(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "data/trainings/tiny").iterdir()}


def wait_for(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + 600
    while not condition():
        assert time.monotonic() < end, f"{what} did not come"
        time.sleep(0.02)


@contextmanager
def dask(folder: Path, role: str, *options: str, home: Path = HOME) -> Iterator[subprocess.Popen]:
    """`dask ROLE` with its log in ``ROLE.log``, killed at the end."""
    command = [sys.executable, "-m", "dask", role, *options, "--no-dashboard"]
    with (
        (folder / f"{role}.log").open("a") as log,
        subprocess.Popen(
            command, cwd=folder, env=variables(home), stdout=log, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def worker(folder: Path, address: str, *more: str, home: Path = HOME) -> Iterator[subprocess.Popen]:
    scratch = ("--local-directory", str(folder), *more)
    options = ("--nthreads", "1", "--no-nanny", "--host", "127.0.0.1", *scratch)
    with dask(folder, "worker", address, *options, home=home) as process:
        yield process


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    file = tmp_path / "scheduler.json"
    options = ("--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
    with dask(tmp_path, "scheduler", *options):
        wait_for(file.exists, "the scheduler")
        wait_for(lambda: file.read_text().strip().endswith("}"), "its address")
        yield json.loads(file.read_text())["address"]


def test_killed_worker_loses_nothing_and_bits_are_those_of_this_machine(
    tmp_path: Path, address: str
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    registered = tmp_path / "worker.log"
    (tmp_path / "doomed.py").write_text(DOOMED)
    preload = ("--preload", str(tmp_path / "doomed.py"))
    with worker(tmp_path, address, *preload) as doomed, worker(tmp_path, address):
        ended(study(here))
        wait_for(lambda: registered.read_text().count("Registered to") == 2, "the workers")
        text = ended(study(there, "--scheduler", address))
        assert doomed.wait() == -signal.SIGKILL
        assert f"({SEEDS} of {SEEDS})" in text
        again = ended(study(there, "--scheduler", address))
    assert again == f"{SEEDS} of {SEEDS} trainings were done before\n"
    assert len(results(here)["runs.csv"].splitlines()) == 1 + SEEDS
    assert results(here) == results(there)


def test_worker_that_does_something_else_is_refused(tmp_path: Path, address: str) -> None:
    other = tmp_path / "other"
    shutil.copytree(HOME / "paper_lenet", other / "paper_lenet")
    source = other / "paper_lenet/training/passes.py"
    text = source.read_text(encoding="utf-8")
    assert "(step.mu + curvature" in text
    source.write_text(text.replace("(step.mu + curv", "(2 * step.mu + curv"), encoding="utf-8")
    with worker(tmp_path, address, home=other):
        said = ended(study(tmp_path / "study", "--scheduler", address), 1)
    assert said.startswith("paper-lenet: the worker tcp://127.0.0.1:")
    assert "does something else than this machine" in said and said.count("\n") == 1
