"""Whether the outputs on disk are the committed ones, and made of what is here.

After ``dvc repro --force`` the lock in the work tree is new and agrees with whatever came out. So
the locks of the last commit are read (`paper_lenet.pipeline.lock`), every output on disk is hashed
anew, and where a hash differs the committed files themselves are compared. Two kinds of outputs:
what the stages ``download`` and ``train`` and the studies' trainings leave has to be the same to
the last bit; in statistics and figures real numbers may differ within the tolerances of
`paper_lenet.pipeline.tolerance`, integers may not.

The raw files are held to the SHA-256 in ``params.yaml`` too. A lock on disk that is gone, or has
another hash of an output than the committed one although the output is as committed, is named: DVC
would run that stage again. Sources and parameters that are not those of the record are named:
outputs that were made before say nothing of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from paper_lenet.base.files import file_digest
from paper_lenet.network.params import read_params
from paper_lenet.pipeline.changes import PARAMS, changes
from paper_lenet.pipeline.lock import committed, contents, md5, present
from paper_lenet.pipeline.tolerance import difference, first_difference

EXACT_STAGES = ("download", "train", "revived_trained")
EXACT, CLOSE, DIFFERS, CHANGED = "bit-exact", "within tolerance", "DIFFERS", "CHANGED"


class Verdict(NamedTuple):
    """What became of one output, or of something that outputs are made of.

    Attributes:
        path: its name, as the lock has it.
        outcome: `EXACT`, `CLOSE` or `DIFFERS`; `CHANGED` for what outputs are made of.
        detail: its hash, or what differs.
        record: the file that says what it should be.
    """

    path: str
    outcome: str
    detail: str
    record: str = "dvc.lock"

    def __str__(self) -> str:
        return f"{self.path:<38} {self.outcome:<17} {self.detail}"


def verify(root: Path) -> Iterator[Verdict]:
    """One verdict for each output in `root`, and one for each change of what they are made of.

    Raises:
        LockError: `root` is not the top of a git checkout with a committed record, or a lock is
            damaged.
        RecipeError: ``params.yaml`` is.
    """
    locks = committed(root)
    remade = {name: present(root, name) for name in locks}
    data = read_params(root / PARAMS).data
    sums = {f"data/raw/{data.name}": data.sha256}
    for name, stages in locks.items():
        said = {path: found for stage in remade[name] for path, found in stage.outs.items()}
        if not (root / name).is_file():
            yield Verdict(name, DIFFERS, f"it is not there; `git checkout {name}` brings it", name)
            said = {path: found for stage in stages for path, found in stage.outs.items()}
        for stage in stages:
            exact = stage.name.partition("@")[0] in EXACT_STAGES
            for path, recorded in stage.outs.items():
                verdict = _verdict(root, path, recorded, exact, sums.get(path, {}))
                if verdict.outcome == EXACT and said.get(path) != recorded:
                    detail = f"{name} on disk has md5 {said.get(path)}, not {recorded}"
                    verdict = Verdict(path, DIFFERS, detail)
                yield verdict._replace(record=name)
        known = {path for stage in stages for path in stage.outs}
        for path in (path for path in said if path not in known):
            yield Verdict(path, DIFFERS, f"the committed {name} does not have it", name)
    for name, path, stages_behind in changes(root, locks):
        yield Verdict(path, CHANGED, f"after the record of {stages_behind}", name)


def summary(verdicts: Sequence[Verdict]) -> tuple[bool, str]:
    """Whether all is well, and what was looked at and found, in one line."""
    outputs = [verdict for verdict in verdicts if verdict.outcome != CHANGED]
    *others, last = dict.fromkeys(verdict.record for verdict in outputs)
    records = f"{', '.join(others)} and {last}" if others else last
    differing = sum(verdict.outcome == DIFFERS for verdict in outputs)
    changed = len(verdicts) - len(outputs)
    said = f"all {len(outputs)} outputs of {records} are the committed ones"
    if differing:
        said = f"{differing} of {len(outputs)} outputs of {records} differ from the committed ones"
    if changed:
        said += f"; {changed} of the sources and parameters behind them changed after the record: "
        said += "run what is behind these anew (`dvc repro`) and commit its lock"
    return not differing and not changed, said


def _verdict(root: Path, path: str, recorded: str, exact: bool, sums: Mapping[str, str]) -> Verdict:
    strange = _strange(root, path)
    if strange:
        return Verdict(path, DIFFERS, strange)
    if not (root / path).exists():
        return Verdict(path, DIFFERS, "it is not there; `dvc repro` or `git checkout` brings it")
    found = md5(root / path)
    if found == recorded:
        return _summed(root, path, sums) or Verdict(path, EXACT, f"md5 {found}")
    tracked = contents(root, path)
    if not tracked:
        detail = f"md5 {found}, recorded {recorded}"
        return _summed(root, path, sums) or Verdict(path, DIFFERS, detail)
    return _by_file(root, path, tracked, exact)


def _strange(root: Path, path: str) -> str | None:
    """What in an output, or above it, is neither file nor folder: its bytes are not here."""
    top = root / path
    above = [part for part in (top, *top.parents) if part.is_relative_to(root) and part != root]
    inside = sorted(top.rglob("*")) if top.is_dir() else []
    for part in (*reversed(above), *inside):
        name = part.relative_to(root).as_posix()
        if part.is_symlink():
            return f"{name} is a symbolic link"
        if part.exists() and not part.is_file() and not part.is_dir():
            return f"{name} is neither a file nor a folder"
    return None


def _summed(root: Path, path: str, sums: Mapping[str, str]) -> Verdict | None:
    """What is wrong with raw files that are those of the lock: they must be the data set's too."""
    for name, recorded in sums.items():
        file = root / path / name
        found = file_digest(file) if file.is_file() else "missing"
        if found != recorded:
            detail = f"{name}: SHA-256 {found}, not {recorded} as {PARAMS} has it"
            return Verdict(path, DIFFERS, detail)
    return None


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


def _files(root: Path, path: str) -> list[str]:
    """The files of an output on disk, relative to `root`."""
    top = root / path
    found = [top] if top.is_file() else [file for file in top.rglob("*") if file.is_file()]
    return [file.relative_to(root).as_posix() for file in found]
