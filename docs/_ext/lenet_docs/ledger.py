"""The claims ledger, read from the file that ``paper-lenet claims --write`` makes.

``ledger`` shows the claims of one theme as a table: what the paper says and where, what is printed
and what is ours, how it is tested, and how it ended, in a word with a sign. ``ledger-counts`` shows
how many of each kind ended how, ``ledger-changes`` what does not end as it did before. Single
counts are results like others, as in ``{result}`claims.kinds.statistical.reproduced```.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from paper_lenet.base.files import read_json
from paper_lenet.studies.claims.catalogue import catalogue
from paper_lenet.studies.claims.model import SIGNS, Kind, Verdict

from .measured import NOTHING, ResultError, find
from .tables import table

FILE = "claims.json"
THEMES = catalogue().themes
CLAIM = (
    "Claim",
    "Verdict",
    "Paper",
    "Ours",
    "Smallest difference shown",
    "Note",
    "Kind",
    "Place",
    "Tested by",
)


def content(root: Path) -> dict[str, Any]:
    """The ledger as it was written."""
    tree: dict[str, Any] = read_json(find(root, FILE))
    return tree


def rows(tree: dict[str, Any], theme: str) -> list[list[str]]:
    """The table of one theme, a row a claim, under `CLAIM`.

    Raises:
        ResultError: there is no such theme.
    """
    if theme not in THEMES:
        raise ResultError(f"no theme {theme}; there are: {', '.join(THEMES)}")
    return [_row(claim) for claim in tree["claims"] if claim["theme"] == theme]


def _row(claim: dict[str, Any]) -> list[str]:
    verdict = Verdict(claim["verdict"])
    ours = claim["shown"] + (f", n = {claim['n']:,}" if claim["shown"] and claim["n"] else "")
    return [
        claim["statement"],
        f"{SIGNS[verdict]} {verdict.value}",
        claim["printed"] or NOTHING,
        ours or NOTHING,
        claim["power_shown"] or NOTHING,
        claim["note"] or NOTHING,
        claim["kind"],
        claim["place"],
        " ".join(map(_sentence, _tested(claim))),
    ]


def _tested(claim: dict[str, Any]) -> list[str]:
    parts = [claim[part] for part in ("test", "rule", "why")]
    fixed = f"fixed in commit {claim['fixed']}"
    if claim["because"]:
        parts.append(f"what matters: {claim['because']}")
        fixed += f", what matters in {claim['weighed']}"
    return [*parts, fixed]


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


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
    return [[change[key] for key in ("name", "before", "now", "why")] for change in tree["changes"]]


class Ledger(SphinxDirective):
    """The claims of one theme."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The table."""
        theme = self.arguments[0]
        try:
            body = rows(content(self.env.srcdir.parent), theme)
        except ValueError as error:
            raise self.error(f"ledger: {error}") from None
        self.env.note_dependency(find(self.env.srcdir.parent, FILE))
        caption = f"{THEMES[theme]}: what the paper says, and how it ended"
        found = table(CLAIM, body, caption)
        found["classes"].append("ledger")
        return [found]


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
    app.add_directive("ledger-counts", LedgerCounts)
    app.add_directive("ledger-changes", LedgerChanges)
