"""Checkpoints: whole, as they were written, or refused."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from fake_training import small_recipe
from hypothesis import given, settings
from hypothesis import strategies as st

from paper_lenet.training import checkpoint
from paper_lenet.training.checkpoint import CheckpointError
from paper_lenet.training.job import Job, Row, State, beginning
from paper_lenet.training.jobs import pack, unpack

JOB = Job("small", small_recipe(), 3, "engine")


def state(passes: int = 1, loss: float = 0.1) -> State:
    row = Row(3, 1, 0.0005, loss, 4, 40, 5, 6, 20, 1e-5, 0.01)
    return State(beginning(JOB).parameters, (row,) * passes, (1.5,) * passes)


def save(folder: Path, state: State) -> None:
    checkpoint.save(folder, pack(state))


def load(folder: Path) -> State | None:
    kept = checkpoint.load(folder)
    return None if kept is None else unpack(kept)


@settings(max_examples=20, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 4))
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
            found = load(folder)
        except CheckpointError as error:
            assert "state.safetensors: not a readable checkpoint" in str(error)
            assert "\n" not in str(error)
        else:  # a bit of the padding between header and arrays says nothing
            assert found is not None and found.rows == small.rows
            assert found.parameters["F6.bias"].tobytes() == small.parameters["F6.bias"].tobytes()
