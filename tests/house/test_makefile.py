"""What the Makefile says, and holds to so that any make, shell and Python will do."""

from __future__ import annotations

import os
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


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with the Makefile, and an environment in it."""
    for name in ("Makefile", "studies/dvc.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    (tmp_path / ".venv/.made").touch()
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    return tmp_path


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Make, with what is added to the environment."""
    inherited = {key: part for key, part in os.environ.items() if not key.startswith("MAKE")}
    command = ["make", *arguments]
    return subprocess.run(
        command, cwd=folder, env=inherited | environment, capture_output=True, text=True
    )


def make(folder: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    """The status, and what it says on standard error."""
    done = run(folder, *arguments, **environment)
    return done.returncode, done.stderr


def test_the_top_of_a_clone_is_one(clone: Path) -> None:
    assert make(clone, "checkout") == (0, "")


def test_gits_own_words_are_passed_on(clone: Path) -> None:
    status, said = make(clone, "checkout", GIT_TEST_ASSUME_DIFFERENT_OWNER="1")
    assert status and "dubious ownership" in said and "safe.directory" in said
    shutil.rmtree(clone / ".git")
    status, said = make(clone, "checkout", GIT_CEILING_DIRECTORIES=str(clone.parent))
    assert (
        status and "not a git repository" in said and "which an unpacked zip file has not" in said
    )


def test_a_copy_inside_another_repository_is_no_clone(clone: Path) -> None:
    copy = clone / "unpacked"
    shutil.copytree(clone / "studies", copy / "studies")
    shutil.copyfile(ROOT / "Makefile", copy / "Makefile")
    status, said = make(copy, "checkout")
    assert status and "not the top of a git clone" in said


def test_an_environment_that_keeps_its_python_says_so(clone: Path) -> None:
    other = clone / "other"
    other.write_text("#!/bin/sh\necho /opt 3.99.0\n")
    other.chmod(0o755)
    status, said = make(clone, "checkout", f"PYTHON={other}")
    assert status == 0
    assert said.startswith(f"make: PYTHON={other} is not used: .venv was made with Python 3.")
    assert said.count("\n") == 1
    assert make(clone, "checkout", PYTHON=str(other)) == (0, said)
    assert make(clone, "checkout", f"PYTHON={clone}/.venv/bin/python") == (0, "")
    shutil.rmtree(clone / ".venv")
    assert make(clone, "checkout", f"PYTHON={other}") == (0, "")


def test_a_run_that_is_refused_has_removed_nothing() -> None:
    """Kernels are removed by the stage that has the lock, not by make."""
    done = run(ROOT, "--dry-run", "reproduce")
    assert done.returncode == 0
    assert "dvc repro --force" in done.stdout and "rm -r" not in done.stdout


def made(tmp_path: Path, pretended: str) -> str:
    """What `make` says, and that it fails, with a Python of which this is pretended."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "sitecustomize.py").write_text(f"import sys\n{pretended}\n", encoding="utf-8")
    command = ("--no-print-directory", f"PYTHON={sys.executable}", ".venv/.made")
    done = run(tmp_path, *command, PATH="/usr/bin:/bin", PYTHONPATH=str(tmp_path))
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
