"""MNIST in one call: the same patterns as the stages', from the same sources."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from paper_lenet.digits.dataset import MNIST, Scale
from paper_lenet.digits.download import lacking
from paper_lenet.digits.mnist import FILES
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.params import read_params
from paper_lenet.pipeline import data
from paper_lenet.pipeline.data import load_mnist

PARAMS = Path(__file__).parents[2] / "params.yaml"


def test_the_sources_are_those_of_the_parameters() -> None:
    params = read_params(PARAMS)
    assert params.data == MNIST and params.preprocess == Scale()


def test_it_gives_what_the_stages_give_and_says_nothing(
    raw: Path, mnist: tuple[Patterns, Patterns], capsys: pytest.CaptureFixture[str]
) -> None:
    for ours, theirs in zip(load_mnist(raw), mnist, strict=True):
        for name in ("grey", "labels", "levels"):
            assert np.array_equal(getattr(ours, name), getattr(theirs, name)), name
    assert capsys.readouterr() == ("", "")


def test_what_is_missing_is_downloaded_to_where_the_stage_keeps_it(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = []

    def download(what: object, folder: Path) -> None:
        asked.append((what, folder, lacking(MNIST, folder)))
        folder.parent.mkdir(parents=True)
        folder.symlink_to(raw)

    monkeypatch.setattr(data, "download", download)
    assert [len(part) for part in load_mnist()] == [60_000, 10_000]
    assert asked == [(MNIST, Path("data/raw/mnist"), list(FILES))]
    assert [len(part) for part in load_mnist()] == [60_000, 10_000] and len(asked) == 1
