"""Made-up label files in the form of QMNIST's, and the sums by which MNIST's are known."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from paper_lenet.digits import writers
from paper_lenet.digits.idx import as_idx
from paper_lenet.digits.mnist import TEST, TRAIN

Rows = list[tuple[int, int, int]]  # class, series, writer


def write(folder: Path, train: Rows, test: Rows) -> None:
    """Both files, unpacked."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in zip(writers.LABELS, (train, test), strict=True):
        table = np.zeros((len(rows), writers.COLUMNS), ">i4")
        table[:, :3] = rows
        header = struct.pack(">HBBII", 0, 0x0C, 2, *table.shape)
        (folder / name).write_bytes(header + table.tobytes())


def known(patch: pytest.MonkeyPatch, train: Rows, test: Rows) -> None:
    """Let the classes of these be those of MNIST."""
    sums = {
        name: hashlib.sha256(as_idx(np.array([row[0] for row in rows], np.uint8))).hexdigest()
        for name, rows in ((TRAIN[1], train), (TEST[1], test))
    }
    patch.setattr(writers, "MNIST", replace(writers.MNIST, sha256=sums))
    patch.setattr(writers, "TEST_PATTERNS", writers.TEST_PATTERNS._replace(value=len(test)))
