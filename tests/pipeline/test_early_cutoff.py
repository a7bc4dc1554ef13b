"""Results depend on behaviour: what an edit puts out of date, in a copy of the repository."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory, mnist: object) -> Path:
    """The committed files and the data, in which nothing of the studies is out of date."""
    pytest.importorskip("dvc")
    place = tmp_path_factory.mktemp("copy") / "house"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(place)], check=True)
    for kind in ("raw", "processed"):
        shutil.copytree(ROOT / "data" / kind, place / "data" / kind)
    assert studies(place) == set()
    return place


def studies(place: Path) -> set[str]:
    """The stages of the studies that are out of date, as ``paper-lenet cost`` says."""
    command = [sys.executable, "-m", "paper_lenet", "cost", "--json"]
    variables = os.environ | {"PYTHONPATH": str(place)}
    done = subprocess.run(
        command, cwd=place, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = [each["stage"] for each in json.loads(done.stdout)]
    return {name.removeprefix("studies/dvc.yaml:") for name in found if name.startswith("studies/")}


def edit(place: Path, file: str, old: str, new: str) -> None:
    path = place / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_docstring_reruns_the_fingerprint_and_nothing_else(copy: Path) -> None:
    edit(copy, "paper_lenet/training/passes.py", '"""The training', '"""This is the training')
    edit(copy, "paper_lenet/engine/loss.py", '"""', '"""Of the engine. ')
    assert studies(copy) == set()


def test_a_constant_puts_those_out_of_date_that_use_it(copy: Path) -> None:
    edit(copy, "paper_lenet/digits/distort.py", "SHEAR = ", "SHEAR = 1.01 * ")
    found = {"train@distortions", "train@invariance", "train@settling", "fig9_trained", "small"}
    assert studies(copy) == found


def test_a_line_of_an_analysis_puts_that_analysis_out_of_date(copy: Path) -> None:
    before = studies(copy)
    edit(copy, "paper_lenet/studies/padding.py", "def analyse(", "ADDED = 1\n\n\ndef analyse(")
    assert studies(copy) - before == {"analyse@padding"}
