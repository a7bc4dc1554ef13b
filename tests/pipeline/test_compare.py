"""The command `compare`: what names stand for, and a page that holds all it shows."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from drawn import digits
from made_up_study import Made, write

from paper_lenet import cli
from paper_lenet.network.recipe import Recipe
from paper_lenet.pipeline.compare import compare
from paper_lenet.pipeline.sides import side
from paper_lenet.results.compared import ComparisonError
from paper_lenet.studies.grid import changed

NAME = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
RECORD = Path("data/results/tiny")
ALL = 1000, 10
Changes = Mapping[str, object]


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *NAME, *arguments], cwd=root, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def made(*misread: int) -> Made:
    """A network that takes those of ten patterns for a 3."""
    return Made(dict.fromkeys(misread, 3), patterns=ALL)


def run(root: Path, recipe: str, changes: Changes, seeds: Mapping[int, Made | None]) -> None:
    """Parameters and a record, as the pipeline leaves them."""
    tree = json.loads(changed(Recipe(), dict(changes), recipe).to_json())
    params = {
        "data": {"name": "tiny", "sources": [], "sha256": {}},
        "preprocess": {"background": -0.1, "foreground": 1.175},
        "train": {"recipe": recipe, "seeds": len(seeds)},
        "recipes": {recipe: tree},
    }
    (root / "params.yaml").write_text(yaml.safe_dump(params))
    folder = root / RECORD / recipe / "train"
    for path in folder.glob("*"):
        path.unlink()
    if folder.is_dir():
        folder.rmdir()
    write(folder, {recipe: seeds}, {recipe: changes})
    labels = digits().labels
    path = folder / "misread.csv"
    heading, *rows = (row.split(",") for row in path.read_text().splitlines())
    rows = [[*row[:3], str(labels[int(row[2])]), row[4]] for row in rows]
    path.write_text("".join(f"{','.join(row)}\n" for row in [heading, *rows]))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A commit, an experiment on it, and a work tree with another recipe."""
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "--quiet")
    run(tmp_path, "paper", {}, {0: made(1, 2), 1: made(2)})
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "A run")
    head = git(tmp_path, "rev-parse", "HEAD")
    run(tmp_path, "paper", {"network.c3": "full"}, {0: made(2, 5, 8), 1: made(2, 8)})
    git(tmp_path, "commit", "--quiet", "-am", "An experiment")
    git(tmp_path, "update-ref", f"refs/exps/{head[:2]}/{head[2:]}/full", "HEAD")
    git(tmp_path, "reset", "--hard", "--quiet", head)
    run(tmp_path, "mine", {"loss.equation": 8}, {0: made(4), 1: made(4)})
    return tmp_path


