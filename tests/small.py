"""The pipeline's parameters cut down to a few patterns."""

from __future__ import annotations

from pathlib import Path

import yaml


def small(path: Path, raw: Path) -> None:
    """Rewrite the parameters at `path`: two seeds, two passes over 200 patterns of `raw`."""
    params = yaml.safe_load(path.read_text(encoding="utf-8"))
    params["data"]["sources"] = [{"folder": str(raw)}]
    params["train"]["seeds"] = 2
    recipe = params["recipes"][params["train"]["recipe"]]
    recipe["presentation"]["patterns"] = 200
    recipe["step"] |= {"eta": [[2, 0.0005]], "patterns": 20}
    path.write_text(yaml.safe_dump(params), encoding="utf-8")
