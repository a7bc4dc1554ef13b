"""Tolerances were fixed when the claims say so: the history has the commits, and the words in them.

A copy without history, or with a part of it, has nothing to be held to.
"""

from __future__ import annotations

import datetime
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from paper_lenet.studies.claims.catalogue import FILE, catalogue

ROOT = Path(__file__).parents[2]
NOW = FILE.relative_to(ROOT).as_posix()
BEFORE = "paper_lenet/claims"  # modules, in which the claims stood before they were data


def git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


pytestmark = pytest.mark.skipif(
    git("rev-parse", "--show-toplevel") != str(ROOT)
    or git("rev-parse", "--is-shallow-repository") != "false",
    reason="there is no history here",
)


def expanded(tree: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The tolerance of each claim as it is written, placeholders and all."""
    found = {}
    for theme in tree["themes"].values():
        for entry in theme["claims"]:
            for row in entry.get("each", [{}]):
                fields = {**entry, **row}
                given = fields["tolerance"]
                found[fields["key"]] = (
                    tree["tolerances"][given] if isinstance(given, str) else given
                )
    return found


@cache
def at(commit: str) -> dict[str, dict[str, Any]]:
    """The tolerances in the file of a commit; none where the claims were modules."""
    text = git("show", f"{commit}:{NOW}")
    return expanded(yaml.safe_load(text)) if text else {}


@cache
def modules(commit: str) -> str:
    """The words of the modules of a commit, without what stands in braces."""
    files = git("ls-tree", "-r", "--name-only", commit, BEFORE).split()
    return " ".join(words(git("show", f"{commit}:{file}")) for file in files)


def words(text: str) -> str:
    joined = re.sub(r'"\s*\n\s*f?"', "", text)  # of a text over several lines
    return " ".join(re.findall("[a-z]+", re.sub(r"\{[^{}]*\}", "", joined).lower()))


def test_the_commits_are_in_the_history_and_of_that_time() -> None:
    for commit in catalogue().commits.values():
        assert git("merge-base", commit.id, "HEAD") == commit.id, commit
        made = datetime.datetime.fromisoformat(git("show", "-s", "--format=%cI", commit.id))
        assert made == commit.at, commit


def test_every_tolerance_stood_in_its_commit_as_it_stands_now() -> None:
    written = expanded(yaml.safe_load(FILE.read_text(encoding="utf-8")))
    for claim in catalogue().claims:
        now, then = written[claim.name], at(claim.fixed.id).get(claim.name)
        if then is not None:
            for key in ("rule", "limit", "text", "why"):
                assert then.get(key) == now.get(key), (claim.name, key)
        else:
            clauses = [part for key in ("text", "why") for part in now[key].split(";")]
            missing = [part for part in clauses if words(part) not in modules(claim.fixed.id)]
            assert missing == [], claim.name


def test_what_matters_stood_in_its_commit_as_it_stands_now() -> None:
    written = expanded(yaml.safe_load(FILE.read_text(encoding="utf-8")))
    weighed = [claim for claim in catalogue().claims if claim.weighed]
    assert len(weighed) > 30
    for claim in weighed:
        assert claim.weighed is not None
        then = at(claim.weighed.id)[claim.name]
        for key in ("matters", "part", "because", "unit"):
            assert then.get(key) == written[claim.name].get(key), (claim.name, key)


def test_what_came_first_is_told_as_it_was() -> None:
    """The twenty seeds before the ledger; it, and the rule of the distortions, before the rest."""
    commits = catalogue().commits
    for first, then in (("study", "ledger"), ("ledger", "results"), ("settling_rule", "results")):
        assert commits[first].at < commits[then].at
        one, other = (
            set(git("log", "--format=%H", commits[name].id).split()) for name in (first, then)
        )
        assert one < other
    rule = git("show", f"{commits['settling_rule'].id}:paper_lenet/studies/settling.py")
    assert "Runs within one standard error of it tie with it" in rule
    for study in ("settling", "sizes", "distortions", "noise", "readings"):
        runs = f"data/results/studies/{study}/runs.csv"
        assert not git("show", f"{commits['ledger'].id}:{runs}")
        assert git("show", f"{commits['results'].id}:{runs}")
