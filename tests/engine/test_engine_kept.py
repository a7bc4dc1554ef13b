"""Kept kernels: believed as they were written, compiled anew otherwise, and not kept for ever."""

from __future__ import annotations

import importlib.util
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numba
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from paper_lenet.engine import compiled, kept

SOURCE = """
from numba import njit

@njit
def double(x):
    return 2 * x
"""
# One that calls a function at an address which the next process has not.
ADDRESS = """
import ctypes
from numba import njit

work = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(lambda x: 2 * x)

@njit
def double(x):
    return work(x)
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the engine's folders; beside it stands a file with one small kernel."""
    (tmp_path / "small.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.setenv("PAPER_LENET_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def kernel(place: Path) -> Any:
    """The kernel, as a fresh process has it: not compiled."""
    spec = importlib.util.spec_from_file_location("small", place.parent / "small.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.double


def compilations(place: Path) -> int:
    """How often a fresh process compiles the kernel, which then works."""
    double = kernel(place)
    compiled.ready([(double, (1.0,))])
    assert double(21.0) == 42.0
    return sum(double.stats.cache_misses.values())


def files(place: Path) -> list[Path]:
    return sorted(path for path in place.rglob("*") if path.suffix in (".nbi", ".nbc", ".kernel"))


def test_what_is_kept_is_not_compiled_again_and_nothing_is_said(place, capfd):
    assert compilations(place) == 1
    (line,) = capfd.readouterr().err.splitlines()
    assert "compiling the engine" in line and "once for all copies of it" in line
    assert str(place) in line
    assert compilations(place) == 0
    assert capfd.readouterr().err == ""


def test_a_copy_elsewhere_takes_what_is_kept(place, capfd):
    assert compilations(place) == 1
    elsewhere = place.parent / "elsewhere"
    elsewhere.mkdir()
    (place.parent / "small.py").rename(elsewhere / "small.py")
    capfd.readouterr()
    assert compilations(elsewhere / "cache") == 0
    assert capfd.readouterr().err == ""
    assert str(place.parent).encode() not in files(place)[0].read_bytes()


def test_what_is_kept_becomes_code_when_it_is_called(place):
    compilations(place)
    double = kernel(place)
    compiled.ready([(double, (1.0,))])
    assert double.signatures == []
    files(place)[0].unlink()  # it has been read
    compiled.ready([(double, (1.0,))])
    assert double(21.0) == 42.0
    assert sum(double.stats.cache_misses.values()) == 0


def test_arguments_of_another_type_have_code_of_their_own(place):
    compilations(place)
    double = kernel(place)
    compiled.ready([(double, (1.0,))])
    assert (double(2**60), double(0.5)) == (2**61, 1.0)
    assert type(double(1)) is int
    assert compilations(place) == 0  # what is kept is still that of the first


def test_a_kernel_with_an_address_is_not_kept(place, capfd):
    (place.parent / "small.py").write_text(ADDRESS, encoding="utf-8")
    assert [compilations(place), compilations(place)] == [1, 1]
    assert "not kept: small.double.kernel has addresses of this process" in capfd.readouterr().err
    assert files(place) == []


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0, 1, exclude_max=True), st.none() | st.integers(0, 7))
@example(0.0, None)
@example(0.0, 0)
def test_a_damaged_kernel_is_told_and_compiled_anew(place, capfd, where, bit):
    """Its file is cut, or one bit of it is changed."""
    compilations(place)
    (path,) = files(place)
    content = bytearray(path.read_bytes())
    at = int(where * len(content))
    if bit is None:
        del content[at:]
    else:
        content[at] ^= 1 << bit
    path.write_bytes(bytes(content))
    capfd.readouterr()
    assert compilations(place) == 1
    told = capfd.readouterr().err
    assert "a kept kernel is damaged, and removed" in told and "compiling the engine" in told
    assert compilations(place) == 0


def test_a_kernel_whose_compiler_was_killed_is_compiled_anew(place, capfd):
    compilations(place)
    (path,) = files(place)
    begun = path.rename(path.with_name(f"{path.name}.{2**22 + 1}-1.partial"))
    capfd.readouterr()
    assert compilations(place) == 1
    assert "damaged" not in capfd.readouterr().err and not begun.exists()


