"""``dvc.yaml`` declares what the stages read."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "paper_lenet"
STAGES = {
    "download": "digits.download",
    "preprocess": "digits.preprocess",
    "train": "pipeline.train",
    "evaluate": "pipeline.evaluate",
    "figures": "pipeline.figures",
    "explain": "pipeline.explain",
    "examples": "pipeline.examples",
    "touch": "pipeline.touch",
}
# The modules where the stages of the studies that are no plain analysis come in.
STUDIES = {
    "fingerprint": ["pipeline.fingerprint"],
    "tutorials": ["studies.tutorials.report"],
    "fig9": ["studies.fig9.report"],
    "small": ["studies.small"],
    "paper": ["studies.paper"],
    "gain": ["studies.gain"],
    "posterior": ["studies.posterior.posterior"],
    "recovered": ["studies.recovered.study"],
    "revived": ["studies.revived.study"],
    "claims": ["studies.claims.ledger"],
    "writers": ["studies.writers"],
}
ONLY_ANALYSED = ("costs", "overlap", "recognised")
# What stands below everything and is not named for an analysis: with another result in one of
# these rooms a training or the pipeline is out of date as well.
BELOW = ("base", "digits", "paper", "network", "engine", "training", "studies/study.py")


def tree(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    return found


def source(module: str) -> Path:
    """The file of the module with that name inside the package."""
    path = PACKAGE / Path(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def imported(module: str) -> frozenset[str]:
    """The package's modules that a module imports, at its top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(source(module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{name.name}" for name in node.names}
    names = {name.removeprefix("paper_lenet.") for name in found if name.startswith("paper_lenet.")}
    return frozenset(name for name in names if source(name).is_file())


def closure(*modules: str) -> set[str]:
    """The files of all modules that can come in when these are imported and used."""
    seen, waiting = set(), list(modules)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(imported(name))
    # A package's own file says what it is; it does something only in the engine and the benchmark.
    files = {source(name) for name in seen}
    return {path.relative_to(PACKAGE).as_posix() for path in files if path.name != "__init__.py"}


def unnamed(needed: set[str], deps: list[str], *more: str) -> set[str]:
    """The files that lie in none of the dependencies."""
    named = [path.removeprefix("paper_lenet/") for path in deps] + list(more)
    return {
        file
        for file in needed
        if not any(file == path or file.startswith(f"{path}/") for path in named)
    }


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_depends_on_the_rooms_that_it_can_reach(stage: str) -> None:
    deps = tree("dvc.yaml")["stages"][stage]["deps"]
    # Of the training `evaluate` and what draws take no more than the door to the engine.
    doors = ["training"] if stage in ("evaluate", "figures", "explain") else []
    needed = closure(STAGES[stage])
    assert unnamed(needed, deps, "pipeline/paths.py", *doors) == set()
    code = [path.removeprefix("paper_lenet/") for path in deps if path.startswith("paper_lenet/")]
    assert all((PACKAGE / path).exists() for path in code)
    idle = {path for path in code if not any(file.startswith(path) for file in needed)}
    idle -= {path for path in idle if Path(path).suffix == ".txt"}  # data
    assert idle == set(), "named, and not reached"


def test_stages_are_called_as_a_module() -> None:
    """A console script would run another checkout's code."""
    commands = {name: stage["cmd"] for name, stage in tree("dvc.yaml")["stages"].items()}
    # `train` takes the place of the shell, so that a signal reaches it.
    expected = {name: f"python -m paper_lenet {name}" for name in STAGES}
    assert commands == expected | {"train": "exec python -m paper_lenet train"}


def test_what_a_recipe_makes_lies_in_a_folder_of_its_own() -> None:
    stages = tree("dvc.yaml")["stages"]
    made = [out for name in list(STAGES)[2:] for out in stages[name]["outs"]]
    assert len(made) == 8
    assert [out for out in made if "/${data.name}/${train.recipe}" not in next(iter(out))] == []


def test_a_plain_run_of_the_pipeline_reads_nothing_of_the_studies() -> None:
    for stage in tree("dvc.yaml")["stages"].values():
        assert not [path for path in stage["deps"] if "studies" in path]


def test_every_grid_is_trained_by_a_stage() -> None:
    stages = tree("studies/dvc.yaml")["stages"]
    grids = {path.stem for path in (ROOT / "studies").glob("*.yaml")} - {"dvc"}
    apart = {name.removesuffix("_trained") for name in stages if name.endswith("_trained")}
    # The trainings of the study `paper` are the pipeline's.
    assert {*stages["train"]["foreach"], *apart, "paper"} == grids
    named = [path for path in stages["fingerprint"]["deps"] if path.startswith("studies/")]
    assert {Path(path).stem for path in named} == grids - {"paper"}


def test_a_training_depends_on_its_fingerprint_and_on_no_source() -> None:
    stages = tree("studies/dvc.yaml")["stages"]
    trained = {name: stage for name, stage in stages.items() if name.endswith("_trained")}
    for stage in (stages["train"]["do"], *trained.values()):
        assert stage["deps"][0].startswith("data/fingerprints/")
        assert not [path for path in stage["deps"] if path.startswith("paper_lenet")]


def test_the_fingerprint_depends_on_all_that_trains_and_looks_at_networks() -> None:
    deps = tree("studies/dvc.yaml")["stages"]["fingerprint"]["deps"]
    looked = [f"studies.{name}" for name in ("collapse", "distortions", "inputs", "invariance")]
    needed = closure("pipeline.fingerprint", *looked)
    # What only analyses and drawings do cannot change a training.
    analyses = ("results", "figures", *(f"studies/{name}.py" for name in ONLY_ANALYSED))
    assert unnamed(needed, deps, *analyses) == set()


@pytest.mark.parametrize("study", [name for name in STUDIES if name != "fingerprint"])
def test_an_analysis_depends_on_its_own_code(study: str) -> None:
    deps = tree("studies/dvc.yaml")["stages"][study]["deps"]
    needed = closure(*STUDIES[study])
    assert unnamed(needed, deps, *BELOW, "studies/grid.py", "studies/prior.py") == set()


def test_analyses_that_are_alike_depend_on_their_own_code() -> None:
    stage = tree("studies/dvc.yaml")["stages"]["analyse"]
    for study in stage["foreach"]:
        deps = [path.replace("${key}", study) for path in stage["do"]["deps"]]
        assert unnamed(closure(f"studies.{study}"), deps, *BELOW) == set(), study
