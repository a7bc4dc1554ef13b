"""The page of cells and its notebook: the same code, whole, and with the outputs that it has."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from docutils import nodes
from loaded import loaded

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "docs" / "_ext"))

from lenet_docs import cells  # noqa: E402

PAGE = ROOT / "docs/build-it.md"
NOTEBOOK = PAGE.with_suffix(".ipynb")
CELL = re.compile(r"^```\{code-cell\} ipython3\n((?::[^\n]*\n)*)(.*?)\n```$", re.M | re.S)
NUMBER = re.compile(r"-?\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]\d+)?")
# Of what is trained: another machine's PyTorch adds up in another order.
TOLERANCE = 0.2


def outputs(notebook: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Code and outputs of each cell of code."""
    return [
        ("".join(cell["source"]), cell["outputs"])
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]


def committed() -> list[tuple[str, list[dict[str, Any]]]]:
    return outputs(json.loads(NOTEBOOK.read_text(encoding="utf-8")))


def words_and_numbers(output: dict[str, Any]) -> tuple[str, list[float]]:
    """What was printed, apart; of a picture that it is one."""
    text = "".join(output.get("text", "a picture"))
    numbers = [float(number.replace(",", "")) for number in NUMBER.findall(text)]
    return " ".join(NUMBER.sub("#", text).split()), numbers


def test_the_notebook_has_the_cells_of_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    written = CELL.findall(page)
    assert page.count("```{code-cell}") == len(written)
    assert [code for _, code in written] == [code for code, _ in committed()]
    assert (
        sum(":tags: [answer]" in options for options, _ in written)
        == page.count("**Exercise ")
        == 5
    )


def test_every_cell_was_run_and_none_failed() -> None:
    found = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    counts = [each.get("execution_count") for each in found["cells"] if each["cell_type"] == "code"]
    assert counts == list(range(1, len(counts) + 1))
    for code, put_out in committed():
        assert all(each["output_type"] in ("stream", "display_data") for each in put_out), code
        assert all(each.get("name") != "stderr" for each in put_out), code
    printed = "".join(words_and_numbers(each)[0] for _, found in committed() for each in found)
    assert "right: True" in printed and "False" not in printed


def test_a_cell_that_the_notebook_has_not_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    output = {"output_type": "stream", "text": ["1\n"]}
    cell = {"cell_type": "code", "source": ["x = 1\n", "print(x)"], "outputs": [output]}
    path.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    assert cells.put_out(path, "x = 1\nprint(x)") == [output]
    with pytest.raises(cells.ResultError, match=r"a.ipynb has no cell 'x = 2' .*make notebook"):
        cells.put_out(path, "x = 2\nprint(x)")
    with pytest.raises(cells.ResultError, match="has no cell"):
        cells.put_out(tmp_path / "none.ipynb", "x = 1")


def test_a_picture_needs_a_text() -> None:
    output = {"data": {"image/png": "QUJD\n", "text/plain": "<Figure>"}}
    shown = cells.shown(output, "What it shows.")
    assert isinstance(shown, nodes.image)
    assert (shown["uri"], shown["alt"]) == ("data:image/png;base64,QUJD", "What it shows.")
    with pytest.raises(cells.ResultError, match=":alt:"):
        cells.shown(output, None)
    assert cells.shown({"text": ["a\n", "b\n"]}, None).astext() == "a\nb"


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("print('a')", ["a\n"]),
        ("import sys; print('of 2000\\r', end='', file=sys.stderr)", []),
        ("import sys; print('paper-lenet: compiling', file=sys.stderr)", []),
        ("import warnings; warnings.warn('mind')", ["mind"]),
    ],
)
def test_what_is_said_in_passing_is_not_kept(cell: str, kept: list[str], tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    heading = "---\nkernelspec:\n  display_name: Python 3\n  name: python3\n---\n\n"
    page.write_text(f"{heading}```{{code-cell}} ipython3\n{cell}\n```\n", encoding="utf-8")
    (found,) = (each for each in loaded(ROOT / "tools/notebook.py").run(page).cells)
    assert len(found.outputs) == len(kept)
    assert all(part in output.text for part, output in zip(kept, found.outputs, strict=True))


@pytest.mark.slow
def test_the_cells_put_out_what_the_notebook_has(raw: Path) -> None:
    """All of them, run anew: the same words, and numbers that another machine's may be off by."""
    tool = loaded(ROOT / "tools/notebook.py")
    for (code, before), (_, after) in zip(committed(), outputs(tool.run(PAGE)), strict=True):
        assert len(before) == len(after), code
        for one, other in zip(before, after, strict=True):
            words, numbers = words_and_numbers(one)
            assert words_and_numbers(other)[0] == words, code
            assert words_and_numbers(other)[1] == pytest.approx(numbers, rel=TOLERANCE), code
