"""A verification can fail, and then names the output."""

from __future__ import annotations

import base64
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from PIL import Image
from safetensors.numpy import save

from paper_lenet.cli import main
from paper_lenet.pipeline.tolerance import difference, first_difference
from paper_lenet.pipeline.verify import CLOSE, DIFFERS, EXACT, VerifyError, md5, verify

OUTS = {
    "download": ["data/raw/mnist"],
    "preprocess": ["data/processed/mnist", "data/results/mnist/preprocess.json"],
    "train": ["data/models/mnist", "data/results/mnist/train"],
    "evaluate": ["data/results/mnist/evaluate"],
    "figures": ["data/figures/mnist"],
}
CURVE = "pass,test_errors,mean\n1,265,2.65\n2,223,2.2300000001\n"
SVG = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
<defs><path id="m0a1b2c" d="M 1.00 2.00 L 3.5 4.25"/></defs>
<use xlink:href="#m0a1b2c" x="10.5" style="fill: #1f77b4"/><text>0.95%</text></svg>
"""
FILES = {
    "data/raw/mnist/train-images": b"images",
    "data/processed/mnist/train.safetensors": b"patterns",
    "data/results/mnist/preprocess.json": b'{"mean": 0.0280001, "patterns": 60000}\n',
    "data/models/mnist/seed-00.safetensors": save({"C1.weight": np.ones(3, np.float32)}),
    "data/models/mnist/seed-01.safetensors": save({"C1.weight": np.ones(3, np.float32)}),
    "data/results/mnist/train/passes.csv": b"seed,pass,loss\n0,1,2.25\n",
    "data/results/mnist/evaluate/curve.csv": CURVE.encode(),
    "data/results/mnist/evaluate/metrics.json": b'{"errors": [95, 96], "mean": 0.955}\n',
    "data/figures/mnist/errors-light.svg": SVG.encode(),
}


def git(root: Path, *arguments: str) -> None:
    name = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *name, *arguments], cwd=root, check=True, capture_output=True)


def write_lock(root: Path) -> None:
    stages = {
        stage: {"outs": [{"path": path, "md5": md5(root / path)} for path in paths]}
        for stage, paths in sorted(OUTS.items())
    }
    (root / "dvc.lock").write_text(yaml.safe_dump({"stages": stages}))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A committed run of a made-up pipeline, with its outputs in place."""
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (tmp_path / ".gitignore").write_text("/data/raw/\n/data/processed/\n")
    (tmp_path / "params.yaml").write_text("data: {name: mnist}\n")
    (tmp_path / "dvc.yaml").write_text(yaml.safe_dump({"stages": OUTS}, sort_keys=False))
    write_lock(tmp_path)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "A run")
    return tmp_path


def outcomes(root: Path) -> dict[str, str]:
    return {path: outcome for path, outcome, _ in verify(root)}


def change(root: Path, name: str, old: str, new: str) -> None:
    """What a run that came out differently leaves: another file, and a lock that agrees with it."""
    path = root / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    write_lock(root)


