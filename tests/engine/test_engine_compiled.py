"""Compiled kernels are kept, are never stale, and are done without where they cannot be kept."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from numba.core.dispatcher import Dispatcher

import paper_lenet
from paper_lenet.engine import compiled

# Penalties of one pattern, by the one kernel that is quickly compiled, and how it was come by.
PROBE = """
import hashlib, json
import numpy as np
import paper_lenet
from paper_lenet.engine import compiled, layout, network, state
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import initial_parameters

recipe = Recipe()
weights = layout.pack(recipe.network, initial_parameters(recipe, 0))
states = state.states(recipe)
states.input[:1024] = np.linspace(-0.1, 1.175, 1024)
arguments = state.plan(recipe), weights, states, np.zeros(18 * 16, np.float32)
compiled.ready([(network.states_of, arguments)])
network.states_of(*arguments)
print(json.dumps({
    "answer": hashlib.sha256(states.penalties.tobytes()).hexdigest(),
    "compiled": sum(network.states_of.stats.cache_misses.values()),
    "package": paper_lenet.__file__,
    "kept": hasattr(network.states_of._cache, "path"),
}))
"""

# An edit of `simd`: rounding twice where it was once.
ROUNDS_TWICE = "\n\nfused = lambda builder, a, b, c: builder.fadd(builder.fmul(a, b), c)\n"


def probe(package: Path, cache: Path, before: str = "") -> tuple[dict[str, Any], str]:
    """What the probe and standard error say in a fresh process with the package in `package`.

    It does `before` when all is imported and nothing compiled.
    """
    environment = os.environ | {"PYTHONPATH": str(package), "PAPER_LENET_CACHE": str(cache)}
    program = PROBE.replace("compiled.ready(", f"{before}\ncompiled.ready(")
    command = [sys.executable, "-B", "-c", program]
    answer = subprocess.run(
        command, cwd=package, env=environment, capture_output=True, text=True, check=True
    )
    found = json.loads(answer.stdout)
    assert Path(found["package"]).is_relative_to(package)
    return found, answer.stderr


@pytest.fixture
def copy(tmp_path) -> Path:
    """A folder with a copy of the package."""
    source = Path(paper_lenet.__file__).parent
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(source, tmp_path / "copy" / "paper_lenet", ignore=ignored)
    return tmp_path / "copy"


@pytest.mark.slow
def test_copies_share_kernels_until_one_is_edited(copy, tmp_path):
    """The kernel's own file is not edited, which is all that Numba looks at."""
    cache, other = tmp_path / "cache", tmp_path / "other"
    found, message = probe(copy, cache)
    assert found["compiled"] == 1 and "compiling the engine" in message
    shutil.copytree(copy, other)
    before, message = probe(other, cache)
    assert (before["compiled"], before["answer"], message) == (0, found["answer"], "")
    edited = other / "paper_lenet/engine/simd.py"
    source = edited.read_text(encoding="utf-8")
    edited.write_text(source + ROUNDS_TWICE, encoding="utf-8")
    after, _ = probe(other, cache)
    assert after["compiled"] == 1
    assert after["answer"] != before["answer"]
    edited.write_text(source, encoding="utf-8")
    undone, _ = probe(other, cache)
    assert undone == before


@pytest.mark.slow
def test_an_edit_while_a_process_runs_is_not_taken_for_what_it_compiles(copy, tmp_path):
    cache, edited = tmp_path / "cache", copy / "paper_lenet/engine/simd.py"
    edit = f"open({str(edited)!r}, 'a').write({ROUNDS_TWICE!r})"
    before, _ = probe(copy, cache, edit)
    after, _ = probe(copy, cache)
    assert (before["compiled"], after["compiled"]) == (1, 1)
    assert after["answer"] != before["answer"]


@pytest.mark.slow
def test_where_nothing_can_be_written_it_says_so_once_and_works(copy, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    found, message = probe(copy, blocked)
    line, _ = message.splitlines()
    assert line.startswith("paper-lenet: compiled kernels are not kept: ")
    assert str(blocked) in line
    assert not found["kept"]
    assert blocked.read_text(encoding="utf-8") == "in the way"


def test_kernels_use_nothing_of_other_rooms():
    """Numba takes the values that a kernel uses into its code, and of these files is the digest."""
    seen = set()
    for name in (path.stem for path in Path(compiled.__file__).parent.glob("*.py")):
        for kernel in vars(importlib.import_module(f"paper_lenet.engine.{name}")).values():
            if isinstance(kernel, Dispatcher):
                function = kernel.py_func
                seen |= {(function.__module__, name) for name in function.__code__.co_names}
    assert len(seen) > 100
    for module, name in seen:
        source = ast.parse(inspect.getsource(sys.modules[module]))
        for node in source.body:
            if isinstance(node, ast.ImportFrom) and name in {each.name for each in node.names}:
                assert str(node.module).startswith("paper_lenet.engine."), (module, name)


def test_the_folder_is_where_the_environment_says(tmp_path, monkeypatch):
    name = f"engine-{compiled.digest()[:16]}"
    monkeypatch.setenv("PAPER_LENET_CACHE", str(tmp_path / "ours"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    assert compiled.folder() == tmp_path / "ours" / name
    monkeypatch.delenv("PAPER_LENET_CACHE")
    assert compiled.folder() == tmp_path / "user/paper_lenet" / name
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert compiled.folder() == tmp_path / "home/.cache/paper_lenet" / name


@pytest.mark.parametrize("module", ["numba", "llvmlite"])
def test_another_compiler_has_another_folder(module, monkeypatch):
    before = compiled.digest()
    monkeypatch.setattr(f"{module}.__version__", "0.0.0")
    assert compiled.digest() != before
