"""``claims.yaml`` as claims.

An entry with ``each`` stands for a claim a row. ``{NAME}`` in a text is a key of the row or one of
`printed.named_numbers`; in a note also one of `Ours.facts`, or ``seeds``, the summary over them.
"""

from __future__ import annotations

import datetime
import inspect
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from paper_lenet.base.statistics import over_seeds
from paper_lenet.paper.numbers import Published
from paper_lenet.studies.claims import described, measured, printed, reader, rules, trained
from paper_lenet.studies.claims.model import Claim, Commit, Finding, Judge, Kind, Ours, Tolerance
from paper_lenet.studies.claims.reader import ClaimsError, Tree, call, check, expect, filled, one_of
from paper_lenet.studies.claims.results import Results

FILE = Path(__file__).with_name("claims.yaml")
RULES = reader.functions(rules, "Finding")
PRINTED = reader.functions(printed, "Printed")
QUANTITIES = {
    name: function
    for module in (described, trained, measured)
    for name, function in reader.functions(module, "Ours").items()
}
KINDS = {kind.value: kind for kind in Kind}
WHY = "what matters has a reason, and nothing else"
# What may stand in each mapping of the file.
TOP = {
    **dict.fromkeys(("commits", "tolerances", "themes"), (dict,)),
    **dict.fromkeys(("fixed", "weighed"), (str,)),
}
COMMIT = {"id": (str,), "at": (datetime.datetime,), "what": (str,)}
THEME = {"title": (str,), "kind": (str,), "claims": (list,)}
ENTRY = {
    **dict.fromkeys(
        ("key", "kind", "statement", "place", "test", "note", "form", "between"), (str,)
    ),
    **dict.fromkeys(("printed", "ours", "tolerance"), (str, dict)),
    **dict.fromkeys(("fixed", "weighed"), (str,)),
}
TOLERANCE = {
    **dict.fromkeys(("rule", "text", "why", "because", "unit"), (str,)),
    **dict.fromkeys(("limit", "matters", "part"), (str, int, float)),
}


class Catalogue(NamedTuple):
    """The file.

    Attributes:
        themes: title by name, in the order of the file.
        claims: all of them, in the order of the file.
        commits: by name, those of which the claims and the page speak.
    """

    themes: dict[str, str]
    claims: list[Claim]
    commits: dict[str, Commit]


def catalogue(path: Path = FILE) -> Catalogue:
    """The themes and claims of a file like ``claims.yaml``, with the numbers as printed now.

    Raises:
        ClaimsError: something in it is wrong.
    """
    try:
        return _catalogue(reader.read(path))
    except ClaimsError as error:
        raise ClaimsError(f"{path.name}: {error}") from None


def _catalogue(tree: Tree) -> Catalogue:
    check(tree, TOP, tuple(TOP), "top")
    themes: dict[str, str] = {}
    claims: dict[str, Claim] = {}
    commits = {name: _commit(given, f"commits.{name}") for name, given in tree["commits"].items()}
    usual = {key: tree[key] for key in ("fixed", "weighed")}
    for theme, content in tree["themes"].items():
        check(content, THEME, tuple(THEME), theme)
        themes[theme] = content["title"]
        for place, entry in enumerate(content["claims"]):
            for fields, row in _rows(entry, f"{theme}.claims[{place}]"):
                expect(fields["key"] not in claims, f"{fields['key']}.key: another claim has it")
                fields = {**usual, "kind": content["kind"], **fields}
                claims[fields["key"]] = _claim(theme, fields, row, tree["tolerances"], commits)
    return Catalogue(themes, list(claims.values()), commits)


def _commit(given: Any, where: str) -> Commit:
    check(given, COMMIT, tuple(COMMIT), where)
    return Commit(**given)


def _rows(entry: Any, where: str) -> Iterator[tuple[Tree, Tree]]:
    """The keys of each claim of an entry, and what else its row has for the texts."""
    expect(isinstance(entry, dict), f"{where}: {entry!r} is not a mapping")
    common = {key: value for key, value in entry.items() if key != "each"}
    rows = entry.get("each", [{}])
    good = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
    expect(good, f"{where}.each: not a list of mappings")
    for row in rows:
        named = set(re.findall(r"{(\w+)", str([common, row]))) - set(ENTRY)
        fields = common | {key: value for key, value in row.items() if key not in named}
        required = ("key", "statement", "test", "tolerance")
        check(fields, ENTRY, required, str(fields.get("key", where)))
        yield fields, {key: value for key, value in row.items() if key in named}


