"""Results as files that are the same bytes for the same numbers: plain CSV and sorted JSON."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any


def write_csv(path: Path, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write `rows` under `heading`; fields are text, whole numbers or already formatted."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heading)
        writer.writerows(rows)


def write_json(path: Path, tree: dict[str, Any]) -> None:
    """Write `tree` with sorted keys; numbers must be finite or `None`."""
    text = json.dumps(tree, indent=2, sort_keys=True, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of a file that `write_csv` wrote, by the names in its heading."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fixed(value: float, decimals: int = 4) -> str:
    """`value` with so many decimals; empty where there is none (NaN)."""
    return "" if math.isnan(value) else f"{value:.{decimals}f}"


def significant(value: float, digits: int = 6) -> str:
    """`value` with so many significant digits; empty where there is none (NaN)."""
    return "" if math.isnan(value) else f"{value:.{digits}g}"
