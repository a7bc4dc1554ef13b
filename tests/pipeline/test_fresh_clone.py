"""The pipeline in a clone without a cache, on a few patterns."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from cloned import ROOT, git, run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("clone")]

STAGES = ["download", "preprocess", "train", "evaluate", "figures", "explain", "examples", "touch"]
# They find the command, its paths and its parameters; `test_pipeline.py` holds the stages to what
# they name.
DOOR = "import paper_lenet.cli, paper_lenet.network.params, paper_lenet.pipeline.stages, sys"
COLUMNS = 120  # of a terminal that is not narrow
# Of the training these take no more than the door to the engine.
ANSWERING = ("evaluate", "figures", "explain")


def would_run(folder: Path) -> list[str]:
    """The stages that `dvc repro` would run."""
    lines = run(folder, "dvc", "repro", "--dry").splitlines()
    return [line.split("'")[1] for line in lines if line.startswith("Running stage")]


def test_every_stage_runs_the_code_of_the_clone(records: dict[str, Any], checkout: Path) -> None:
    assert sorted(records) == sorted(STAGES)
    for record in records.values():
        for name, file in record["modules"].items():
            assert Path(file).is_relative_to(checkout), name


def test_a_plain_run_names_no_study(records: dict[str, Any], checkout: Path) -> None:
    studies = yaml.safe_load((ROOT / "studies/dvc.yaml").read_text())["stages"]
    lines = run(checkout, "dvc", "repro", "--dry", "--force").splitlines()
    named = [line.split("'")[1] for line in lines if line.startswith("Running stage")]
    assert studies and sorted(named) == sorted(STAGES)


def test_no_stage_needs_pytorch(records: dict[str, Any]) -> None:
    assert [stage for stage, record in records.items() if record["torch"]] == []


@pytest.mark.parametrize("stage", STAGES)
def test_stage_reads_only_what_it_declares(
    stage: str, records: dict[str, Any], checkout: Path
) -> None:
    lock = yaml.safe_load((checkout / "dvc.lock").read_text())["stages"][stage]
    declared = [checkout / part["path"] for part in lock["deps"] + lock["outs"]]
    door = set(run(checkout, sys.executable, "-c", f"{DOOR}; print(*sys.modules)").split())
    for name, file in records[stage]["modules"].items():
        answers = stage in ANSWERING and name.startswith("paper_lenet.training")
        # A folder's `__init__` is run by whatever is imported from it.
        parents = Path(file).name == "__init__.py"
        named = any(Path(file).is_relative_to(part) for part in declared)
        assert name in door or answers or parents or named, name
    free = [checkout / "params.yaml", checkout / "data" / "work", checkout / "data" / "timings"]
    for name in records[stage]["opened"]:
        path = Path(name)
        passed = path.suffix in (".py", ".pyc", ".lock")
        if path.is_relative_to(checkout) and path.is_file() and not passed:
            assert any(path.is_relative_to(part) for part in declared + free), path


def test_second_run_does_nothing(records: dict[str, Any], checkout: Path) -> None:
    assert records
    output = run(checkout, "dvc", "repro")
    # Stages that do not depend on each other come in DVC's own order.
    assert sorted(line for line in output.splitlines() if line.startswith("Stage ")) == sorted(
        f"Stage '{stage}' didn't change, skipping" for stage in STAGES
    )
    assert git(checkout, "status", "--short") == ""


@pytest.mark.parametrize(
    ("old", "new", "first"),
    [
        ("seconds: 5.0", "seconds: 6.0", "download"),
        ("foreground: 1.175", "foreground: 1.0", "preprocess"),
        ("mu: 0.02", "mu: 0.03", "train"),
    ],
)
def test_one_parameter_reruns_only_what_depends_on_it(
    old: str, new: str, first: str, records: dict[str, Any], checkout: Path
) -> None:
    assert records
    params = checkout / "params.yaml"
    before = params.read_text()
    assert old in before
    params.write_text(before.replace(old, new))
    try:
        found = would_run(checkout)
        shown = run(checkout, "dvc", "params", "diff", "--json")
    finally:
        params.write_text(before)
    assert found[0] == first
    assert all(stage in STAGES[STAGES.index(first) :] for stage in found)
    assert old.split(":")[0] in shown


def test_metrics_plots_and_graph_are_there(
    records: dict[str, Any], checkout: Path, tmp_path: Path
) -> None:
    assert records
    shown = run(checkout, "dvc", "metrics", "show")
    assert "data/results/mnist/paper/evaluate/errors.json" in shown
    assert all(len(line) <= COLUMNS for line in shown.splitlines())
    # How wide it is is DVC's affair: its layout hangs on hashes and on where objects lie in memory.
    graph = run(checkout, "dvc", "dag", "dvc.yaml")
    assert all(f"| {stage} |" in graph for stage in STAGES)
    run(checkout, "dvc", "plots", "show", "--out", str(tmp_path))
    page = (tmp_path / "index.html").read_text()
    assert all(title in page for title in ("on the fly", "Test error", "Misclassified"))
    edges = run(checkout, "dvc", "dag", "--dot")
    pairs = [
        *pairwise(STAGES[:5]),
        ("train", "explain"),
        ("evaluate", "examples"),
        ("train", "touch"),
    ]
    for earlier, later in pairs:
        assert f'"{earlier}" -> "{later}"' in edges


def test_fresh_clone_trains_nothing_and_verifies(clone: Path) -> None:
    """The committed lock is current, and our hashes are DVC's."""
    output = run(clone, "dvc", "repro")
    ran = [line.split("'")[1] for line in output.splitlines() if line.startswith("Running stage")]
    assert ran == ["download", "preprocess"]
    lines = run(clone, sys.executable, "-m", "paper_lenet", "verify").splitlines()
    assert len(lines) == 11 + 1
    assert all("bit-exact" in line for line in lines[:-1])
    assert git(clone, "status", "--short") == ""


