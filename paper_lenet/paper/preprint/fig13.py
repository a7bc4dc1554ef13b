"""Fig. 13, the states of a trained LeNet-5: the pictures of each layer, and whose input is whose.

The panels are taken in the order in which their layers are drawn. The inputs are drawn in another
order. Each belongs to the panel whose C1 it explains best: C1 is eq. 6 of a weighted sum of 5x5
pixels and a bias, and with any other input the best weights leave far more of it. Their places on
the page say the same: each input so paired stands in the same place beside its C1.
"""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from paper_lenet.base.bars import tqdm
from paper_lenet.paper.fig13 import DRAWN, GREY, states
from paper_lenet.paper.preprint.page import Grey, Page, expect
from paper_lenet.paper.preprint.reading import Reading, Sure, over

PAGE = 17
PANELS, MAPS, KERNEL = 9, 6, 5
# Rows and columns of one picture, and the shape of a layer's array.
SHAPES = {
    "input": ((32, 32), (9, 32, 32)),
    "c1": ((28, 28), (9, 6, 28, 28)),
    "s2": ((14, 14), (9, 6, 14, 14)),
    "c3": ((10, 10), (9, 16, 10, 10)),
    "s4": ((5, 5), (9, 16, 5, 5)),
    "c5": ((120, 1), (9, 120)),
    "f6_unpaired": ((12, 7), (9, 12, 7)),
}
AMPLITUDE, SLOPE, NEARLY = 1.7159, 2 / 3, 0.999  # eq. 6, and the largest state that has an inverse

Array = NDArray[np.float64]


def read(page: Page) -> Reading:
    """The pictures as embedded, layer by layer, each layer in the order of the panels but F6.

    Raises:
        PreprintError: the page has not the figure's pictures.

    Example:
        >>> from paper_lenet.paper.fig13 import drawn
        >>> from paper_lenet.paper.preprint.beside import verdict
        >>> from paper_lenet.paper.preprint.page import Picture
        >>> layers = [drawn("F6" if name == "f6_unpaired" else name) for name in SHAPES]
        >>> layers[0] = layers[0][::-1]  # the inputs in another order
        >>> drawings = [
        ...     Picture(0.0, 0.0, grey, "")
        ...     for layer, (size, _) in zip(layers, SHAPES.values())
        ...     for grey in layer.reshape(-1, *size)
        ... ]
        >>> verdict(read(Page(tuple(drawings), ()))).well
        True
    """
    arrays = {name: _layer(page, name) for name in SHAPES}
    left = _unexplained(arrays["input"], arrays["c1"])
    pairs = linear_sum_assignment(left)
    arrays["input"] = arrays["input"][pairs[1]]
    own = left[pairs]
    left[pairs] = np.inf
    others = left.min(axis=1)
    packed = io.BytesIO()
    np.savez_compressed(packed, allow_pickle=False, **arrays)
    return Reading(
        "fig13_states.npz",
        packed.getvalue(),
        (
            over("grey levels that an input leaves of its C1 (r.m.s.)", own),
            over("grey levels that the next input leaves (r.m.s.)", others),
            Sure(
                "points between the places of inputs beside their C1", 0.0, _apart(page, pairs[1])
            ),
        ),
    )


def _apart(page: Page, inputs: NDArray[np.intp]) -> float:
    """How far the places of the inputs beside their panels' first maps differ, in points."""
    beside = _places(page, "input")[inputs] - _places(page, "c1")[::MAPS]
    return float(np.ptp(beside, axis=0).max())


def _places(page: Page, name: str) -> Array:
    return np.array([(each.left, each.bottom) for each in page.pictures_of(*SHAPES[name][0])])


def _unexplained(inputs: Grey, c1: Grey) -> Array:
    """What each input leaves of each panel's C1 after the best fit, in grey levels.

    Args:
        inputs: (N, 32, 32).
        c1: (M, 6, 28, 28).

    Returns:
        (M, N), root mean square over maps and pixels.
    """
    windows = np.lib.stride_tricks.sliding_window_view(inputs / GREY, (KERNEL, KERNEL), (1, 2))
    seen = windows.reshape(len(inputs), -1, KERNEL**2)
    seen = np.concatenate([seen, np.ones_like(seen[:, :, :1])], axis=2)
    drawn = states(c1).reshape(len(c1) * MAPS, -1).T
    totals = np.arctanh(np.clip(drawn / AMPLITUDE, -NEARLY, NEARLY)) / SLOPE
    left = []
    for one in tqdm(seen, desc="Fig. 13's inputs", leave=False, disable=None):
        fitted = AMPLITUDE * np.tanh(SLOPE * one @ np.linalg.lstsq(one, totals, rcond=None)[0])
        left.append(np.mean(((fitted - drawn) ** 2).reshape(-1, len(c1), MAPS), axis=(0, 2)))
    return np.sqrt(left).T * GREY / (2 * DRAWN)


def _layer(page: Page, name: str) -> Grey:
    picture, shape = SHAPES[name]
    pictures = page.pictures_of(*picture)
    expect(pictures, int(np.prod(shape) / np.prod(picture)), f"Fig. 13, pictures of {name}")
    return np.array([each.grey for each in pictures]).reshape(shape)
