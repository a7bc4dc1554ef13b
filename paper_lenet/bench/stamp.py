"""Which engine was measured: figures of two machines compare only if they are of one engine."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import paper_lenet
from paper_lenet.engine import compiled


def measured_now() -> dict[str, Any]:
    """The time, to the minute, the version of the package, and the digest of its engine."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M"),
        "engine": {"version": paper_lenet.__version__, "sha256": compiled.sources()},
    }
