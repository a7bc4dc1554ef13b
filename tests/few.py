"""A few real patterns for classifiers: 300 to fit to and 60 to test on, in a form of Fig. 9."""

from __future__ import annotations

import numpy as np

from paper_lenet.digits.patterns import Patterns
from paper_lenet.studies.fig9.classifier import Scored, Sets
from paper_lenet.studies.fig9.forms import form


def few(mnist: tuple[Patterns, Patterns], name: str) -> tuple[Sets, np.ndarray]:
    """The sets, and the labels of those tested on: all of the training set."""
    patterns = mnist[0].subset(slice(0, 360)).cropped(28)
    images, labels = form(name, patterns.grey), patterns.labels
    return Sets(images[:300], labels[:300], images[300:]), labels[300:]


def wrong(fitted: Scored, truth: np.ndarray) -> float:
    """The share of wrong answers."""
    assert fitted.scores.dtype == np.float32 and fitted.scores.shape == (len(truth), 10)
    return float((fitted.scores.argmax(axis=1) != truth).mean())
