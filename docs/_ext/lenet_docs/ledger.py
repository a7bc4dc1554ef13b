"""The claims ledger, read from the file that ``paper-lenet claims --write`` makes.

``ledger`` shows the claims of one theme, a line each: what the paper says, the printed number, ours
and how it ended, in a word with a sign. Behind the line stands how it was tested and why so.
``ledger-filter`` offers to show some verdicts or one kind alone; without scripts all are shown.
``ledger-counts`` shows how many of each kind ended how, ``ledger-changes`` what does not end as it
did before. Single counts are results like others, as in
``{result}`claims.kinds.statistical.reproduced```.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from paper_lenet.base.files import read_json
from paper_lenet.studies.claims.catalogue import catalogue
from paper_lenet.studies.claims.model import SIGNS, Kind, Verdict

from .folds import Fold, Summary
from .measured import NOTHING, ResultError, find
from .tables import table
from .words import spoken

FILE = "claims.json"
THEMES = catalogue().themes
CHANGE = ("before", "now", "why")
HEADING = ("Claim", "Paper", "Ours", "Verdict")


class Entry(NamedTuple):
    """A claim as the page shows it: its line under `HEADING`, and what stands behind it."""

    name: str
    kind: Kind
    verdict: Verdict
    line: tuple[str, ...]
    details: dict[str, str]


def content(root: Path) -> dict[str, Any]:
    """The ledger as it was written."""
    tree: dict[str, Any] = read_json(find(root, FILE))
    return tree


def entries(tree: dict[str, Any], theme: str) -> list[Entry]:
    """The claims of one theme.

    Raises:
        ResultError: there is no such theme.
    """
    if theme not in THEMES:
        raise ResultError(f"no theme {theme}; there are: {', '.join(THEMES)}")
    return [_entry(claim) for claim in tree["claims"] if claim["theme"] == theme]


def _entry(claim: dict[str, Any]) -> Entry:
    verdict, kind = Verdict(claim["verdict"]), Kind(claim["kind"])
    ours = claim["shown"] + (f", n = {claim['n']:,}" if claim["shown"] and claim["n"] else "")
    line = (
        claim["statement"],
        claim["printed"] or NOTHING,
        ours or NOTHING,
        f"{SIGNS[verdict]} {verdict.value}",
    )
    details = {
        "Place": claim["place"],
        "Kind": claim["kind"],
        "Smallest difference shown": claim["power_shown"],
        "Tested by": " ".join(map(_sentence, _tested(claim))),
        "Note": claim["note"],
    }
    details = {title: spoken(text) for title, text in details.items() if text}
    return Entry(claim["name"], kind, verdict, tuple(map(spoken, line)), details)


def _tested(claim: dict[str, Any]) -> list[str]:
    parts = [claim[part] for part in ("test", "rule", "why")]
    fixed = f"fixed in commit {claim['fixed']}"
    if claim["because"]:
        parts.append(f"what matters: {claim['because']}")
        fixed += f", what matters in {claim['weighed']}"
    return [*parts, fixed]


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def folded(entry: Entry) -> Fold:
    """A claim: its line, behind which its details stand."""
    summary = Summary()
    for title, text in zip(HEADING, entry.line, strict=True):
        label = nodes.inline("", f"{title}: ", classes=["label"])
        summary += nodes.inline("", "", label, nodes.Text(text), classes=[f"cell-{title.lower()}"])
    items = [
        nodes.definition_list_item(
            "", nodes.term(title, title), nodes.definition("", nodes.paragraph(text, text))
        )
        for title, text in entry.details.items()
    ]
    classes = ["claim", mark(entry.kind), mark(entry.verdict)]
    found = Fold("", summary, nodes.definition_list("", *items), classes=classes)
    found["ids"].append(anchor(entry.name))
    return found


def mark(what: Kind | Verdict) -> str:
    """The class by which the script finds claims of a kind, or of a verdict."""
    name = what.value if isinstance(what, Kind) else what.key
    return nodes.make_id(f"{type(what).__name__}-{name}")


def anchor(name: str) -> str:
    """The place of a claim on its page."""
    return nodes.make_id(f"claim-{name}")


def count_rows(tree: dict[str, Any]) -> list[list[str]]:
    """How many claims of each kind, and of all, ended how."""
    keys = [*(verdict.key for verdict in Verdict), "claims"]
    listed = [(kind.value, tree["kinds"][kind.value]) for kind in Kind]
    return [
        [title, *(str(found[key]) for key in keys)]
        for title, found in (*listed, ("all", tree["counts"]))
    ]


def change_rows(tree: dict[str, Any]) -> list[list[str]]:
    """The claims that do not end as they did: which, how before, how now, and why."""
    said = {claim["name"]: claim["statement"] for claim in tree["claims"]}
    return [
        [said.get(each["name"], each["name"].replace("-", " ")), *map(each.get, CHANGE)]
        for each in tree["changes"]
    ]


class Ledger(SphinxDirective):
    """The claims of one theme."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """A line each."""
        root = self.env.srcdir.parent
        try:
            found = entries(content(root), self.arguments[0])
        except ValueError as error:
            raise self.error(f"ledger: {error}") from None
        self.env.note_dependency(find(root, FILE))
        heading = nodes.paragraph(classes=["claims-heading"])
        heading += [nodes.inline(title, title) for title in HEADING]
        return [nodes.container("", heading, *map(folded, found), classes=["claims"])]


class LedgerFilter(SphinxDirective):
    """Two choices, which a script shows and obeys."""

    def run(self) -> list[nodes.Node]:
        """The form."""
        verdicts = [(mark(each), each.short) for each in Verdict]
        kinds = [(mark(each), each.value) for each in Kind]
        form = (
            '<form class="claims-filter" hidden>'
            f"{_choice('Verdict', verdicts)}{_choice('Kind', kinds)}"
            '<output aria-live="polite"></output></form>'
            '<script src="_static/claims.js" defer></script>'
        )
        return [nodes.raw("", form, format="html")]


def _choice(label: str, options: Iterable[tuple[str, str]]) -> str:
    listed = "".join(f'<option value="{value}">{escape(text)}' for value, text in options)
    return f'<label>{label} <select><option value="claim">all{listed}</select></label>'


class LedgerCounts(SphinxDirective):
    """The counts by kind."""

    def run(self) -> list[nodes.Node]:
        """The table."""
        try:
            body = count_rows(content(self.env.srcdir.parent))
        except ValueError as error:
            raise self.error(f"ledger-counts: {error}") from None
        self.env.note_dependency(find(self.env.srcdir.parent, FILE))
        signs = [f"{SIGNS[verdict]} {verdict.short}" for verdict in Verdict]
        return [table(["Kind", *signs, "claims"], body, "How the claims ended, kind by kind")]


class LedgerChanges(SphinxDirective):
    """What has become of the ledger as it was."""

    def run(self) -> list[nodes.Node]:
        """The table."""
        body = change_rows(content(self.env.srcdir.parent))
        self.env.note_dependency(find(self.env.srcdir.parent, FILE))
        return [table(["Claim", "Before", "Now", "Why"], body, "What does not end as it did")]


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("ledger", Ledger)
    app.add_directive("ledger-filter", LedgerFilter)
    app.add_directive("ledger-counts", LedgerCounts)
    app.add_directive("ledger-changes", LedgerChanges)
