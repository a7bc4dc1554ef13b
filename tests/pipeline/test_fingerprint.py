"""The fingerprint of Fig. 9's classifiers: one file of what their trainings depend on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fig9_small
import pytest

from paper_lenet.base.files import read_json, write_json
from paper_lenet.network.params import Params, read_params
from paper_lenet.pipeline import fingerprint
from paper_lenet.studies.fig9 import spec
from paper_lenet.studies.fig9.behaviour import behaviour

ROOT = Path(__file__).parents[2]
NAMES = ("squares", "nearest", "lenet")


@pytest.fixture
def params() -> Params:
    return read_params(ROOT / "params.yaml")


@pytest.fixture
def studies(tmp_path: Path) -> Path:
    """A folder with the file of classifiers and no other."""
    folder = tmp_path / "studies"
    folder.mkdir()
    fig9_small.write_grid(folder / "fig9.yaml", *NAMES)
    return folder


@pytest.fixture
def written(params: Params, studies: Path, tmp_path: Path) -> Path:
    fingerprint.fingerprint(params, studies, tmp_path / "found")
    return tmp_path / "found/fig9.json"


def test_each_classifier_has_its_seeds_and_all_its_trainings(written: Path, studies: Path) -> None:
    assert [path.name for path in written.parent.iterdir()] == ["fig9.json"]
    tree = read_json(written)
    classifiers = spec.read(studies / "fig9.yaml").classifiers
    assert {name: part["seeds"] for name, part in tree.items()} == {
        "squares": 1,
        "nearest": 1,
        "lenet": 2,
    }
    for name, each in classifiers.items():
        expected = [
            {
                "classifier": hashlib.sha256(each.to_json(settings).encode()).hexdigest(),
                "numbers": pytest.approx(behaviour(each, settings), rel=1e-5),
            }
            for settings in (each.settings, *(settings for _, _, settings in each.tried()))
        ]
        assert tree[name]["trainings"] == expected


def off(factor: float) -> Callable[[Any], Any]:
    """A behaviour whose numbers are `factor` times as large."""

    def numbers(classifier: spec.Classifier, settings: Any) -> list[float]:
        return [factor * number for number in behaviour(classifier, settings)]

    return numbers


@pytest.mark.parametrize(("factor", "changed"), [(1 + 1e-6, False), (1.01, True)])
def test_last_digits_of_libraries_change_no_file(
    factor: float,
    changed: bool,
    written: Path,
    params: Params,
    studies: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = written.read_bytes()
    monkeypatch.setattr(fingerprint, "brief_fit", off(factor))
    fingerprint.fingerprint(params, studies, written.parent)
    assert (written.read_bytes() != before) == changed


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("bar: Linear", "bar: Pairwise", False),
        ("k: 1", "k: 3", True),
        ("seeds: 2", "seeds: 1", True),
        ("form: deslanted", "form: reduced", True),
        ("- 1.0", "- 2.0", True),
    ],
)
def test_what_decides_a_training_changes_the_file(
    old: str, new: str, changed: bool, written: Path, params: Params, studies: Path
) -> None:
    before, grid = written.read_bytes(), studies / "fig9.yaml"
    text = grid.read_text(encoding="utf-8")
    assert old in text
    grid.write_text(text.replace(old, new), encoding="utf-8")
    fingerprint.fingerprint(params, studies, written.parent)
    assert (written.read_bytes() != before) == changed


def test_without_a_file_of_classifiers_there_is_no_fingerprint_of_it(
    params: Params, tmp_path: Path
) -> None:
    (tmp_path / "none").mkdir()
    fingerprint.fingerprint(params, tmp_path / "none", tmp_path / "found")
    assert not (tmp_path / "found").exists()


def test_a_file_of_another_shape_is_written_anew(
    written: Path, params: Params, studies: Path
) -> None:
    before, tree = written.read_bytes(), read_json(written)
    del tree["lenet"]
    write_json(written, tree)
    fingerprint.fingerprint(params, studies, written.parent)
    assert written.read_bytes() == before
