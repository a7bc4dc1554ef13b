"""A verification can fail, and then names the output."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree.ElementTree import canonicalize

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from safetensors.numpy import save

from paper_lenet.cli import main
from paper_lenet.pipeline.drawing import NUMBER
from paper_lenet.pipeline.lock import LockError, md5, present
from paper_lenet.pipeline.tolerance import difference, first_difference
from paper_lenet.pipeline.verify import CHANGED, CLOSE, DIFFERS, EXACT, summary, verify

ROOT = Path(__file__).parents[2]
OUTS = {
    "download": ["data/raw/mnist"],
    "preprocess": ["data/processed/mnist", "data/results/mnist/preprocess.json"],
    "train": ["data/models/mnist/paper", "data/results/mnist/paper/train"],
    "evaluate": ["data/results/mnist/paper/evaluate"],
    "figures": ["data/figures/mnist/paper"],
}
STUDIES = {
    "train@sizes": ["data/trainings/sizes"],
    "analyse@sizes": ["data/results/studies/sizes"],
}
CURVE = "pass,test_errors,mean\n1,265,2.65\n2,223,2.2300000001\n"
SVG = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
<defs><path id="m0a1b2c" d="M 1.00 2.00 L 3.5 4.25"/></defs>
<use xlink:href="#m0a1b2c" x="10.5" style="fill: #1f77b4; stroke-width: 0.8"/><text>0.95%</text>
<g><path d='M 1 1' transform="translate(1 2) scale(0.1)"/><path d='M 5 5'/></g></svg>
"""
FILES = {
    "data/raw/mnist/train-images": b"images",
    "data/processed/mnist/train.safetensors": b"patterns",
    "data/results/mnist/preprocess.json": b'{"mean": 0.0280001, "patterns": 60000}\n',
    "data/models/mnist/paper/seed-00.safetensors": save({"C1.weight": np.ones(3, np.float32)}),
    "data/models/mnist/paper/seed-01.safetensors": save({"C1.weight": np.ones(3, np.float32)}),
    "data/results/mnist/paper/train/passes.csv": b"seed,pass,loss\n0,1,2.25\n",
    "data/results/mnist/paper/evaluate/curve.csv": CURVE.encode(),
    "data/results/mnist/paper/evaluate/metrics.json": b'{"errors": [95, 96], "mean": 0.955}\n',
    "data/figures/mnist/paper/errors-light.svg": SVG.encode(),
    "data/trainings/sizes/runs.csv": b"run,loss\n15000,2.25\n",
    "data/results/studies/sizes/sizes.csv": b"run,mean\n15000,1.59\n",
}
SOURCES = {"paper_lenet/base/a.py": b"A = 1.7159\n", "paper_lenet/pipeline/b.py": b"B = 2\n"}


def git(root: Path, *arguments: str) -> None:
    name = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *name, *arguments], cwd=root, check=True, capture_output=True)


