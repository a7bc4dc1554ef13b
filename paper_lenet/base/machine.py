"""Where a measurement was made: the machine and the versions, for the files of seconds."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path

LIBRARIES = ("numpy", "numba", "llvmlite", "torch")


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def versions() -> dict[str, str]:
    """Version of each library that computes, of those installed, without importing it."""
    result = {}
    for name in LIBRARIES:
        try:
            result[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            result[name] = "not installed"
    return result


def processor() -> str:
    """The processor's name, as the operating system gives it."""
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def environment() -> dict[str, str | int]:
    """Machine and versions, to stand beside seconds."""
    return {
        "processor": processor(),
        "cores": cores(),
        "platform": platform.platform(),
        "python": platform.python_version(),
        **versions(),
    }
