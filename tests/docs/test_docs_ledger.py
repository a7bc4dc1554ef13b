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
from paper_lenet.studies.claims.model import SIGNS, Kind, Verdict
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


def entries(root: Path) -> list[ledger.Entry]:
    tree = ledger.content(root)
    return [each for theme in THEMES for each in ledger.entries(tree, theme)]


def test_every_claim_has_a_line_with_a_word_and_a_sign(root: Path) -> None:
    found = entries(root)
    assert [each.line[0] for each in found] == [claim.statement for claim in CLAIMS]
    assert [each.kind for each in found] == [claim.kind for claim in CLAIMS]
    verdicts = {f"{SIGNS[verdict]} {verdict.value}" for verdict in Verdict}
    assert {each.line[-1] for each in found} == verdicts
    assert all(all(each.line) and len(each.line) == len(ledger.HEADING) for each in found)
    first, claim = found[0], CLAIMS[0]
    assert first.details["Tested by"].count(".") >= 3
    assert first.line[1:3] == (claim.printed, claim.printed)


def test_a_claim_stands_in_a_fold_with_marks_to_be_found_by(root: Path) -> None:
    found = [ledger.folded(each) for each in entries(root)]
    places = [place for each in found for place in each["ids"]]
    assert len(set(places)) == len(CLAIMS)
    assert found[0]["classes"] == ["claim", "kind-arithmetic", "verdict-reproduced"]
    summary, details = found[0].children
    assert summary.astext().startswith(f"Claim: {CLAIMS[0].statement}")
    assert "Place" in details.astext()


def test_the_filter_offers_every_verdict_and_kind() -> None:
    (form,) = ledger.LedgerFilter.run(None)  # type: ignore[arg-type]
    offered = set(re.findall(r'value="([\w-]+)"', form.astext()))
    marks = set(map(ledger.mark, (*Verdict, *Kind)))
    assert offered == {"claim", *marks}
    assert {"kind-statistical", "verdict-not-reproduced"} < marks


def test_counts_by_kind_add_up_to_those_of_all(root: Path) -> None:
    rows = ledger.count_rows(ledger.content(root))
    numbers = [[int(cell) for cell in row[1:]] for row in rows]
    assert [sum(column) for column in zip(*numbers[:-1], strict=True)] == numbers[-1]
    assert all(sum(row[:-1]) == row[-1] for row in numbers)
    assert measured.value(root, "claims.counts.claims") == numbers[-1][-1] == len(CLAIMS)


def test_power_stands_where_chance_has_a_part_and_something_is_decided(root: Path) -> None:
    tree = ledger.content(root)
    for theme in THEMES:
        claims = [claim for claim in tree["claims"] if claim["theme"] == theme]
        for claim, entry in zip(claims, ledger.entries(tree, theme), strict=True):
            decided = claim["verdict"] not in ("not measured", "not testable")
            shown = "Smallest difference shown" in entry.details
            assert shown == (decided and claim["matters"] is not None)
            tested = entry.details["Tested by"]
            assert ("What matters: " in tested) == (claim["matters"] is not None)


def test_changes_have_a_reason(root: Path) -> None:
    rows = ledger.change_rows(ledger.content(root))
    assert len(rows) > 20
    assert all(all(row) for row in rows)
    weak = [row for row in rows if row[2].startswith("compatible")]
    assert weak
    assert all(row[3].startswith("the smallest difference shown: ") for row in weak)


def test_an_unknown_theme_is_named(root: Path) -> None:
    with pytest.raises(measured.ResultError, match="no theme weather; there are: structure, data"):
        ledger.entries(ledger.content(root), "weather")


def test_the_committed_ledger_has_every_claim() -> None:
    text = (ROOT / "data" / "results" / "mnist" / "claims.json").read_text(encoding="utf-8")
    written = [(each["theme"], each["name"]) for each in json.loads(text)["claims"]]
    assert written == [(claim.theme, claim.name) for claim in CLAIMS]
