"""``dvc.yaml`` declares what the stages read."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
STAGES = {
    "download": "digits.download",
    "preprocess": "digits.preprocess",
    "train": "train",
    "evaluate": "evaluate",
    "figures": "figures",
    "explain": "explain",
    "examples": "examples",
}
# They find the command and its paths; what a stage computes does not depend on them.
DOOR = {"__init__", "__main__", "cli"}


def pipeline() -> dict[str, Any]:
    tree: dict[str, Any] = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))
    return tree


def source(module: str) -> Path:
    """The file of the module with that name inside the package."""
    path = ROOT / "paper_lenet" / Path(*module.split("."))
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
    names |= {name.rpartition(".")[0] for name in names if "." in name}  # a package's own code
    return frozenset(name for name in names if source(name).is_file())


def closure(module: str) -> set[str]:
    """All modules of the package that can come in when `module` is imported and used."""
    seen, waiting = set(), [module]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(imported(name))
    return seen - DOOR


@pytest.mark.parametrize("stage", STAGES)
def test_stage_depends_on_the_code_that_it_imports_file_by_file(stage: str) -> None:
    declared = [path for path in pipeline()["stages"][stage]["deps"] if path.endswith(".py")]
    needed = [source(name).relative_to(ROOT).as_posix() for name in closure(STAGES[stage])]
    assert declared == sorted(needed)


def test_stages_are_called_as_a_module() -> None:
    """A console script would run another checkout's code."""
    commands = {name: stage["cmd"] for name, stage in pipeline()["stages"].items()}
    # `train` takes the place of the shell, so that its parent is dvc.
    expected = {name: f"python -m paper_lenet {name}" for name in STAGES}
    assert commands == expected | {"train": "exec python -m paper_lenet train"}


STUDY_COMMANDS = {
    "tutorials": ("exec python -m paper_lenet tutorials", ["tutorials.command"]),
    "claims": ("python -m paper_lenet claims --write", ["claims.ledger", "claims.results"]),
}


def studies() -> dict[str, Any]:
    text = (ROOT / "studies/dvc.yaml").read_text(encoding="utf-8")
    tree: dict[str, Any] = yaml.safe_load(text)["stages"]
    return tree


def doors(study: str) -> tuple[str, list[str]]:
    """The command of a study, and the modules where it comes in."""
    module = f"studies.{study}"
    modules = ["studies.study", *([module] if source(module).is_file() else [])]
    return STUDY_COMMANDS.get(study, (f"exec python -m paper_lenet study {study}", modules))


def test_every_grid_is_a_stage_and_has_its_make_target() -> None:
    grids = {path.stem for path in (ROOT / "studies").glob("*.yaml")} - {"dvc"}
    assert set(studies()) == grids | {"claims"}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    names = makefile.partition("STUDIES := ")[2].partition("\n.PHONY")[0].replace("\\", " ").split()
    assert set(names) == set(studies())


@pytest.mark.parametrize("study", studies())
def test_study_depends_on_the_code_that_it_imports_file_by_file(study: str) -> None:
    stage = studies()[study]
    command, modules = doors(study)
    assert (stage["wdir"], stage["cmd"]) == ("..", command)
    declared = [path for path in stage["deps"] if path.endswith(".py")]
    needed = set().union(*map(closure, modules))
    assert declared == sorted(source(name).relative_to(ROOT).as_posix() for name in needed)


def test_a_plain_run_of_the_pipeline_reads_nothing_of_the_studies() -> None:
    for stage in pipeline()["stages"].values():
        assert not [path for path in stage["deps"] if "studies" in path]
