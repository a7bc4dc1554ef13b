"""What has become of the ledger as it was: claims that were merged, verdicts that changed.

``before.csv`` has the claims of the ledger that was committed last before no statement was judged
twice and before power counted, with their verdicts, and says into which other one a claim went.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from paper_lenet.base.files import read_csv

FILE = Path(__file__).with_name("before.csv")
MERGED = "merged"


class Change(NamedTuple):
    """A claim that does not end as it did.

    Attributes:
        name: its key.
        before: its verdict then.
        now: its verdict, or `MERGED`.
        why: the reason.
    """

    name: str
    before: str
    now: str
    why: str


def changes(ends: Mapping[str, tuple[str, str]]) -> list[Change]:
    """The changes from the ledger as it was; merged claims last.

    Args:
        ends: verdict and reason of each claim, by its name.

    Raises:
        OSError: ``before.csv`` is missing.
    """
    turned, merged = [], []
    for row in read_csv(FILE):
        name, before, why = row["name"], row["verdict"], row["why"]
        now, reason = ends.get(name, (MERGED, ""))
        if now == MERGED:
            merged.append(Change(name, before, now, why))
        elif now != before:
            turned.append(Change(name, before, now, why or reason))
    return turned + merged
