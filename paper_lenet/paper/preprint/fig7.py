"""Fig. 7, ten distortions of each of ten training patterns: which patterns, and the maps to them.

The original of a row is the training pattern whose normal form is nearest to the mean of the row's
ten. The map to each panel is then fitted. Five of its numbers are kept. The sixth shears the digit
vertically, which is none of the paper's distortions, and comes out near 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.bars import tqdm
from paper_lenet.paper.preprint.affine_fit import Fitted, fit
from paper_lenet.paper.preprint.digits import Nearest, field, ink, nearest, split
from paper_lenet.paper.preprint.document import PreprintError
from paper_lenet.paper.preprint.normal_form import normal_form
from paper_lenet.paper.preprint.page import Page, expect
from paper_lenet.paper.preprint.reading import Reading, over, table

PAGE = 11
DIGITS, PANELS = 10, 10
BLOCK = 2000  # patterns at a time, for memory's sake
UNEXPLAINED = 5.0  # grey levels: no other pattern can be distorted into a panel so well


def read(page: Page, images: NDArray[np.uint8]) -> Reading:
    """For each panel its original's index and the map: a, b, d, right, down.

    Args:
        page: that of the figure.
        images: MNIST's training images, (N, 28, 28).

    Raises:
        PreprintError: the page has not the figure, or these are other training patterns.

    Example:
        >>> from paper_lenet.paper.preprint.page import Picture
        >>> images = np.random.default_rng(0).integers(0, 256, (12, 28, 28), np.uint8)
        >>> copies = np.roll(field(images[2:]), 2, axis=2).repeat(PANELS, axis=0)  # to the right
        >>> page = Page(tuple(Picture(0.0, 0.0, 255 - copy, "") for copy in copies), ())
        >>> rows = [row.split(b",") for row in read(page, images).content.split()[1:]]
        >>> int(rows[0][1]), int(rows[-1][1]), {float(row[6]) for row in rows}
        (2, 11, {2.0})
    """
    pictures, _ = split(page)
    expect(pictures, DIGITS * PANELS, "Fig. 7, digits")
    panels = ink(pictures)
    found = _originals(panels, images)
    of = field(images[found.pattern]).astype(np.float64).repeat(PANELS, axis=0)
    fits: list[Fitted] = []
    for number in tqdm(range(len(panels)), desc="Fig. 7's maps", leave=False, disable=None):
        fits.append(fit(of[number], panels[number]))
        if fits[-1].unexplained > UNEXPLAINED:
            raise PreprintError(
                f"Fig. 7: panel {number + 1} is made from none of these {len(images):,} training "
                "patterns; MNIST is needed"
            )
    rows = [
        (n // PANELS, found.pattern[n // PANELS], n % PANELS, *_kept(f)) for n, f in enumerate(fits)
    ]
    return Reading(
        "fig7_maps.csv",
        table("digit,train_index,panel,a,b,d,right,down", rows),
        (
            over(
                "grey levels that a map leaves unexplained (r.m.s.)", [f.unexplained for f in fits]
            ),
            over("the sixth number of a map: vertical shear", [f.c for f in fits]),
            over("how many times farther the next pattern is", found.next / found.distance),
        ),
        "which least squares gave the committed maps is not recorded",
    )


def _originals(panels: NDArray[np.float64], images: NDArray[np.uint8]) -> Nearest:
    """The pattern that each row of panels, (N, 32, 32), row by row, is made from."""
    rows = normal_form(panels).reshape(len(panels) // PANELS, PANELS, -1).mean(1)
    starts = range(0, len(images), BLOCK)
    bar = tqdm(starts, desc="Fig. 7's originals", leave=False, disable=None)
    forms = [normal_form(field(images[first : first + BLOCK])) for first in bar]
    return nearest(rows, np.concatenate(forms))


def _kept(found: Fitted) -> list[str]:
    shape = [f"{number:.3f}" for number in (found.a, found.b, found.d)]
    return [*shape, f"{found.right:.2f}", f"{found.down:.2f}"]
