"""What a claim is, what of ours is laid beside it, and how it can end.

A claim is a statement of the paper that can be tested, in our words, with the number that is
printed. Its tolerance has a reason and looks at no result. Its rule looks at committed results and
says how it ended.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from paper_lenet.paper.numbers import Published
from paper_lenet.studies.claims.results import Results


class Kind(StrEnum):
    """What a claim is of, and so how far its end speaks of the replication."""

    STATISTICAL = "statistical"  # of what is trained; judged by an interval over its seeds, if any
    DERIVED = "derived"  # by us: what we deduced or read out of a figure; the paper does not say it
    ARITHMETIC = "arithmetic"  # of the description or the data: counted or computed, with no chance


class Verdict(StrEnum):
    """How a claim ended."""

    REPRODUCED = "reproduced"
    COMPATIBLE = "compatible, but with little power"
    NOT_REPRODUCED = "not reproduced"
    NOT_TESTABLE = "not testable"
    NOT_MEASURED = "not measured"

    @property
    def key(self) -> str:
        """The name under which ``claims.json`` counts it."""
        return self.name.lower()

    @property
    def short(self) -> str:
        """The same without its reservation, where there is little room."""
        return self.value.partition(",")[0]


SIGNS = {
    Verdict.REPRODUCED: "✓",
    Verdict.COMPATIBLE: "≈",
    Verdict.NOT_REPRODUCED: "✗",
    Verdict.NOT_TESTABLE: "–",
    Verdict.NOT_MEASURED: "?",
}


class Ours(NamedTuple):
    """What of ours is laid beside the paper.

    Attributes:
        values: one a seed, in the unit of the printed number; or the one number that is computed.
        n: of how many seeds, patterns or maps one number is made; `None` if it is computed.
        diverged: seeds that have no value, as their training diverged.
        other: another sample of ours, or a number, that the values are compared with.
        power: the smallest true difference that would be shown, where the rule cannot tell it from
            the values; NaN elsewhere.
        p: probability of what is at least as far from the paper, if the paper's were ours.
        facts: what the claim's note may name.
        note: the claim's note, filled in.
    """

    values: tuple[float, ...] = ()
    n: int | None = None
    diverged: int = 0
    other: tuple[float, ...] = ()
    power: float = math.nan
    p: float = 1.0
    facts: Mapping[str, Any] = {}
    note: str = ""

    @property
    def number(self) -> float:
        """The one number."""
        (value,) = self.values
        return value


class Finding(NamedTuple):
    """What the results say of a claim.

    Attributes:
        verdict: how it ended.
        ours: our number, in the unit of the printed one; `None` where there is none.
        low: lower end of the interval that the tolerance names; `None` without one.
        high: upper end of it.
        n: of how many seeds, patterns or maps `ours` is made; `None` if it is computed.
        note: what else a reader should know.
        power: the smallest true difference that the test would have shown (`power`); `None` where
            chance has no part, or nothing is decided.
    """

    verdict: Verdict
    ours: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    note: str = ""
    power: float | None = None


class Tolerance(NamedTuple):
    """When a claim counts as reproduced, and why then.

    Attributes:
        rule: name of a function of `rules`.
        text: the same in words.
        why: the reason.
        limit: the number that some rules take, in the unit of ours; NaN for the others.
        matters: the difference from the paper that would be another result, in the unit of `power`;
            NaN where chance has no part.
        because: the reason for that.
        unit: what the power is of, where that is not what ours is of.
    """

    rule: str
    text: str
    why: str
    limit: float
    matters: float = math.nan
    because: str = ""
    unit: str = ""


class Commit(NamedTuple):
    """A commit of this project.

    Attributes:
        id: its whole name in git.
        at: when it was made.
        what: what it brought.
    """

    id: str
    at: datetime.datetime
    what: str

    @property
    def short(self) -> str:
        """As git shows it."""
        return self.id[:7]


Judge = Callable[[Results], Finding]


@dataclass(frozen=True)
class Claim:
    """One statement of the paper.

    Attributes:
        theme: where it is listed.
        name: a short unique id, the ``key`` of ``claims.yaml``.
        kind: what it is of.
        statement: what the paper says, in our words.
        published: the printed numbers, from `numbers` or `classifiers`; none where it prints none.
        place: where it stands.
        test: what of ours is laid beside it.
        tolerance: when it counts as reproduced.
        fixed: the commit that fixed the tolerance.
        weighed: the commit that fixed what matters; `None` where chance has no part.
        judge: makes the finding from the results.
        form: format of our number and its interval, as `format` takes it.
        between: what stands between two printed numbers; those of a range are its ends.
    """

    theme: str
    name: str
    kind: Kind
    statement: str
    published: tuple[Published, ...]
    place: str
    test: str
    tolerance: Tolerance
    fixed: Commit
    weighed: Commit | None
    judge: Judge
    form: str = ".3g"
    between: str = " to "

    @property
    def printed(self) -> str:
        """The printed numbers as text; of a curve the first and the last."""
        values = list(dict.fromkeys(f"{each.value:,.6g}" for each in self.published))
        if len(self.published) > 2:
            return f"{values[0]} … {values[-1]} ({len(self.published)} points)"
        return self.between.join(values)
