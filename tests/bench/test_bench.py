"""The benchmark: what it counts and works out, on clocks that are made up; never its timings."""

from __future__ import annotations

import itertools
import json
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from allowed import choices
from drawn import digits
from timed_rounds import START, made_up, whole_tree
from timed_rounds import scaling as made_up_scaling

from paper_lenet.base.declared import build
from paper_lenet.base.files import write_json
from paper_lenet.base.machine import slug
from paper_lenet.bench import (
    bench,
    child,
    clock,
    fresh,
    kernels,
    report,
    scaling,
    table,
    thread_counts,
    variants,
    workloads,
)
from paper_lenet.bench.clock import Work, alternate
from paper_lenet.bench.operations import operations, total
from paper_lenet.bench.workloads import BenchError, Counts, learn
from paper_lenet.cli import main
from paper_lenet.digits.dataset import Data, Scale
from paper_lenet.digits.distort import Presentation
from paper_lenet.digits.patterns import PatternsError
from paper_lenet.engine import Engine, parts, peak
from paper_lenet.network.architecture import Network, layers
from paper_lenet.network.params import Params, Train
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import initial_parameters

SMALL = Counts(3, 4, 2, 4, 5, 100, 2, 3, 100, 6, 1)


# Seconds ---------------------------------------------------------------------------------------


def test_works_take_turns_and_every_second_round_goes_backwards() -> None:
    said: list[str] = []
    works = {name: Work(lambda name=name: said.append(name), 1) for name in "abc"}
    alternate(works, range(3))
    assert "".join(said) == "abc" + "abc" + "cba" + "abc"


def test_what_prepares_a_work_is_done_before_each_run_and_not_timed() -> None:
    said: list[str] = []
    clock = iter(range(100))

    def told() -> float:
        said.append("clock")
        return float(next(clock))

    alternate({"a": Work(lambda: said.append("run"), 1, lambda: said.append("ready"))}, [0], told)
    assert said == ["ready", "run", "ready", "clock", "run", "clock"]


def test_seconds_are_those_of_one_item_without_the_first_run() -> None:
    times = iter([0.0, 6.0, 10.0, 14.0])
    seconds = alternate({"a": Work(lambda: None, 2)}, range(2), lambda: next(times))
    assert seconds == {"a": [3.0, 2.0]}


