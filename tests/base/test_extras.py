"""What is not installed is named, with the command that installs it where one is."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

import paper_lenet
from paper_lenet.base import extras
from paper_lenet.base.errors import PaperLenetError

ROOT = Path(__file__).parents[2]


def test_every_extra_is_one_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {extra for _, extra in extras.EXTRAS.values()} <= set(project["optional-dependencies"])


def test_lenet5_without_pytorch_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "paper_lenet.network.lenet5", raising=False)
    with pytest.raises(ImportError, match=r"LeNet5 needs PyTorch: pip install -e '\.\[reference"):
        _ = paper_lenet.LeNet5
    with pytest.raises(PaperLenetError):
        _ = paper_lenet.LeNet5


def test_outside_a_clone_the_advice_is_no_editable_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extras, "CLONE", tmp_path)
    error = extras.missing(ModuleNotFoundError(name="onnx"), "this")
    assert str(error) == "this needs ONNX: pip install 'paper-lenet[onnx]'"


def test_a_module_that_no_extra_brings_is_a_mistake_of_ours() -> None:
    error = ModuleNotFoundError(name="paper_lenet.nowhere")
    assert extras.missing(error, "this") is error
