"""Tables are no wider than the text, no longer than a screen or two, and speak in words."""

from __future__ import annotations

import doctest
import sys
from pathlib import Path

import pytest
from docutils import nodes

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "docs" / "_ext"))

from lenet_docs import folds, tables, words  # noqa: E402


@pytest.mark.parametrize("module", [tables, words], ids=lambda module: module.__name__)
def test_examples(module: object) -> None:
    failed, tried = doctest.testmod(module)  # type: ignore[arg-type]
    assert tried and not failed


def cells(table: nodes.Element) -> list[list[str]]:
    return [[cell.astext() for cell in row] for row in table.findall(nodes.row)]


def test_what_fits_is_one_table() -> None:
    found = tables.table(["a", "b"], [["x", "1"]], "Two")
    assert isinstance(found, nodes.table)
    assert cells(found) == [["a", "b"], ["x", "1"]]


def test_what_does_not_fit_becomes_further_tables_with_the_same_labels() -> None:
    heading = ["run", *(f"quantity {number}" for number in range(30))]
    rows = [["one", *map(str, range(30))], ["two", *map(str, range(30))]]
    found = tables.table(heading, rows, "Wide")
    parts = list(found.findall(nodes.table))
    assert len(parts) > 1
    assert isinstance(parts[1].parent, folds.Fold)
    assert [cells(part)[0][0] for part in parts] == ["run"] * len(parts)
    assert [cell for part in parts for cell in cells(part)[1][1:]] == rows[0][1:]
    for part in parts:
        widths = map(tables.width, zip(*cells(part), strict=True))
        assert sum(widths) <= tables.ROOM


def test_two_columns_name_a_row_where_one_does_not() -> None:
    rows = [["0", "C1", "1"], ["0", "S2", "2"], ["1", "C1", "3"]]
    heading = ["panel", "layer", "x" * 90]
    long = [[*row, "y"] for row in rows]
    found = tables.table([*heading, "z" * 60], long, "Pairs")
    assert [cells(part)[0][:2] for part in found.findall(nodes.table)] == [heading[:2]] * 2


def test_many_rows_stand_behind_a_fold_that_says_how_many() -> None:
    rows = [[str(number), "1"] for number in range(tables.MANY + 1)]
    found = tables.table(["n", "one"], rows, "Many")
    assert isinstance(found, folds.Fold)
    assert found.children[0].astext() == f"Many: {tables.MANY + 1} rows"
    assert isinstance(tables.table(["n", "one"], rows[1:], "Many"), nodes.table)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("law_root_2.4", "law root 2.4"),
        ("C1_rms", "C1 r.m.s."),
        ("draw-2006", "draw 2006"),
        ("-7e-05", "−7·10⁻⁵"),
        ("printed 40%, mean_28 20%", "printed 40%, mean 28 20%"),
    ],
)
def test_names_for_programs_are_said_in_words(raw: str, said: str) -> None:
    found = tables.table(["run"], [[raw]], "One")
    assert cells(found)[1] == [said]


@pytest.mark.parametrize("text", ["AVX-512", "2026-11-24", "Fig. 13", "x-ray", "claims.yaml", "–"])
def test_what_is_said_already_stays(text: str) -> None:
    assert words.spoken(text) == text


@pytest.mark.parametrize(
    ("raw", "said"), [("0.9 to 1.1", "0.9~1.1"), ("5.38e-05 to 5.76e-05", "5.38·10⁻⁵~5.76·10⁻⁵")]
)
def test_a_range_is_said_in_the_language_of_the_build(
    raw: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "say", lambda text: text.replace(" to ", "~"))
    assert words.spoken(raw) == said


@pytest.mark.parametrize("text", ["a" * (tables.LONG + 1), "가" * (tables.LONG // 2 + 1)])
def test_a_text_is_broken_into_lines_by_how_wide_it_is(text: str) -> None:
    entries = list(
        tables.table(["a", "b"], [["1", text], ["2", text[1:]]], "T").findall(nodes.entry)
    )
    assert [entry["classes"] for entry in entries[3::2]] == [["words"], []]