def write_locks(root: Path) -> None:
    """What DVC writes after a run, or at ``dvc commit``."""
    deps = [{"path": path, "md5": md5(root / path)} for path in ("paper_lenet/base", *SOURCES)]
    tree = yaml.safe_load((root / "params.yaml").read_text())
    params = {"params.yaml": {"train": tree["train"], "recipes.paper": tree["recipes"]["paper"]}}
    for lock, stages in (("dvc.lock", OUTS), ("studies/dvc.lock", STUDIES)):
        found = {
            name: {"outs": [{"path": path, "md5": md5(root / path)} for path in paths]}
            for name, paths in stages.items()
        }
        for name in found.keys() & {"train", "analyse@sizes"}:
            found[name] |= {"deps": deps, "params": params}
        text = yaml.safe_dump({"schema": "2.0", "stages": found}, sort_keys=False)
        # DVC writes numbers as YAML 1.2 has them.
        (root / lock).write_text(text.replace("5.0e-05", "5e-05"))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A committed run of a made-up pipeline and a study, with their outputs in place."""
    for name, content in (FILES | SOURCES | {"studies/dvc.lock": b""}).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (tmp_path / ".gitignore").write_text("/data/raw/\n/data/processed/\n__pycache__\n")
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    params["data"]["sha256"] = {"train-images": hashlib.sha256(b"images").hexdigest()}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params))
    write_locks(tmp_path)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "A run")
    return tmp_path


def outcomes(root: Path) -> dict[str, str]:
    return {verdict.path: verdict.outcome for verdict in verify(root)}


def change(root: Path, name: str, old: str, new: str) -> None:
    """What a run that came out differently leaves: another file, and a lock that agrees with it."""
    path = root / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    write_locks(root)


def test_folder_hash_is_the_one_that_dvc_records(tmp_path: Path) -> None:
    for name, text in {"a.txt": "one", "a/b.txt": "two", "é.txt": "three"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert md5(tmp_path) == "e3a2a205e40fa423f3f44dd099b782f5.dir"


def test_unchanged_outputs_are_bit_exact_from_first_stage_to_last(checkout: Path) -> None:
    verdicts = list(verify(checkout))
    outs = [*OUTS.values(), *STUDIES.values()]
    assert [verdict.path for verdict in verdicts] == [path for paths in outs for path in paths]
    assert {verdict.outcome for verdict in verdicts} == {EXACT}


@pytest.mark.parametrize("name", FILES)
def test_one_changed_byte_names_its_output(checkout: Path, name: str) -> None:
    content = bytearray((checkout / name).read_bytes())
    content[len(content) // 2] ^= 1
    (checkout / name).write_bytes(content)
    write_locks(checkout)
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
    (checkout / "data/models/mnist/paper/seed-02.safetensors").write_bytes(b"x")
    details = {path: detail for path, outcome, detail, _ in verify(checkout) if outcome == DIFFERS}
    assert list(details) == ["data/models/mnist/paper"]
    assert "seed-02.safetensors" in details["data/models/mnist/paper"]


def test_last_digits_of_statistics_and_figures_may_differ(checkout: Path) -> None:
    change(checkout, "data/results/mnist/paper/evaluate/curve.csv", "2.2300000001", "2.2300000002")
    change(checkout, "data/figures/mnist/paper/errors-light.svg", "4.25", "4.26")
    change(checkout, "data/results/mnist/preprocess.json", "0.0280001", "0.02800010000001")
    close = [path for path, outcome in outcomes(checkout).items() if outcome == CLOSE]
    assert close == [
        "data/results/mnist/preprocess.json",
        "data/results/mnist/paper/evaluate",
        "data/figures/mnist/paper",
    ]
    assert DIFFERS not in outcomes(checkout).values()


def test_last_digits_of_the_training_may_not_differ(checkout: Path) -> None:
    change(checkout, "data/results/mnist/paper/train/passes.csv", "2.25", "2.2500000001")
    details = {path: detail for path, outcome, detail, _ in verify(checkout) if outcome == DIFFERS}
    assert details == {
        "data/results/mnist/paper/train": "passes.csv: line 2, loss is 2.2500000001, not 2.25"
    }


def test_a_lock_committed_without_its_files_is_found_out(checkout: Path) -> None:
    name = "data/results/mnist/paper/train/passes.csv"
    original = (checkout / name).read_bytes()
    change(checkout, name, "2.25", "2.5")
    (checkout / name).write_bytes(original)
    git(checkout, "commit", "--quiet", "-am", "A lock that is not of these files")
    assert outcomes(checkout)["data/results/mnist/paper/train"] == DIFFERS


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
    assert len(capsys.readouterr().out.splitlines()) == 9 + 1
    change(checkout, "data/results/mnist/paper/evaluate/metrics.json", "[95", "[94")
    assert main(["verify"]) == 1
    captured = capsys.readouterr()
    assert "metrics.json: errors[0] is 94, not 95" in captured.out
    assert captured.err == (
        "paper-lenet: 1 of 9 outputs of dvc.lock and studies/dvc.lock differ from the committed "
        "ones\n"
    )


def test_a_source_that_changed_is_named_though_dvc_commit_has_taken_it(checkout: Path) -> None:
    change(checkout, "paper_lenet/base/a.py", "1.7159", "1.716")
    verdicts = list(verify(checkout))
    changed = [verdict for verdict in verdicts if verdict.outcome != EXACT]
    names = ["paper_lenet/base", "paper_lenet/base/a.py"]
    assert [verdict.path for verdict in changed] == 2 * names
    assert {verdict.outcome for verdict in changed} == {CHANGED}
    well, said = summary(verdicts)
    assert not well and said.startswith("all 9 outputs of dvc.lock and studies/dvc.lock are")
    assert "4 of the sources and parameters behind them changed" in said
    git(checkout, "commit", "--quiet", "-am", "The same, with its lock")
    assert summary(list(verify(checkout)))[0]


def test_a_parameter_that_changed_is_named_and_one_that_is_spelt_anew_is_not(
    checkout: Path,
) -> None:
    path = checkout / "params.yaml"
    path.write_text(path.read_text().replace("5.0e-05", "0.00005"))
    assert set(outcomes(checkout).values()) == {EXACT}
    path.write_text(path.read_text().replace("mu: 0.02", "mu: 0.03"))
    changed = [path for path, outcome in outcomes(checkout).items() if outcome == CHANGED]
    assert changed == ["params.yaml: recipes.paper"]


def test_what_git_ignores_in_a_folder_of_sources_does_not_count(checkout: Path) -> None:
    (checkout / "paper_lenet/base/__pycache__").mkdir()
    (checkout / "paper_lenet/base/__pycache__/a.pyc").write_bytes(b"x")
    assert set(outcomes(checkout).values()) == {EXACT}
    (checkout / "paper_lenet/base/c.py").write_bytes(b"")
    assert outcomes(checkout)["paper_lenet/base"] == CHANGED


@pytest.mark.parametrize("lock", ["dvc.lock", "studies/dvc.lock"])
def test_a_lock_on_disk_that_is_gone_or_says_another_hash_is_named(
    checkout: Path, lock: str
) -> None:
    tree = yaml.safe_load((checkout / lock).read_text())
    changed = tree["stages"]["train" if lock == "dvc.lock" else "train@sizes"]["outs"][0]
    right, changed["md5"] = changed["md5"], "0"
    (checkout / lock).write_text(yaml.safe_dump(tree))
    (named,) = (each for each in verify(checkout) if each.outcome != EXACT)
    assert named.path == changed["path"] and named.outcome == DIFFERS
    assert named.detail == f"{lock} on disk has md5 0, not {right}"
    (checkout / lock).unlink()
    (named,) = (each for each in verify(checkout) if each.outcome != EXACT)
    assert named.path == lock and f"`git checkout {lock}`" in named.detail


def test_a_raw_file_that_is_gone_or_cut_is_named(checkout: Path) -> None:
    file = checkout / "data/raw/mnist/train-images"
    for damage in (lambda: file.write_bytes(b"im"), file.unlink):
        damage()
        (named,) = (each for each in verify(checkout) if each.outcome != EXACT)
        assert named.outcome == DIFFERS
        assert named.detail.startswith("train-images: SHA-256 ")


def test_raw_files_are_held_to_the_sums_of_the_parameters(checkout: Path) -> None:
    """A lock may have been committed of other files."""
    (checkout / "data/raw/mnist/train-images").write_bytes(b"others")
    write_locks(checkout)
    git(checkout, "commit", "--quiet", "-am", "A record of other files")
    (verdict,) = (verdict for verdict in verify(checkout) if verdict.outcome != EXACT)
    assert verdict.path == "data/raw/mnist" and "train-images: SHA-256" in verdict.detail


@pytest.mark.parametrize(
    ("link", "named"),
    [
        ("data/models/mnist/paper/seed-00.safetensors", "data/models/mnist/paper"),
        ("data/raw/mnist", "data/raw/mnist"),
        ("data/trainings", "data/trainings/sizes"),
    ],
)
def test_a_symbolic_link_is_named_wherever_it_leads(checkout: Path, link: str, named: str) -> None:
    target = checkout.with_name("elsewhere")
    (checkout / link).rename(target)
    (checkout / link).symlink_to(target)
    try:
        wrong = [verdict for verdict in verify(checkout) if verdict.outcome == DIFFERS]
        assert [(each.path, each.detail) for each in wrong] == [
            (named, f"{link} is a symbolic link")
        ]
    finally:
        target.rename(checkout / "back")


def test_what_is_no_file_is_named_and_not_read(checkout: Path) -> None:
    os.mkfifo(checkout / "data/results/studies/sizes/more.csv")
    assert outcomes(checkout)["data/results/studies/sizes"] == DIFFERS


@pytest.mark.parametrize("lock", ["dvc.lock", "studies/dvc.lock"])
def test_a_lock_that_is_cut_anywhere_is_read_or_says_how_to_mend_it(
    checkout: Path, lock: str
) -> None:
    whole = (checkout / lock).read_bytes()
    refused = 0
    for length in range(0, len(whole), 29):
        (checkout / lock).write_bytes(whole[:length])
        try:
            present(checkout, lock)
        except LockError as error:
            refused += 1
            assert str(error).startswith(f"{lock} is cut off or damaged")
            assert str(error).endswith(f"`git checkout {lock}` mends it")
    assert refused > len(whole) / 29 / 4


@given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 40))
def test_no_damage_of_a_lock_ends_in_a_traceback(piece: bytes, place: int, gone: int) -> None:
    content = yaml.safe_dump(
        {"stages": {"train": {"deps": [{"path": "a", "md5": "0"}], "outs": [{"path": "b"}]}}}
    ).encode()
    with TemporaryDirectory() as folder:
        (Path(folder) / "dvc.lock").write_bytes(content[:place] + piece + content[place + gone :])
        with pytest.raises(LockError, match=r"`git checkout dvc\.lock`"):
            present(Path(folder), "dvc.lock")


def test_a_committed_lock_that_is_damaged_is_one_clear_error(checkout: Path) -> None:
    (checkout / "studies/dvc.lock").write_text("stages: {a: {outs: [")
    git(checkout, "commit", "--quiet", "-am", "Damage")
    with pytest.raises(LockError, match=r"the committed studies/dvc\.lock is cut off"):
        list(verify(checkout))


def test_no_repository_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(LockError, match="no committed record"):
        list(verify(tmp_path))


def test_a_subfolder_is_told_where_to_run_it(checkout: Path) -> None:
    with pytest.raises(LockError, match="run it in the repository"):
        list(verify(checkout / "data"))


def test_words_of_git_are_passed_on(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(LockError, match="dubious ownership"):
        list(verify(checkout))


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
        ('xlink:href="#m0a1b2c"', 'href="#mffffff" xlink:href="#m0a1b2c"'),
        ("<svg ", "<?xml-stylesheet href='a.css'?><svg "),
        ("<svg ", "<!DOCTYPE svg SYSTEM 'a.dtd'><svg "),
        ("<text>", "<script>alert(1)</script><text>"),
        ("<text>", '<text onclick="alert(1)">'),
        ("0.95%", "0.96%"),
        ("scale(0.1)", "scale(0.14)"),
        ("stroke-width: 0.8", "stroke-width: 0.84"),
        ("<g><path", "<g/><g><path"),
        ("<path d='M 5 5'/></g>", "</g><path d='M 5 5'/>"),
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


def test_what_drew_a_figure_is_not_compared() -> None:
    """Matplotlib notes its version."""
    old, new = (
        SVG.replace("<g>", f"<metadata><title>v{version}</title></metadata><g>").encode()
        for version in ("3.11.2", "3.12.0")
    )
    assert old != new and difference("a.svg", old, new) is None
    assert difference("a.svg", old, new.replace(b"M 5 5", b"M 5 6"))


@pytest.mark.parametrize("name", ["a.json", "a.csv", "a.svg", "a.safetensors", "a.txt"])
@given(data=st.data())
@settings(max_examples=60)
def test_no_damage_of_a_file_passes_or_ends_in_a_traceback(name: str, data: st.DataObject) -> None:
    """Beyond numbers that are still close, every change is put into words."""
    content = {
        "a.json": b'{"errors": [95, 96], "name": "a"}',
        "a.csv": b"run,errors\n15000,225\n",
        "a.svg": SVG.encode(),
        "a.safetensors": save({"b": np.ones(3, np.float32), "a": np.zeros(2, np.float32)}),
        "a.txt": b"some words",
    }[name]
    place = data.draw(st.integers(0, len(content)))
    gone, piece = data.draw(st.integers(0, 20)), data.draw(st.binary(max_size=20))
    damaged = content[:place] + piece + content[place + gone :]
    text = first_difference(name, content, damaged)
    assert (text is None) == (damaged == content)
    assert (
        difference(name, content, damaged)
        or damaged == content
        or _means_the_same(name, content, damaged)
    )


def _means_the_same(name: str, content: bytes, damaged: bytes) -> bool:
    """Whether two files differ in nothing but how they are written, as spaces between values."""
    if name == "a.json":
        return bool(json.loads(content) == json.loads(damaged))
    if name == "a.csv":
        return content.split() == damaged.replace(b'"', b"").split()
    canonical = (canonicalize(part.decode()) for part in (content, damaged))
    one, other = (NUMBER.split(text) for text in canonical)
    return name == "a.svg" and one == other


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b'{"a": 1, "a": 1}'),
        ("a.json", b"[" * 100_000),
        ("a.csv", b"a" * 200_000),
        ("a.svg", b"<svg" + b"<g>" * 1000),
    ],
)
def test_what_a_parser_would_not_take_differs(name: str, content: bytes) -> None:
    assert difference(name, b'{"a": 1}', content)


@pytest.mark.parametrize("damage", [b"", b"no picture", b"\x89PNG\r\n\x1a\n"])
def test_a_picture_that_is_none_is_another(damage: bytes) -> None:
    figures = [
        f'<svg><image href="data:image/png;base64,{base64.b64encode(part).decode()}"/></svg>'
        for part in (b"x", damage)
    ]
    found = difference("a.svg", *(figure.encode() for figure in figures))
    assert found == "the picture in <image> is another"


def test_the_array_that_differs_most_is_named_whatever_their_order() -> None:
    old = {name: np.zeros(2, np.float32) for name in "fbdaec"}
    new = {name: part + np.float32(0.25 if name in "ec" else 0.125) for name, part in old.items()}
    for names in ("abcdef", "fedcba", "cafebd"):
        remade = save({name: new[name] for name in names})
        assert first_difference("w.safetensors", save(old), remade) == "c differs by up to 0.25"
    new["d"][1] = np.nan
    assert first_difference("w.safetensors", save(old), save(new)) == "d differs by up to inf"
    wide = {name: part.astype(np.float64) for name, part in old.items()}
    assert first_difference("w.safetensors", save(old), save(wide)) == "it holds other arrays"


def test_other_weights_are_named_by_array_and_amount() -> None:
    old = {"C1.weight": np.ones(3, np.float32), "F6.bias": np.zeros(2, np.float32)}
    new = {**old, "F6.bias": np.array([0, 0.5], np.float32)}
    assert first_difference("w.safetensors", save(old), save(new)) == "F6.bias differs by up to 0.5"
    noted = save(old, metadata={"recipe": "other"})
    found = first_difference("w.safetensors", save(old, metadata={"recipe": "a"}), noted)
    assert found is not None and "the notes beside them" in found
