"""Checkpoints: whole, as they were written, or refused."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fake_training import small_recipe
from hypothesis import given, settings
from hypothesis import strategies as st

from paper_lenet.training import checkpoint
from paper_lenet.training.checkpoint import CheckpointError
from paper_lenet.training.job import Job, Row, State, beginning
from paper_lenet.training.jobs import JOBS, pack, unpack
from paper_lenet.training.store import Store

JOB = Job("small", small_recipe(), 3, "engine")


def state(passes: int = 1, loss: float = 0.1) -> State:
    rows = (Row(3, n + 1, 0.0005, loss, 4, 40, 5, 6, 20, 1e-5, 0.01) for n in range(passes))
    return State(beginning(JOB).parameters, tuple(rows), (1.5,) * passes)


def save(folder: Path, state: State) -> None:
    checkpoint.save(folder, pack(state))


def load(folder: Path) -> State | None:
    kept = checkpoint.load(folder)
    return None if kept is None else unpack(JOB, kept)


@settings(max_examples=20, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 3))
def test_state_comes_back_bit_for_bit(loss: float, passes: int) -> None:
    saved = state(passes, loss)
    with tempfile.TemporaryDirectory() as name:
        save(Path(name), saved)
        found = load(Path(name))
    assert found is not None
    assert (found.rows, found.seconds) == (saved.rows, saved.seconds)
    assert list(found.parameters) == list(saved.parameters)
    for part, expected in zip(found.parameters.values(), saved.parameters.values(), strict=True):
        assert part.dtype == np.float32 and part.tobytes() == expected.tobytes()


def test_there_is_no_checkpoint_before_the_first_pass(tmp_path: Path) -> None:
    assert load(tmp_path) is None


def test_a_write_that_fails_leaves_the_state_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path, state(1))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(CheckpointError, match=r"cannot be written .*No space left"):
            save(tmp_path, state(2))
    found = load(tmp_path)
    assert found is not None and len(found.rows) == 1
    assert [path.name for path in tmp_path.iterdir()] == [checkpoint.STATE]


@pytest.mark.parametrize("damage", ["", "truncated", "foreign"])
def test_an_unreadable_checkpoint_is_named_with_what_to_do(tmp_path: Path, damage: str) -> None:
    save(tmp_path, state())
    path = tmp_path / checkpoint.STATE
    whole = path.read_bytes()
    path.write_bytes({"": b"", "truncated": whole[:-1], "foreign": b"\0" * 100}[damage])
    with pytest.raises(CheckpointError, match=r"state\.safetensors: not a readable .* remove"):
        load(tmp_path)


def test_the_last_curvature_comes_back_bit_for_bit(tmp_path: Path) -> None:
    curvature = np.linspace(0, 1, 60000, dtype=np.float32)
    save(tmp_path, state()._replace(curvature=curvature))
    found = load(tmp_path)
    assert found is not None and found.curvature is not None
    assert found.curvature.tobytes() == curvature.tobytes()
    assert "curvature" not in found.parameters


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_bit_can_change_unseen(data: st.DataObject) -> None:
    """In the arrays, in the record, in the header: wherever in the file it is."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small = State({"F6.bias": np.arange(84, dtype=np.float32)}, state().rows, (1.5,))
        save(folder, small)
        path = folder / checkpoint.STATE
        whole = bytearray(path.read_bytes())
        place = data.draw(st.integers(0, 8 * len(whole) - 1))
        whole[place // 8] ^= 1 << place % 8
        path.write_bytes(bytes(whole))
        try:
            found = checkpoint.load(folder)
        except CheckpointError as error:
            assert "state.safetensors: not a readable checkpoint" in str(error)
            assert "\n" not in str(error)
        else:  # a bit of the padding between header and arrays says nothing
            assert found is not None and found.note["rows"] == [list(row) for row in small.rows]
            assert found.tensors["F6.bias"].tobytes() == small.parameters["F6.bias"].tobytes()


def turned(saved: State) -> State:
    part = saved.parameters["C5.weight"]
    return saved._replace(parameters={**saved.parameters, "C5.weight": part.transpose(1, 0, 2, 3)})


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (turned, "C5.weight"),
        (lambda saved: saved._replace(parameters={}), "C1.weight"),
        (lambda saved: saved._replace(curvature=np.zeros(3, np.float32)), "curvature"),
        (lambda saved: saved._replace(rows=saved.rows * 2, seconds=(1.5,) * 2), "its passes"),
        (lambda saved: saved._replace(seconds=()), "its passes"),
        (lambda saved: saved._replace(rows=(saved.rows[0]._replace(seed=4),)), "its passes"),
        (lambda saved: state(4), "its passes"),
    ],
)
def test_a_state_of_another_job_is_refused(
    tmp_path: Path, spoil: Callable[[State], State], told: str
) -> None:
    """Whole, and with the right sum, but not of this recipe, seed and number of passes."""
    save(tmp_path / "digest", spoil(state()))
    with pytest.raises(CheckpointError, match=rf"state\.safetensors: not a readable .*{told}"):
        Store(tmp_path, JOBS, []).state(JOB, "digest")
