"""Counts in words."""

from __future__ import annotations

import pytest

from paper_lenet.base.words import several


@pytest.mark.parametrize(("count", "said"), [(0, "0 passes"), (1, "1 pass"), (2, "2 passes")])
def test_one_is_said_otherwise_than_none_and_more(count: int, said: str) -> None:
    assert several(count, "pass", "passes") == said
