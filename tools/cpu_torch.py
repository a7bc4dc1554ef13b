"""Take PyTorch's small build, for the CPU, where PyTorch's own index answers.

On Linux pip would take a build for GPUs, of several gigabytes. The Makefile runs this before pip:

    python tools/cpu_torch.py CHOICE https://download.pytorch.org/whl/cpu

CHOICE is ``auto``: from there if it answers within two seconds; ``cpu``: from there or not at all;
or ``pip``: what pip finds. One line says what is taken. Nothing is done on other systems, and none
where the version of ``constraints.txt`` is there.
"""

from __future__ import annotations

import re
import subprocess
import sys
from http.client import HTTPException
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.request import Request, urlopen

CONSTRAINTS = Path(__file__).parents[1] / "constraints.txt"
SECONDS = 2.0


def answers(index: str, seconds: float = SECONDS) -> bool:
    """Whether the index has a page of PyTorch, and sends it within so many seconds in all."""
    heard: SimpleQueue[bool] = SimpleQueue()

    def ask() -> None:
        try:
            with urlopen(Request(f"{index}/torch/", method="HEAD"), timeout=seconds):
                heard.put(True)
        except (OSError, HTTPException, ValueError):
            heard.put(False)

    # A thread, because nothing else bounds the time that a name takes to be resolved.
    Thread(target=ask, daemon=True).start()
    try:
        return heard.get(timeout=seconds)
    except Empty:
        return False


def pinned() -> str:
    """The version of PyTorch in ``constraints.txt``."""
    (found,) = re.findall(r"^torch==(\S+)", CONSTRAINTS.read_text(encoding="utf-8"), re.MULTILINE)
    return found


def is_there() -> bool:
    """Whether that version is installed, of whatever build."""
    try:
        return version("torch").partition("+")[0] == pinned()
    except PackageNotFoundError:
        return False


def install(index: str) -> int:
    """Have pip install PyTorch alone from the index; what it needs comes from where pip looks."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return subprocess.run(
        [*pip, "--no-deps", "--index-url", index, f"torch=={pinned()}"]
    ).returncode


def main(choice: str, index: str) -> int:
    """Install PyTorch as CHOICE says, or leave it to pip; the exit code."""
    if choice not in ("auto", "cpu", "pip"):
        print(f"make: TORCH={choice}: choose auto, cpu or pip", file=sys.stderr)
        return 1
    if sys.platform != "linux" or is_there():
        return 0
    why = "as you chose"
    if choice == "cpu" or (choice == "auto" and answers(index)):
        print(f"PyTorch: the build for the CPU, from {index} (or choose: make TORCH=pip ...)")
        code = install(index)
        if code == 0 or choice == "cpu":
            return code
        why = f"because {index} has none for this Python"
    elif choice == "auto":
        why = f"because {index} does not answer"
    print(f"PyTorch: what pip finds, maybe gigabytes, {why} (or choose: make TORCH=cpu ...)")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
