"""Several workers at once: what is asked of them and made of what they say; never their seconds."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn import digits
from timed_rounds import scaling as made_up_scaling

from paper_lenet.base.files import FormatError, write_json
from paper_lenet.bench import child, scaled, scaling, worker
from paper_lenet.bench.queued import WHOLE, WORKERS
from paper_lenet.network.recipe import Recipe
from paper_lenet.training.job import Job, beginning


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, list[int]]]:
    """What `measure` asks of workers: processes, and patterns, jobs and threads of each."""
    told: list[tuple[int, list[int]]] = []

    def run(module: str, several: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
        assert module == "worker"
        counts = [int(text) for text in several[0][2:5]]
        told.append((len(several), counts))
        # The last process is the slowest, and two at once take a tenth longer each.
        beside = 1.1 if len(several) * counts[2] > 1 else 1.0
        seconds = counts[1] / counts[2] * beside
        memory = 200.0 + 10 * counts[2]
        return [
            {
                "start_seconds": 1.0 + number,
                "seconds": seconds - 0.1 * (len(several) - 1 - number),
                "cpu_seconds": 0.5 * seconds * counts[2],
                "outside": 0.02,
                "memory_mib": memory,
            }
            for number in range(len(several))
        ]

    monkeypatch.setattr(child, "run", run)
    return told


def test_threads_and_processes_train_the_same_jobs(
    asked: list[tuple[int, list[int]]], tmp_path: Path
) -> None:
    tree = scaling.measure(scaling.Jobs(tmp_path, Recipe(), 600), 2, range(2))
    once = [(1, [600, 4, 1]), (1, [600, 4, 2]), (1, [600, 4, 1]), (2, [600, 2, 1])]
    assert asked == [*once, *once[::-1], (1, [60_000, 1, 1])]
    assert all(count * jobs == 4 for count, (_, jobs, _) in asked[:-1])
    threads, processes = tree["threads"], tree["processes"]
    assert [row["workers"] for row in threads] == [row["workers"] for row in processes] == [1, 2]
    assert [row["times_one"]["median"] for row in threads] == [1.0, 1.8182]
    assert processes[1]["times_one"]["median"] == pytest.approx(4 / 2.2, rel=1e-4)
    assert [row["cores"]["median"] for row in threads] == [0.5, 1.0]
    assert processes[1]["cores"]["median"] == pytest.approx(2 * 0.5 * 2.2 / 2.2)
    assert [row["start_seconds"]["median"] for row in processes] == [1.0, 2.0]
    assert [row["memory_mib"] for row in threads] == [210.0, 220.0]
    assert (tree["outside_percent"], tree["pass_seconds"]) == (2.0, 1.0)


def test_one_core_is_measured_alone(asked: list[tuple[int, list[int]]], tmp_path: Path) -> None:
    tree = scaling.measure(scaling.Jobs(tmp_path, Recipe(), 600), 1, range(1))
    assert [row["workers"] for row in tree["threads"]] == [1]
    assert scaling.memory(tree["threads"], 64) is None
    rows = scaling.worked_out(tree, 9.0, {"all": [1.0] * 4})
    assert rows[1]["seconds"] == 9.0 + 1.0 + 2.0


def test_memory_of_threads_grows_by_what_each_takes() -> None:
    threads = made_up_scaling()["threads"]
    assert [scaling.memory(threads, n) for n in (1, 2, 64)] == [300.0, 310.0, 930.0]
    threads[0]["memory_mib"] = None
    assert scaling.memory(threads, 64) is None


def test_queues_are_worked_out_for_each_number_of_workers() -> None:
    rows = {(row["queue"], row["workers"]): row for row in made_up_scaling()["queues"]}
    assert {workers for _, workers in rows} == {1, 2, 4, 8, 16, 64}
    pipeline = rows["the pipeline", 64]
    assert pipeline["seconds"] == pytest.approx(10.0 + 20.0 * 1.02, rel=1e-4)
    assert pipeline["times_one"] == pytest.approx((10 + 400) / 30.4, rel=1e-4)
    assert (pipeline["bound"], pipeline["at_most"]) == (WHOLE, pytest.approx(20 / 1.02, rel=1e-4))
    assert rows["study small", 16]["bound"] == WORKERS
    assert pipeline["processes_mib"] == 64 * 250.0


def test_the_study_with_most_trainings_is_the_largest(tmp_path: Path) -> None:
    assert scaling.largest(tmp_path) == {}
    write_json(tmp_path / "a.json", {"seconds": {"one": {"0": 9.0}}})
    write_json(tmp_path / "b.json", {"seconds": {"one": {"10": 3.0, "2": 2.0}, "two": {"0": 0}}})
    write_json(tmp_path / "c.json", {"core_minutes": 1.0})
    assert scaling.largest(tmp_path) == {"study b": [2.0, 3.0, 0.0]}
    write_json(tmp_path / "d.json", {"seconds": {"one": [1.0, 2.0]}})
    with pytest.raises(FormatError, match=r"d\.json: not as it was written"):
        scaling.largest(tmp_path)


def test_the_sentence_says_what_bounds_the_most_workers() -> None:
    tree = made_up_scaling()
    said = scaled.sentence(tree)
    start = (
        "With 64 workers in place of one: the pipeline 13 times (bound by whole trainings, 20 at"
    )
    assert said.startswith(f"{start} most; the start and the queue's end take the rest); study")
    assert "930 MiB as threads of one process, 16 GiB as processes; this machine has 20 GiB" in said
    for row in tree["queues"]:
        row["times_one"] = row["at_most"]
    assert "the pipeline 20 times (bound by whole trainings, 20 at most); " in scaled.sentence(tree)
    tree["machine_mib"] = None
    assert "this machine has memory unknown" in scaled.sentence(tree)
    assert list(scaled.lines(tree))[-1].strip() == scaled.sentence(tree)
    text = "\n".join(scaled.lines(tree))
    assert "1.96 times    (1.96 to 1.96) on 2.00 cores, 1.0 s, 250 MiB each" in text


# A worker --------------------------------------------------------------------------------------


def test_a_worker_trains_its_jobs_as_a_training_does(tmp_path: Path) -> None:
    for part in ("train", "test"):
        digits().save(tmp_path / f"{part}.safetensors")
    found = worker.measure(tmp_path, Recipe(), 6, 2, 2, 0.0)
    assert found["start_seconds"] > 1e9  # since 1970
    assert found["seconds"] > 0 and 0 < found["outside"] < 1
    assert found["memory_mib"] is None or found["memory_mib"] > 10


def test_a_worker_s_networks_are_the_usual_ones_and_tell_their_loops() -> None:
    job, inside = Job("bench", Recipe(), 0, "engine"), list[float]()
    network = worker._timed(job, inside)(beginning(job).parameters)
    assert network.penalties(digits()).shape == (len(digits()), 10)
    assert len(inside) == 1
    network.curvature(digits(), np.arange(2))
    assert len(inside) == 2 and min(inside) > 0


# Processes -------------------------------------------------------------------------------------


def python(monkeypatch: pytest.MonkeyPatch, program: str, folder: Path) -> None:
    """Let fresh processes run `program` in place of a module."""
    path = folder / "program.py"
    path.write_text(program, encoding="utf-8")
    script = folder / "python"
    script.write_text(f'#!/bin/sh\nshift 2\nexec "{sys.executable}" "{path}" "$@"\n')
    script.chmod(0o755)
    monkeypatch.setattr(child.sys, "executable", str(script))


def test_several_processes_run_at_once_and_each_is_heard(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each waits for the other's file: one after the other they would never end."""
    python(monkeypatch, MEETING, tmp_path)
    mine, other = str(tmp_path / "a"), str(tmp_path / "b")
    assert child.run("any", [[mine, other], [other, mine]], "cache") == [mine, other]


