"""``claims.yaml``: that it is whole, and that what is wrong in such a file is told in one line."""

from __future__ import annotations

import datetime
import inspect
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from paper_lenet.paper.numbers import CONVERGENCE, TEST_ERROR
from paper_lenet.studies.claims import catalogue as module
from paper_lenet.studies.claims.catalogue import FILE, PRINTED, QUANTITIES, RULES, catalogue
from paper_lenet.studies.claims.model import Kind, Ours, Verdict
from paper_lenet.studies.claims.printed import Plain, constant, named_numbers
from paper_lenet.studies.claims.reader import ClaimsError
from paper_lenet.studies.claims.results import Results

TREE: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
ENTRIES = [entry for theme in TREE["themes"].values() for entry in theme["claims"]]
ROWS = [{**entry, **row} for entry in ENTRIES for row in entry.get("each", [{}])]


def names(key: str) -> set[str]:
    """The functions that the claims name under `key`."""
    given = [row[key] for row in ROWS if key in row]
    return {name for each in given for name in ([each] if isinstance(each, str) else each)}


# The file


def test_every_rule_tolerance_and_function_is_used() -> None:
    assert {claim.tolerance.rule for claim in catalogue().claims} == set(RULES)
    assert {row["tolerance"] for row in ROWS if isinstance(row["tolerance"], str)} == set(
        TREE["tolerances"]
    )
    assert names("ours") == set(QUANTITIES)
    used = {name for name in names("printed") if not name.isupper()}
    assert used == set(PRINTED) - {"constant"}


def test_every_claim_is_written_under_its_own_key() -> None:
    written = re.findall(r"\bkey: ([a-z0-9-]+)", FILE.read_text(encoding="utf-8"))
    assert [claim.name for claim in catalogue().claims] == written


def test_every_claim_has_place_reason_and_a_number_of_ours_or_none() -> None:
    for row, claim in zip(ROWS, catalogue().claims, strict=True):
        assert "place" in row or claim.published
        assert claim.place
        assert len(claim.tolerance.why) > 20
        assert "ours" in row or claim.tolerance.rule == "undecided"


def test_no_published_number_is_written_a_second_time() -> None:
    """Where a number of the paper decides, the file has its name."""
    for row in ROWS:
        own = row["tolerance"] if isinstance(row["tolerance"], dict) else {}
        limit = own.get("limit", "")
        assert isinstance(limit, str) or limit in (0, 1e-4, 0.05, 50, 1500)


def test_lines_are_as_short_as_those_of_the_code() -> None:
    assert max(map(len, FILE.read_text(encoding="utf-8").splitlines())) <= 100


def test_what_matters_is_a_number_or_a_part_of_the_printed_one(tmp_path: Path) -> None:
    for given, matters in (({"matters": "GAIN"}, 0.15), ({"part": 0.5}, 0.475)):
        tolerance = {**given, "rule": "one_run", "because": "it is the gain: {GAIN}"}
        (claim,) = catalogue(written(tmp_path, CLAIM, **tolerance)).claims
        assert claim.tolerance.matters == pytest.approx(matters)
        assert claim.tolerance.because == "it is the gain: 0.15"
    found = named_numbers()
    assert found["APART"] == pytest.approx(0.15 / 0.95)
    assert found["FALL"] == pytest.approx(0.2, abs=0.01)


def test_rules_take_what_they_say() -> None:
    for rule in RULES.values():
        first, *rest = inspect.signature(rule).parameters
        assert first == "ours"
        assert set(rest) <= {"printed", "limit", "matters"}


def test_numbers_of_texts_are_shown_in_their_shortest_form() -> None:
    assert (
        "{UNCERTAINTY} {LEVEL} {OUTSIDE} {TOGETHER}".format_map(named_numbers()) == "0.1 95 5 99.75"
    )
    assert f"{Plain(0.05):.0%}" == "5%"
    assert constant("TEST_ERROR") == (TEST_ERROR,)
    assert constant("CONVERGENCE") == CONVERGENCE


# A file of one's own


CLAIM = {
    "key": "one",
    "statement": "it settles at {TEST_ERROR}",
    "printed": "TEST_ERROR",
    "ours": {"number": "TEST_ERROR"},
    "test": "itself",
    "tolerance": "exact",
}
EXACT = {"rule": "equal", "text": "equal", "why": "it is a count"}


