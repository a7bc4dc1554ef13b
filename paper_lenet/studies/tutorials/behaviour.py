"""What the code does for a tutorial, as a few numbers: those of a brief training.

See `paper_lenet.training.behaviour`. PyTorch's sums differ in the last bits from machine to
machine, so these are numbers, to be compared within a tolerance.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import torch

from paper_lenet.digits import mnist
from paper_lenet.digits.idx import write_idx
from paper_lenet.studies.tutorials.sets import sets
from paper_lenet.studies.tutorials.spec import Tutorial
from paper_lenet.studies.tutorials.train import TutorialError, beginning, one_pass
from paper_lenet.training.behaviour import INSIDE, TEST, TRAINING, made

PASSES = 3


def numbers(tutorial: Tutorial) -> list[float]:
    """Of each pass the losses, the size of every parameter array, and the answers' mean square.

    A training that diverges has those of the passes before.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with tempfile.TemporaryDirectory() as raw:
            _write(Path(raw))
            patterns = sets(tutorial.inputs, tutorial.training.validation, Path(raw))
        state, result = beginning(tutorial, 0), list[float]()
        for _ in range(min(PASSES, tutorial.training.passes)):
            try:
                state = one_pass(tutorial, 0, patterns, state)
            except TutorialError:
                break
            row, answers = state.rows[-1], np.asarray(state.test, np.float64)
            result += [row.rate, row.loss, row.validation_loss, float((answers**2).mean())]
            sizes = (part.astype(np.float64) for part in state.parameters.values())
            result += [float(np.sqrt((part**2).mean())) for part in sizes]
    finally:
        torch.set_num_threads(threads)
    return result


def _write(raw: Path) -> None:
    """The four files of a data set of made-up patterns."""
    for (images, labels), patterns in (
        (mnist.TRAIN, made(TRAINING)),
        (mnist.TEST, made(TEST, TRAINING)),
    ):
        write_idx(raw / images, np.ascontiguousarray(patterns.grey[:, INSIDE, INSIDE]))
        write_idx(raw / labels, patterns.labels)
