"""The kind of core: its name, its caches, the vectors that it has, and how fast its clock runs.

What Linux and macOS do not tell is `None`, and `told` says "unknown". What a clock is said to run
at is not what it does, least of all in a virtual machine. So it is measured as well: additions of
whole numbers, each of which waits for the one before. No processor ends more than one such addition
in a cycle, and a usual one ends one in each, so the clock runs at least at their rate; the
greatest of several rounds says most.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
from llvmlite import binding

from paper_lenet.base.machine import processor, sysctl
from paper_lenet.bench.loops import chain

ROOT = Path("/")
# Kinds of vectors, widest first: as LLVM names them, and in words.
VECTORS = {"avx512f": "AVX-512", "avx2": "AVX2", "fma": "FMA", "neon": "NEON", "sve": "SVE"}
LEVELS = ("l1d", "l2", "l3")


def core(root: Path = ROOT) -> dict[str, Any]:
    """What can be read of the core; caches in KiB, clocks in GHz.

    `nominal_ghz` is what it was sold with, `told_ghz` what the system says at this moment.
    """
    return {
        "model": processor(),
        "vendor": vendor(root),
        "architecture": architecture(),
        "vectors": vectors(),
        **{f"{level}_kib": size for level, size in caches(root).items()},
        "nominal_ghz": nominal(root),
        "told_ghz": _ghz(_cpuinfo(root).get("cpu MHz"), 1e-3),
    }


def vendor(root: Path = ROOT) -> str | None:
    """As the processor spells it: ``GenuineIntel``, ``AuthenticAMD``, or Arm's number of it."""
    found = _cpuinfo(root)
    return (
        found.get("vendor_id")
        or found.get("CPU implementer")
        or sysctl("machdep.cpu.vendor")
        or ("Apple" if processor().startswith("Apple") else None)
    )


def architecture() -> str | None:
    """LLVM's name of the kind of core, as in ``znver4``."""
    name = binding.get_host_cpu_name()
    return name if name != "generic" else None


def vectors() -> str | None:
    """The kinds of vectors that it has, widest first, by LLVM, which compiles for them."""
    try:
        features = binding.get_host_cpu_features()
    except RuntimeError:  # LLVM cannot tell on this system
        return None
    return ", ".join(text for name, text in VECTORS.items() if features.get(name)) or None


def caches(root: Path = ROOT) -> dict[str, int | None]:
    """Sizes in KiB of the first core's own caches, and of the one that it shares with others."""
    found = dict(_linux_caches(root))
    for level, name in zip(LEVELS, ("l1dcachesize", "l2cachesize", "l3cachesize"), strict=True):
        size = sysctl(f"hw.perflevel0.{name}") or sysctl(f"hw.{name}")
        if size.isdigit() and int(size):
            found[level] = int(size) // 1024
    return {level: found.get(level) for level in LEVELS}


def nominal(root: Path = ROOT) -> float | None:
    """The clock that the processor was sold with, GHz."""
    named = re.search(r"@ *([\d.]+) *GHz", processor())
    base = root / "sys/devices/system/cpu/cpu0/cpufreq/base_frequency"
    return (
        _ghz(named and named[1], 1.0)
        or _ghz(_text(base), 1e-6)
        or _ghz(sysctl("hw.cpufrequency"), 1e-9)
    )


def cycles(steps: int) -> int:
    """Let `chain` run, with numbers that the compiler cannot know."""
    return int(chain(np.int64(1), np.int64(0x1234567), np.int64(0x7654321), steps))


def told(tree: dict[str, Any], least_ghz: float) -> list[tuple[str, str]]:
    """What `core` found, and the measured clock, as names and texts."""
    sizes = ", ".join(f"{level.upper()} {_size(tree[f'{level}_kib'])}" for level in LEVELS)
    return [
        ("vendor", tree["vendor"] or "unknown"),
        ("kind of core, by LLVM", tree["architecture"] or "unknown"),
        ("vectors", tree["vectors"] or "unknown"),
        ("caches", sizes),
        ("clock, as sold", _clock(tree["nominal_ghz"])),
        ("clock, as the system says", _clock(tree["told_ghz"])),
        ("clock, measured", f"at least {least_ghz:.2f} GHz"),
    ]


def _size(kib: int | None) -> str:
    if kib is None:
        return "unknown"
    return f"{kib} KiB" if kib < 1024 else f"{kib / 1024:.4g} MiB"


def _clock(ghz: float | None) -> str:
    return "unknown" if ghz is None else f"{ghz:.2f} GHz"


def _linux_caches(root: Path) -> list[tuple[str, int]]:
    result = []
    for folder in sorted((root / "sys/devices/system/cpu/cpu0/cache").glob("index*")):
        kind, size = _text(folder / "type"), re.fullmatch(r"(\d+)K", _text(folder / "size"))
        if kind in ("Data", "Unified") and size:
            level = f"l{_text(folder / 'level')}"
            result.append(("l1d" if level == "l1" else level, int(size[1])))
    return result


def _cpuinfo(root: Path) -> dict[str, str]:
    """The first processor of Linux's list."""
    first = _text(root / "proc/cpuinfo").partition("\n\n")[0]
    pairs = (line.partition(":") for line in first.splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:  # not every system has it
        return ""


def _ghz(text: str | None, unit: float) -> float | None:
    try:
        return round(float(text or "") * unit, 3) or None
    except ValueError:
        return None
