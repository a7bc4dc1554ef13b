"""The drawings that the site makes of the network: each layer and kernel is there, in its place."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from paper_lenet.network.architecture import TABLE_I, layers

sys.path.append(str(Path(__file__).resolve().parents[2] / "docs" / "_ext"))

from lenet_docs import planes, table_one


@pytest.mark.parametrize("drawing", [planes.across, planes.downwards])
def test_every_layer_is_drawn_with_its_name_and_size(drawing: Callable[[], str]) -> None:
    shown = BeautifulSoup(drawing(), "html.parser")
    texts = " ".join(text.get_text() for text in shown.find_all("text"))
    for layer in layers():
        assert planes.named(layer) in texts
        assert planes.size(layer) in texts
        assert f"{planes.named(layer)} {planes.size(layer)}" in str(shown.svg["aria-label"])
    maps = sum(layer.maps for layer in layers() if layer.size > 1)
    columns = sum(layer.size == 1 for layer in layers())
    squares = [each for each in shown.find_all("rect") if not each.get("class")]
    assert len(squares) == maps + columns
    _, _, width, height = map(float, str(shown.svg["viewbox"]).split())
    for square in squares:
        x, y, wide, high = (float(str(square[name])) for name in ("x", "y", "width", "height"))
        assert x >= 0 and y >= 0 and x + wide <= width and y + high <= height


def test_table_one_has_a_square_for_each_kernel() -> None:
    shown = BeautifulSoup(table_one.drawing(), "html.parser")
    kernels = sum(len(row) for row in TABLE_I)
    assert len(shown.find_all("rect", class_="on")) == kernels == 60
    assert len(shown.find_all("rect", class_="off")) == 6 * 16 - kernels
    kinds = [table_one.kind(row) for row in TABLE_I]
    assert kinds == ["3 neighbours"] * 6 + ["4 neighbours"] * 6 + ["2 and 2"] * 3 + ["all"]
