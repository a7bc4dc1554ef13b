"""What the command `predict` says of a picture of several digits: lines, JSON, a drawing."""

from __future__ import annotations

import json
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
