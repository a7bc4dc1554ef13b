"""One seed trained anew shows what the committed record cannot say of itself."""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from fake_training import digits, small_recipe

from paper_lenet.digits.dataset import Data, Scale
from paper_lenet.network.params import Params, Train
from paper_lenet.pipeline.retrained import retrained
from paper_lenet.pipeline.train import train
from paper_lenet.pipeline.verify import DIFFERS, EXACT

WEIGHTS = "data/models/tiny/small/seed-00.safetensors"
RECORD = "data/results/tiny/small/train"


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A committed training of two seeds by the engine, on a few made-up patterns."""
    tmp_path = tmp_path_factory.mktemp("committed")
    recipe = small_recipe(passes=2, patterns=100)
    params = Params(Data("tiny", (), {}), Scale(), Train("small", 2), {"small": recipe})
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(json.loads(json.dumps(_tree(params)))))
    processed = tmp_path / "data/processed/tiny"
    processed.mkdir(parents=True)
    digits(150, 1).save(processed / "train.safetensors")
    digits(50, 2).save(processed / "test.safetensors")
    models, results = (tmp_path / WEIGHTS).parent, tmp_path / RECORD
    train(params, processed, models, results, tmp_path / "store", tmp_path / "timings.json")
    commit(tmp_path, "init", "--quiet")
    return tmp_path


@pytest.fixture
def checkout(committed: Path, tmp_path: Path) -> Path:
    return shutil.copytree(committed, tmp_path / "checkout")


def _tree(params: Params) -> dict[str, object]:
    recipes = {name: json.loads(recipe.to_json()) for name, recipe in params.recipes.items()}
    return dataclasses.asdict(dataclasses.replace(params, recipes={})) | {"recipes": recipes}


def commit(root: Path, *before: str) -> None:
    name = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    commands = [before] if before else []
    for command in (*commands, ("add", "data", "params.yaml"), ("commit", "-qm", "A run")):
        subprocess.run(["git", *name, *command], cwd=root, check=True)


def test_the_committed_seed_is_the_one_trained_anew_and_nothing_is_kept(checkout: Path) -> None:
    files = sorted(checkout.rglob("[!.]*"))
    verdicts = list(retrained(checkout))
    assert {verdict.outcome for verdict in verdicts} == {EXACT}
    assert [Path(verdict.path).name for verdict in verdicts] == [
        "seed-00.safetensors",
        "runs.csv",
        "passes.csv",
        "misread.csv",
        "recipes.json",
    ]
    assert sorted(checkout.rglob("[!.]*")) == files


def test_what_differs_from_it_is_named(checkout: Path) -> None:
    other = (checkout / WEIGHTS).with_name("seed-01.safetensors")
    (checkout / WEIGHTS).write_bytes(other.read_bytes())
    passes = checkout / RECORD / "passes.csv"
    heading, *rows = passes.read_text().splitlines(keepends=True)
    passes.write_text(heading + "".join(rows).replace("small,0,2,0.0002", "small,0,2,0.0003"))
    (checkout / RECORD / "recipes.json").unlink()
    commit(checkout)
    wrong = {each.path: each.detail for each in retrained(checkout) if each.outcome == DIFFERS}
    assert "differs by up to" in wrong.pop(WEIGHTS)
    assert wrong == {
        f"{RECORD}/passes.csv": "trained anew, line 3, eta is 0.0002, not 0.0003",
        f"{RECORD}/recipes.json": "it is not committed",
    }
