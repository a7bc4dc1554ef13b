"""Python on the pages and in the README is run as it is printed."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from textwrap import indent
from typing import Any

import numpy as np
import pytest
import torch
from numba import njit
from PIL import Image

from paper_lenet.cli import main
from paper_lenet.digits.patterns import Patterns
from paper_lenet.engine import simd
from paper_lenet.network.receptive_field import receptive_fields

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *(p for p in (ROOT / "docs").rglob("*.md") if "_build" not in p.parts)]
BLOCKS = [
    pytest.param(code, id=f"{page.stem}-{number}")
    for page in sorted(PAGES)
    for number, code in enumerate(
        re.findall(r"^```python\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S)
    )
]
KERNEL = "def kernel(x, w, out):\n{code}    store(out, 0, total)\n"


@pytest.fixture
def workplace(
    mnist: tuple[Patterns, Patterns], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A folder with the data, the weights and an image, as a reader would have them."""
    (tmp_path / "data").symlink_to(ROOT / "data")
    Image.fromarray(255 - mnist[1].grey[0]).save(tmp_path / "photo.jpg")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("code", BLOCKS)
def test_python_does_what_the_page_says(
    code: str, workplace: Path, mnist: tuple[Patterns, Patterns]
) -> None:
    names: dict[str, Any] = {}
    if "splat" in code:  # a kernel's body: the square of a distance, lane by lane
        rng = np.random.default_rng(0)
        x, w = rng.random((2, 96), np.float32)
        names = vars(simd) | {"range": range}
        exec(KERNEL.format(code=indent(code, "    ")), names)
        out = np.zeros(16, np.float32)
        njit(names["kernel"])(x, w, out)
        expected = ((x.astype(np.float64) - w) ** 2).reshape(6, 16).sum(0)
        np.testing.assert_allclose(out, expected, rtol=1e-6)
        return
    if "keras" in code:  # which is not installed here
        ast.parse(code)
        return
    if "jump" in code:
        printed: list[tuple[int, int]] = []
        exec(code, {"print": lambda *pair: printed.append(pair)})
        assert printed == [(field.size, field.jump) for field in receptive_fields()[1:]]
        return
    if "onnx" in code:
        assert main(["export", "lenet5.onnx"]) == 0
    exec(code, names)
    truth = mnist[1].labels
    if "load_mnist" in code:
        assert names["answers"].errors < 500
    elif "pretrained" in code:
        shown = torch.from_numpy(mnist[1].inputs(slice(0, 100)))
        assert (names["network"](shown).argmin(1).numpy() == truth[:100]).mean() > 0.95
    elif "onnx" in code:
        assert names["penalties"].shape == (100, 10)
        assert (names["answers"] == truth[:100]).mean() > 0.95
    else:
        assert names["answer"] == truth[0] == int(np.argmin(names["penalties"]))
        assert 0 < names["confidence"] <= 1