def written(folder: Path, *claims: Any, **tolerance: Any) -> Path:
    """A file of these claims, with one tolerance, `EXACT` and what differs from it."""
    tree = {
        "commits": {
            name: {"id": name, "at": datetime.datetime(2027, 1, 2, 3, 4), "what": "something"}
            for name in ("first", "other")
        },
        "fixed": "first",
        "weighed": "other",
        "tolerances": {"exact": {**EXACT, **tolerance}},
        "themes": {"some": {"title": "Some", "kind": "derived", "claims": list(claims)}},
    }
    path = folder / "mine.yaml"
    path.write_text(yaml.safe_dump(tree, sort_keys=False), encoding="utf-8")
    return path


def test_a_claim_is_read_and_judged(tmp_path: Path) -> None:
    themes, (claim,), _ = catalogue(written(tmp_path, CLAIM))
    assert themes == {"some": "Some"}
    assert claim.kind is Kind.DERIVED
    assert (claim.theme, claim.name, claim.statement) == ("some", "one", "it settles at 0.95")
    assert (claim.place, claim.printed) == (TEST_ERROR.place, "0.95")
    assert claim.fixed == ("first", datetime.datetime(2027, 1, 2, 3, 4), "something")
    assert claim.weighed is None, "chance has no part"
    found = claim.judge(Results(tmp_path))
    assert (found.verdict, found.ours) == (Verdict.REPRODUCED, 0.95)


def test_each_row_is_a_claim_of_its_own(tmp_path: Path) -> None:
    rows = [
        {"key": "c1", "layer": "C1", "fixed": "other"},
        {"key": "c3", "layer": "C3", "test": "another", "note": "so"},
    ]
    call = {"count": ["{layer}", "parameters"]}
    entry = {**CLAIM, "statement": "of {layer}", "printed": call, "ours": call, "each": rows}
    one, other = catalogue(written(tmp_path, {k: v for k, v in entry.items() if k != "key"})).claims
    assert (one.statement, other.statement) == ("of C1", "of C3")
    assert (one.test, other.test) == ("itself", "another")
    assert (one.fixed.id, other.fixed.id) == ("other", "first")
    found = [each.judge(Results(tmp_path)) for each in (one, other)]
    assert [(each.ours, each.note) for each in found] == [(156, ""), (1516, "so")]


@pytest.mark.parametrize("whole", [True, False])
def test_a_placeholder_alone_is_a_number(tmp_path: Path, whole: bool) -> None:
    argument = "{SETTLING_PASS}" if whole else "pass {SETTLING_PASS}"
    given: list[object] = []

    def taken(value: object) -> Ours:
        given.append(value)
        return Ours((1.0,))

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(module.QUANTITIES, "number", taken)
        catalogue(written(tmp_path, {**CLAIM, "ours": {"number": argument}})).claims[0].judge(
            Results(tmp_path)
        )
    assert given == ([10.0] if whole else ["pass 10"])


WRONG: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"wher": "p. 1"}, {}, "one.wher: unknown key; known here: key, kind, statement, place"),
    ({"kind": "fair"}, {}, "one.kind: 'fair' is not one of statistical, derived, arithmetic"),
    ({"statement": None}, {}, "one.statement: missing"),
    ({"key": None}, {}, "some.claims[0].key: missing"),
    ({"test": 5}, {}, "one.test: 5 is not text"),
    ({"fixed": "soon"}, {}, "one.fixed: 'soon' is not one of first, other"),
    ({"weighed": "soon"}, {}, "one.weighed: 'soon' is not one of first, other"),
    ({"statement": "a {b}"}, {}, "one.statement: nothing is known as 'b'"),
    ({"statement": "a {LEVEL:q}"}, {}, "one.statement: Unknown format code 'q'"),
    ({"statement": "a {LEVEL.b}"}, {}, "one.statement: 'Plain' object has no attribute 'b'"),
    ({"printed": "TEST_ERRO"}, {}, "one.printed: no printed number 'TEST_ERRO'"),
    ({"printed": "figure"}, {}, "one.printed: 'figure' is not one of constant, count, classifier"),
    ({"printed": {"count": ["C9", "parameters"]}}, {}, "one.printed: no layer 'C9'; there are: C1"),
    ({"printed": {"count": ["F6", "connections"]}}, {}, "the paper prints no connections of F6"),
    ({"printed": {"count": "C1"}}, {}, "one.printed: count: missing a required argument: 'kind'"),
    ({"printed": {"saturated": "X"}}, {}, "one.printed: "),
    ({"printed": None, "place": "p. 1"}, {}, "one.printed: missing; the rule equal needs it"),
    ({"printed": None}, {}, "one.place: missing"),
    ({"ours": None}, {}, "one.ours: missing; the rule equal needs it"),
    ({"ours": "guess"}, {}, "one.ours: 'guess' is not one of count, trainable_layers"),
    ({"ours": {"count": 1, "times": 2}}, {}, "is not one function with its arguments"),
    ({"ours": {"column": "paper/paper"}}, {}, "one.ours: column: missing a required argument"),
    ({"ours": {"number": ["A", "B"]}}, {}, "one.ours: number: too many positional arguments"),
    ({"tolerance": "kind"}, {}, "one.tolerance: 'kind' is not one of exact"),
    ({"tolerance": ["exact"]}, {}, "one.tolerance: ['exact'] is not text or a mapping"),
    ({"tolerance": {"rule": "equal"}}, {}, "one.tolerance.text: missing"),
    ({}, {"rule": "fair"}, "one.tolerance.rule: 'fair' is not one of equal, rounded"),
    ({}, {"rule": "near"}, "one.limit: missing; the rule near needs it"),
    ({}, {"limit": "1e-3"}, "one.tolerance.limit: '1e-3' is not one of LEVEL"),
    ({}, {"limit": [1]}, "one.tolerance.limit: [1] is not text or a number"),
    ({}, {"reason": "none"}, "one.tolerance.reason: unknown key; known here: rule, text, why"),
    ({}, {"matters": 0.1}, "one.tolerance.because: what matters has a reason, and nothing else"),
    ({}, {"matters": 0.1, "because": "so"}, "one.matters: chance has no part in the rule equal"),
    ({}, {"rule": "count"}, "one.matters: missing; the rule count needs it"),
    ({}, {"because": "so"}, "one.tolerance.because: what matters has a reason, and nothing else"),
    ({}, {"matters": "ALL", "because": "so"}, "one.tolerance.matters: 'ALL' is not one of LEVEL"),
    (
        {"printed": None, "place": "p. 1"},
        {"part": 0.1, "because": "so"},
        "one.tolerance.part: it is of the printed number",
    ),
    ({}, {"why": "{b}"}, "one.tolerance.why: nothing is known as 'b'"),
    ({"each": {}}, {}, "some.claims[0].each: not a list of mappings"),
    ({"each": [{"layer": "C1"}]}, {}, "one.layer: unknown key"),
]


