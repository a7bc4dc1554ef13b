"""This core beside the committed figures of others, and what is said of all in one sentence."""

from __future__ import annotations

import copy
import hashlib
from pathlib import Path
from typing import Any

import pytest
from timed_rounds import START, made_up, whole_tree

from paper_lenet import engine
from paper_lenet.base.machine import by_machine, slug
from paper_lenet.bench import beside, report, stamp, table
from paper_lenet.network.recipe import Recipe

ROOT = Path(__file__).parents[2]


@pytest.fixture
def tree() -> dict[str, Any]:
    result = whole_tree(report.report(Recipe(), made_up(), START))
    result["environment"] |= {"processor": "Intel(R) Xeon(R) Processor @ 2.50GHz"}
    result["core"] |= {"vectors": "AVX-512, AVX2, FMA"}
    return result


def other(tree: dict[str, Any]) -> dict[str, Any]:
    """The file of another core, of an earlier benchmark, which knew less."""
    result = copy.deepcopy(tree)
    result["environment"]["processor"] = "AMD EPYC"
    result["update"]["engine_us"]["median"] = 15.3
    for key in ("date", "engine", "memory", "least_ghz"):
        del result[key]
    return result


def test_others_are_of_another_core_and_of_the_same_recipe(tree: dict[str, Any]) -> None:
    amd, mine = other(tree), copy.deepcopy(tree)
    strange = {**copy.deepcopy(amd), "recipe": "full"}
    committed = {slug("AMD EPYC"): amd, "intel-xeon-2.50ghz": mine, "arm": strange}
    assert beside.others(committed, tree) == [amd]


def test_the_committed_figures_can_be_compared(tree: dict[str, Any]) -> None:
    """Whatever keys the committed files have: what one has not is a dash."""
    committed = by_machine(ROOT / "data/timings/mnist/bench")
    assert committed
    for found in committed.values():
        text = "\n".join(beside.lines(tree, [found]))
        row = text.splitlines()[1]
        assert row.split()[-1] == f"{found['update']['engine_us']['median']:.1f}"


def test_each_other_core_has_a_column(tree: dict[str, Any]) -> None:
    lines = list(beside.lines(tree, [other(tree)]))
    assert lines[0].split("  ")[-1] == "AMD EPYC"
    assert lines[1].split()[-2:] == [f"{tree['update']['engine_us']['median']:.1f}", "15.3"]
    cells = {line[:30].strip(): line[30:].split() for line in lines[1:-1]}
    assert cells["weights and steps, GB/s"][1] == cells["clock, at least, GHz"][1] == "-"
    assert cells["clock, at least, GHz"][0] == "2.50"
    assert lines[-1].endswith("with an engine that it does not name")


def test_where_there_is_no_other_core_it_is_said(tree: dict[str, Any]) -> None:
    (line,) = beside.lines(tree, [])
    assert line == "beside other cores: there are no committed figures of another one"


def test_an_engine_is_the_same_or_another(tree: dict[str, Any]) -> None:
    same, another = other(tree), other(tree)
    same |= {"date": "2026-01-31", "engine": tree["engine"]}
    another |= {"date": "2026-01-31", "engine": {**tree["engine"], "sha256": "0" * 64}}
    assert beside.of_engine(same, tree) == "measured on 2026-01-31, with the same engine"
    assert beside.of_engine(another, tree) == "measured on 2026-01-31, with another engine"


def test_the_table_ends_with_the_sentence(tree: dict[str, Any]) -> None:
    row = next(row for row in tree["kernels"] if row["part"] == "C5 backward")
    row |= {"us": 4.6, "bound": "memory"}
    last = list(table.lines(tree, [other(tree)]))[-1]
    taken = tree["update"]["engine_us"]["median"]
    assert last == (
        f"On this core (Intel Xeon 2.50GHz, AVX-512) an update takes {taken:.1f} us, 40% of the "
        "measured peak, 50 times as fast as PyTorch; the slowest part is C5 backward, which memory "
        "bounds; on AMD EPYC it took 15.3 us, 40%."
    )


def test_the_sentence_does_without_pytorch_and_without_vectors() -> None:
    tree = whole_tree(report.report(Recipe(), made_up(torch=False), START))
    tree["core"]["vectors"] = None
    said = beside.sentence(tree, [])
    assert "PyTorch" not in said and "vectors unknown)" in said


def test_a_measurement_names_its_engine_by_the_files_on_which_it_ran() -> None:
    total = hashlib.sha256()
    for path in sorted(Path(engine.__file__).parent.glob("*.py")):
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    assert stamp.measured_now()["engine"]["sha256"] == total.hexdigest()
