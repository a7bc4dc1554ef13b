"""Files are written whole or not at all, in the same bytes for the same content."""

from __future__ import annotations

import json
import math
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from safetensors.numpy import save_file

from paper_lenet.base import errors, files
from paper_lenet.base.errors import RecipeError
from paper_lenet.base.files import (
    FormatError,
    read_csv,
    read_json,
    read_tensors,
    write_csv,
    write_json,
    write_tensors,
)
from paper_lenet.digits.patterns import Patterns, PatternsError
from paper_lenet.network import weights


def test_a_file_is_replaced_and_its_folder_made(tmp_path):
    path = tmp_path / "new" / "deep" / "file"
    files.write_bytes(path, b"one")
    files.write_bytes(path, b"2", durable=True)
    assert path.read_bytes() == b"2"
    assert list(path.parent.iterdir()) == [path]


def test_a_pipe_or_a_device_is_never_replaced(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(OSError, match="not a regular file"):
        files.write_bytes(path, b"new")
    assert path.is_fifo() and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError("no space left"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_content_and_nothing_else(tmp_path, monkeypatch, error):
    path = tmp_path / "file"
    files.write_bytes(path, b"old")

    def fail(*_):
        raise error

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(type(error)):
        files.write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_durable_content_is_on_the_disk_before_it_has_the_name(tmp_path, monkeypatch):
    path, seen = tmp_path / "file", []

    def synced(_):
        seen.append(path.exists())

    monkeypatch.setattr(os, "fsync", synced)
    files.write_bytes(path, b"quick")
    assert seen == []
    path.unlink()
    files.write_bytes(path, b"sure", durable=True)
    assert seen == [False]


def test_readers_see_whole_contents_whoever_writes(tmp_path):
    """Two writers of one file, and a reader who must find what one of them wrote."""
    path = tmp_path / "file"
    contents = [bytes([number]) * 200_000 for number in (1, 2)]
    files.write_bytes(path, contents[0])
    stop = threading.Event()
    failures = []

    def write(content):
        try:
            while not stop.is_set():
                files.write_bytes(path, content)
        except BaseException as error:
            failures.append(error)

    writers = [threading.Thread(target=write, args=(content,)) for content in contents]
    for writer in writers:
        writer.start()
    found = {path.read_bytes() for _ in range(200)}
    stop.set()
    for writer in writers:
        writer.join()
    assert not failures
    assert found <= set(contents)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_who_may_read_is_the_users_mask(tmp_path, mask):
    before = os.umask(mask)
    try:
        write_json(tmp_path / "a.json", {})
        write_tensors(tmp_path / "a.safetensors", {"a": np.zeros(1)})
    finally:
        os.umask(before)
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask


def test_tables_have_one_kind_of_line_end(tmp_path):
    path = tmp_path / "a.csv"
    write_csv(path, ("a", "b"), [(1, "x,y"), ("é", "two\nlines")])
    assert path.read_bytes() == 'a,b\n1,"x,y"\né,"two\nlines"\n'.encode()
    assert read_csv(path) == [{"a": "1", "b": "x,y"}, {"a": "é", "b": "two\nlines"}]


def test_trees_are_sorted_and_finite(tmp_path):
    path = tmp_path / "a.json"
    write_json(path, {"b": [1, None], "a": 0.5})
    assert path.read_bytes() == b'{\n  "a": 0.5,\n  "b": [\n    1,\n    null\n  ]\n}\n'
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(path, {"a": math.nan})
    assert json.loads(path.read_text()) == {"a": 0.5, "b": [1, None]}


@given(
    st.dictionaries(
        st.text("abc.", min_size=1, max_size=5),
        arrays(st.sampled_from([np.float32, np.uint8, np.int64]), array_shapes(max_dims=3)),
        max_size=3,
    )
)
def test_arrays_come_back_as_they_were(tmp_path_factory, found):
    path = tmp_path_factory.mktemp("arrays") / "a"
    note = {"record": {"b": 1, "a": [math.inf]}}
    write_tensors(path, found, note)
    back, told = read_tensors(path, "record")
    assert told == note["record"]
    assert back.keys() == found.keys()
    for name, part in found.items():
        assert back[name].dtype == part.dtype and np.array_equal(back[name], part, equal_nan=True)
    content = path.read_bytes()
    write_tensors(path, back, {"record": {"a": [math.inf], "b": 1}})
    assert path.read_bytes() == content


def test_arrays_that_are_views_are_written_in_their_own_order(tmp_path):
    whole = np.arange(12, dtype=np.float32).reshape(3, 4)
    write_tensors(tmp_path / "a", {"turned": whole.T, "part": whole[:, 1:3]})
    back, note = read_tensors(tmp_path / "a")
    assert np.array_equal(back["turned"], whole.T) and np.array_equal(back["part"], whole[:, 1:3])
    assert note is None


def test_files_that_are_others_are_a_value_error(tmp_path):
    path = tmp_path / "a"
    with pytest.raises(FileNotFoundError):
        read_tensors(path)
    save_file({"a": np.zeros(3)}, path)
    with pytest.raises(ValueError, match="no record"):
        read_tensors(path, "record")
    for spoilt in (path.read_bytes()[:-4], b"", b"not an array"):
        path.write_bytes(spoilt)
        with pytest.raises(ValueError, match=r"\w"):
            read_tensors(path)


@pytest.mark.parametrize(
    ("value", "decimal", "digits"), [(0.00012345678, "0.0001", "0.000123457"), (math.nan, "", "")]
)
def test_numbers_are_formatted_and_nothing_is_empty(value, decimal, digits):
    assert (files.fixed(value), files.significant(value)) == (decimal, digits)


def test_what_a_killed_writer_left_is_removed_by_the_next(tmp_path):
    """That of a process which runs stays, and what another file's writer left."""
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        dead.wait()
    names = [f"a.csv.{dead.pid}-1.partial", f"a.csv.{os.getpid()}-1.partial", "a.csv.x.partial"]
    others = [f"b.csv.{dead.pid}-1.partial", "a.csv.999999999999-1.partial"]
    for name in (*names, *others):
        (tmp_path / name).write_bytes(b"half")
    write_csv(tmp_path / "a.csv", ("a",), [])
    assert {path.name for path in tmp_path.iterdir()} == {"a.csv", *names[1:], *others}


@pytest.mark.parametrize("text", ["", "\n", "a,a\n1,2\n", "a,b\n1\n", "a,b\n1,2,3\n", 'a\n"1'])
def test_what_is_no_table_is_told(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match=r"a\.csv: not a table"):
        read_csv(path)


@pytest.mark.parametrize("text", ["", "{", '{"a": 1, "a": 2}', "[" * 10**5, "\udcff", "1" * 5000])
def test_what_is_no_tree_is_told(tmp_path, text):
    path = tmp_path / "a.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(FormatError, match=r"a\.json: not JSON"):
        read_json(path)


@settings(max_examples=100)
@given(st.binary(max_size=60), st.integers(0, 200), st.booleans())
def test_files_of_arrays_that_are_damaged_are_told_or_read(tmp_path_factory, other, place, cut):
    path = tmp_path_factory.mktemp("arrays") / "a"
    write_tensors(path, {"a": np.arange(6, dtype=np.float32)}, {"record": {"b": [1, 2]}})
    whole = path.read_bytes()
    path.write_bytes(whole[:place] + other + (b"" if cut else whole[place + len(other) :]))
    try:
        arrays_, _ = read_tensors(path, "record")
    except ValueError as error:
        assert str(error)
    else:
        assert all(isinstance(part, np.ndarray) for part in arrays_.values())


def test_what_is_no_plain_file_is_told_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(ValueError, match="not a plain file"):
            read_tensors(path)


def test_a_file_that_may_not_be_read_is_not_called_missing(tmp_path, monkeypatch):
    write_tensors(tmp_path / "a", {})

    def closed(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", closed)
    with pytest.raises(PermissionError):
        read_tensors(tmp_path / "a")
    with pytest.raises(RecipeError, match=r"a: cannot be read \(Permission denied\)"):
        weights.load(tmp_path / "a")
    with pytest.raises(PatternsError, match=r"a: cannot be read \(Permission denied\)"):
        Patterns.load(tmp_path / "a")


def test_a_column_that_is_not_there_is_told_with_the_file(tmp_path):
    path = tmp_path / "a.csv"
    files.write_csv(path, ["seed"], [[0]])
    (row,) = files.read_csv(path)
    assert row == {"seed": "0"}
    with pytest.raises(files.FormatError, match=r"a\.csv: not as .* \(no column errors\)"):
        row["errors"]


def test_what_is_told_does_not_go_where_results_go(capsys, monkeypatch):
    """A command that was started with its standard error closed has none."""
    errors.tell("one\nline")
    assert capsys.readouterr() == ("", "paper-lenet: one line\n")
    monkeypatch.setattr(sys, "stderr", None)
    errors.tell("nobody reads this")
    assert capsys.readouterr().out == ""
