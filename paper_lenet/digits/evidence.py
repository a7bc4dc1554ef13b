"""What speaks for ink, and what for paper, shadows and drawn frames, in a group of pieces.

Nothing of this is in the paper. Chosen here, tried on training patterns alone: ink has an edge in
the picture all around, its strokes are narrow beside its size, the paper on both sides of them and
around it is another than the ink, and the picture's edge does not cut it. What does not hold makes
a group less likely, not impossible: a digit may be cut by the edge, if nothing else is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from paper_lenet.digits.pieces import Piece, hull

LESS = 0.1  # what one failure makes of a weight
LINE, WIDE = 0.07, 1.9  # width over length of no digit; width over height of none
EDGE, PAPER = 0.6, 0.4  # of the step from ink to paper: an edge, and paper
BLUR = 2  # pixels, by which smoothing widens a stroke
STROKE, BULK = 0.3, 0.45  # of the size: the mean width of strokes, the greatest


class Evidence(NamedTuple):
    """Of a group: how likely it is ink, 0 to 1; the mean width of its strokes, and the greatest.

    Widths are shares of its size.

    Example:
        >>> labels = np.zeros((60, 60), np.int32)
        >>> labels[10:50, 10:50] = 1  # a square: too wide for a stroke
        >>> grey = np.where(labels == 1, 40, 220).astype(np.float32)
        >>> found = evidence([Piece(1, 1600, 10, 10, 50, 50)], labels, grey, dark=True)
        >>> found.ink < 0.2, found.bulk
        (True, 1.0)
    """

    ink: float
    stroke: float
    bulk: float


def failures(group: Sequence[Piece], pieces: Sequence[Piece], shape: tuple[int, ...] | None) -> int:
    """How much speaks against a digit in a group's box: cut, a frame, a line, too wide.

    Args:
        group: pieces that belong together.
        pieces: all of the picture.
        shape: of the picture, if its edge cuts digits.

    Example:
        >>> bar = Piece(1, pixels=400, top=0, left=20, bottom=10, right=60)
        >>> failures([bar], [bar], shape=None)  # four times as wide as high
        1
        >>> failures([bar], [bar], shape=(60, 80))  # cut, too
        2
    """
    whole = hull(group)
    return sum(
        (
            shape is not None and whole.on_edge(shape),
            any(group[0].frames(other) for other in pieces if other not in group),
            min(whole.height, whole.width) < LINE * whole.size,
            whole.width > WIDE * whole.height,
        )
    )


def evidence(
    group: Sequence[Piece], labels: NDArray[np.integer], grey: NDArray[np.float32], dark: bool
) -> Evidence:
    """What the picture itself says of a group.

    Args:
        group: pieces that belong together.
        labels: (height, width), of all pieces.
        grey: (height, width), as from `photograph.smoothed`.
        dark: whether it is darker than its paper.

    Example:
        >>> labels = np.zeros((60, 60), np.int32)
        >>> labels[10:50, 28:32] = 1  # a stroke of 4 pixels in a size of 40
        >>> grey = np.where(labels == 1, 40, 220).astype(np.float32)
        >>> stroke = [Piece(1, pixels=160, top=10, left=28, bottom=50, right=32)]
        >>> found = evidence(stroke, labels, grey, dark=True)
        >>> found.ink, round(found.bulk, 3), evidence(stroke, labels, grey, dark=False).ink
        (1.0, 0.1, 0.0)
    """
    whole = hull(group)
    reach = max(2, round(whole.size / 30))
    window = cut(whole, reach + max(3, whole.size // 6))
    mask = np.isin(labels[window], [each.label for each in group])
    near = ndimage.binary_dilation(mask, iterations=reach)
    beside = near & ~mask
    if not beside.any():
        return Evidence(0.0, 1.0, 1.0)
    level = grey[window] if dark else -grey[window]  # the greater, the more like paper
    around = np.ones_like(mask)
    around[tuple(_within(part, of) for part, of in zip(cut(whole, reach), window, strict=True))] = 0
    further = ndimage.binary_dilation(near, iterations=reach) & ~near
    ink, edges = float(np.median(level[mask])), _edges(level, mask, reach)
    step = max(4.0, float(np.median(edges)), float(np.median(level[beside])) - ink)
    likely = float(np.clip(edges / (EDGE * step), 0.0, 1.0).mean()) ** 3
    if around.any() and float(np.median(level[around])) - ink < PAPER * step:
        likely *= LESS  # as light as the paper around: a hole in a digit
    if further.any():  # paper on both sides of a stroke: a sheet's edge has it on one
        likely *= float((level[further] - ink > PAPER * step).mean()) ** 2
    stroke, bulk = _widths(mask, whole.size)
    blur = BLUR / whole.size
    if stroke - blur > STROKE or bulk - blur > BULK:
        likely *= LESS
    return Evidence(likely, stroke, bulk)


def _edges(level: NDArray[np.float32], mask: NDArray[np.bool_], reach: int) -> NDArray[np.float32]:
    """How much the level changes about each pixel of the outline, (n,)."""
    size = 2 * reach + 1
    span = ndimage.maximum_filter(level, size) - ndimage.minimum_filter(level, size)
    outline = mask & ~ndimage.binary_erosion(mask, border_value=1)
    result: NDArray[np.float32] = span[outline]
    return result


def _widths(mask: NDArray[np.bool_], size: int) -> tuple[float, float]:
    """The mean width of the strokes, and the greatest, over the size."""
    depth = ndimage.distance_transform_edt(np.pad(mask, 1)) / size
    # In a stroke the mean distance to its edge is a quarter of its width.
    return 4.0 * float(depth[depth > 0].mean()), 2.0 * float(depth.max())


def cut(piece: Piece, margin: int) -> tuple[slice, slice]:
    """The rows and columns of a piece, with a margin where the picture has one.

    Example:
        >>> rows, columns = cut(Piece(1, pixels=40, top=2, left=9, bottom=22, right=15), margin=5)
        >>> (rows.start, rows.stop), (columns.start, columns.stop)
        ((0, 27), (4, 20))
    """
    rows = slice(max(0, piece.top - margin), piece.bottom + margin)
    return rows, slice(max(0, piece.left - margin), piece.right + margin)


def _within(part: slice, window: slice) -> slice:
    return slice(part.start - window.start, part.stop - window.start)
