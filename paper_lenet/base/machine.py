"""Where a measurement was made: the machine and the versions, for the files of seconds."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from paper_lenet.base.files import believing, read_json

LIBRARIES = ("numpy", "numba", "llvmlite", "torch")


def cores() -> int:
    """How many cores this process may use.

    Example:
        >>> cores() >= 1
        True
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def versions() -> dict[str, str]:
    """Version of each library that computes, of those installed, without importing it.

    Example:
        >>> sorted(versions())
        ['llvmlite', 'numba', 'numpy', 'torch']
    """
    result = {}
    for name in LIBRARIES:
        try:
            result[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            result[name] = "not installed"
    return result


def processor() -> str:
    r"""The processor's name, as the operating system gives it.

    Example:
        >>> from unittest.mock import patch
        >>> with patch.object(Path, "exists"), patch.object(Path, "read_text") as read:
        ...     read.return_value = "vendor_id : AuthenticAMD\nmodel name : AMD EPYC 9R14"
        ...     processor()
        'AMD EPYC 9R14'
    """
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return sysctl("machdep.cpu.brand_string") or platform.processor() or platform.machine()


def sysctl(name: str) -> str:
    """What macOS says of itself under `name`; empty if it does not, or on another system.

    Example:
        >>> sysctl("no.such.name")
        ''
    """
    if platform.system() != "Darwin":
        return ""
    done = subprocess.run(
        ["/usr/sbin/sysctl", "-n", name], capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


def environment() -> dict[str, str | int]:
    """Machine and versions, to stand beside seconds.

    Example:
        >>> sorted(environment().keys() - versions().keys())
        ['cores', 'platform', 'processor', 'python']
    """
    return {
        "processor": processor(),
        "cores": cores(),
        "platform": platform.platform(),
        "python": platform.python_version(),
        **versions(),
    }


def short(name: str) -> str:
    """A processor's name without what it need not say.

    Example:
        >>> short("Intel(R) Xeon(R) Processor @ 2.50GHz")
        'Intel Xeon 2.50GHz'
        >>> short("AMD EPYC 9R14 96-Core Processor")
        'AMD EPYC 9R14'
    """
    said = re.sub(r"\((r|tm|c)\)|\b(processor|cpu|\d+-core)\b|@", " ", name, flags=re.IGNORECASE)
    return " ".join(said.split()) or "unknown"


def slug(name: str) -> str:
    """`short` as the name of a file, as in ``intel-xeon-2.50ghz``.

    Example:
        >>> slug("Intel(R) Xeon(R) Processor @ 2.50GHz")
        'intel-xeon-2.50ghz'
    """
    return re.sub(r"[^a-z0-9.]+", "-", short(name).lower()).strip("-.") or "unknown"


def by_machine(folder: Path) -> dict[str, Any]:
    """The files of seconds in `folder`, one for each kind of processor, by their `slug`.

    The last measured comes first; those that do not say when come last, in order of their names.

    Raises:
        FormatError: one of them is not JSON, or not of a measurement.

    Example:
        >>> by_machine(Path("nowhere"))
        {}
    """
    dated = []
    for path in sorted(folder.glob("*.json")):
        tree = read_json(path)
        with believing(path):
            dated.append((str(dict(tree).get("date", "")), path.stem, tree))
    dated.sort(key=lambda each: each[0], reverse=True)
    return {stem: tree for _, stem, tree in dated}


def named(tree: Mapping[str, Any]) -> str:
    """The processor on which a file of seconds was measured, in short.

    Example:
        >>> named({"environment": {"processor": "AMD EPYC 9R14 96-Core Processor"}})
        'AMD EPYC 9R14'
    """
    return short(tree["environment"]["processor"])


def figure(tree: Mapping[str, Any], key: str) -> Any:
    """What stands in a file of seconds under keys joined by dots; None if it has no such key.

    Example:
        >>> figure({"update": {"us": 40}}, "update.us"), figure({}, "update.us") is None
        (40, True)
    """
    found: Any = tree
    for each in key.split("."):
        found = (found or {}).get(each)
    return found
