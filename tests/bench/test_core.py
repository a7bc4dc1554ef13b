"""What is read of a core, on systems that are made up; the chain of additions by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from paper_lenet.bench import core
from paper_lenet.bench.loops import CHAIN, chain

INTEL = "vendor_id\t: GenuineIntel\ncpu MHz\t\t: 2499.998\n\nvendor_id\t: Second\n"
EMPTY = {
    "vendor": None,
    "architecture": None,
    "vectors": None,
    "l1d_kib": None,
    "l2_kib": None,
    "l3_kib": None,
    "nominal_ghz": None,
    "told_ghz": None,
}


@pytest.fixture
def linux(tmp_path: Path) -> Path:
    """The files of Linux about a core: three caches, one of which is for instructions."""
    write(tmp_path / "proc/cpuinfo", INTEL)
    caches = (("1", "Data", "32K"), ("1", "Instruction", "64K"), ("2", "Unified", "1024K"))
    for number, (level, kind, size) in enumerate(caches):
        folder = tmp_path / f"sys/devices/system/cpu/cpu0/cache/index{number}"
        for name, text in (("level", level), ("type", kind), ("size", size)):
            write(folder / name, f"{text}\n")
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_linux_tells_the_first_core_s_own_caches(linux: Path) -> None:
    assert core.caches(linux) == {"l1d": 32, "l2": 1024, "l3": None}
    assert core.vendor(linux) == "GenuineIntel"


def test_a_clock_is_in_the_name_or_in_linux_s_files(
    linux: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core, "processor", lambda: "Intel(R) Xeon(R) Processor @ 2.50GHz")
    assert core.nominal(linux) == 2.5
    monkeypatch.setattr(core, "processor", lambda: "AMD EPYC")
    assert core.nominal(linux) is None
    write(linux / "sys/devices/system/cpu/cpu0/cpufreq/base_frequency", "3100000\n")
    assert core.nominal(linux) == 3.1
    assert core.core(linux)["told_ghz"] == 2.5


def test_macos_tells_the_fast_cores_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {
        "hw.perflevel0.l1dcachesize": "131072",
        "hw.l1dcachesize": "65536",
        "hw.l2cachesize": "4194304",
        "hw.cpufrequency": "2400000000",
    }
    monkeypatch.setattr(core, "sysctl", lambda name: said.get(name, ""))
    monkeypatch.setattr(core, "processor", lambda: "Apple M2")
    assert core.caches(tmp_path) == {"l1d": 128, "l2": 4096, "l3": None}
    assert (core.vendor(tmp_path), core.nominal(tmp_path)) == ("Apple", 2.4)


def test_what_no_system_tells_is_unknown_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> Any:
        raise RuntimeError("no features on this system")

    monkeypatch.setattr(core, "sysctl", lambda name: "")
    monkeypatch.setattr(core, "processor", lambda: "some core")
    monkeypatch.setattr(core.binding, "get_host_cpu_name", lambda: "generic")
    monkeypatch.setattr(core.binding, "get_host_cpu_features", none)
    tree = core.core(tmp_path)
    assert tree == {"model": "some core", **EMPTY}
    texts = dict(core.told(tree, 3.051))
    assert texts.pop("clock, measured") == "at least 3.05 GHz"
    assert texts.pop("caches") == "L1D unknown, L2 unknown, L3 unknown"
    assert set(texts.values()) == {"unknown"}


def test_vectors_are_llvm_s_widest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"fma": True, "avx2": True, "avx512f": False, "sse2": True}
    monkeypatch.setattr(core.binding, "get_host_cpu_features", lambda: found)
    assert core.vectors() == "AVX2, FMA"


def test_sizes_are_told_in_the_unit_that_fits() -> None:
    tree = {"model": "", **EMPTY, "l1d_kib": 32, "l2_kib": 1024, "l3_kib": 36608}
    assert dict(core.told(tree, 1.0))["caches"] == "L1D 32 KiB, L2 1 MiB, L3 35.75 MiB"


def test_the_chain_does_each_of_its_operations() -> None:
    x, a, b = 1, 0x1234567, 0x7654321
    for number in range(3 * CHAIN):
        x = x ^ b if number % 2 else x + a
    assert chain(1, a, b, 3) == core.cycles(3) == x
