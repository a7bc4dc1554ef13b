"""Which engine was measured: figures of two machines compare only if they are of one engine."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import paper_lenet
from paper_lenet import engine


def measured_now() -> dict[str, Any]:
    """The day, the version of the package, and the digest of its engine."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "engine": {"version": paper_lenet.__version__, "sha256": digest(Path(engine.__file__))},
    }


def digest(inside: Path) -> str:
    """SHA-256, hexadecimal, of the names and bytes of all modules beside `inside`."""
    total = hashlib.sha256()
    for path in sorted(inside.parent.glob("*.py")):
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()
