"""Checkpoints: whole or not at all, of one job alone, held by one process."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fake_training import small_recipe
from hypothesis import given, settings
from hypothesis import strategies as st

from paper_lenet.training import checkpoint
from paper_lenet.training.checkpoint import BusyError, CheckpointError
from paper_lenet.training.job import Job, Row, State, beginning

JOB = Job("small", small_recipe(), 3, "engine")


def state(passes: int = 1, loss: float = 0.1) -> State:
    row = Row(3, 1, 0.0005, loss, 4, 40, 5, 6, 20, 1e-5, 0.01)
    return State(beginning(JOB).parameters, (row,) * passes, (1.5,) * passes)


@settings(max_examples=20, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 4))
def test_state_comes_back_bit_for_bit(loss: float, passes: int) -> None:
    saved = state(passes, loss)
    with tempfile.TemporaryDirectory() as name:
        checkpoint.save(Path(name), saved)
        found = checkpoint.load(Path(name))
    assert found is not None
    assert (found.rows, found.seconds) == (saved.rows, saved.seconds)
    assert list(found.parameters) == list(saved.parameters)
    for part, expected in zip(found.parameters.values(), saved.parameters.values(), strict=True):
        assert part.dtype == np.float32 and part.tobytes() == expected.tobytes()


def test_no_checkpoint_before_the_first_pass_nor_after_removal(tmp_path: Path) -> None:
    assert checkpoint.load(tmp_path) is None
    checkpoint.save(tmp_path, state())
    checkpoint.remove(tmp_path)
    assert checkpoint.load(tmp_path) is None


def test_a_write_that_fails_leaves_the_state_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint.save(tmp_path, state(1))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(CheckpointError, match=r"cannot be written .*No space left"):
            checkpoint.save(tmp_path, state(2))
    found = checkpoint.load(tmp_path)
    assert found is not None and len(found.rows) == 1


@pytest.mark.parametrize("damage", ["", "truncated", "foreign"])
def test_an_unreadable_checkpoint_is_named_with_what_to_do(tmp_path: Path, damage: str) -> None:
    checkpoint.save(tmp_path, state())
    path = tmp_path / checkpoint.STATE
    whole = path.read_bytes()
    path.write_bytes({"": b"", "truncated": whole[:-1], "foreign": b"\0" * 100}[damage])
    with pytest.raises(CheckpointError, match=r"state\.safetensors: not a readable .* remove"):
        checkpoint.load(tmp_path)


def test_digest_is_of_recipe_seed_trainer_and_data() -> None:
    other = replace(JOB.recipe, step=replace(JOB.recipe.step, mu=0.03))
    jobs = [
        JOB,
        replace(JOB, seed=4),
        replace(JOB, trainer="reference"),
        replace(JOB, recipe=other),
    ]
    digests = [checkpoint.digest(job, ["a", "b"]) for job in jobs]
    digests += [checkpoint.digest(JOB, ["a", "c"]), checkpoint.digest(JOB, ["b", "a"])]
    assert len(set(digests)) == 6
    # The name under which a recipe stands decides nothing.
    assert checkpoint.digest(replace(JOB, name="twin"), ["a", "b"]) == digests[0]


@pytest.fixture
def package_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "paper_lenet"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(checkpoint.__file__).parent, home, ignore=ignored)
    monkeypatch.setattr(checkpoint, "__file__", str(home / "checkpoint.py"))
    return home


@pytest.mark.parametrize(
    ("name", "trainers"),
    [
        ("passes.py", {"engine", "reference"}),
        ("data/fig3_codes.txt", {"engine", "reference"}),
        ("engine/simd.py", {"engine", "reference"}),
        ("losses.py", {"reference"}),
        ("progress.py", set()),
    ],
)
def test_digest_is_of_the_sources_that_decide(
    package_copy: Path, name: str, trainers: set[str]
) -> None:
    jobs = {trainer: replace(JOB, trainer=trainer) for trainer in ("engine", "reference")}
    before = {trainer: checkpoint.digest(job, []) for trainer, job in jobs.items()}
    path = package_copy / name
    path.write_text(path.read_text() + "\nadded = 1\n")
    after = {trainer: checkpoint.digest(job, []) for trainer, job in jobs.items()}
    assert {trainer for trainer in jobs if before[trainer] != after[trainer]} == trainers


LOADED = """
import sys
from paper_lenet import execution, passes, recipe, weights
reading = recipe.Recipe()
execution.execution(sys.argv[1], reading, weights.initial_parameters(reading, 0))
print(*(m.__file__ for m in list(sys.modules.values()) if m.__name__.startswith("paper_lenet")))
"""


@pytest.mark.parametrize("trainer", ["engine", "reference"])
def test_every_module_that_a_training_loads_is_in_its_digest(trainer: str) -> None:
    pytest.importorskip("numba" if trainer == "engine" else "torch")
    command = [sys.executable, "-c", LOADED, trainer]
    loaded = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    home = Path(checkpoint.__file__).parent
    names = (*checkpoint.SOURCES, *checkpoint.TRAINERS[trainer])
    counted = {str(path) for name in names for path in home.glob(name)}
    assert set(loaded) - counted == {str(home / "__init__.py")}


HOLDER = """
import sys, time
from pathlib import Path
from paper_lenet.checkpoint import held
with held(Path(sys.argv[1]), "of recipe small, seed 3"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_process_is_told_at_once_and_a_kill_frees_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "jobs/one"
    command = [sys.executable, "-c", HOLDER, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        text = rf"another training of recipe small, seed 3 is running \(pid {holder.pid};"
        with (
            pytest.raises(BusyError, match=text),
            checkpoint.held(folder, "of recipe small, seed 3"),
        ):
            pass
        assert holder.poll() is None, "it was not waited for"
        holder.send_signal(signal.SIGKILL)
    with checkpoint.held(folder, "of recipe small, seed 3"):
        checkpoint.save(folder, state())
    assert [path.name for path in folder.iterdir()] == [checkpoint.STATE]
    with checkpoint.held(folder, "of recipe small, seed 3"):
        checkpoint.remove(folder)
    assert not folder.exists()


def test_one_process_holds_a_folder_once(tmp_path: Path) -> None:
    with (
        checkpoint.held(tmp_path / "one", "a"),
        checkpoint.held(tmp_path / "two", "b"),
        pytest.raises(BusyError, match="another training c is running"),
        checkpoint.held(tmp_path / "one", "c"),
    ):
        pass


def test_a_comment_changes_no_digest(package_copy: Path) -> None:
    before = checkpoint.digest(JOB, [])
    path = package_copy / "passes.py"
    docstring, _, rest = path.read_text().partition('"""\n\nfrom')
    path.write_text(docstring + ' More words."""\n\n\n# and a remark\nfrom' + rest)
    assert checkpoint.digest(JOB, []) == before


def test_the_last_curvature_comes_back_bit_for_bit(tmp_path: Path) -> None:
    curvature = np.linspace(0, 1, 60000, dtype=np.float32)
    checkpoint.save(tmp_path, state()._replace(curvature=curvature))
    found = checkpoint.load(tmp_path)
    assert found is not None and found.curvature is not None
    assert found.curvature.tobytes() == curvature.tobytes()
    assert "curvature" not in found.parameters
