"""What the Makefile says before it does anything."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


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


def make(folder: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    """The status, and what it says on standard error."""
    inherited = {key: part for key, part in os.environ.items() if not key.startswith("MAKE")}
    command = ["make", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=inherited | environment, capture_output=True, text=True
    )
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
    command = ["make", "--dry-run", "reproduce"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "dvc repro --force" in done.stdout and "rm -r" not in done.stdout
