"""The ledger: all claims by theme, judged, and written as a table, ``claims.json`` and ``.csv``."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Sequence
from math import isnan
from pathlib import Path
from typing import Any, NamedTuple

from paper_lenet.base.files import significant, write_csv, write_json
from paper_lenet.studies.claims.catalogue import catalogue
from paper_lenet.studies.claims.changes import Change, changes
from paper_lenet.studies.claims.model import SIGNS, Claim, Commit, Finding, Kind, Verdict
from paper_lenet.studies.claims.results import NotMeasured, Results

WIDTH = 100


class Entry(NamedTuple):
    """A claim, and what came out."""

    claim: Claim
    finding: Finding

    @property
    def ours(self) -> str:
        """Our number and its interval as text; empty without one."""
        finding, form = self.finding, self.claim.form
        if finding.ours is None:
            return ""
        text = f"{finding.ours:{form}}"
        if finding.low is None or finding.high is None:
            return text
        return f"{text} ({finding.low:{form}} to {finding.high:{form}})"

    @property
    def power(self) -> str:
        """The power of the test as text, beside what matters; empty without one."""
        shown, tolerance = self.finding.power, self.claim.tolerance
        if shown is None:
            return ""
        unit = f" {tolerance.unit}" if tolerance.unit else ""
        return f"{shown:.3g}{unit} ({tolerance.matters:.3g} matters)"

    @property
    def reason(self) -> str:
        """Why it ended so, as far as the rule for tests that see too little says it."""
        if self.finding.verdict is Verdict.COMPATIBLE:
            return f"the smallest difference shown: {self.power}"
        return self.finding.note

    def tree(self) -> dict[str, Any]:
        """The entry as JSON holds it: the columns, with ours, low and high as numbers."""
        claim, finding = self.claim, self.finding
        matters = claim.tolerance.matters
        return {
            "theme": claim.theme,
            "name": claim.name,
            "kind": claim.kind.value,
            "statement": claim.statement,
            "printed": claim.printed,
            "place": claim.place,
            "test": claim.test,
            "rule": claim.tolerance.text,
            "why": claim.tolerance.why,
            "matters": _number(None if isnan(matters) else matters),
            "because": claim.tolerance.because,
            "fixed": claim.fixed.short,
            "weighed": claim.weighed.short if claim.weighed else "",
            "power": _number(finding.power),
            "verdict": finding.verdict.value,
            "ours": _number(finding.ours),
            "low": _number(finding.low),
            "high": _number(finding.high),
            "n": finding.n,
            "note": finding.note,
            "shown": self.ours,
            "power_shown": self.power,
        }


def judged(results: Results) -> list[Entry]:
    """Every claim and its finding."""
    return [Entry(claim, finding(claim, results)) for claim in catalogue().claims]


def finding(claim: Claim, results: Results) -> Finding:
    """What `results` say of `claim`; where they are not there, what makes them."""
    try:
        return claim.judge(results)
    except NotMeasured as missing:
        return Finding(Verdict.NOT_MEASURED, note=str(missing))


def counts(entries: Iterable[Entry]) -> dict[str, int]:
    """How many ended how, and in all."""
    verdicts = [entry.finding.verdict for entry in entries]
    result = {verdict.key: verdicts.count(verdict) for verdict in Verdict}
    return {**result, "claims": len(verdicts)}


def of_kind(entries: Iterable[Entry], kind: Kind) -> list[Entry]:
    """Those of one kind."""
    return [entry for entry in entries if entry.claim.kind is kind]


def tree(entries: Sequence[Entry]) -> dict[str, Any]:
    """The content of ``claims.json``."""
    titles, _, commits = catalogue()
    themes = {theme: [entry for entry in entries if entry.claim.theme == theme] for theme in titles}
    between = commits["ledger"].at - commits["study"].at
    return {
        "counts": counts(entries),
        "kinds": {kind.value: counts(of_kind(entries, kind)) for kind in Kind},
        "themes": {theme: counts(mine) for theme, mine in themes.items()},
        "claims": [entry.tree() for entry in entries],
        "commits": {name: _commit(commit) for name, commit in commits.items()},
        "minutes_from_study_to_ledger": int(between.total_seconds() // 60),
        "changes": [change._asdict() for change in _changes(entries)],
    }


def _commit(commit: Commit) -> dict[str, str]:
    return {"id": commit.short, "at": f"{commit.at:%Y-%m-%d %H:%M}", "what": commit.what}


def _changes(entries: Sequence[Entry]) -> list[Change]:
    ends = {entry.claim.name: (entry.finding.verdict.value, entry.reason) for entry in entries}
    return changes(ends)


def write(folder: Path, entries: Sequence[Entry]) -> None:
    """Write ``claims.json`` and ``claims.csv`` into `folder`, made if missing."""
    folder.mkdir(parents=True, exist_ok=True)
    content = tree(entries)
    write_json(folder / "claims.json", content)
    columns = [column for column in entries[0].tree() if not column.endswith("shown")]
    rows = [
        ["" if row[column] is None else row[column] for column in columns]
        for row in content["claims"]
    ]
    write_csv(folder / "claims.csv", columns, rows)


def as_json(entries: Sequence[Entry]) -> str:
    """The content of ``claims.json``, as text."""
    return json.dumps(tree(entries), indent=2, sort_keys=True, allow_nan=False)


def lines(entries: Sequence[Entry]) -> list[str]:
    """The ledger as text: the counts of each kind, the claims, and those of trained networks."""
    heads = [_counted(kind.value, of_kind(entries, kind)) for kind in Kind]
    result = [*heads, _counted("in all", entries)]
    for theme, title in catalogue().themes.items():
        result += ["", title.upper()]
        for entry in entries:
            if entry.claim.theme == theme:
                result += _entry(entry)
    return [*result, "", heads[0]]


def _counted(what: str, entries: Sequence[Entry]) -> str:
    found = counts(entries)
    parts = [f"{found[each.key]} {each.short}" for each in Verdict]
    return f"{found['claims']} {what}: {', '.join(parts)}"


def _entry(entry: Entry) -> list[str]:
    claim, finding = entry.claim, entry.finding
    verdict = finding.verdict
    result = textwrap.wrap(
        f"{SIGNS[verdict]} {verdict.short:14}  {claim.name}: {claim.statement}",
        WIDTH,
        subsequent_indent=" " * 18,
    )
    parts = [f"paper {claim.printed}"] if claim.printed else []
    if entry.ours:
        parts.append(f"ours {entry.ours}" + (f", n = {finding.n}" if finding.n else ""))
    parts.append(f"[{claim.place}]")
    result += _indented("; ".join(parts))
    if entry.power:
        result += _indented(f"smallest difference shown in four of five cases: {entry.power}")
    return result + _indented(finding.note)


def _indented(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=" " * 18, subsequent_indent=" " * 18)


def _number(value: float | None) -> float | None:
    return None if value is None else float(significant(float(value)))
