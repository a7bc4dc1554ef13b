"""The command ``fig9``: train one classifier, and lay its error beside the printed one."""

from __future__ import annotations

from pathlib import Path

from paper_lenet.base.errors import expect, listed
from paper_lenet.network.recipe import SEEDS
from paper_lenet.paper.classifiers import CLASSIFIERS
from paper_lenet.studies.fig9 import spec, train
from paper_lenet.studies.study import Folders


def fig9(path: Path, name: str, seed: int, data: Path) -> str:
    """What is printed of one classifier, trained now; nothing is recorded.

    Args:
        path: ``studies/fig9.yaml``.
        name: the classifier's.
        seed: of what it draws.
        data: the folder ``data``, with MNIST below it.

    Raises:
        RecipeError: the file is wrong, or has no such classifier; there is no such seed.
    """
    expect(0 <= seed < SEEDS, seed, f"a seed from 0 to {SEEDS - 1}", "--seed")
    classifiers = spec.read(path).classifiers
    expect(name in classifiers, name, f"one of {listed(classifiers)}", "the classifier")
    expect(not classifiers[name].recorded, name, "trained by this command", "fig9")
    row = train.trained_one(path, name, seed, Folders("fig9", data))
    printed = {each.name: each.error for each in CLASSIFIERS}
    bar = classifiers[name].bar
    theirs = f"the paper's {bar} {printed[bar]:g}%" if bar else "the paper has none of its kind"
    ours = 100 * row.errors / row.patterns
    counts = f"{row.errors:,} of {row.patterns:,} test patterns"
    return f"{name}, seed {seed}: {ours:.2f}% ({counts}); {theirs}"