def test_ctrl_c_while_kernels_are_compiled_is_not_lost() -> None:
    """What swallows an exception stands for LLVM's calls of Python, which do."""
    ran: list[str] = []

    def compiles() -> None:
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        ran.append("compiled")

    works = {"a": Work(compiles, 1), "b": Work(lambda: ran.append("b"), 1)}
    with pytest.raises(KeyboardInterrupt):
        alternate(works, range(1))
    assert ran == ["compiled"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_spread_is_median_least_and_greatest() -> None:
    assert clock.spread([3.0, 1.0, 2.5]) == (2.5, 1.0, 3.0)


def test_ratios_are_taken_round_by_round() -> None:
    assert clock.ratios([2.0, 30.0], [1.0, 10.0]) == [2.0, 3.0]


# Operations ------------------------------------------------------------------------------------


def test_operations_of_the_paper_s_network_by_hand() -> None:
    """Each layer's products, written out from Section II-B and Table I."""
    products = {
        "C1": 28 * 28 * 6 * 25,
        "S2": 14 * 14 * 6 * 4,
        "C3": 10 * 10 * 60 * 25,
        "S4": 5 * 5 * 16 * 4,
        "C5": 120 * 400,
        "F6": 84 * 120,
        "output": 10 * 84,
    }
    counts = operations(Network())
    assert {name: count["forward"] for name, count in counts.items()} == {
        name: 2 * count for name, count in products.items()
    }
    assert counts["C1"]["inputs"] == 0
    assert all(counts[name]["inputs"] == 2 * products[name] for name in products if name != "C1")
    assert all(counts[name]["weights"] == 2 * products[name] for name in ("C1", "C3", "C5", "F6"))
    assert counts["S2"]["weights"] == 2 * 14 * 14 * 6
    assert counts["output"]["weights"] == counts["output"]["update"] == 0


def test_update_of_every_parameter_is_one_multiply_add() -> None:
    for name in ("rbf", "trainable_rbf", "softmax", "targets"):
        for pooling in ("average", "max"):
            counts = operations(built := Network(output=name, subsampling=pooling))
            parameters = sum(layer.parameters for layer in layers(built))
            assert total(counts, "update") == 2 * parameters
            assert all(count["weights"] > 0 for count in counts.values() if count["update"])


def test_parts_do_all_operations_of_an_update() -> None:
    assert sum(kernels.useful(Network()).values()) == total(operations(Network()))


# The engine ------------------------------------------------------------------------------------


@pytest.mark.parametrize("chains", peak.CHAINS)
def test_the_peak_s_chains_do_every_step(chains: int) -> None:
    """Whole numbers below 2^24 are exact in float32."""
    assert np.array_equal(peak.multiply_add(chains, 1000), np.full((chains, 16), 1001.0))
    assert peak.operations(chains) == chains * 16 * 2


@pytest.mark.slow
def test_the_parts_together_are_one_update_bit_by_bit() -> None:
    patterns = digits()
    whole, parted = (Engine(Recipe(), initial_parameters(Recipe(), 0)) for _ in range(2))
    steps = np.full(len(whole.places), 1e-3, np.float32)
    whole.learn(patterns, np.array([7, 3]), steps)
    for index in (7, 3):
        u = parts.update(parted, patterns, index, steps)
        for part in parts.PARTS.values():
            parts.repeated(part)(u, 1)
    start = initial_parameters(Recipe(), 0)
    for name, expected in whole.parameters().items():
        assert np.array_equal(parted.parameters()[name], expected), name
        assert not np.array_equal(start[name], expected), name


@pytest.mark.xdist_group("parts")
def test_timing_the_parts_leaves_the_weights_alone() -> None:
    engine = Engine(Recipe(), initial_parameters(Recipe(), 0))
    for work in kernels.works(engine, digits(), 3).values():
        work.run()
    assert engine.weights.tobytes() == Engine(Recipe(), engine.parameters()).weights.tobytes()
    expected = initial_parameters(Recipe(), 0)
    assert all(np.array_equal(part, expected[name]) for name, part in engine.parameters().items())


def test_a_loss_that_is_not_finite_is_no_measurement() -> None:
    engine = Engine(Recipe(), initial_parameters(Recipe(), 0))
    engine.weights[:] = np.nan
    with pytest.raises(BenchError, match="not finite"):
        learn(engine, digits(), np.arange(3), np.zeros(len(engine.places), np.float32))


# Variants --------------------------------------------------------------------------------------


def test_every_variant_is_a_recipe_and_differs_from_the_others() -> None:
    recipes = variants.variants()
    for recipe in recipes.values():
        assert build(Recipe, json.loads(recipe.to_json()), "") == recipe
    assert len({recipe.to_json() for recipe in recipes.values()}) == len(recipes)


def test_every_choice_of_the_network_is_measured() -> None:
    recipes = variants.variants().values()
    for part in ("network", "step"):
        for name, values in choices(type(getattr(Recipe(), part))).items():
            costly = set(values) - {
                "originals"
            }  # a curvature that takes what that of each pass does
            assert {getattr(getattr(recipe, part), name) for recipe in recipes} == costly, name


def test_curvature_counts_as_often_as_the_recipe_takes_it() -> None:
    recipe = Recipe()
    step, shown = recipe.step, recipe.presentation.patterns
    once, never = (
        replace(recipe, step=replace(step, curvature=when)) for when in ("once", "never")
    )
    assert variants.pass_seconds(recipe, 2.0, 3.0) == shown * 2.0 + 500 * 3.0
    assert variants.pass_seconds(once, 2.0, 3.0) == pytest.approx(shown * 2.0 + 500 * 3.0 / 20)
    assert variants.pass_seconds(never, 2.0, 3.0) == shown * 2.0


def test_variants_are_compared_with_the_paper_round_by_round() -> None:
    seconds = {
        f"{name}, {what}": [2e-5, 4e-5, 6e-5]
        for name in variants.variants()
        for what in ("update", "curvature")
    }
    seconds["full C3, update"] = [3e-5, 8e-5, 6e-5]  # 1.5, 2 and 1 times the paper's
    rows = {row["variant"]: row for row in variants.rows(seconds)}
    assert rows["the paper"]["times"] == 1.0
    assert rows["full C3"]["times"] == 1.5
    assert rows["full C3"]["us"] == pytest.approx(60.0)


# The report ------------------------------------------------------------------------------------


def test_a_slow_round_does_not_change_the_ratios() -> None:
    tree = report.report(Recipe(), made_up(), START)
    update = tree["update"]
    assert update["pytorch_over_engine"] == {"median": 50.0, "least": 50.0, "greatest": 50.0}
    assert update["peak_gflops"] == {"median": 100.0, "least": 50.0, "greatest": 100.0}
    assert update["engine_gflops"] == {"median": 40.0, "least": 20.0, "greatest": 40.0}
    assert update["floor_us"]["median"] == pytest.approx(update["operations"] / 1e5, rel=1e-4)
    assert update["peak_percent"] == {"median": 40.0, "least": 40.0, "greatest": 40.0}
    assert [row["times_one"]["median"] for row in tree["threads"]] == [1.0, 1.9048]


def test_shares_of_the_parts_add_up() -> None:
    rows = report.report(Recipe(), made_up(), START)["kernels"]
    assert sum(row["share_percent"] for row in rows) == pytest.approx(100.0)
    useful = kernels.useful(Network())
    for row in rows:
        count = useful[row["part"]]
        if count:
            assert row["gflops"] == pytest.approx(count / 1e-6 / 1e9, rel=1e-4)
            assert row["peak_percent"] == pytest.approx(row["gflops"], rel=1e-4)
        else:
            assert row["gflops"] is row["peak_percent"] is None


def test_a_training_is_worked_out_from_what_it_does() -> None:
    recipe = Recipe()
    seconds = {name: values[:1] for name, values in made_up().items()}
    update = clock.spread(seconds["engine, update"]).median
    expected = 20 * (60_000 * update + 70_000 * 5e-6 + 500 * 20e-6)
    assert report.training(recipe, seconds, "engine") == pytest.approx(expected, rel=1e-4)
    expected = 20 * (60_000 * 50 * update + 70_000 * 50e-6 + 500 * 400e-6)
    assert report.training(recipe, seconds, "reference") == pytest.approx(expected, rel=1e-4)
    del seconds["reference, update"]
    assert report.training(recipe, seconds, "reference") is None


def test_without_pytorch_the_table_says_so() -> None:
    tree = whole_tree(report.report(Recipe(), made_up(torch=False), START))
    assert tree["update"]["pytorch_us"] is tree["update"]["pytorch_over_engine"] is None
    text = "\n".join(table.lines(tree, []))
    assert text.count("not installed: skipped") == 3
    assert "PyTorch" not in text.splitlines()[-1]


def test_the_table_shows_every_part_and_variant() -> None:
    tree = whole_tree(report.report(Recipe(), made_up(), START))
    without = "\n".join(table.lines(tree, []))
    assert all(f"\n  {part} " in without for part in parts.PARTS)
    assert "variant" not in without
    rows = dict.fromkeys(("us", "times", "curvature_us", "pass_seconds"), 1.0)
    tree["variants"] = [{"variant": name, **rows} for name in variants.variants()]
    text = "\n".join(table.lines(tree, []))
    assert all(f"\n  {name} " in text for name in variants.variants())
    assert "engine faster by 50.0 times" in " ".join(text.split())


def test_threads_double_up_to_all_cores() -> None:
    assert [thread_counts(most) for most in (1, 2, 6)] == [[1], [1, 2], [1, 2, 4, 6]]


# The command -----------------------------------------------------------------------------------


@pytest.fixture
def params(tmp_path: Path) -> Params:
    for part in ("train", "test"):
        digits().save(tmp_path / f"{part}.safetensors")
    recipe = Recipe(presentation=Presentation(patterns=10))
    return Params(Data("none", (), {}), Scale(), Train("small", 1), {"small": recipe})


@pytest.mark.xdist_group("parts")
def test_bench_writes_what_it_returns(
    params: Params, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fresh, "first_and_second", lambda train: START)
    tree = bench(params, tmp_path, tmp_path / "timings", None, True, 1, SMALL)
    path = tmp_path / "timings/none/bench" / f"{slug(tree['environment']['processor'])}.json"
    assert json.loads(path.read_text(encoding="utf-8")) == json.loads(json.dumps(tree))
    assert list(numbers(tree)) and all(np.isfinite(part) for part in numbers(tree))
    assert len(tree["kernels"]) == len(parts.PARTS)
    assert len(tree["variants"]) == len(variants.variants())
    assert len(list(table.lines(tree, []))) > 70
    assert {row["queue"] for row in tree["scaling"]["queues"]} == {"the pipeline"}


@pytest.mark.xdist_group("parts")
def test_bench_without_pytorch_leaves_it_out(
    params: Params, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fresh, "first_and_second", lambda train: START)
    monkeypatch.setattr(workloads, "find_spec", lambda name: None)
    monkeypatch.setattr(scaling, "measure", lambda *arguments: made_up_scaling())
    path = tmp_path / "bench.json"
    tree = bench(params, tmp_path, tmp_path, path, rounds=1, counts=SMALL)
    assert path.exists()
    assert tree["update"]["pytorch_us"] is tree["training"]["pytorch_seconds"] is None
    assert tree["update"]["engine_us"]["median"] > 0
    assert "variants" not in tree


def numbers(tree: Any) -> Iterator[float]:
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, list):
        yield from itertools.chain.from_iterable(map(numbers, tree))
    elif isinstance(tree, float):
        yield tree


