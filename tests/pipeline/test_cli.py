"""The command line: help to read, one line for an expected error, no import too many."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import json
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
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
    "touch",
    "fingerprint",
    "cost",
    "verify",
    "study",
    "tutorials",
    "fig9",
    "claims",
    "preprint",
    "compare",
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


def test_any_missing_library_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, extra in (("sklearn.covariance", "[studies]"), ("scipy", "")):
        assert failing(monkeypatch, ModuleNotFoundError("no such", name=name)) == 1
        assert lines(capsys)[1][0].endswith(f": pip install -e '.{extra}'")
    with pytest.raises(ModuleNotFoundError):  # a mistake of ours
        failing(monkeypatch, ModuleNotFoundError("no such", name="paper_lenet.none"))


def test_an_analysis_without_its_library_says_how_to_get_it() -> None:
    code = (
        "import sys; sys.modules['sklearn'] = None; from paper_lenet.cli import main;"
        "sys.exit(main(['study', 'posterior', 'analyse']))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "paper-lenet: this needs scikit-learn: pip install -e '.[studies]'\n"


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with these variables of the environment."""
    return subprocess.run(
        [sys.executable, "-m", "paper_lenet", *arguments],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_letters_that_a_terminal_does_not_know_are_written_out(tmp_path: Path) -> None:
    done = run("claims", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "\\u2713 reproduced" in done.stdout
    done = run("predict", str(tmp_path / "größe.png"), PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert done.stderr.endswith("gr\\xf6\\xdfe.png: there is no such file\n")


def test_names_command_no_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["predict", str(tmp_path / "a\x1b[2J\nb\udcff.png")]) == 1
    assert lines(capsys)[1] == [
        f"paper-lenet: {tmp_path}/a\\x1b[2J b\\udcff.png: there is no such file"
    ]


@pytest.mark.parametrize("arguments", [["claims"], ["predict", "IMAGE", "--weights", "WEIGHTS"]])
def test_a_reader_that_leaves_is_no_error(
    arguments: list[str], tmp_path: Path, untrained: Path
) -> None:
    Image.fromarray(np.pad(np.full((9, 3), 255, np.uint8), 9)).save(tmp_path / "one.png")
    places = {"IMAGE": str(tmp_path / "one.png"), "WEIGHTS": str(untrained)}
    left, write = os.pipe()
    os.close(left)
    words = [places.get(word, word) for word in arguments]
    with os.fdopen(write, "w") as output:
        done = subprocess.run(
            [sys.executable, "-m", "paper_lenet", *words],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 141
    assert "Traceback" not in done.stderr and "Broken pipe" not in done.stderr


@pytest.mark.parametrize("kind", ["backend", "bytes", "tqdm"])
def test_settings_for_other_programs_are_left_alone_or_named(kind: str, tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_bytes(b"\xff\xfe")
    variables = {
        "backend": {"MPLBACKEND": "none"},
        "bytes": {"MATPLOTLIBRC": str(tmp_path)},
        "tqdm": {"TQDM_NCOLS": "wide"},
    }[kind]
    code = (
        "import sys; from paper_lenet.cli import main; status = main(['claims']);"
        "import matplotlib; sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
    )
    if kind != "tqdm":
        assert done.returncode == 0, done.stderr
    else:
        assert done.returncode == 1
        assert done.stderr.startswith("paper-lenet: tqdm cannot take a variable of TQDM_NCOLS: ")
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("columns", ["0", "1", "-5", "wide", "9" * 20, ""])
def test_help_is_as_wide_as_any_terminal(
    columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.delenv("TERM", raising=False)
    with pytest.raises(SystemExit) as stop:
        cli.main(["predict", "--help"])
    assert stop.value.code == 0
    assert "--weights" in "\n".join(lines(capsys)[0])


# Commands that end before they train or ask for anything, in a folder where nothing is.
WORDS = st.sampled_from(
    [
        *("", "-", "--", "a.png", "../x", "/", ".", "nul\x00", "\udcff", "\x1b[31m", "x" * 5000),
        *("train", "analyse", "paper", "posterior", "1e9", "-1", "100000000000", "tcp://x:1"),
        *("--params", "params.yaml", "--weights", "--scheduler", "--only", "--seeds", "--from"),
        *("--trainer", "engine", "--json", "--write", "--variants", "--version=x", "none/"),
    ]
) | st.text(max_size=8)


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with parameters and no data, nor anywhere to take them from."""
    folder = tmp_path_factory.mktemp("nothing")
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    params["data"]["sources"] = []
    (folder / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    return folder


@settings(max_examples=200)
@given(
    # Those that are left out ask git and DVC, which takes seconds.
    command=st.sampled_from([n for n in COMMANDS if n not in ("cost", "compare", "verify")]),
    words=st.lists(WORDS, max_size=5),
)
def test_any_words_give_one_line(command: str, words: list[str], nothing: Path) -> None:
    with (
        contextlib.chdir(nothing),
        mock.patch("paper_lenet.pipeline.predict.PRETRAINED", nothing / "none"),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()) as errors,
    ):
        try:
            status: object = cli.main([command, *words])
        except SystemExit as stop:
            status = stop.code
    told = errors.getvalue()
    if status == 2:
        assert "error: " in told
    elif status == 1:
        assert told.startswith("paper-lenet: ") and told[:-1].isprintable()
    else:
        assert (status, told) == (0, "")


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


def one(path: Path) -> str:
    """A one on a sheet, and its name."""
    grey = np.full((40, 30), 255, np.uint8)
    grey[5:35, 12:16] = 0
    Image.fromarray(grey).save(path)
    return str(path)


def test_predict_prints_answer_confidence_and_penalties(
    tmp_path: Path, untrained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one(tmp_path / "one.png")
    (tmp_path / "text.png").write_text("no image")
    images = [str(tmp_path / name) for name in ("text.png", "one.png")]
    status = cli.main(["predict", *images, "--weights", str(untrained), "--trainer", "reference"])
    printed, errors = lines(capsys)
    assert status == 1  # one of the two could not be read, the other is answered all the same
    assert errors[0].startswith(f"paper-lenet: by the network in {untrained}, which is not")
    assert len(errors) == 2 and errors[1].startswith(f"paper-lenet: {images[0]}: not an image")
    assert len(printed) == 3
    answer = int(re.search(r"\d", printed[0].removeprefix(f"{images[1]}: "))[0])
    penalties = list(map(float, printed[2].split()[1:]))
    assert len(penalties) == 10
    assert penalties[answer] == min(penalties)


def test_predict_tells_json_of_all_images_that_can_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images = [one(tmp_path / "a.png"), str(tmp_path / "none.png"), one(tmp_path / "b.png")]
    assert cli.main(["predict", "--json", *images, "--weights", str(weights.PRETRAINED)]) == 1
    captured = capsys.readouterr()
    assert captured.err == f"paper-lenet: {images[1]}: there is no such file\n"
    first, second = json.loads(captured.out)
    assert [first["image"], second["image"]] == [images[0], images[2]]
    assert first["weights"] == str(weights.PRETRAINED)
    (digit,) = first["digits"]
    assert (digit["answer"], digit["unsure"], digit["ink"]) == (1, False, "dark")
    assert digit["box"] == [12, 5, 16, 35]
    assert len(digit["penalties"]) == 10 and min(digit["penalties"]) == digit["penalties"][1]
    assert second["digits"] == first["digits"]


def test_predict_names_no_network_but_another_than_the_shipped_one(
    tmp_path: Path, untrained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = one(tmp_path / "one.png")
    assert cli.main(["predict", image, "--weights", str(weights.PRETRAINED)]) == 0
    printed, errors = lines(capsys)
    assert printed[0].startswith(f"{image}: 1  (") and errors == []
    arguments = ["predict", image, "--weights", str(untrained), "--trainer", "reference"]
    assert cli.main(arguments) == 0
    assert str(untrained) in lines(capsys)[1][0]


def test_predict_says_how_many_digits_there_are_and_reads_all_if_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grey = np.full((120, 200), 255, np.uint8)
    grey[30:90, 40:48] = grey[30:90, 140:148] = 0
    path = tmp_path / "two.png"
    Image.fromarray(grey).save(path)
    asked = ["predict", str(path), "--weights", str(weights.PRETRAINED)]
    assert cli.main(asked) == 1
    printed, errors = lines(capsys)
    assert printed == []
    assert errors == [
        f"paper-lenet: {path}: 2 digits are to be seen; read them all with --all, "
        "in Python with predict_all"
    ]
    assert cli.main([*asked, "--all"]) == 0
    printed, errors = lines(capsys)
    assert printed[0] == f"{path}: 2 digits" and errors == []
    assert printed[1].startswith("  1  (") and ", at 4" in printed[1]
    assert printed[4].startswith("  1  (") and ", at 14" in printed[4]


@pytest.mark.parametrize("several", [[], ["--all"]])
def test_predict_refuses_a_blank_sheet_in_one_line(
    several: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "blank.png"
    Image.fromarray(np.tile(np.linspace(120, 240, 400).astype(np.uint8), (300, 1))).save(path)
    asked = ["predict", str(path), "--weights", str(weights.PRETRAINED)]
    assert cli.main([*asked, *several]) == 1
    printed, errors = lines(capsys)
    assert printed == []
    assert len(errors) == 1
    assert errors[0].startswith(f"paper-lenet: {path}: no digit to be seen: ")


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_predict_draws_what_it_saw(suffix: str, tmp_path: Path) -> None:
    image, drawing = one(tmp_path / "one.png"), tmp_path / f"seen.{suffix}"
    asked = ["predict", image, "--weights", str(weights.PRETRAINED), "--show", str(drawing)]
    assert cli.main(asked) == 0
    assert drawing.read_bytes().startswith(b"\x89PNG" if suffix == "png" else b"<?xml")


def test_predict_draws_one_image_into_a_file_of_a_kind_it_knows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = one(tmp_path / "one.png")
    asked = ["predict", "--weights", str(weights.PRETRAINED), "--show", str(tmp_path / "seen")]
    assert cli.main([*asked, image, image]) == 1
    assert lines(capsys) == ([], ["paper-lenet: --show draws one image; name one alone"])
    assert cli.main([*asked, image]) == 1
    told = f"paper-lenet: {tmp_path}/seen: a drawing is written as .png or .svg"
    assert lines(capsys) == ([], [told])
    assert [path.name for path in tmp_path.iterdir()] == ["one.png"]


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


def test_a_scheduler_where_nothing_is_trained_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert cli.main(["study", "sizes", "analyse", "--scheduler", "tcp://127.0.0.1:8786"]) == 1
    assert "--scheduler: only `train` runs on a cluster" in lines(capsys)[1][0]
