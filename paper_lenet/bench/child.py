"""Fresh processes of this package, which print one line of JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from paper_lenet.base.errors import PaperLenetError


class FreshError(PaperLenetError, RuntimeError):
    """A fresh process fails."""


def run(module: str, several: Sequence[Sequence[str]], cache: str | None = None) -> list[Any]:
    """What the module prints in several fresh processes at once.

    Args:
        module: of ``paper_lenet.bench``, by its name there.
        several: the arguments of each process.
        cache: the folder of compiled kernels, if not the usual one.

    Raises:
        FreshError: one of them fails; all have ended.
    """
    with ExitStack() as stack:
        processes = []
        for arguments in several:
            processes.append(stack.enter_context(_begun(module, arguments, cache)))
            stack.callback(_ended, processes[-1])
        return [_printed(process) for process in processes]


def _ended(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()  # Popen itself would not, after Ctrl-C


def _begun(module: str, arguments: Sequence[str], cache: str | None) -> subprocess.Popen[str]:
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    kept = {} if cache is None else {"PAPER_LENET_CACHE": cache}
    return subprocess.Popen(
        [sys.executable, "-m", f"paper_lenet.bench.{module}", *arguments],
        env={**os.environ, "PYTHONPATH": path, **kept},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _printed(process: subprocess.Popen[str]) -> Any:
    printed, said = process.communicate()
    if process.returncode:
        cause = said.strip().splitlines()[-1:] or [f"status {process.returncode}"]
        raise FreshError(f"a fresh process could not train: {cause[0]}")
    return json.loads(printed)
