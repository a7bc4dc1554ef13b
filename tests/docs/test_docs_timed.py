"""The page about the engine shows what the benchmark wrote, and asks for nothing else."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from timed_rounds import START, made_up, whole_tree

from paper_lenet.base.machine import short
from paper_lenet.bench import report, variants
from paper_lenet.engine.parts import PARTS
from paper_lenet.network.recipe import Recipe

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "docs" / "_ext"))

from lenet_docs import machines, measured, timed  # noqa: E402

TABLE = r"```\{timing-(table|machines)\} ?([\w.]*)\n:caption: [^\n]*\n(.*?)```"


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
    path = timed.benchmarks(root) / "this.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(tree), encoding="utf-8")


def test_the_page_asks_for_what_the_benchmark_writes(root: Path) -> None:
    page = (ROOT / "docs/engine.md").read_text(encoding="utf-8")
    roles = re.findall(r"\{timing\}`([\w.]+)(?::([^`]*))?`", page)
    assert len(roles) > 20
    for name, form in roles:
        assert format(timed.found(root, name), form), name
    tables = re.findall(TABLE, page, re.S)
    assert [name for kind, name, _ in tables if kind == "table"] == ["operations", "variants"]
    for kind, name, content in tables:
        lines = timed.columns(content.splitlines())
        if kind == "table":
            body = [
                [measured.fill(form, row) for _, form in lines] for row in timed.rows(root, name)
            ]
        elif name:
            body = machines.side_by_side(root, name, lines)[1]
        else:
            body = machines.compared(root, lines)[1]
        assert body and all(map(all, body)), name
        told = {cell for row in body for cell in row[1:]}
        assert len(told) > 1, name


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
    with pytest.raises(measured.ResultError, match=r"this\.json: no key update\.nothing"):
        timed.found(root, "update.nothing")
    with pytest.raises(measured.ResultError, match=r"no such file; see paper-lenet bench"):
        timed.found(tmp_path / "elsewhere", "update")


def test_a_bar_is_as_long_as_its_part_takes() -> None:
    parts = [
        {"part": "C1 forward", "us": 2.0, "peak_percent": 50.0},
        {"part": "C1 squashing", "us": 1.0, "peak_percent": None},
    ]
    lengths = re.findall(r'<rect [^>]*width="([\d.]+)"', machines.drawing(parts))
    whole = machines.LONGEST
    assert list(map(float, lengths)) == [whole, whole / 2, whole / 2, 0.0]


def test_the_drawing_tells_each_part_in_words(root: Path) -> None:
    label = re.search(r'aria-label="([^"]*)"', machines.drawing(timed.found(root, "kernels")))
    assert label is not None
    assert all(f"{part} 1.00" in label[1] for part in PARTS)


def older(root: Path) -> None:
    """Beside the file of `root`, one of another core, as the benchmark wrote them at first."""
    tree = json.loads((timed.benchmarks(root) / "this.json").read_text(encoding="utf-8"))
    for key in ("date", "engine", "core", "least_ghz", "memory", "scaling"):
        del tree[key]
    for row in tree["kernels"]:
        for key in ("at_peak_us", "bytes_read", "bytes_written", "bytes_us", "bound"):
            del row[key]
    tree["environment"]["processor"] = "AMD EPYC"
    path = timed.benchmarks(root) / "amd-epyc.json"
    path.write_text(json.dumps(tree), encoding="utf-8")


def test_two_machines_stand_side_by_side_the_last_measured_first(root: Path) -> None:
    this = timed.found(root, "environment.processor")
    older(root)
    assert timed.found(root, "environment.processor") == this  # though amd-epyc comes first by name
    lines = [("One update", "{update_engine_us_median:.1f}"), ("Engine", "{of_engine}")]
    heading, body = machines.compared(root, lines)
    assert heading == ["Figure", short(this), "AMD EPYC"]
    assert body[0][1] == body[0][2] != measured.NOTHING
    assert body[1][2] == "an earlier one, not named"
    heading, body = machines.side_by_side(root, "kernels", [("Part", "{part}"), ("us", "{us:.2f}")])
    assert heading == ["Part", f"us, {short(this)}", "us, AMD EPYC"]
    assert [row[0] for row in body] == list(PARTS)
    assert all(row[1:] == ["1.00", "1.00"] for row in body)


def test_what_an_older_file_has_not_is_a_dash(root: Path) -> None:
    older(root)
    lines = [("L2", "{core_l2_kib:.0f}"), ("Clock", "{least_ghz_greatest:.2f}")]
    for row in machines.compared(root, lines)[1]:
        assert row[2] == measured.NOTHING
    lines = [("Part", "{part}"), ("us", "{us:.2f}"), ("Bytes", "{bytes_us:.2f}")]
    this = short(timed.found(root, "environment.processor"))
    heading, body = machines.side_by_side(root, "kernels", lines)
    assert heading == [
        "Part",
        f"us, {this}",
        "us, AMD EPYC",
        f"Bytes, {this}",
    ]  # of AMD there are none
    assert all(row[1:] == ["1.00", "1.00", "0.10"] for row in body)
    lines = [("Workers", "{workers}"), ("Times", "{times_one_median:.2f}")]
    heading, body = machines.side_by_side(root, "scaling.threads", lines)
    assert heading == ["Workers", f"Times, {this}"]
    assert body == [["1", "1.00"], ["2", "1.96"]]


def test_a_row_that_one_file_has_not_is_a_dash_there(root: Path) -> None:
    older(root)
    path = timed.benchmarks(root) / "amd-epyc.json"
    tree = json.loads(path.read_text(encoding="utf-8"))
    del tree["kernels"][0]
    path.write_text(json.dumps(tree), encoding="utf-8")
    _, body = machines.side_by_side(root, "kernels", [("Part", "{part}"), ("us", "{us:.2f}")])
    assert body[0][1:] == ["1.00", measured.NOTHING]
    assert all(row[1:] == ["1.00", "1.00"] for row in body[1:])


def test_a_list_that_no_file_has_is_no_row(root: Path) -> None:
    assert machines.side_by_side(root, "scaling.none", [("A", "{a}"), ("B", "{b}")])[1] == []


def test_another_engine_is_told(root: Path) -> None:
    tree = json.loads((timed.benchmarks(root) / "this.json").read_text(encoding="utf-8"))
    tree["date"], tree["engine"]["sha256"] = "1998-11-01", "0" * 64
    (timed.benchmarks(root) / "other.json").write_text(json.dumps(tree), encoding="utf-8")
    (row,) = machines.compared(root, [("Engine", "{of_engine}")])[1]
    assert not row[1].startswith("another")
    assert row[2] == f"another: {tree['engine']['version']}, files 00000000"