def test_a_full_disk_is_told_and_the_kernel_works(place, monkeypatch, capfd):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert compilations(place) == 1
    assert "compiled kernels are not kept: [Errno 28] No space left" in capfd.readouterr().err
    monkeypatch.undo()
    monkeypatch.setenv("PAPER_LENET_CACHE", str(place))
    assert compilations(place) == 1
    assert compilations(place) == 0


def test_a_folder_that_others_may_write_to_is_not_used(place, capfd):
    compiled.folder().mkdir(parents=True)
    compiled.folder().chmod(0o777)
    assert compilations(place) == 1
    told = capfd.readouterr().err
    assert f"not kept: other users may write to {compiled.folder()}" in told
    assert "for this process alone" in told
    assert list(compiled.folder().iterdir()) == []


def test_a_folder_of_another_user_is_not_used(place, monkeypatch, capfd):
    monkeypatch.setattr(os, "geteuid", lambda: place.parent.stat().st_uid + 1)
    assert compilations(place) == 1
    assert f"not kept: {compiled.folder()} belongs to another user" in capfd.readouterr().err


def test_a_new_folder_is_its_owners_alone_whatever_the_mask(place):
    before = os.umask(0)
    try:
        compilations(place)
    finally:
        os.umask(before)
    assert compiled.folder().stat().st_mode & 0o777 == 0o700
    assert compilations(place) == 0


def test_without_a_home_kernels_are_compiled_for_the_process(place, monkeypatch, capfd):
    def nobody(*_: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("PAPER_LENET_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", nobody)
    assert compilations(place) == 1
    assert "not kept: Could not determine home directory" in capfd.readouterr().err


def test_a_disk_without_locks_does_without_a_cache(place, monkeypatch, capfd):
    class Unlocked:
        def __init__(self, path: Path) -> None:
            raise NotImplementedError("no flock here")

    monkeypatch.setattr(compiled, "FileLock", Unlocked)
    assert compilations(place) == 1
    assert "not kept: no flock here" in capfd.readouterr().err


def test_numba_that_may_not_compile_is_told(place, monkeypatch):
    monkeypatch.setattr(numba.config, "DISABLE_JIT", 1)
    with pytest.raises(compiled.CompileError, match="NUMBA_DISABLE_JIT is set"):
        compilations(place)


@pytest.mark.parametrize(("name", "value"), [("OPT", 0), ("BOUNDSCHECK", 1)])
def test_another_switch_of_numba_has_another_folder(name, value, monkeypatch):
    before = compiled.folder()
    monkeypatch.setattr(numba.config, name, value)
    assert compiled.folder() != before


def test_the_environments_folders_of_numba_are_not_used(place, monkeypatch, tmp_path):
    """Nor is its choice where to look: beside the source nothing tells stale kernels apart."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "theirs"))
    monkeypatch.setattr(numba.config, "CACHE_LOCATOR_CLASSES", "InTreeCacheLocator", raising=False)
    assert [compilations(place), compilations(place)] == [1, 0]
    assert files(tmp_path) == files(place) != []
    assert tmp_path / "theirs" == Path(numba.config.CACHE_DIR)


def test_threads_that_begin_at_once_compile_once(place):
    double = kernel(place)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: compiled.ready([(double, (1.0,))]), range(4)))
    assert sum(double.stats.cache_misses.values()) == 1
    assert compilations(place) == 0


def test_what_was_not_used_for_long_is_removed(place):
    """Other engines; the own one stays, and what is no such folder."""
    month = time.time() - (kept.DAYS + 1) * 86400
    engines = [place / f"engine-{number:016x}" for number in range(kept.MOST + 3)]
    for age, path in enumerate(engines):
        (path / "kernels").mkdir(parents=True)
        os.utime(path, (time.time() - 60 * age,) * 2)
    os.utime(engines[0], (month, month))
    (place / "mine").mkdir()
    os.utime(place / "mine", (month, month))
    compilations(place)
    stay = [*engines[1 : kept.MOST], compiled.folder(), place / "mine"]
    assert sorted(path for path in place.iterdir() if path.is_dir()) == sorted(stay)
    assert compilations(place) == 0
