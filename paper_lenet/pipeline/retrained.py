"""One seed trained anew, beside the committed record of it; nothing of the new one is kept.

The lock says of itself what it was made from. This shows it for one network: no file of an earlier
run but the patterns is read, and these have their own verdict.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from paper_lenet.network.params import read_params
from paper_lenet.pipeline.changes import PARAMS
from paper_lenet.pipeline.lock import contents
from paper_lenet.pipeline.paths import folder, of_recipe
from paper_lenet.pipeline.tolerance import first_difference
from paper_lenet.pipeline.train import train
from paper_lenet.pipeline.verify import DIFFERS, EXACT, Verdict

RECORD = "the training of seed 0"
SEED = "seed-00.safetensors"
FILES = ("runs.csv", "passes.csv", "misread.csv", "recipes.json")


def retrained(root: Path) -> Iterator[Verdict]:
    """A verdict on the weights of seed 0, and one on each file of the record of its training.

    Raises:
        LockError: git fails.
        RecipeError: ``params.yaml`` cannot be read.
        ...: and what `pipeline.train.train` raises.
    """
    params = read_params(root / PARAMS)
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch)
        one = replace(params, train=replace(params.train, seeds=1))
        models, found, store = (made / part for part in ("models", "record", "store"))
        processed = root / folder("processed", params)
        train(one, processed, models, found, store, made / "timings.json")
        yield _verdict(root, of_recipe("models", params) / SEED, models / SEED)
        for file in FILES:
            yield _verdict(root, of_recipe("results", params) / "train" / file, found / file)


def _verdict(root: Path, file: Path, made: Path) -> Verdict:
    path = file.as_posix()
    committed = contents(root, path).get(path)
    if committed is None:
        return Verdict(path, DIFFERS, "it is not committed", RECORD)
    text = first_difference(path, _first_seed(path, committed), made.read_bytes())
    detail = "as trained anew" if text is None else f"trained anew, {text}"
    return Verdict(path, EXACT if text is None else DIFFERS, detail, RECORD)


def _first_seed(path: str, content: bytes) -> bytes:
    """Of a table, its heading and the rows of seed 0, whose second column says the seed."""
    if not path.endswith(".csv"):
        return content
    rows = content.splitlines(keepends=True)
    return b"".join(row for row in rows if row.split(b",")[1:2] in ([b"seed"], [b"0"]))