MEETING = """
import json, os, sys, time
open(sys.argv[1], "w").close()
while not os.path.exists(sys.argv[2]):
    time.sleep(0.01)
assert os.environ["PAPER_LENET_CACHE"] == "cache"
print(json.dumps(sys.argv[1]))
"""


def test_one_that_fails_ends_the_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    python(monkeypatch, FAILING, tmp_path)
    place = str(tmp_path / "pid")
    with pytest.raises(child.FreshError, match=r"a fresh process could not train: no memory"):
        child.run("any", [["fail", place], ["wait", place]])
    with pytest.raises(ProcessLookupError):
        os.kill(int(Path(place).read_text(encoding="utf-8")), 0)


FAILING = """
import os, sys, time
if sys.argv[1] == "wait":
    with open(sys.argv[2] + ".new", "w") as file:
        file.write(str(os.getpid()))
    os.rename(sys.argv[2] + ".new", sys.argv[2])
    time.sleep(600)
while not os.path.exists(sys.argv[2]):
    time.sleep(0.01)
sys.exit("no memory")
"""


def test_ctrl_c_ends_the_processes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    python(monkeypatch, FAILING, tmp_path)
    place, main = tmp_path / "pid", threading.main_thread().ident
    assert main is not None

    def press() -> None:
        while not place.exists():
            threading.Event().wait(0.01)
        signal.pthread_kill(main, signal.SIGINT)

    threading.Thread(target=press, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        child.run("any", [["wait", str(place)]])
    with pytest.raises(ProcessLookupError):
        os.kill(int(place.read_text(encoding="utf-8")), 0)


def test_a_report_of_workers_is_json() -> None:
    tree = made_up_scaling()
    assert json.loads(json.dumps(tree)) == tree
