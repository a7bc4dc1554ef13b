"""The site's own parts: mathematics, numbers from files, tables and drawings made from the code.

Nothing that can be computed or read is typed into a page. A page names a result, a published
number or a table, and the build fails if there is none of that name.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from . import (
    accessible,
    cells,
    cheat,
    chosen,
    cited,
    docstrings,
    editions,
    fields,
    folds,
    foreign,
    intrinsics,
    ledger,
    machines,
    mathml,
    measured,
    mocked,
    network,
    pictured,
    pipeline,
    planes,
    printed,
    rungs,
    said,
    table_one,
    taken_over,
    timed,
    touch,
)

PARTS = (
    accessible,
    cells,
    cheat,
    chosen,
    cited,
    docstrings,
    editions,
    fields,
    folds,
    foreign,
    intrinsics,
    ledger,
    machines,
    mathml,
    measured,
    mocked,
    network,
    pictured,
    pipeline,
    planes,
    printed,
    rungs,
    said,
    table_one,
    taken_over,
    timed,
    touch,
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register every part with Sphinx."""
    for part in PARTS:
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
