"""``paper-lenet fig9 NAME``: one line, or one line of what is wrong."""

from __future__ import annotations

from pathlib import Path

import fig9_record
import pytest
from fig9_record import Made

from paper_lenet import cli
from paper_lenet.studies.fig9 import train
from paper_lenet.studies.fig9.train import Row
from paper_lenet.studies.study import Folders


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, Path]]:
    """What the command has trained; nothing is, and 470 of 10,000 patterns are misread."""
    found = []

    def trained(path: Path, name: str, seed: int, folders: Folders) -> Row:
        assert path == Path("studies/fig9.yaml")
        found.append((name, seed, folders.data))
        return Row(name, seed, 470, 10_000)

    made = {"full-300": Made({0: 470}, "28x28-300-10"), "forest": Made({0: 300}, today=True)}
    fig9_record.write(tmp_path, made, monkeypatch)
    monkeypatch.setattr(train, "trained_one", trained)
    return found


def test_a_classifier_is_trained_and_laid_beside_its_bar(
    asked: list[tuple[str, int, Path]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["fig9", "full-300", "--seed", "3"]) == 0
    said = "full-300, seed 3: 4.70% (470 of 10,000 test patterns); the paper's 28x28-300-10 4.7%\n"
    assert capsys.readouterr().out == said
    assert cli.main(["fig9", "forest"]) == 0
    assert "; the paper has none of its kind" in capsys.readouterr().out
    assert asked == [("full-300", 3, Path("data")), ("forest", 0, Path("data"))]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["full-30"], "the classifier: 'full-30' is not one of full-300, forest"),
        (["forest", "--seed", "-1"], "--seed: -1 is not a seed from 0 to 999"),
        (["forest", "--seed", "1000"], "--seed: 1000 is not a seed from 0 to 999"),
    ],
)
def test_what_is_not_there_is_told_in_one_line(
    asked: list[tuple[str, int, Path]],
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    assert cli.main(["fig9", *arguments]) == 1
    assert capsys.readouterr().err == f"paper-lenet: {said}\n"
    assert asked == []
