"""Code on the pages and in the README: commands exist as printed, settings are accepted."""

from __future__ import annotations

import re
import shlex
import subprocess
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from dvc.cli import DvcParserError, parse_args

from paper_lenet.cli import parser
from paper_lenet.network.params import read_params
from paper_lenet.studies.grid import read_study
from paper_lenet.studies.tutorials.spec import read_tutorials

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *(p for p in (ROOT / "docs").rglob("*.md") if "_build" not in p.parts)]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
BLOCKS = [
    pytest.param(*block, id=f"{page.stem}-{number}")
    for page in sorted(PAGES)
    for number, block in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")))
]
EXPERIMENTS = (ROOT / "docs/experiments.md").read_text(encoding="utf-8")
# Run by test_docs_python.py; read by test_docs_path.py; nothing to run.
ELSE = {"python", "pycon", "diff", "text"}


def commands(language: str) -> list[list[str]]:
    """Every command of the shell, as words."""
    texts = [block.values[1] for block in BLOCKS if block.values[0] == language]
    lines = [line for text in texts for line in text.splitlines()]
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def accepts(words: list[str]) -> None:
    """Fail unless a command is one that would be understood as it is printed."""
    name, *rest = words
    if name.endswith("paper-lenet"):
        parser().parse_args(rest)
    elif name == "python" and rest[0].startswith("examples/"):
        text = (ROOT / rest[0]).read_text(encoding="utf-8")
        assert all(f'"{word}"' in text for word in rest if word.startswith("--")), words
    elif name == "python":
        assert rest[:2] == ["-m", "paper_lenet"]
        parser().parse_args(rest[2:])
    elif name == "make":
        dry = ["make", "--dry-run", *rest]
        done = subprocess.run(dry, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    elif name == "dvc":
        parse_args(rest)
    elif name == "pip":
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        extras = re.search(r"\[(.*)\]$", rest[-1])
        here = rest[-1] == "./paper_lenet" or rest[-1].removeprefix("./")[:1] == "."
        assert rest[0] == "install" and here, words
        named = set(extras[1].split(",")) if extras else set()
        assert named <= set(project["optional-dependencies"]), words
    elif name == "git" and rest[0] == "checkout":
        assert (ROOT / rest[-1]).is_file(), words
    elif name == "git":  # those of the page of experiments are typed by test_experiments.py
        assert rest[0] == "clone" or shlex.join(words) in EXPERIMENTS, words
    elif name == "dask":
        assert find_spec(f"distributed.cli.dask_{rest[0]}"), words
    else:
        others = ["export", "PATH=$PWD/.venv/bin:$PATH"], ["cd", "paper_lenet"]
        assert words in others, words


def test_every_block_is_of_a_kind_that_is_tested() -> None:
    kinds = {block.values[0] for block in BLOCKS}
    assert kinds == {"sh", "yaml", *ELSE}


@pytest.mark.parametrize("words", commands("sh"), ids=" ".join)
def test_commands_are_understood(words: list[str]) -> None:
    accepts(words)


@pytest.mark.parametrize(
    "line",
    [
        "make coffee",
        "python examples/lenet5_in_one_file.py --tea",
        "paper-lenet brew",
        "dvc brew",
        "pip install -e '.[tea]'",
        "brew tea",
    ],
)
def test_a_command_that_does_not_exist_would_be_found(line: str) -> None:
    with pytest.raises((AssertionError, SystemExit, DvcParserError)):
        accepts(shlex.split(line))


def test_settings_are_accepted(tmp_path: Path) -> None:
    params = (ROOT / "params.yaml").read_text(encoding="utf-8")
    tutorials = yaml.safe_load((ROOT / "studies/tutorials.yaml").read_text(encoding="utf-8"))
    seen = 0
    for block in BLOCKS:
        if block.values[0] != "yaml":
            continue
        seen += 1
        path = tmp_path / f"{seen}.yaml"
        tree = yaml.safe_load(block.values[1])
        if "data" in tree:
            path.write_text(yaml.safe_dump(yaml.safe_load(params) | tree), encoding="utf-8")
            assert read_params(path).data.name == tree["data"]["name"]
        elif "recipes" in tree:
            whole = yaml.safe_load(params)
            mine = {key: whole[key] | part for key, part in tree.items()}
            path.write_text(yaml.safe_dump(whole | mine), encoding="utf-8")
            assert read_params(path).train.recipe in tree["recipes"]
        elif "runs" in tree:
            path.write_text(block.values[1], encoding="utf-8")
            recipes = read_params(ROOT / "params.yaml").recipes
            assert len(read_study(path, recipes).runs) == len(tree["runs"])
        else:
            tutorials["tutorials"] |= tree
            path.write_text(yaml.safe_dump(tutorials), encoding="utf-8")
            assert set(tree) <= set(read_tutorials(path).tutorials)
    assert seen > 2
