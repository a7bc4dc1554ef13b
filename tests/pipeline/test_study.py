"""The commands of a study: its parts are called in turn, with its own folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fake_training import digits, small_recipe

from paper_lenet.base.errors import RecipeError
from paper_lenet.pipeline import study
from paper_lenet.studies.study import Folders, Study, Trained

FILES = ["failures.csv", "misread.csv", "passes.csv", "recipes.json", "runs.csv", "weights.json"]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    for name, patterns in (("train", digits(60, 1)), ("test", digits(40, 2))):
        patterns.save(tmp_path / f"{name}.safetensors")
    (tmp_path / "studies").mkdir()
    text = "recipe: small\nseeds: 1\nruns: {base: {}}\n"
    (tmp_path / "studies/tiny.yaml").write_text(text)
    return Folders("tiny", tmp_path / "data", "none", tmp_path / "studies")


def test_training_records_and_examines_and_analysis_is_apart(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    called: list[Any] = []

    def examine(trained: Trained) -> None:
        assert sorted(path.name for path in trained.folder.iterdir()) == FILES
        called.append(trained)

    parts = Study(examine=examine, analyse=called.append)
    monkeypatch.setattr(study.registry, "study", lambda name: parts)
    study.train(folders, {"small": small_recipe(passes=2)}, tmp_path)
    (trained,) = called
    assert trained.folder == folders.trained() == tmp_path / "data/trainings/tiny"
    assert [one.job.name for one in trained.trainings] == ["base"]
    assert (tmp_path / "data/timings/studies/tiny.json").is_file()
    study.analyse(folders)
    assert called[1:] == [folders]


def test_a_study_may_train_what_its_own_file_asks_for(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    called: list[tuple[Folders, str | None]] = []
    parts = Study(train=lambda *given: called.append(given))
    monkeypatch.setattr(study.registry, "study", lambda name: parts)
    folders.grid().unlink()  # it is no grid of recipes
    study.train(folders, {}, tmp_path / "none", "tcp://127.0.0.1:1")
    study.train(folders, {}, tmp_path / "none")
    assert called == [(folders, "tcp://127.0.0.1:1"), (folders, None)]
    assert not folders.data.exists(), "nothing else is trained or recorded"


def test_what_has_no_analysis_is_told(folders: Folders) -> None:
    with pytest.raises(study.StudyError, match="no study 'tiny' with an analysis"):
        study.analyse(folders)


@pytest.mark.parametrize("name", ["", ".", "../params", "a/b", "/etc/x", "a\n", "a" * 101, "-x"])
def test_a_study_s_name_is_no_path(name: str) -> None:
    with pytest.raises(RecipeError, match=r"the study: .* is not a name of letters"):
        Folders(name)


def test_the_trainings_of_paper_are_the_pipelines() -> None:
    assert Folders("padding").trained("paper") == Path("data/results/mnist/paper/train")
    assert Folders("paper").trained() == Path("data/results/mnist/paper/train")
    assert Folders("padding").trained("noise") == Path("data/trainings/noise")
