"""What a user names as one side of a comparison: a folder, the work tree, a commit, an experiment.

Of a commit only the files that are compared are taken out of git; the work tree stays as it is.
"""

from __future__ import annotations

import dataclasses
import io
import json
import tarfile
import tempfile
from pathlib import Path

from paper_lenet.base.errors import PaperLenetError, listed
from paper_lenet.base.files import believing, read_csv
from paper_lenet.network.params import read_params
from paper_lenet.pipeline.changes import PARAMS
from paper_lenet.pipeline.lock import LockError, git
from paper_lenet.pipeline.paths import of_recipe
from paper_lenet.results.compared import ComparisonError, Side, flat
from paper_lenet.results.trainings import Run, read_study

WORKSPACE = "workspace"  # as DVC calls the work tree
RECORD = "runs.csv"


def side(root: Path, name: str) -> Side:
    """What `name` stands for.

    It is a folder of results, ``workspace``, a commit as git names it, or an experiment of DVC. The
    folder is one of the pipeline or of a study's trainings, and then with the name of a run after
    it if there are several, as in ``data/trainings/ladder/5-relu``.

    Args:
        root: the top of the repository.
        name: as the user gave it.

    Raises:
        ComparisonError: there is no such thing, or nothing was trained there.
    """
    with tempfile.TemporaryDirectory() as scratch:
        try:
            return _side(root, name, Path(scratch))
        except PaperLenetError as error:
            told = str(error).replace(f"{scratch}/", "")
            raise ComparisonError(f"{name}: {told}") from None


def _side(root: Path, name: str, scratch: Path) -> Side:
    if name == WORKSPACE:
        return _of_params(root, name, "the work tree")
    path = Path(name)
    folder = _folder(path)
    if folder is not None:
        if folder not in (path, path / "train") and path.name not in (runs := read_study(folder)):
            raise ComparisonError(f"there is no such run; there is {listed(runs)}")
        return _of_record(name, f"of the trainings in {folder}", folder, path.name, {})
    commit = _commit(root, name)
    _take(root, commit, Path(PARAMS), scratch)
    record = of_recipe("results", read_params(scratch / PARAMS)) / "train"
    _take(root, commit, record, scratch)
    return _of_params(scratch, name, f"commit {commit[:7]}")


def _folder(path: Path) -> Path | None:
    """The record of trainings at `path`, in it, or of which it names a run."""
    places = (path, path / "train", path.parent)
    return next((folder for folder in places if (folder / RECORD).is_file()), None)


def _commit(root: Path, name: str) -> str:
    """The hash of a commit, or of the experiment of that name; of several, the last commit's."""
    if not name.isprintable():
        raise ComparisonError("there is no commit of that name")
    try:
        found = git(root, "rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}")
        return found.decode().strip()
    except LockError:
        pass
    head = git(root, "rev-parse", "HEAD").decode().strip()
    form = "--format=%(objectname)/%(refname:lstrip=2)"
    experiments = git(root, "for-each-ref", form, "refs/exps").decode().split()
    # COMMIT/BASE/NAME, where the base is cut after two digits
    parts = [each.split("/", 3) for each in experiments]
    named = {commit: start + rest for commit, start, rest, known in parts if known == name}
    commits = [commit for commit, base in named.items() if base == head] or [*named]
    if len(commits) > 1:
        raise ComparisonError("several experiments have that name; give the hash of one")
    if not commits:
        raise ComparisonError("no folder with results, no commit and no experiment")
    return commits[0]


def _take(root: Path, commit: str, path: Path, into: Path) -> None:
    """Copy a file or folder of a commit, if it has it."""
    if git(root, "ls-tree", "--name-only", commit, "--", path.as_posix()):
        packed = git(root, "archive", commit, "--", path.as_posix())
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            # As an attribute, since Python 3.11.2, Debian's, has no filters.
            archive.extraction_filter = getattr(tarfile, "data_filter", None)
            archive.extractall(into)


def _of_params(root: Path, name: str, place: str) -> Side:
    """What the parameters in `root` say is there."""
    params = read_params(root / PARAMS)
    record = of_recipe("results", params) / "train"
    if not (root / record / RECORD).is_file():
        why = "run `dvc repro`" if name == WORKSPACE else "it may be older than that folder"
        raise ComparisonError(f"there is no record in {record}; {why}")
    others = {
        "data.name": params.data.name,
        "preprocess": dataclasses.asdict(params.preprocess),
        "train": dataclasses.asdict(params.train),
    }
    found = _of_record(name, place, root / record, params.train.recipe, flat(others))
    as_asked = json.loads(params.recipe.to_json()) == found.run.recipe
    if not as_asked or len(found.run.seeds) + found.run.diverged != params.train.seeds:
        raise ComparisonError(f"{PARAMS} has changed after the training; run `dvc repro`")
    return found


def _of_record(name: str, place: str, folder: Path, run: str, settings: dict[str, str]) -> Side:
    runs = read_study(folder)
    chosen = run if run in runs else _only(runs)
    if not runs[chosen].seeds:
        raise ComparisonError("nothing to compare: every training diverged")
    path = folder / "misread.csv"
    with believing(path):
        rows = [row for row in read_csv(path) if row["run"] == chosen]
        truth = {int(row["index"]): int(row["truth"]) for row in rows}
    return Side(name, place, runs[chosen], truth, settings)


def _only(runs: dict[str, Run]) -> str:
    if len(runs) != 1:
        raise ComparisonError(f"name one of its runs after the folder: {', '.join(runs)}")
    return next(iter(runs))
