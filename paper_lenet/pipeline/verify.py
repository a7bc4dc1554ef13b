"""Whether the outputs on disk are those that the committed ``dvc.lock`` records.

After ``dvc repro --force`` the lock in the work tree is new and agrees with whatever came out. So
the lock of the last commit is read, every output on disk is hashed anew, and where a hash differs
the committed files themselves are compared. Two kinds of outputs: what the stages ``download`` and
``train`` leave has to be the same to the last bit; in statistics and figures real numbers may
differ within the tolerances of `paper_lenet.pipeline.tolerance`, integers may not.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.pipeline.tolerance import difference, first_difference

EXACT_STAGES = ("download", "train")
EXACT, CLOSE, DIFFERS = "bit-exact", "within tolerance", "DIFFERS"


class VerifyError(PaperLenetError, RuntimeError):
    """There is nothing to verify against."""


class Verdict(NamedTuple):
    """What became of one output.

    Attributes:
        path: the output, as ``dvc.lock`` names it.
        outcome: `EXACT`, `CLOSE` or `DIFFERS`.
        detail: its hash, or what differs.
    """

    path: str
    outcome: str
    detail: str

    def __str__(self) -> str:
        return f"{self.path:<34} {self.outcome:<17} {self.detail}"


def verify(root: Path) -> Iterator[Verdict]:
    """One verdict for each output of the pipeline in `root`, from the first stage to the last.

    Raises:
        VerifyError: `root` is not a git checkout with a committed ``dvc.lock``.
    """
    stages = _lock(_git(root, "show", "HEAD:./dvc.lock"))
    current = root / "dvc.lock"
    remade = _lock(current.read_bytes()) if current.exists() else {}
    for stage in _in_order(root, stages):
        for out in stages[stage].get("outs", []):
            yield _verdict(root, out["path"], out["md5"], stage in EXACT_STAGES)
    known = {out["path"] for stage in stages.values() for out in stage.get("outs", [])}
    for stage in _in_order(root, remade):
        for out in remade[stage].get("outs", []):
            if out["path"] not in known:
                yield Verdict(out["path"], DIFFERS, "the committed dvc.lock does not have it")


def parameters_changed(root: Path) -> bool:
    """Whether ``params.yaml`` differs from the committed one, so that outputs must differ."""
    return _git(root, "show", "HEAD:./params.yaml") != (root / "params.yaml").read_bytes()


def _lock(text: bytes) -> dict[str, Any]:
    stages: dict[str, Any] = yaml.safe_load(text)["stages"]
    return stages


def _in_order(root: Path, stages: dict[str, Any]) -> list[str]:
    """The names of `stages` in the order of ``dvc.yaml``."""
    order = list(yaml.safe_load((root / "dvc.yaml").read_text(encoding="utf-8"))["stages"])
    return sorted(stages, key=lambda name: order.index(name) if name in order else len(order))


def _git(root: Path, *arguments: str) -> bytes:
    """What a git command prints, run in `root`."""
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=True)
    except FileNotFoundError:
        raise VerifyError("git is not installed, and the record is in its history") from None
    except subprocess.CalledProcessError as error:
        reason = " ".join(error.stderr.decode(errors="replace").split())
        raise VerifyError(f"no committed record to compare with: {reason}") from None
    return done.stdout


def _verdict(root: Path, path: str, recorded: str, exact: bool) -> Verdict:
    if not (root / path).exists():
        return Verdict(path, DIFFERS, "it is not there; make reproduce makes it")
    found = md5(root / path)
    if found == recorded:
        return Verdict(path, EXACT, f"md5 {found}")
    committed = _committed(root, path)
    if not committed:
        return Verdict(path, DIFFERS, f"md5 {found}, recorded {recorded}")
    return _by_file(root, path, committed, exact)


def _by_file(root: Path, path: str, committed: dict[str, bytes], exact: bool) -> Verdict:
    """The verdict on an output whose hash differs and whose files are in git."""
    remade = {name: (root / name).read_bytes() for name in _files(root, path)}
    changed = 0
    for name in sorted(committed.keys() | remade.keys()):
        short = Path(name).name if name == path else Path(name).relative_to(path).as_posix()
        if name not in remade:
            return Verdict(path, DIFFERS, f"{short} is not there")
        if name not in committed:
            return Verdict(path, DIFFERS, f"{short} is not among the committed files")
        if committed[name] == remade[name]:
            continue
        changed += 1
        compare = first_difference if exact else difference
        text = compare(name, committed[name], remade[name])
        if text is not None:
            return Verdict(path, DIFFERS, f"{short}: {text}")
    if not changed:
        return Verdict(path, DIFFERS, "dvc.lock was committed with another hash than the files")
    return Verdict(path, CLOSE, f"{changed} of {len(committed)} files not byte for byte")


def _committed(root: Path, path: str) -> dict[str, bytes]:
    """The files of an output as the last commit has them, by name; none if git has none."""
    listing = _git(root, "ls-tree", "-r", "-z", "--name-only", "HEAD", "--", f"./{path}")
    names = [name for name in listing.decode().split("\0") if name]
    return {name: _git(root, "show", f"HEAD:./{name}") for name in names}


def _files(root: Path, path: str) -> list[str]:
    """The files of an output on disk, relative to `root`."""
    top = root / path
    found = [top] if top.is_file() else [file for file in top.rglob("*") if file.is_file()]
    return [file.relative_to(root).as_posix() for file in found]


def md5(path: Path) -> str:
    """The hash that DVC records: of a file's bytes, or of the sorted listing of a folder."""
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "md5").hexdigest()
    listing = [
        {"md5": md5(file), "relpath": file.relative_to(path).as_posix()}
        for file in path.rglob("*")
        if file.is_file()
    ]
    listing.sort(key=lambda entry: entry["relpath"])
    return hashlib.md5(json.dumps(listing, sort_keys=True).encode()).hexdigest() + ".dir"
