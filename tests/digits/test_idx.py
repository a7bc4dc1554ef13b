"""The IDX format: a round trip, and a name for every fault."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from paper_lenet.digits.idx import LARGEST, IdxError, pieces, read_idx, write_idx

SHAPES = array_shapes(min_dims=1, max_dims=1, max_side=30) | array_shapes(
    min_dims=3, max_dims=3, max_side=5
)
ARRAYS = SHAPES.flatmap(lambda shape: arrays(np.uint8, shape))
# Written out by hand: two images of 1 x 2, and three labels.
IMAGES = bytes.fromhex("00000803 00000002 00000001 00000002 01fe03ff")
LABELS = bytes.fromhex("00000801 00000003 070009")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("idx") / "file"


def read(folder: Path, content: bytes, name: str = "file") -> np.ndarray:
    file = folder / name
    file.write_bytes(content)
    return read_idx(file)


def test_files_written_by_hand_are_read(tmp_path):
    assert read(tmp_path, IMAGES).tolist() == [[[1, 254]], [[3, 255]]]
    assert read(tmp_path, LABELS).tolist() == [7, 0, 9]
    assert read(tmp_path, gzip.compress(LABELS), "file.gz").tolist() == [7, 0, 9]


def test_written_bytes_are_those_written_by_hand(tmp_path):
    write_idx(tmp_path / "images", np.array([[[1, 254]], [[3, 255]]], np.uint8))
    write_idx(tmp_path / "labels", np.array([7, 0, 9], np.uint8))
    assert (tmp_path / "images").read_bytes() == IMAGES
    assert (tmp_path / "labels").read_bytes() == LABELS
    assert {file.name for file in tmp_path.iterdir()} == {"images", "labels"}


@given(array=ARRAYS)
def test_round_trip(path, array):
    write_idx(path, array)
    found = read_idx(path)
    assert found.dtype == np.uint8 and found.shape == array.shape
    assert np.array_equal(found, array)
    assert np.array_equal(read(path.parent, gzip.compress(path.read_bytes()), "file.gz"), array)


FAULTS = {
    "empty": (b"", "truncated: 0 bytes"),
    "half a magic number": (IMAGES[:3], "truncated: 3 bytes"),
    "half a header": (IMAGES[:10], "truncated: the header has 10 bytes"),
    "no values": (IMAGES[:16], "truncated: 0 of 4 values"),
    "a value too few": (IMAGES[:-1], "truncated: 3 of 4 values"),
    "a value too many": (IMAGES + b"\0", "trailing bytes after the 4 values"),
    "text": (b"<!DOCTYPE html>", "wrong magic number 0x3c21444f"),
    "little-endian": (b"\x03\x08\0\0" + IMAGES[4:], "wrong magic number 0x03080000"),
    "gzip by another name": (gzip.compress(IMAGES), "gzip, whose name must end in .gz"),
    "float": (b"\0\0\x0d\x03" + IMAGES[4:], r"wrong type code 0x0d \(float\)"),
    "no type": (b"\0\0\x01\x03" + IMAGES[4:], r"wrong type code 0x01 \(unknown\)"),
    "two dimensions": (b"\0\0\x08\x02" + IMAGES[4:], "wrong dimensions: 2; labels have 1"),
    "no dimensions": (b"\0\0\x08\0" + IMAGES[4:], "wrong dimensions: 0; labels have 1"),
    "no labels": (LABELS[:4] + bytes(4), "wrong dimensions: 0 is not between 1"),
    "huge": (IMAGES[:4] + b"\xff" * 12, "wrong dimensions: 4294967295 x 4294967295 x 4294967295"),
}
PACKED_FAULTS = {
    "plain bytes": (IMAGES, "not gzip"),
    "half a file": (gzip.compress(IMAGES)[:-10], "truncated: the compressed bytes end too early"),
    "a wrong sum": (gzip.compress(IMAGES)[:-8] + bytes(8), "damaged gzip .incorrect data check"),
    "rubbish at the end": (
        gzip.compress(IMAGES) + b"more",
        "damaged gzip .it goes on after its end",
    ),
    "padding": (gzip.compress(IMAGES) + bytes(512), "damaged gzip .it goes on after its end"),
    "a second member": (gzip.compress(IMAGES[:16]) + gzip.compress(IMAGES[16:]), "damaged gzip"),
    "a name without end": (
        b"\x1f\x8b\x08\x08" + b"a" * (3 << 20),
        "damaged gzip .a megabyte of it",
    ),
    "nothing, often": (
        gzip.compress(b"")[:10] + b"\0\0\0\xff\xff" * (1 << 19),
        "damaged gzip .a meg",
    ),
    "wrong inside": (gzip.compress(IMAGES + b"\0"), "trailing bytes"),
    "rubbish inside": (gzip.compress(IMAGES)[:10] + b"\xff" * 20, "damaged gzip"),
}


@pytest.mark.parametrize(("content", "fault"), FAULTS.values(), ids=FAULTS)
def test_every_fault_is_named_with_the_file(tmp_path, content, fault):
    with pytest.raises(IdxError, match=fault) as caught:
        read(tmp_path, content)
    assert str(caught.value).startswith(f"{tmp_path / 'file'}: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("content", "fault"), PACKED_FAULTS.values(), ids=PACKED_FAULTS)
def test_every_fault_of_a_gzip_file_is_named(tmp_path, content, fault):
    with pytest.raises(IdxError, match=f"file.gz: {fault}"):
        read(tmp_path, content, "file.gz")


def test_a_file_that_cannot_be_opened_is_named(tmp_path):
    with pytest.raises(IdxError, match="nothing: cannot be read: No such file"):
        read_idx(tmp_path / "nothing")
    with pytest.raises(IdxError, match="cannot be read: Is a directory"):
        read_idx(tmp_path)


@given(array=ARRAYS, data=st.data())
def test_a_changed_byte_of_the_header_is_noticed(path, array, data):
    write_idx(path, array)
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - array.size - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(IdxError):
        read(path.parent, bytes(content))


@given(array=ARRAYS, data=st.data())
def test_a_changed_length_is_noticed(path, array, data):
    write_idx(path, array)
    content = path.read_bytes()
    shorter = content[: data.draw(st.integers(0, len(content) - 1))]
    longer = content + data.draw(st.binary(min_size=1, max_size=20))
    for changed in (shorter, longer):
        with pytest.raises(IdxError):
            read(path.parent, changed)


@given(array=ARRAYS, data=st.data())
def test_a_changed_gzip_file_gives_the_same_array_or_a_named_fault(path, array, data):
    write_idx(path, array)
    content = bytearray(gzip.compress(path.read_bytes()))
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.integers(0, len(content)))
    for changed in (bytes(content), gzip.compress(path.read_bytes())[:cut]):
        try:
            found = read(path.parent, changed, "file.gz")
        except IdxError:
            continue
        assert np.array_equal(found, array)


@given(content=st.binary(max_size=60))
def test_any_bytes_give_an_array_or_a_named_fault(path, content):
    for start in (b"", IMAGES[:4], LABELS[:4]):
        try:
            found = read(path.parent, start + content)
        except IdxError:
            continue
        write_idx(path, found)
        assert path.read_bytes() == start + content


def test_a_bomb_is_not_unpacked(tmp_path):
    bomb = tmp_path / "bomb.gz"
    with gzip.open(bomb, "wb", compresslevel=1) as file:
        file.write(IMAGES)
        for _ in range(64):
            file.write(bytes(1 << 20))
    tracemalloc.start()
    with pytest.raises(IdxError, match="trailing bytes"):
        read_idx(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20


def test_a_header_cannot_ask_for_more_than_the_bound(tmp_path):
    header = LABELS[:4] + (LARGEST + 1).to_bytes(4, "big")
    with (tmp_path / "file").open("wb") as file:
        file.write(header)
        file.truncate(len(header) + LARGEST + 1)
    with (tmp_path / "file").open("rb") as file:
        with pytest.raises(IdxError, match="wrong dimensions: 1073741825"):
            list(pieces(file, "file"))
        assert file.tell() <= len(header)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros(3, np.int64),
        np.zeros((2, 2), np.uint8),
        np.zeros((0, 28, 28), np.uint8),
        np.zeros((), np.uint8),
    ],
)
def test_what_is_not_idx_is_not_written(tmp_path, array):
    with pytest.raises(IdxError, match="file: "):
        write_idx(tmp_path / "file", array)
    assert not list(tmp_path.iterdir())
