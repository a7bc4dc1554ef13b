"""What the Makefile holds to, so that it works with any make, shell and Python that it may meet."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "Makefile").read_text(encoding="utf-8")
PROGRAMS = "python3?|pip|dvc|ruff|mypy|pytest|sphinx-build|lint-imports|paper-lenet"
OLDEST = "3.11.0"


def test_recipes_name_programs_in_the_environment() -> None:
    """Make 3.81, as on macOS, looks for a bare name on the caller's PATH."""
    recipes = [line for line in TEXT.splitlines() if line.startswith("\t")]
    named = rf"(?<![\w./-])(?:{PROGRAMS})(?![\w./-])"
    texts = r"""'[^']*'|"[^"]*"|-m \S+"""
    assert [line for line in recipes if re.search(named, re.sub(texts, "", line))] == []
    assert sum("$(BIN)/" in line for line in recipes) > 10


@pytest.mark.parametrize(
    "newer", [r"^\.ONESHELL", "!=", r"\$\(file ", "&:", "::=", "^undefine", r"^\.RECIPEPREFIX"]
)
def test_nothing_is_newer_than_make_3_81(newer: str) -> None:
    assert re.search(newer, TEXT, re.MULTILINE) is None


def made(tmp_path: Path, pretended: str) -> str:
    """What `make` says, and that it fails, with a Python of which this is pretended."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "sitecustomize.py").write_text(f"import sys\n{pretended}\n", encoding="utf-8")
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(tmp_path)}
    command = ["make", "--no-print-directory", f"PYTHON={sys.executable}", ".venv/.made"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0 and not (tmp_path / ".venv").exists()
    return done.stdout + done.stderr


def test_a_python_that_is_too_old_is_told(tmp_path: Path) -> None:
    said = made(tmp_path, "sys.version_info = (3, 10, 12, 'final', 0)")
    assert "make: Python 3.11 or newer is needed; name one, as in make PYTHON=python3.11" in said
    assert "Traceback" not in said


def test_a_python_without_pip_for_environments_is_told(tmp_path: Path) -> None:
    said = made(tmp_path, "sys.modules['ensurepip'] = None")
    assert "cannot make an environment with pip; on Debian and Ubuntu: apt install" in said
    assert "Traceback" not in said


def test_constraints_suit_the_oldest_python() -> None:
    """As far as they are installed here, which with all extras is nearly all."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    seen, refused = 0, []
    for pin in [Requirement(line) for line in lines if not line.startswith("#")]:
        try:
            found = distribution(pin.name)
        except PackageNotFoundError:
            continue
        if found.version.partition("+")[0] in pin.specifier:
            seen += 1
            if OLDEST not in SpecifierSet(found.metadata.get("Requires-Python", "")):
                refused.append(str(pin))
    assert refused == []
    assert seen > 30
