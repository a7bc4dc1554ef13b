"""The ONNX file is the network: the same penalties as PyTorch's, for every kind of network."""

from __future__ import annotations

import builtins
import hashlib
import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from drawn import digits

from paper_lenet import cli
from paper_lenet.network.architecture import Network
from paper_lenet.network.lenet5 import LeNet5
from paper_lenet.network.recipe import Loss, Recipe, Step
from paper_lenet.network.weights import Trained, initial_parameters, load
from paper_lenet.pipeline.export import ExportError, export, model
from paper_lenet.pipeline.predict import WEIGHTS

ROOT = Path(__file__).parents[2]
RELATIVE = 1e-5  # of the largest penalty; sums are in another order
RECIPES = [
    Recipe(),
    Recipe(loss=Loss(half=False)),
    Recipe(network=Network(28, "full", "tanh", "sum", "trainable_rbf")),
    Recipe(
        network=Network(32, "full", "relu", "max", "softmax"),
        loss=Loss(9, math.inf),
        step=Step(output="exact"),
    ),
    Recipe(network=Network(28, "table", "scaled_tanh", "fixed_average", "targets")),
    Recipe(network=Network(28, "table", "relu", "average", "rbf")),
]


def shaken(recipe: Recipe) -> dict[str, np.ndarray]:
    """Initial weights with all of them moved, so that no bias is zero and no coefficient one."""
    random = np.random.default_rng(0)
    return {
        name: part + random.normal(0, 0.1, part.shape).astype(np.float32)
        for name, part in initial_parameters(recipe, 3).items()
    }


def answers(content: bytes, inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Penalties and answers that onnxruntime gives."""
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    penalties, answer = session.run(["penalties", "answer"], {"input": inputs})
    return penalties, answer


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: str(recipe.network.output))
def test_penalties_are_those_of_pytorch(recipe: Recipe) -> None:
    trained = Trained(shaken(recipe), recipe, 3)
    content = model(trained)
    onnx.checker.check_model(onnx.load_from_string(content), full_check=True)
    inputs = digits(recipe.network.input).inputs(slice(None))
    reference = LeNet5.from_parameters(trained.parameters, recipe.network, recipe.loss.half)
    with torch.no_grad():
        expected = reference(torch.from_numpy(inputs)).numpy()
    penalties, answer = answers(content, inputs)
    assert np.abs(penalties - expected).max() < RELATIVE * np.abs(expected).max()
    assert answer.tolist() == expected.argmin(axis=1).tolist()


def test_the_graph_has_the_papers_layers_and_says_what_it_is() -> None:
    trained = load(ROOT / WEIGHTS)
    made = onnx.load_from_string(model(trained))
    named = {output for node in made.graph.node for output in node.output}
    assert {"C1", "S2", "C3", "S4", "C5", "F6", "penalties", "answer"} <= named
    note = {entry.key: entry.value for entry in made.metadata_props}
    assert note["seed"] == str(trained.seed)
    assert json.loads(note["recipe"]) == json.loads(trained.recipe.to_json())
    assert json.loads(note["scale"]) == {"background": -0.1, "foreground": 1.175}


def test_the_same_weights_give_the_same_bytes() -> None:
    content = model(load(ROOT / WEIGHTS))
    code = (
        "import hashlib; from paper_lenet.pipeline.export import model\n"
        "from paper_lenet.network.weights import load\n"
        f"print(hashlib.sha256(model(load({str(ROOT / WEIGHTS)!r}))).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == hashlib.sha256(content).hexdigest(), done.stderr


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    trained = load(ROOT / WEIGHTS)
    export(tmp_path / "lenet5.onnx", trained)
    assert (tmp_path / "lenet5.onnx").read_bytes() == model(trained)
    assert len(list(tmp_path.iterdir())) == 1
    with pytest.raises(ExportError, match=r"lenet5\.pb: an ONNX file's name ends in \.onnx"):
        export(tmp_path / "lenet5.pb", trained)


def test_the_command_writes_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "lenet5.onnx"
    assert cli.main(["export", str(path), "--weights", str(ROOT / WEIGHTS)]) == 0
    assert capsys.readouterr().out == f"{path}: written\n"
    assert path.read_bytes() == model(load(ROOT / WEIGHTS))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lenet5.txt", "--weights", str(ROOT / WEIGHTS)], "an ONNX file's name ends in .onnx"),
        (["lenet5.onnx", "--weights", "nothing.safetensors"], "there are no such weights"),
        (["no/folder/lenet5.onnx", "--weights", str(ROOT / WEIGHTS)], "there is no such folder"),
    ],
)
def test_a_bad_argument_is_one_line(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["export", *arguments]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and message in error
    assert list(tmp_path.iterdir()) == []


def test_missing_onnx_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: object) -> object:
        if name.partition(".")[0] == "onnx":
            raise ModuleNotFoundError("no onnx", name="onnx")
        return real(name, *rest)  # type: ignore[arg-type]

    monkeypatch.delitem(sys.modules, "paper_lenet.pipeline.export")
    monkeypatch.setattr(builtins, "__import__", without)
    assert cli.main(["export", "lenet5.onnx", "--weights", str(ROOT / WEIGHTS)]) == 1
    assert "this needs ONNX: pip install -e '.[onnx]'" in capsys.readouterr().err
