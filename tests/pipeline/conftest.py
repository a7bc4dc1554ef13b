"""One run of the whole pipeline on a few patterns, for all tests that need one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from cloned import ROOT, git, run
from small import small

# Put on the path of every process of the pipeline: writes down what it imported and opened.
WITNESS = """
import atexit, json, os, sys
opened = set()
def note(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        opened.add(os.path.abspath(arguments[0]))
def write():
    modules = {
        name: getattr(module, "__file__", None)
        for name, module in sys.modules.items()
        if name.partition(".")[0] == "paper_lenet"
    }
    if modules:
        with open(os.path.join(os.environ["WITNESS"], sys.argv[1] + ".json"), "w") as file:
            json.dump(
                {"modules": modules, "opened": sorted(opened), "torch": "torch" in sys.modules},
                file,
            )
sys.addaudithook(note)
atexit.register(write)
"""


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory, raw: Path) -> Path:
    """The repository's files in a repository of their own, with small parameters, not yet run."""
    folder = tmp_path_factory.mktemp("checkout")
    listed = run(ROOT, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in listed.split("\0"):
        if name and not name.startswith(("data/", "tests/", "docs/")) and "dvc.lock" not in name:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    small(folder / "params.yaml", raw)
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "The code")
    return folder


@pytest.fixture(scope="session")
def records(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What each stage imported and opened in a run of the pipeline, which is then committed."""
    folder = tmp_path_factory.mktemp("witness")
    (folder / "sitecustomize.py").write_text(WITNESS)
    run(checkout, "dvc", "repro", PYTHONPATH=str(folder), WITNESS=str(folder))
    git(checkout, "add", ".")
    git(checkout, "commit", "--quiet", "-m", "A run")
    return {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}


@pytest.fixture
def clone(records: dict[str, Any], checkout: Path, tmp_path: Path) -> Path:
    """A clone of the checkout, with what its run of the pipeline committed."""
    assert records
    git(tmp_path, "clone", "--quiet", str(checkout), "clone")
    return tmp_path / "clone"
