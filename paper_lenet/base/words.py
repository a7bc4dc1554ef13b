"""Counts in words."""

from __future__ import annotations


def several(count: int, one: str, more: str) -> str:
    """So many things, by the word for one of them or for more.

    Example:
        >>> several(1, "pass", "passes"), several(20, "pass", "passes"), several(0, "seed", "seeds")
        ('1 pass', '20 passes', '0 seeds')
    """
    return f"{count} {one if count == 1 else more}"
