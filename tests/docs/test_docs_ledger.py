"""The page of the claims: every claim on it, with its verdict in a word."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from claimed import GOOD, study

from paper_lenet.studies.claims.catalogue import catalogue
from paper_lenet.studies.claims.ledger import judged, write
from paper_lenet.studies.claims.model import SIGNS, Verdict
from paper_lenet.studies.claims.results import Results

THEMES, CLAIMS, _ = catalogue()
ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
sys.path.append(str(DOCS / "_ext"))

from lenet_docs import ledger, measured  # noqa: E402


@pytest.fixture
def root(tmp_path: Path) -> Path:
    study(tmp_path, "paper", GOOD.runs["paper"])
    write(tmp_path / "data" / "results" / "mnist", judged(Results(tmp_path)))
    return tmp_path


def test_the_page_shows_every_theme_once() -> None:
    page = (DOCS / "claims.md").read_text(encoding="utf-8")
    assert re.findall(r"```\{ledger\} (\S+)", page) == list(THEMES)


def test_tables_have_every_claim_with_a_word_and_a_sign(root: Path) -> None:
    tree = ledger.content(root)
    rows = [row for theme in THEMES for row in ledger.rows(tree, theme)]
    assert [row[0] for row in rows] == [claim.statement for claim in CLAIMS]
    verdicts = {f"{SIGNS[verdict]} {verdict.value}" for verdict in Verdict}
    assert {row[ledger.CLAIM.index("Verdict")] for row in rows} == verdicts
    assert all(all(row) and len(row) == len(ledger.CLAIM) for row in rows)
    first, claim = rows[0], CLAIMS[0]
    assert first[-1].count(".") >= 3
    assert first[2:4] == [claim.printed, claim.printed]
    assert first[ledger.CLAIM.index("Kind")] == claim.kind.value


def test_counts_by_kind_add_up_to_those_of_all(root: Path) -> None:
    rows = ledger.count_rows(ledger.content(root))
    numbers = [[int(cell) for cell in row[1:]] for row in rows]
    assert [sum(column) for column in zip(*numbers[:-1], strict=True)] == numbers[-1]
    assert all(sum(row[:-1]) == row[-1] for row in numbers)
    assert measured.value(root, "claims.counts.claims") == numbers[-1][-1] == len(CLAIMS)


def test_power_stands_where_chance_has_a_part_and_something_is_decided(root: Path) -> None:
    tree = ledger.content(root)
    place = ledger.CLAIM.index("Smallest difference shown")
    for theme in THEMES:
        claims = [claim for claim in tree["claims"] if claim["theme"] == theme]
        for claim, row in zip(claims, ledger.rows(tree, theme), strict=True):
            decided = claim["verdict"] not in ("not measured", "not testable")
            shown = row[place] != "–"
            assert shown == (decided and claim["matters"] is not None)
            assert ("What matters: " in row[-1]) == (claim["matters"] is not None)


def test_changes_have_a_reason(root: Path) -> None:
    rows = ledger.change_rows(ledger.content(root))
    assert len(rows) > 20
    assert all(all(row) for row in rows)
    weak = [row for row in rows if row[2].startswith("compatible")]
    assert weak
    assert all(row[3].startswith("the smallest difference shown: ") for row in weak)


def test_an_unknown_theme_is_named(root: Path) -> None:
    with pytest.raises(measured.ResultError, match="no theme weather; there are: structure, data"):
        ledger.rows(ledger.content(root), "weather")


def test_the_committed_ledger_has_every_claim() -> None:
    text = (ROOT / "data" / "results" / "mnist" / "claims.json").read_text(encoding="utf-8")
    written = [(each["theme"], each["name"]) for each in json.loads(text)["claims"]]
    assert written == [(claim.theme, claim.name) for claim in CLAIMS]
