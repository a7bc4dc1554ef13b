"""The forms in which the classifiers of Fig. 9 are shown the digits (Sections III-A and III-C).

The paper's three versions of the data set, and two fields of background that the networks need:
LeNet-1 sees the reduced digits in the middle of 28 x 28, LeNet-4 and LeNet-5 the regular ones in
32 x 32.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.errors import expect, listed
from paper_lenet.digits.mnist import SIDE
from paper_lenet.digits.normalised import REDUCED, deslanted, reduced
from paper_lenet.digits.patterns import pad

Grey = NDArray[np.uint8]


def centred(images: Grey) -> Grey:
    """Images (N, 28, 28), reduced and in the middle of background: (N, 28, 28)."""
    margin = (SIDE - REDUCED) // 2
    return np.pad(reduced(images), ((0, 0), (margin, margin), (margin, margin)))


FORMS: dict[str, Callable[[Grey], Grey]] = {
    "regular": lambda images: images,
    "deslanted": deslanted,
    "reduced": reduced,
    "centred": centred,
    "padded": pad,
}


def form(name: str, images: Grey) -> NDArray[np.float32]:
    """The images in the form called `name`.

    Args:
        name: one of `FORMS`.
        images: (N, 28, 28), uint8, 0 background to 255 foreground.

    Returns:
        (N, side, side), float32, 0 background to 1 foreground: grey levels over 255.

    Raises:
        RecipeError: there is no such form.
    """
    expect(name in FORMS, name, f"one of {listed(FORMS)}", "form")
    return FORMS[name](images).astype(np.float32) / np.float32(255)


def side_of(name: str) -> int:
    """The side of the form called `name`."""
    return len(form(name, np.zeros((1, SIDE, SIDE), np.uint8))[0])