def test_bench_without_patterns_says_what_to_do(params: Params, tmp_path: Path) -> None:
    with pytest.raises(PatternsError, match="make them with the stage preprocess"):
        bench(params, tmp_path / "none", tmp_path)


def test_a_fresh_process_tells_its_seconds_and_memory(tmp_path: Path) -> None:
    digits().save(path := tmp_path / "train.safetensors")
    found = fresh.measure(path)
    assert found["seconds"] > 0
    assert found["memory_mib"] > 60 * 60_000 / 2**20


def test_a_fresh_process_that_fails_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(child.FreshError, match=r"could not train: .*none\.safetensors"):
        child.run("fresh", [[str(tmp_path / "none.safetensors")]], str(tmp_path))


@pytest.fixture
def measured(params: Params, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The command in an empty folder, with a benchmark that has these figures without measuring."""
    tree = whole_tree(report.report(Recipe(), made_up(), START))
    monkeypatch.chdir(tmp_path)
    Path("params.yaml").touch()
    monkeypatch.setattr("paper_lenet.network.params.read_params", lambda path: params)
    monkeypatch.setattr("paper_lenet.bench.bench", lambda *arguments: tree)
    return tree


def test_the_command_ends_with_the_sentence(
    measured: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    other = {**measured, "environment": {**measured["environment"], "processor": "AMD EPYC 7"}}
    write_json(Path("data/timings/none/bench/amd-epyc-7.json"), other)
    assert main(["bench"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == list(table.lines(measured, [other]))
    assert lines[-1].startswith("On this core (") and "; on AMD EPYC 7 it took" in lines[-1]


def test_committed_figures_that_are_damaged_are_told_before_anything_is_measured(
    measured: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("paper_lenet.bench.bench", lambda *arguments: pytest.fail("it measures"))
    Path("data/timings/none/bench").mkdir(parents=True)
    Path("data/timings/none/bench/amd-epyc.json").write_text("{", encoding="utf-8")
    assert main(["bench"]) == 1
    said = capsys.readouterr()
    assert "amd-epyc.json: not JSON" in said.err and said.err.count("\n") == 1 and not said.out
