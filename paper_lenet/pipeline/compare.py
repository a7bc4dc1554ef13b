"""The command ``compare``: two runs beside each other, on one page that needs nothing but itself.

Numbers are from `paper_lenet.results.compared`, what the names stand for is found by
`paper_lenet.pipeline.sides`, and `paper_lenet.pipeline.page` writes the page.
"""

from __future__ import annotations

from pathlib import Path

from paper_lenet.base.errors import RecipeError
from paper_lenet.base.files import write_text
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.params import read_params
from paper_lenet.pipeline.changes import PARAMS
from paper_lenet.pipeline.page import page
from paper_lenet.pipeline.paths import folder
from paper_lenet.pipeline.sides import side
from paper_lenet.results.compared import ComparisonError, Side, check, upshot

SHOWN = 28  # of a pattern's side, without the padding


def compare(root: Path, first: str, second: str, path: Path) -> str:
    """Write the page and return its upshot, one line.

    Args:
        root: the top of the repository.
        first: a name as `sides.side` takes it.
        second: another.
        path: of the page.

    Raises:
        ComparisonError: a side is not there, the two cannot be compared, or there can be no page.
        PatternsError: the test patterns are there and cannot be read.
    """
    if not path.parent.is_dir() or path.is_dir():
        raise ComparisonError(f"{path}: a page cannot be written there")
    one, other = side(root, first), side(root, second)
    check(one, other)
    write_text(path, page(one, other, _patterns(root, one, other)))
    return upshot(one, other)


def _patterns(root: Path, *sides: Side) -> Patterns | None:
    """The test patterns, if those that are in `root` are the ones that were misread."""
    try:
        path = root / folder("processed", read_params(root / PARAMS)) / "test.safetensors"
    except RecipeError:
        return None  # two folders, and no repository around them
    if not path.is_file():
        return None
    test = Patterns.load(path).cropped(SHOWN)
    labels = dict(enumerate(test.labels.tolist()))
    theirs = all(len(test) == each.run.last.test_patterns for each in sides)
    same = all(each.truth.items() <= labels.items() for each in sides)
    return test if theirs and same else None
