"""Who wrote each pattern: the label files of QMNIST, and that they are of MNIST's patterns."""

from __future__ import annotations

from pathlib import Path

import labelled
import numpy as np
import pytest

from paper_lenet.digits import writers
from paper_lenet.digits.idx import IdxError, read_ints
from paper_lenet.network.params import read_params

TRAIN: labelled.Rows = [(5, 0, 7), (0, 4, 2100), (4, 4, 2101), (1, 0, 7)]
TEST: labelled.Rows = [(7, 4, 2400), (2, 1, 520)]
MORE: labelled.Rows = [*TEST, (3, 4, 2401)]
ROOT = Path(__file__).parents[2]


def test_writers_and_series_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    labelled.write(tmp_path, TRAIN, MORE)
    labelled.known(monkeypatch, TRAIN, TEST)
    train, test, whole = writers.load(tmp_path)
    assert train.students.tolist() == [False, True, True, False]
    assert train.writer.tolist() == [7, 2100, 2101, 7]
    assert test.students.tolist() == [True, False]
    assert whole.writer.tolist() == [2400, 520, 2401]


def test_labels_of_other_patterns_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled.known(monkeypatch, TRAIN, TEST)
    labelled.write(tmp_path, TRAIN, [(8, 4, 2400), TEST[1]])
    with pytest.raises(writers.WritersError, match=r"test-labels-idx2-int: its classes are not"):
        writers.load(tmp_path)
    labelled.write(tmp_path, TRAIN[::-1], TEST)
    with pytest.raises(writers.WritersError, match=r"train-labels-idx2-int: its classes are not"):
        writers.load(tmp_path)


def test_what_is_missing_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(writers.WritersError) as caught:
        writers.load(tmp_path)
    text = str(caught.value)
    assert text.startswith(f"{tmp_path}: lacks qmnist-train-labels-idx2-int, qmnist-test-labels-")
    assert "`paper-lenet download --writers`" in text
    assert "\n" not in text


def test_a_table_of_another_width_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "COLUMNS", 7)
    labelled.write(tmp_path, TRAIN, TEST)
    monkeypatch.undo()
    with pytest.raises(IdxError, match="wrong dimensions: 7 columns, not 8"):
        writers.load(tmp_path)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"\0\0\x08\x02" + bytes(8), r"wrong type code 0x08 \(unsigned byte\), not 0x0c \(int\)"),
        (b"\0\0\x0c\x01" + bytes(4), "wrong dimensions: 1; labels with their origin have 2"),
        (b"\0\0\x0c\x02\0\0\0\1\0\0\0\2" + bytes(7), "truncated: 1 of 2 values"),
        (b"\0\0\x0c\x02\0\0\0\1\0\0\0\2" + bytes(9), "trailing bytes after the 2 values"),
    ],
)
def test_every_fault_of_whole_numbers_is_named(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "some-idx2-int"
    path.write_bytes(content)
    with pytest.raises(IdxError, match=fault):
        read_ints(path)


def test_whole_numbers_are_big_endian(tmp_path: Path) -> None:
    path = tmp_path / "some-idx2-int"
    path.write_bytes(b"\0\0\x0c\x02\0\0\0\1\0\0\0\2" + b"\0\0\1\0" + b"\xff\xff\xff\xff")
    found = read_ints(path)
    assert found.dtype == np.int64
    assert found.tolist() == [[256, -1]]


def test_the_sources_are_those_of_params() -> None:
    assert read_params(ROOT / "params.yaml").writers == writers.QMNIST