@pytest.mark.parametrize(("changes", "tolerance", "message"), WRONG)
def test_what_is_wrong_is_told_in_one_line(
    tmp_path: Path, changes: dict[str, Any], tolerance: dict[str, Any], message: str
) -> None:
    claim = {key: value for key, value in (CLAIM | changes).items() if value is not None}
    with pytest.raises(ClaimsError) as error:
        catalogue(written(tmp_path, claim, **tolerance))
    assert message in str(error.value)
    assert str(error.value).startswith("mine.yaml: ")
    assert "\n" not in str(error.value)


HEAD = "commits: {}\nfixed: a\nweighed: a\ntolerances: {}\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "top.commits: missing"),
        ("- 1", "top: [1] is not a mapping"),
        ("fixed: [", "not YAML: while parsing a flow node"),
        (
            "fixed: one\nfixed: other",
            "not YAML: the key 'fixed' stands twice at line 2, column 1",
        ),
        (
            "themes: [{key: one, test: a, test: b}]",
            "not YAML: the key 'test' stands twice at",
        ),
        (
            f"{HEAD}themes: {{a: {{title: A, kind: derived}}}}",
            "a.claims: missing",
        ),
        (
            f"{HEAD}themes: {{a: {{title: A, kind: derived, claims: [b]}}}}",
            "a.claims[0]: 'b' is not a mapping",
        ),
        (
            HEAD.replace("{}", "{a: {id: b, at: soon, what: c}}", 1) + "themes: {}",
            "commits.a.at: 'soon' is not a date and time",
        ),
    ],
)
def test_a_file_that_is_none_of_claims_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ClaimsError, match=f"^mine.yaml: {re.escape(message)}"):
        catalogue(path)
    path.unlink()
    with pytest.raises(ClaimsError, match=r"^mine.yaml: there is no such file$"):
        catalogue(path)


def test_a_merged_mapping_may_have_other_values(tmp_path: Path) -> None:
    text = written(tmp_path, CLAIM).read_text(encoding="utf-8")
    more = "    - &one\n      key: one\n"
    text = text.replace("    - key: one\n", more) + "    - {<<: *one, key: two}\n"
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    assert [claim.name for claim in catalogue(path).claims] == ["one", "two"]


def test_two_claims_of_one_key_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ClaimsError, match=r"one\.key: another claim has it"):
        catalogue(written(tmp_path, CLAIM, CLAIM))


def test_a_note_that_names_what_is_not_found_is_told(tmp_path: Path) -> None:
    (claim,) = catalogue(written(tmp_path, {**CLAIM, "note": "about {place}"})).claims
    with pytest.raises(ClaimsError, match=r"one\.note: nothing is known as 'place'"):
        claim.judge(Results(tmp_path))