def test_a_recipe_of_ones_own_leaves_what_is_committed(clone: Path) -> None:
    tree = yaml.safe_load((clone / "params.yaml").read_text())
    tree["train"] |= {"recipe": "mine", "seeds": 1}
    tree["recipes"]["mine"] = tree["recipes"]["paper"] | {"network": {"c3": "full"}}
    (clone / "params.yaml").write_text(yaml.safe_dump(tree))
    run(clone, "dvc", "repro", "train")
    changed = git(clone, "status", "--short").splitlines()
    ours = [f"?? data/{part}/mnist/mine/" for part in ("models", "results", "timings")]
    assert changed == [" M dvc.lock", " M params.yaml", *ours]
    said = run(clone, sys.executable, "-m", "paper_lenet", "compare")
    assert "(HEAD, n = 2)" in said and "(workspace, n = 1)" in said


def test_one_changed_constant_fails_the_verification(clone: Path) -> None:
    """The lock is rewritten and `dvc status` is clean; the committed record is not met."""
    source = clone / "paper_lenet/network/architecture.py"
    text = source.read_text(encoding="utf-8")
    assert text.count("SQUASHING_AMPLITUDE = 1.7159") == 1
    source.write_text(text.replace("AMPLITUDE = 1.7159", "AMPLITUDE = 1.716"), encoding="utf-8")
    # A record that claims to be of this code, with the outputs of that before it.
    run(clone, "dvc", "repro", "preprocess")
    run(clone, "dvc", "commit", "--force", "dvc.yaml")
    said = run(clone, sys.executable, "-m", "paper_lenet", "verify", status=1)
    assert "DIFFERS" not in said
    assert "paper_lenet/network" in {
        line.split()[0] for line in said.splitlines() if "CHANGED" in line
    }
    git(clone, "commit", "--quiet", "-am", "Another constant, and nothing trained")
    run(clone, sys.executable, "-m", "paper_lenet", "verify")
    said = run(clone, sys.executable, "-m", "paper_lenet", "verify", "--deep", status=1)
    weights = "data/models/mnist/paper/seed-00.safetensors"
    (line,) = (line for line in said.splitlines() if line.startswith(weights))
    assert "DIFFERS" in line
    git(clone, "revert", "--no-edit", "HEAD")
    assert "as trained anew" in run(clone, sys.executable, "-m", "paper_lenet", "verify", "--deep")
    # The same constant, and a run.
    source.write_text(text.replace("AMPLITUDE = 1.7159", "AMPLITUDE = 1.716"), encoding="utf-8")
    run(clone, "dvc", "repro", "train")
    said = run(clone, sys.executable, "-m", "paper_lenet", "verify", status=1)
    (line,) = (line for line in said.splitlines() if line.startswith("data/models/mnist/paper "))
    assert "DIFFERS" in line