def shown(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def cells(page: BeautifulSoup, place: int) -> list[list[str]]:
    rows = page.find_all("table")[place].find_all("tr")[1:]
    return [[cell.get_text(" ") for cell in row.find_all(["th", "td"])] for row in rows]


def test_by_default_the_work_tree_is_laid_beside_the_last_commit(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = git(root, "status", "--porcelain")
    assert cli.main(["compare"]) == 0
    said, written = capsys.readouterr().out.splitlines()
    assert said.startswith("test error 15.00% (HEAD, n = 2), 10.00% (workspace, n = 2): -5.00 (")
    assert written == "compare.html: written"
    page = shown(root / "compare.html")
    assert page.title is not None and page.title.get_text() == "HEAD and workspace"
    assert ["loss.equation", "9", "8"] in cells(page, 0)
    assert ["train.recipe", '"paper"', '"mine"'] in cells(page, 0)
    assert cells(page, 1)[0][3].startswith("-5.000")
    (root / "compare.html").unlink()
    assert git(root, "status", "--porcelain") == before


def test_an_experiment_is_found_by_its_name(root: Path) -> None:
    said = compare(root, "HEAD", "full", root / "page.html")
    assert "25.00% (full, n = 2): +10.00 (+10.00 to +10.00, 2 seeds in common): they differ" in said
    page = shown(root / "page.html")
    assert cells(page, 0) == [["network.c3", '"table"', '"full"']]
    place = git(root, "for-each-ref", "--format=%(objectname:short=7)", "refs/exps")
    assert f"full, commit {place}" in page.get_text()
    listed = [item.get_text(" ") for item in page.select(".digit")]
    assert listed == [
        "1 read as 3 no. 1 A: 1 of 2 B: 0 of 2",
        "8 read as 3 no. 8 A: 0 of 2 B: 2 of 2",
        "5 read as 3 no. 5 A: 0 of 2 B: 1 of 2",
    ]


def test_the_page_holds_all_that_it_shows(root: Path) -> None:
    compare(root, "HEAD", "full", root / "page.html")
    without = (root / "page.html").read_text(encoding="utf-8")
    assert "The test patterns are not there" in without
    folder = root / "data/processed/tiny"
    folder.mkdir(parents=True)
    digits().save(folder / "test.safetensors")
    compare(root, "HEAD", "full", root / "page.html")
    text = (root / "page.html").read_text(encoding="utf-8")
    page = shown(root / "page.html")
    assert [image["alt"] for image in page.select(".digit img")] == [
        f"Test pattern {number}, a {number}" for number in (1, 8, 5)
    ]
    assert not re.findall(r'(?:src|srcset|href)="(?!data:)', text) and "<script" not in text
    compare(root, "HEAD", "full", root / "again.html")
    assert (root / "again.html").read_text(encoding="utf-8") == text


def test_other_digits_than_those_misread_are_not_drawn(root: Path) -> None:
    folder = root / "data/processed/tiny"
    folder.mkdir(parents=True)
    digits().subset(slice(0, 9)).save(folder / "test.safetensors")
    compare(root, "HEAD", "full", root / "page.html")
    assert not shown(root / "page.html").select(".digit img")


def test_a_folder_is_a_side_with_the_name_of_a_run_if_it_has_several(root: Path) -> None:
    write(root / "study", {"a": {0: made(1)}, "b": {0: made(1, 2, 3)}, "gone": {0: None}})
    assert list(side(root, "study/b").run.seeds[0].misread) == [1, 2, 3]
    assert side(root, str(RECORD / "paper")).run == side(root, str(RECORD / "paper/train")).run
    with pytest.raises(ComparisonError, match=r"study: name one of its runs .*: a, b, gone"):
        side(root, "study")
    with pytest.raises(ComparisonError, match=r"study/gone: .* every training diverged"):
        side(root, "study/gone")
    with pytest.raises(ComparisonError, match="study/other: there is no such run; there is a, b,"):
        side(root, "study/other")
    with pytest.raises(ComparisonError, match="train/other: there is no such run; there is paper"):
        side(root, str(RECORD / "paper/train/other"))


@pytest.mark.parametrize("name", ["nothing", "", "HEAD~7", "-x", "a\x00b", "\udcff", "x" * 300])
def test_what_is_nothing_is_told_in_one_line(
    name: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["compare", "--page", "x.html", "--", name]) == 1
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith("paper-lenet: ") and not (root / "x.html").exists()


def test_results_of_other_parameters_are_refused(root: Path) -> None:
    text = (root / "params.yaml").read_text()
    (root / "params.yaml").write_text(text.replace("mu: 0.02", "mu: 0.03"))
    with pytest.raises(ComparisonError, match=r"workspace: params.yaml has changed after"):
        side(root, "workspace")
    (root / "params.yaml").write_text(text.replace("name: tiny", "name: other"))
    with pytest.raises(
        ComparisonError, match="workspace: there is no record in data/results/other"
    ):
        side(root, "workspace")
    git(root, "rm", "--quiet", "--cached", "params.yaml")
    git(root, "commit", "--quiet", "-m", "No parameters")
    with pytest.raises(ComparisonError, match=r"HEAD: params.yaml: there is no such file"):
        side(root, "HEAD")


def test_of_several_experiments_of_one_name_the_last_commits_is_meant(root: Path) -> None:
    other = "0" * 39 + "1"
    git(root, "update-ref", f"refs/exps/{other[:2]}/{other[2:]}/full", "HEAD")
    assert list(side(root, "full").run.seeds[0].misread) == [2, 5, 8]
    git(root, "commit", "--quiet", "--allow-empty", "-m", "On")
    with pytest.raises(ComparisonError, match="several experiments have that name"):
        side(root, "full")


def test_a_page_needs_a_place(root: Path) -> None:
    for path in (root / "none/page.html", root / "data"):
        with pytest.raises(ComparisonError, match="a page cannot be written there"):
            compare(root, "HEAD", "full", path)