def test_folder_hash_is_the_one_that_dvc_records(tmp_path: Path) -> None:
    for name, text in {"a.txt": "one", "a/b.txt": "two", "é.txt": "three"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert md5(tmp_path) == "e3a2a205e40fa423f3f44dd099b782f5.dir"


def test_unchanged_outputs_are_bit_exact_from_first_stage_to_last(checkout: Path) -> None:
    verdicts = list(verify(checkout))
    assert [verdict.path for verdict in verdicts] == [p for paths in OUTS.values() for p in paths]
    assert {verdict.outcome for verdict in verdicts} == {EXACT}


@pytest.mark.parametrize("name", FILES)
def test_one_changed_byte_names_its_output(checkout: Path, name: str) -> None:
    content = bytearray((checkout / name).read_bytes())
    content[len(content) // 2] ^= 1
    (checkout / name).write_bytes(content)
    write_lock(checkout)
    found = outcomes(checkout)
    wrong = [path for path, outcome in found.items() if outcome == DIFFERS]
    assert len(wrong) == 1
    assert name.startswith(wrong[0])


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_names_its_output(checkout: Path, name: str) -> None:
    (checkout / name).unlink()
    wrong = [path for path, outcome in outcomes(checkout).items() if outcome == DIFFERS]
    assert len(wrong) == 1
    assert name.startswith(wrong[0])


def test_an_extra_file_is_named(checkout: Path) -> None:
    (checkout / "data/models/mnist/seed-02.safetensors").write_bytes(b"x")
    details = {path: detail for path, outcome, detail in verify(checkout) if outcome == DIFFERS}
    assert list(details) == ["data/models/mnist"]
    assert "seed-02.safetensors" in details["data/models/mnist"]


def test_last_digits_of_statistics_and_figures_may_differ(checkout: Path) -> None:
    change(checkout, "data/results/mnist/evaluate/curve.csv", "2.2300000001", "2.2300000002")
    change(checkout, "data/figures/mnist/errors-light.svg", "4.25", "4.26")
    change(checkout, "data/results/mnist/preprocess.json", "0.0280001", "0.02800010000001")
    close = [path for path, outcome in outcomes(checkout).items() if outcome == CLOSE]
    assert close == [
        "data/results/mnist/preprocess.json",
        "data/results/mnist/evaluate",
        "data/figures/mnist",
    ]
    assert DIFFERS not in outcomes(checkout).values()


def test_last_digits_of_the_training_may_not_differ(checkout: Path) -> None:
    change(checkout, "data/results/mnist/train/passes.csv", "2.25", "2.2500000001")
    details = {path: detail for path, outcome, detail in verify(checkout) if outcome == DIFFERS}
    assert details == {
        "data/results/mnist/train": "passes.csv: line 2, loss is 2.2500000001, not 2.25"
    }


def test_a_lock_committed_without_its_files_is_found_out(checkout: Path) -> None:
    name = "data/results/mnist/train/passes.csv"
    original = (checkout / name).read_bytes()
    change(checkout, name, "2.25", "2.5")
    (checkout / name).write_bytes(original)
    git(checkout, "commit", "--quiet", "-am", "A lock that is not of these files")
    assert outcomes(checkout)["data/results/mnist/train"] == DIFFERS


def test_an_output_that_was_never_committed_is_named(checkout: Path) -> None:
    lock: dict[str, Any] = yaml.safe_load((checkout / "dvc.lock").read_text())
    lock["stages"]["figures"]["outs"].append({"path": "data/figures/fashion", "md5": "0"})
    (checkout / "dvc.lock").write_text(yaml.safe_dump(lock))
    assert outcomes(checkout)["data/figures/fashion"] == DIFFERS


def test_command_says_it_in_one_line_each(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(checkout)
    assert main(["verify"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 7 + 1
    change(checkout, "data/results/mnist/evaluate/metrics.json", "[95", "[94")
    (checkout / "params.yaml").write_text("data: {name: other}\n")
    assert main(["verify"]) == 1
    captured = capsys.readouterr()
    assert captured.out.startswith("params.yaml differs")
    assert "metrics.json: errors[0] is 94, not 95" in captured.out
    assert captured.err == "paper-lenet: 1 of 7 outputs differ from the committed ones\n"


def test_no_repository_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(VerifyError, match="no committed record"):
        list(verify(tmp_path))


@pytest.mark.parametrize(
    ("name", "old", "new", "named"),
    [
        ("a.json", {"a": [1, 2.5]}, {"a": [1, 2.6]}, "a[1] is 2.6, not 2.5"),
        ("a.json", {"a": 1}, {"a": 1, "b": 2}, "b is 2, not missing"),
        ("a.json", {"a": None}, {}, "a is missing"),
        ("a.json", {"a": 1}, {"a": True}, "a is True, not 1"),
        ("a.json", [100000001], [100000002], "[0] is 100000002"),
        ("a.json", {"a": {"b": "x"}}, {"a": {"b": "y"}}, "a.b is y, not x"),
    ],
)
def test_json_difference_is_named_by_its_path(name: str, old: Any, new: Any, named: str) -> None:
    found = difference(name, json.dumps(old).encode(), json.dumps(new).encode())
    assert found is not None and named in found


def test_json_order_and_last_digits_do_not_count() -> None:
    old, new = b'{"a": 1.0, "b": Infinity, "c": NaN}', b'{"c": NaN, "b": Infinity, "a": 1.0000001}'
    assert difference("a.json", old, new) is None


@pytest.mark.parametrize(
    ("new", "named"),
    [
        (CURVE.replace("265", "266"), "line 2, test_errors is 266, not 265"),
        (CURVE.replace("2.65", "2.66"), "line 2, mean is 2.66, not 2.65"),
        (CURVE + "3,1,2\n", "line 4, pass is 3, not missing"),
        (CURVE.replace("mean", "average"), "line 1, mean is average"),
    ],
)
def test_csv_difference_is_named_by_line_and_column(new: str, named: str) -> None:
    found = difference("a.csv", CURVE.encode(), new.encode())
    assert found is not None and named in found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("4.25", "4.40"),
        ("0.95%", "0.96 %"),
        ("#1f77b4", "#1f77b5"),
        ("<text>", "<text y='3'>"),
        ("<text>0.95%</text>", ""),
        ('href="#m0a1b2c"', 'href="#mffffff"'),
    ],
)
def test_figure_difference_beyond_a_hair_is_named(old: str, new: str) -> None:
    assert difference("a.svg", SVG.encode(), SVG.replace(old, new).encode())


def test_names_inside_a_figure_do_not_count() -> None:
    assert difference("a.svg", SVG.encode(), SVG.replace("m0a1b2c", "mffffff").encode()) is None


@pytest.mark.parametrize(("step", "same"), [(1, True), (9, False)])
def test_pictures_inside_a_figure_are_compared_by_pixel(step: int, same: bool) -> None:
    def figure(level: int) -> bytes:
        file = io.BytesIO()
        Image.new("L", (3, 3), level).save(file, "png")
        text = base64.b64encode(file.getvalue()).decode()
        return f'<svg><image href="data:image/png;base64,{text}"/></svg>'.encode()

    assert (difference("a.svg", figure(100), figure(100 + step)) is None) == same


def test_other_weights_are_named_by_array_and_amount() -> None:
    old = {"C1.weight": np.ones(3, np.float32), "F6.bias": np.zeros(2, np.float32)}
    new = {**old, "F6.bias": np.array([0, 0.5], np.float32)}
    assert first_difference("w.safetensors", save(old), save(new)) == "F6.bias differs by up to 0.5"
    noted = save(old, metadata={"recipe": "other"})
    found = first_difference("w.safetensors", save(old, metadata={"recipe": "a"}), noted)
    assert found is not None and "the notes beside them" in found
