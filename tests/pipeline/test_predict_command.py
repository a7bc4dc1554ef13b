"""What the command `predict` says of a picture of several digits: lines, JSON, a drawing."""

from __future__ import annotations

import atexit
import gc
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pictured
import pytest
from PIL import Image

from paper_lenet import cli
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.weights import PRETRAINED

WEIGHTS = ["--weights", str(PRETRAINED)]
Row = tuple[Path, list[pictured.Box], list[int]]


@pytest.fixture
def row(tmp_path: Path, mnist: tuple[Patterns, Patterns]) -> Row:
    """A file with five digits, their boxes and their labels."""
    image, boxes = pictured.several(mnist[1].grey[:5, 2:30, 2:30], pictured.ROW)
    image.save(tmp_path / "row.png")
    return tmp_path / "row.png", boxes, mnist[1].labels[:5].tolist()


def test_all_prints_a_line_for_each_digit_with_its_box(
    row: Row, capsys: pytest.CaptureFixture[str]
) -> None:
    path, boxes, labels = row
    assert cli.main(["predict", "--all", str(path), *WEIGHTS]) == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert first == f"{path}: 5 digits"
    said = rest[::3]
    assert [int(line.split()[0]) for line in said] == labels
    for line, box in zip(said, boxes, strict=True):
        start, end = line.rpartition(", at ")[2].split(" to ")
        found = *map(int, start.split(",")), *map(int, end.split(","))
        assert np.abs(np.subtract(found, box)).max() <= 4, line


def test_json_has_all_that_is_said(row: Row, capsys: pytest.CaptureFixture[str]) -> None:
    path, _, labels = row
    missing = str(path.with_name("none.png"))
    assert cli.main(["predict", "--all", "--json", missing, str(path), *WEIGHTS]) == 1
    (tree,) = json.loads(capsys.readouterr().out)
    assert (tree["image"], tree["weights"]) == (str(path), str(PRETRAINED))
    assert [digit["answer"] for digit in tree["digits"]] == labels
    for digit in tree["digits"]:
        assert int(np.argmin(digit["penalties"])) == digit["answer"]
        assert digit["ink"] == "dark" and not digit["unsure"]
        share = digit["among_digits"] * (1 - digit["rubbish"])
        assert digit["confidence"] == pytest.approx(share)


@pytest.mark.parametrize("name", ["seen.png", "new/seen.svg"])
def test_show_draws_and_still_answers(
    name: str, row: Row, capsys: pytest.CaptureFixture[str]
) -> None:
    path, _, _ = row
    drawn = path.parent / name
    assert cli.main(["predict", "--all", str(path), "--show", str(drawn), *WEIGHTS]) == 0
    assert "5 digits" in capsys.readouterr().out
    if drawn.suffix == ".png":
        with Image.open(drawn) as image:
            assert image.height > image.width > 0
    else:
        assert "<svg" in drawn.read_text(encoding="utf-8")


def test_show_takes_one_picture_and_never_its_place(
    row: Row, capsys: pytest.CaptureFixture[str]
) -> None:
    path, _, _ = row
    before, link = path.read_bytes(), path.with_name("link.png")
    link.symlink_to(path)
    for shown in (path, link):
        assert cli.main(["predict", "--all", str(path), "--show", str(shown), *WEIGHTS]) == 1
        (told,) = capsys.readouterr().err.splitlines()
        assert told == f"paper-lenet: {shown}: --show would write over the image itself"
    assert path.read_bytes() == before
    other = path.with_name("seen.png")
    assert cli.main(["predict", str(path), str(path), "--show", str(other), *WEIGHTS]) == 1
    (told,) = capsys.readouterr().err.splitlines()
    assert told == "paper-lenet: --show draws one image; name one alone"
    assert not other.exists()


# Which kernels of the trainings and which slow libraries a fresh process has loaded.
LOADED = """
import sys
from paper_lenet.cli import main

status = main(["predict", *sys.argv[1:]])
network = sys.modules.get("paper_lenet.engine.network")
kernels = ("learn", "curvature")
print([name for name in kernels if network and getattr(network, name).signatures])
print([name for name in ("numba", "scipy.linalg", "scipy.ndimage") if name in sys.modules])
raise SystemExit(status)
"""


def loaded(path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", LOADED, str(path), *WEIGHTS]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_missing_image_is_told_before_the_network_is_loaded(tmp_path: Path) -> None:
    done = loaded(tmp_path / "none.png")
    assert (done.returncode, done.stdout) == (1, "[]\n[]\n")
    assert "there is no such file" in done.stderr


def test_of_what_is_kept_only_what_answers_is_loaded(
    tmp_path: Path, mnist: tuple[Patterns, Patterns]
) -> None:
    Image.fromarray(mnist[1].grey[0, 2:30, 2:30]).save(tmp_path / "digit.png")
    loaded(tmp_path / "digit.png")  # compiles what is not kept
    done = loaded(tmp_path / "digit.png")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-2:] == ["[]", "['numba']"]


def test_the_end_does_not_look_through_what_was_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    at_end: list[object] = []
    monkeypatch.setattr(atexit, "register", at_end.append)
    assert cli.main(["predict", "none.png", *WEIGHTS]) == 1
    assert gc.freeze in at_end
