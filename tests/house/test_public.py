"""The public names: loaded when they are used, typed, and the same in every list of them."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import paper_lenet

ROOT = Path(__file__).parents[2]
SOURCE = Path(paper_lenet.__file__)
USER = """
from typing import assert_type

import paper_lenet
from paper_lenet import Answers, LeNet5, Network, Patterns, Recipe, Trained, TrainingRun

data = paper_lenet.load_mnist()
assert_type(data, tuple[Patterns, Patterns])
run = paper_lenet.train(Recipe(Network(c3="full")), data, passes=1)
assert_type(run, TrainingRun)
assert_type(run.trained, Trained)
assert_type(paper_lenet.evaluate(run.trained, data[1]), Answers)
assert_type(LeNet5.pretrained(3), LeNet5)
assert_type(paper_lenet.predict("photo.jpg").answer, int)
assert_type(paper_lenet.paper.numbers.TEST_ERROR.value, float)
"""
WRONG = (
    'Network(c3="Full")',
    "Recipe().los",
    "paper_lenet.nothing",
    "LeNet5.pretrained('a')",
    'paper_lenet.train(Recipe(), data, trainer="Engine")',
)


def test_what_is_loaded_lazily_is_what_type_checkers_see() -> None:
    (block,) = [
        part
        for part in ast.parse(SOURCE.read_text(encoding="utf-8")).body
        if isinstance(part, ast.If) and ast.unparse(part.test) == "TYPE_CHECKING"
    ]
    typed = {
        (part.module, name.asname)
        for part in block.body
        if isinstance(part, ast.ImportFrom)
        for name in part.names
    }
    homes = {(f"paper_lenet.{home}", name) for name, home in paper_lenet._HOMES.items()}
    assert typed == homes | {("paper_lenet", "paper")}
    assert {name for _, name in typed} | {"__version__"} == set(paper_lenet.__all__)


def test_every_name_is_there_and_is_completed() -> None:
    assert sorted(dir(paper_lenet)) == sorted(paper_lenet.__all__)
    for name in paper_lenet.__all__:
        assert getattr(paper_lenet, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'lenet5'"):
        _ = paper_lenet.lenet5


def test_importing_the_package_loads_nothing_that_is_heavy() -> None:
    code = (
        "import sys, paper_lenet; dir(paper_lenet);"
        "sys.exit(str(sys.modules.keys() & {'numpy', 'torch', 'numba', 'scipy', 'tqdm'} or ''))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr.strip() == ""


@pytest.mark.slow
def test_a_users_program_is_checked_strictly(tmp_path: Path) -> None:
    mypy = (sys.executable, "-m", "mypy", "--strict", "--config-file", "pyproject.toml")
    for name, text, errors in (
        ("right.py", USER, 0),
        ("wrong.py", USER + "\n".join(WRONG), len(WRONG)),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8", newline="\n")
        command = [*mypy, str(tmp_path / name)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert done.stdout.count(": error: ") == errors, done.stdout
