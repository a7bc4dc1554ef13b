"""The command line: help to read, one line for an expected error, no import too many."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import paper_lenet
from paper_lenet import cli
from paper_lenet.base.errors import PaperLenetError
from paper_lenet.network import weights
from paper_lenet.network.recipe import Recipe

ROOT = Path(__file__).parents[2]
COMMANDS = [
    "download",
    "preprocess",
    "train",
    "evaluate",
    "figures",
    "explain",
    "examples",
    "fingerprint",
    "cost",
    "verify",
    "study",
    "tutorials",
    "claims",
    "predict",
    "export",
    "bench",
]


def lines(capsys: pytest.CaptureFixture[str]) -> tuple[list[str], list[str]]:
    captured = capsys.readouterr()
    return captured.out.splitlines(), captured.err.splitlines()


def test_help_lists_each_command_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main(["--help"])
    printed, _ = lines(capsys)
    assert stop.value.code == 0
    start = printed.index("commands:") + 1
    assert [line.split()[0] for line in printed[start : start + len(COMMANDS)]] == COMMANDS
    assert printed[start + len(COMMANDS)] == ""
    assert max(map(len, printed)) <= 100


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main([command, "--help"])
    assert stop.value.code == 0
    assert f"usage: paper-lenet {command}" in lines(capsys)[0][0]


@pytest.mark.parametrize("arguments", [[], ["nothing"], ["predict"], ["train", "--seeds", "3"]])
def test_wrong_usage_exits_with_two(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main(arguments)
    assert stop.value.code == 2
    assert lines(capsys)[1][-1].startswith("paper-lenet")


@pytest.mark.parametrize("command", COMMANDS[:5])
def test_missing_parameters_are_one_line(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main([command]) == 1
    printed, (error,) = lines(capsys)
    assert printed == []
    assert error.startswith("paper-lenet: params.yaml: there is no such file; run it in the rep")


def test_wrong_parameter_is_named_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "params.yaml").read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(text.replace("mu: 0.02", "mu: small"))
    assert cli.main(["train", "--params", str(tmp_path / "mine.yaml")]) == 1
    _, errors = lines(capsys)
    assert errors == [
        "paper-lenet: recipes.paper.step.mu: 'small' is not of type float, as in 1.0e-3"
    ]


@pytest.mark.parametrize("command", COMMANDS[1:6])
def test_stage_without_its_input_is_one_line(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main([command, "--params", str(ROOT / "params.yaml")]) == 1
    _, errors = lines(capsys)
    assert len(errors) == 1
    assert errors[0].startswith("paper-lenet: ")


def test_every_command_takes_the_options_that_it_is_given() -> None:
    assert [run.__name__.strip("_") for run, *_ in cli.COMMANDS] == COMMANDS
    for run, *options in cli.COMMANDS:
        given = [how.get("dest", name.strip("-")) for name, how in options]
        assert sorted(given) == sorted(inspect.signature(run).parameters), run


def test_every_error_of_the_package_is_an_expected_one() -> None:
    """But for two that are answers: of the ledger, and between threads."""
    for module in pkgutil.walk_packages(paper_lenet.__path__, "paper_lenet."):
        if module.name != "paper_lenet.__main__":
            importlib.import_module(module.name)
    waiting, found = [Exception], set()
    while waiting:
        waiting += (children := waiting.pop().__subclasses__())
        found |= {each for each in children if each.__module__.startswith("paper_lenet")}
    assert len(found) > 20
    others = {each.__name__ for each in found if not issubclass(each, PaperLenetError)}
    assert others == {"NotMeasured", "Stopped"}


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
    """The exit status when ``predict`` meets `error`."""

    def find_weights(path: Path | None) -> Path:
        raise error

    monkeypatch.setattr("paper_lenet.pipeline.predict.find_weights", find_weights)
    return cli.main(["predict", "a.png"])


def test_interruption_is_one_line_and_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert failing(monkeypatch, KeyboardInterrupt()) == 130
    assert lines(capsys)[1] == ["paper-lenet: interrupted"]


def test_missing_pytorch_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert failing(monkeypatch, ModuleNotFoundError("no torch", name="torch")) == 1
    assert "pip install -e '.[reference]'" in lines(capsys)[1][0]


def test_full_disk_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert failing(monkeypatch, OSError(28, "No space left on device", "data/x")) == 1
    assert lines(capsys)[1] == ["paper-lenet: [Errno 28] No space left on device: 'data/x'"]


def test_an_expected_error_is_one_line_whatever_it_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert failing(monkeypatch, PaperLenetError("two\n  lines")) == 1
    assert lines(capsys)[1] == ["paper-lenet: two lines"]


@pytest.mark.parametrize("error", [ValueError("bug"), RuntimeError("bug"), KeyError("bug")])
def test_mistakes_of_ours_are_not_hidden(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(type(error)):
        failing(monkeypatch, error)


@pytest.fixture
def untrained(tmp_path: Path) -> Path:
    path = tmp_path / "seed-00.safetensors"
    recipe = Recipe()
    weights.save(path, weights.Trained(weights.initial_parameters(recipe, 0), recipe, 0))
    return path


def test_predict_prints_answer_confidence_and_penalties(
    tmp_path: Path, untrained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grey = np.full((40, 30), 255, np.uint8)
    grey[5:35, 12:16] = 0
    Image.fromarray(grey).save(tmp_path / "one.png")
    (tmp_path / "text.png").write_text("no image")
    images = [str(tmp_path / name) for name in ("text.png", "one.png")]
    status = cli.main(["predict", *images, "--weights", str(untrained), "--trainer", "reference"])
    printed, errors = lines(capsys)
    assert status == 1  # one of the two could not be read, the other is answered all the same
    assert len(errors) == 1 and errors[0].startswith(f"paper-lenet: {images[0]}: not an image")
    assert len(printed) == 3
    answer = int(printed[0].removeprefix(f"{images[1]}: ")[0])
    penalties = list(map(float, printed[2].split()[1:]))
    assert len(penalties) == 10
    assert penalties[answer] == min(penalties)


def test_predict_without_weights_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["predict", "a.png", "--weights", str(tmp_path / "none")]) == 1
    assert lines(capsys)[1] == [f"paper-lenet: {tmp_path / 'none'}: there are no such weights"]


def test_help_loads_none_of_the_heavy_libraries() -> None:
    code = (
        "import sys; from paper_lenet.cli import parser; parser().format_help();"
        "print([n for n in ('torch', 'numba', 'matplotlib', 'scipy', 'PIL') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr
