"""The page about the engine shows what the benchmark wrote, and asks for nothing else."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from timed_rounds import START, made_up, whole_tree

from paper_lenet.bench import report, variants
from paper_lenet.engine.parts import PARTS
from paper_lenet.network.recipe import Recipe

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "docs" / "_ext"))

from lenet_docs import measured, timed  # noqa: E402


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with the file that a benchmark of made-up seconds would write."""
    seconds = made_up()
    for name in variants.variants():
        seconds |= {f"{name}, update": [2e-5] * 3, f"{name}, curvature": [3e-5] * 3}
    tree = whole_tree(report.report(Recipe(), seconds, START))
    tree["variants"] = variants.rows(seconds)
    write(tmp_path, tree)
    return tmp_path


def write(root: Path, tree: dict[str, Any]) -> None:
    path = timed.path(root)
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(tree), encoding="utf-8")


def test_the_page_asks_for_what_the_benchmark_writes(root: Path) -> None:
    page = (ROOT / "docs/engine.md").read_text(encoding="utf-8")
    roles = re.findall(r"\{timing\}`([\w.]+)(?::([^`]*))?`", page)
    assert len(roles) > 20
    for name, form in roles:
        assert format(timed.found(root, name), form), name
    tables = re.findall(r"```\{timing-table\} (\w+)\n:caption: [^\n]*\n(.*?)```", page, re.S)
    assert [name for name, _ in tables] == ["kernels", "operations", "threads", "variants"]
    for name, columns in tables:
        for row in timed.rows(root, name):
            for line in columns.splitlines():
                assert measured.fill(line.split("|")[1].strip(), row)


def test_a_name_with_a_folder_stands_in_that_study_s_file(tmp_path: Path) -> None:
    path = tmp_path / "data/timings/studies/small.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"list": [{"a": {"b": 1.5}}]}), encoding="utf-8")
    assert timed.path(tmp_path, "studies/small.list") == path
    assert timed.found(tmp_path, "studies/small.list") == [{"a": {"b": 1.5}}]
    assert timed.rows(tmp_path, "studies/small.list") == [{"a_b": "1.5"}]
    with pytest.raises(measured.ResultError, match=r"studies/small\.json: no key"):
        timed.found(tmp_path, "studies/small.nothing")
    with pytest.raises(measured.ResultError, match=r"studies/none\.json: no such file; see its"):
        timed.found(tmp_path, "studies/none.list")


def test_nested_cells_are_named_by_both_keys(tmp_path: Path) -> None:
    write(tmp_path, {"list": [{"a": {"low": 1.5, "high": None}, "b": 2}]})
    assert timed.rows(tmp_path, "list") == [{"a_low": "1.5", "a_high": "", "b": "2"}]


def test_what_is_missing_is_named(root: Path, tmp_path: Path) -> None:
    with pytest.raises(measured.ResultError, match=r"bench\.json: no key update\.nothing"):
        timed.found(root, "update.nothing")
    with pytest.raises(measured.ResultError, match=r"no such file; see paper-lenet bench"):
        timed.found(tmp_path / "elsewhere", "update")


def test_a_bar_is_as_long_as_its_part_takes() -> None:
    parts = [
        {"part": "C1 forward", "us": 2.0, "peak_percent": 50.0},
        {"part": "C1 squashing", "us": 1.0, "peak_percent": None},
    ]
    lengths = re.findall(r'<rect [^>]*width="([\d.]+)"', timed.drawing(parts))
    whole = timed.LONGEST
    assert list(map(float, lengths)) == [whole, whole / 2, whole / 2, 0.0]


def test_the_drawing_tells_each_part_in_words(root: Path) -> None:
    label = re.search(r'aria-label="([^"]*)"', timed.drawing(timed.found(root, "kernels")))
    assert label is not None
    assert all(f"{part} 1.00" in label[1] for part in PARTS)
