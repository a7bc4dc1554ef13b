"""Classifiers of Fig. 9 small enough for a few made-up digits, and those digits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import yaml

from paper_lenet.digits import mnist
from paper_lenet.digits.idx import write_idx
from paper_lenet.digits.mnist import Digits
from paper_lenet.studies.fig9 import spec
from paper_lenet.studies.fig9.run import Run
from paper_lenet.training.behaviour import made

TRAINING, TEST, APART = 160, 50, 40  # patterns; the last are a part of the first
ETA = [[2, 0.0005]]
TREE: dict[str, Any] = {
    "squares": {
        "bar": "Linear",
        "form": "deslanted",
        "kind": "linear",
        "settings": {"decay": 0.1},
        "candidates": {"decay": [0.1, 1.0]},
    },
    "nearest": {"form": "regular", "kind": "neighbours", "settings": {"k": 1}},
    "lenet": {
        "bar": "LeNet-4",
        "form": "regular",
        "kind": "network",
        "seeds": 2,
        "settings": {"network": "lenet_4", "eta": ETA, "patterns": 20},
    },
    "above": {
        "bar": "LeNet-4 / Local",
        "form": "regular",
        "kind": "local",
        "of": "lenet",
        "seeds": 2,
        "settings": {"k": 20, "decay": 0.1},
        "candidates": {"k": [10, 20]},
    },
    "boosted": {
        "bar": "[dist] Boosted LeNet-4",
        "form": "regular",
        "kind": "boosted",
        "settings": {"copies": 1, "filtered": 60, "eta": ETA},
    },
}


def digits(count: int, first: int = 0) -> Digits:
    """So many made-up digits, 28 x 28, from number `first` on; some have another's label."""
    patterns = made(count, first)
    wrong = np.arange(first, first + count) % 11 == 0
    labels = np.where(wrong, (patterns.labels + 1) % 10, patterns.labels).astype(np.uint8)
    return Digits(np.ascontiguousarray(patterns.grey[:, 2:30, 2:30]), labels)


def write_raw(folder: Path) -> None:
    """MNIST's four files, with made-up digits."""
    folder.mkdir(parents=True)
    for (images, labels), part in ((mnist.TRAIN, digits(TRAINING)), (mnist.TEST, unseen())):
        write_idx(folder / images, part.images)
        write_idx(folder / labels, part.labels)


def unseen() -> Digits:
    """The test patterns."""
    return digits(TEST, TRAINING)


def write_grid(path: Path, *names: str) -> spec.Fig9:
    """Write those of `TREE` with these names, or all, and read them."""
    tree = {name: TREE[name] for name in names or TREE}
    path.write_text(yaml.safe_dump(tree, sort_keys=False), encoding="utf-8")
    return spec.read(path)


def run(fig9: spec.Fig9, name: str, seed: int = 0) -> Run:
    """A training of one of them, with the network below it."""
    each = fig9.classifiers[name]
    below = run(fig9, each.entry.of, seed) if each.entry.of else None
    return Run(name, each, each.settings, seed, below=below)
