"""Sources and parameters that are no longer those of the committed record.

``dvc commit`` writes their hashes into the lock without running anything, and so the lock on disk
cannot tell. Asked is what the committed one has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from paper_lenet.base.reading import read_yaml
from paper_lenet.pipeline.lock import Stage, git, listing_md5, md5

PARAMS = "params.yaml"


def changes(root: Path, locks: Mapping[str, Sequence[Stage]]) -> Iterator[tuple[str, str, str]]:
    """What is no longer as the record has it: the lock, its name, and the stages behind it.

    What lies in an output is left out: it is looked at with that output.

    Args:
        root: the top of the repository.
        locks: the stages of each.

    Raises:
        LockError: git fails.
        RecipeError: ``params.yaml`` cannot be read.
    """
    outs = {path for stages in locks.values() for stage in stages for path in stage.outs}
    listed = git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").decode()
    files = [name for name in dict.fromkeys(listed.split("\0")) if (root / name).is_file()]
    params = read_yaml(root / PARAMS)
    for record, stages in locks.items():
        behind: dict[str, list[str]] = {}
        for stage in stages:
            for path, recorded in stage.deps.items():
                apart = not any(_within(path, out) or _within(out, path) for out in outs)
                if apart and _hash(root, path, files) != recorded:
                    behind.setdefault(path, []).append(stage.name)
            for key, value in stage.params.items():
                if _plain(_value(params, key)) != _plain(value):
                    behind.setdefault(f"{PARAMS}: {key}", []).append(stage.name)
        for path, names in behind.items():
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            yield record, path, ", ".join(names[:3]) + more


def _within(path: str, folder: str) -> bool:
    return Path(path).is_relative_to(folder)


def _hash(root: Path, path: str, files: Sequence[str]) -> str:
    """The hash of a source, or of the `files` in a folder of sources."""
    if (root / path).is_dir():
        return listing_md5(root / path, (root / name for name in files if _within(name, path)))
    return md5(root / path) if path in files else ""


def _value(params: Any, key: str) -> Any:
    """The value at a path of keys; nothing where there is none."""
    for part in key.split("."):
        params = params.get(part) if isinstance(params, dict) else None
    return params


def _plain(value: Any) -> Any:
    """Equal for equal parameters: DVC writes ``5e-05``, which YAML 1.1 takes for a word."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value
