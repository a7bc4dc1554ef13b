"""The page "Change one thing", typed command by command in a fresh clone, on a few patterns."""

from __future__ import annotations

import os
import re
import shlex
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from cloned import ROOT, git, run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("clone")]

PAGE = ROOT / "docs/experiments.md"
WRONG = ("--set-param", "recipes.paper.network.c3=none")
TABLE = "data/results/mnist/paper/explain/coefficients.csv"


def commands(heading: str) -> list[list[str]]:
    """What a section of the page says to type, one line each, for this copy of the package."""
    section = (
        PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    )
    lines = "".join(re.findall(r"^```sh\n(.*?)^```", section, re.M | re.S)).splitlines()
    assert lines, heading
    words = [shlex.split(line, comments=True) for line in lines]
    ours = {"paper-lenet": [sys.executable, "-m", "paper_lenet"]}
    return [[*ours.get(first, [first]), *rest] for first, *rest in words]


def files(clone: Path) -> dict[str, str]:
    """The digest of each file that is not ignored."""
    listed = run(clone, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    names = [name for name in listed.split("\0") if name]
    return {name: sha256((clone / name).read_bytes()).hexdigest() for name in names}


def test_the_page_is_what_happens(clone: Path) -> None:
    for key, value in (("user.name", "a"), ("user.email", "a@b")):
        git(clone, "config", key, value)
    committed = files(clone)
    for command in commands("Try"):
        run(clone, *command)
        assert files(clone) == committed
    run(clone, "dvc", "exp", "run", "--temp", *WRONG, status=255)
    assert files(clone) == committed, "a run that fails leaves nothing"

    params, metrics, compared = (run(clone, *command) for command in commands("Compare"))
    (changed,) = params.splitlines()[1:]
    assert changed.split() == ["params.yaml", "recipes.paper.network.c3", "table", "full"]
    assert "test_mean" in metrics
    assert "(HEAD, n = 2)" in compared and "(full, n = 2)" in compared
    assert "<td>&quot;full&quot;</td>" in (clone / "compare.html").read_text(encoding="utf-8")

    shown, branched, *_ = (run(clone, *command) for command in commands("Keep, or discard"))
    assert "full" in shown and "c3-full" in branched
    assert "c3-full" in git(clone, "branch", "--list")
    assert "full" not in run(clone, "dvc", "exp", "list", "--name-only").split()
    assert "c3: full" in (clone / "params.yaml").read_text()

    # Now git takes a changed file for the committed one, as after some runs in the work tree.
    for key, value in (("core.trustctime", "false"), ("core.checkStat", "minimal")):
        git(clone, "config", key, value)
    git(clone, "checkout", "--quiet", ".")
    table, before = clone / TABLE, (clone / TABLE).stat()
    table.write_bytes(table.read_bytes()[:-2] + b"#\n")
    os.utime(table, ns=(before.st_atime_ns, before.st_mtime_ns))
    (clone / "data/models/mnist/mine").mkdir()
    (clone / "data/models/mnist/mine/seed-00.safetensors").write_bytes(b"left")
    git(clone, "checkout", "--quiet", ".")
    assert files(clone) != committed
    for command in commands("Back to the commit"):
        run(clone, *command)
    assert files(clone) == committed
    assert git(clone, "status", "--short") == ""
