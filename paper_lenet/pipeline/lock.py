"""The record of DVC: what the committed ``dvc.lock`` and ``studies/dvc.lock`` say of each stage.

And the hashes that stand there, made anew.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from paper_lenet.base.errors import PaperLenetError, RecipeError
from paper_lenet.base.reading import parse_yaml

PIPELINE, STUDIES = "dvc.lock", "studies/dvc.lock"


class LockError(PaperLenetError, RuntimeError):
    """There is no record, or it cannot be read."""


class Stage(NamedTuple):
    """What a lock says of one stage.

    Attributes:
        name: of the stage.
        deps: the hash of each file or folder that it depends on.
        params: the values that it depends on, by key, as in ``recipes.paper``.
        outs: the hash of each output.
    """

    name: str
    deps: dict[str, str]
    params: dict[str, Any]
    outs: dict[str, str]


def committed(root: Path) -> dict[str, list[Stage]]:
    """The stages of each lock that the last commit has, in the lock's order.

    Raises:
        LockError: `root` is not the top of a git checkout, no ``dvc.lock`` is committed, or one
            that is cannot be read.
    """
    names = git(root, "ls-tree", "--name-only", "HEAD", "--", PIPELINE, STUDIES).decode().split()
    if PIPELINE not in names:
        raise LockError(f"the last commit has no {PIPELINE} here; run it in the repository")
    return {name: _stages(git(root, "show", f"HEAD:./{name}"), name, True) for name in names}


def present(root: Path, name: str) -> list[Stage]:
    """The stages of a lock as it is on disk; none if it is not there.

    Raises:
        LockError: it cannot be read; the message says how to mend it.
    """
    path = root / name
    return _stages(path.read_bytes(), name, False) if path.is_file() else []


def git(root: Path, *arguments: str) -> bytes:
    """What a git command prints, run in `root`.

    Raises:
        LockError: it fails, or there is no git.
    """
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=True)
    except FileNotFoundError:
        raise LockError("git is not installed, and the record is in its history") from None
    except subprocess.CalledProcessError as error:
        reason = " ".join(error.stderr.decode(errors="replace").split())
        raise LockError(f"no committed record to compare with: git says: {reason}") from None
    return done.stdout


def contents(root: Path, path: str) -> dict[str, bytes]:
    """The files of an output as the last commit has them, by name; none if git has none.

    Raises:
        LockError: git fails.
    """
    listing = git(root, "ls-tree", "-r", "-z", "--name-only", "HEAD", "--", f"./{path}")
    names = [name for name in listing.decode().split("\0") if name]
    return {name: git(root, "show", f"HEAD:./{name}") for name in names}


def md5(path: Path) -> str:
    """The hash that DVC records: of a file's bytes, or of the sorted listing of a folder."""
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "md5").hexdigest()
    return listing_md5(path, (file for file in path.rglob("*") if file.is_file()))


def listing_md5(folder: Path, files: Iterable[Path]) -> str:
    """The hash that DVC records of a folder that has these `files`, at any depth."""
    entries = [{"md5": md5(file), "relpath": file.relative_to(folder).as_posix()} for file in files]
    entries.sort(key=lambda entry: entry["relpath"])
    return hashlib.md5(json.dumps(entries, sort_keys=True).encode()).hexdigest() + ".dir"


def _stages(text: bytes, name: str, history: bool) -> list[Stage]:
    try:
        stages = parse_yaml(text, name)["stages"]
        return [_stage(stage, tree) for stage, tree in stages.items()]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # DVC writes its lock in place: a kill at that moment leaves a part of it.
        advice = "commit a whole one" if history else f"`git checkout {name}` mends it"
        reason = error.text if isinstance(error, RecipeError) else "a part is missing"
        place = f"the committed {name}" if history else name
        raise LockError(f"{place} is cut off or damaged ({reason}); {advice}") from None


def _stage(name: str, tree: dict[str, Any]) -> Stage:
    params = tree.get("params", {}).get("params.yaml", {})
    return Stage(str(name), _hashes(tree.get("deps", [])), dict(params), _hashes(tree["outs"]))


def _hashes(parts: list[dict[str, str]]) -> dict[str, str]:
    return {str(part["path"]): str(part["md5"]) for part in parts}