def _claim(
    theme: str, fields: Tree, row: Tree, shared: Tree, commits: Mapping[str, Commit]
) -> Claim:
    name, known = fields["key"], {**printed.named_numbers(), **row}
    published: tuple[Published, ...] = ()
    if "printed" in fields:
        published = _printed(fields["printed"], known, f"{name}.printed")
    tolerance = _tolerance(fields["tolerance"], shared, known, published, f"{name}.tolerance")
    fixed, weighed = (one_of(commits, fields[key], f"{name}.{key}") for key in ("fixed", "weighed"))
    expect(published or "place" in fields, f"{name}.place: missing")
    return Claim(
        theme=theme,
        name=name,
        kind=one_of(KINDS, fields["kind"], f"{name}.kind"),
        statement=filled(fields["statement"], known, f"{name}.statement"),
        published=published,
        place=fields["place"] if "place" in fields else published[0].place,
        test=filled(fields["test"], known, f"{name}.test"),
        tolerance=tolerance,
        fixed=fixed,
        weighed=None if math.isnan(tolerance.matters) else weighed,
        judge=_judge(fields, known, published, tolerance),
        form=fields.get("form", ".3g"),
        between=fields.get("between", " to "),
    )


def _tolerance(
    given: Any, shared: Tree, known: Tree, published: tuple[Published, ...], where: str
) -> Tolerance:
    """One of the `shared` tolerances, by its name, or the claim's own."""
    if isinstance(given, str):
        given = one_of(shared, given, where)
    check(given, TOLERANCE, ("rule", "text", "why"), where)
    one_of(RULES, given["rule"], f"{where}.rule")
    numbers = {"limit": math.nan, "matters": math.nan, "part": math.nan}
    for key in numbers.keys() & given.keys():
        number = given[key]
        numbers[key] = (
            one_of(known, number, f"{where}.{key}") if isinstance(number, str) else number
        )
    if "part" in given:
        expect(published and "matters" not in given, f"{where}.part: it is of the printed number")
        numbers["matters"] = numbers["part"] * abs(published[0].value)
    expect(
        ("because" in given) == bool({"matters", "part"} & given.keys()), f"{where}.because: {WHY}"
    )
    known = {**known, "limit": printed.Plain(numbers["limit"])}
    words = [
        filled(given.get(key, ""), known, f"{where}.{key}")
        for key in ("text", "why", "because", "unit")
    ]
    text, why, because, unit = words
    limit, matters = float(numbers["limit"]), float(numbers["matters"])
    return Tolerance(given["rule"], text, why, limit, matters, because, unit)


def _printed(given: Any, known: Tree, where: str) -> tuple[Published, ...]:
    """The printed numbers: a constant by its name, or a function of `printed`."""
    constant = isinstance(given, str) and given.isupper()
    compute = call(PRINTED, {"constant": given} if constant else given, known, where)
    try:
        found: tuple[Published, ...] = compute(None)
    except (LookupError, ValueError) as error:
        raise ClaimsError(f"{where}: {error}") from None
    return found


def _judge(
    fields: Tree, known: Tree, published: tuple[Published, ...], tolerance: Tolerance
) -> Judge:
    """Computes what is ours, fills in the note, and applies the rule."""
    name, rule = fields["key"], RULES[tolerance.rule]
    quantity = call(QUANTITIES, fields["ours"], known, f"{name}.ours") if "ours" in fields else None
    beside = {
        "printed": published,
        "limit": tolerance.limit,
        "matters": tolerance.matters,
    }
    taken = [key for key in inspect.signature(rule).parameters if key != "ours"]
    for key, there in (
        ("ours", quantity or tolerance.rule == "undecided"),
        ("printed", published or "printed" not in taken),
        ("limit", "limit" not in taken or not math.isnan(tolerance.limit)),
        ("matters", "matters" not in taken or not math.isnan(tolerance.matters)),
    ):
        expect(there, f"{name}.{key}: missing; the rule {tolerance.rule} needs it")
    unused = "matters" not in taken and not math.isnan(tolerance.matters)
    expect(not unused, f"{name}.matters: chance has no part in the rule {tolerance.rule}")

    def judge(results: Results) -> Finding:
        ours: Ours = quantity(results) if quantity else Ours()
        facts = {**known, **ours.facts}
        if ours.values:
            facts["seeds"] = over_seeds(ours.values)
        if ours.values or not quantity:
            note = filled(fields.get("note", ""), facts, f"{name}.note")
            ours = ours._replace(note=note)
        return rule(ours, *(beside[key] for key in taken))  # type: ignore[no-any-return]

    return judge
