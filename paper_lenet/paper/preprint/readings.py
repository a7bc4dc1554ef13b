"""All figures of the preprint, one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from paper_lenet.paper.preprint import fig3, fig5, fig6, fig7, fig8, fig13
from paper_lenet.paper.preprint.page import Page, read_page
from paper_lenet.paper.preprint.reading import Reading, evidence

if TYPE_CHECKING:
    from pypdf import PdfReader


def readings(
    document: PdfReader,
    training_images: NDArray[np.uint8],
    test_images: NDArray[np.uint8],
    test_labels: NDArray[np.uint8],
) -> Iterator[Reading]:
    """Each figure as it is read, and at last how sure all of them are.

    Args:
        document: the preprint, as `open_preprint` gives it.
        training_images: MNIST's, (N, 28, 28).
        test_images: MNIST's, (M, 28, 28).
        test_labels: (M,).

    Raises:
        PreprintError: a figure is not as the reader counts on, or the patterns are not MNIST's.

    Example:
        >>> from pypdf import PdfWriter
        >>> blank = PdfWriter()
        >>> pages = [blank.add_blank_page(612, 792) for _ in range(fig13.PAGE)]
        >>> digits = np.zeros((2, 28, 28), np.uint8)
        >>> next(readings(blank, digits, digits, np.zeros(2, np.uint8)))
        Traceback (most recent call last):
            ...
        paper_lenet.paper.preprint.document.PreprintError: Fig. 3, bitmaps: 0 are drawn, not 96
    """

    def page(number: int) -> Page:
        return read_page(document.pages[number - 1])

    patterns = (test_images, test_labels)
    done: list[Reading] = []
    steps: tuple[Callable[[], Reading], ...] = (
        lambda: fig3.read(page(fig3.PAGE)),
        lambda: fig5.read(page(fig5.PAGE)),
        lambda: fig6.read(page(fig6.PAGE)),
        lambda: fig7.read(page(fig7.PAGE), training_images),
        lambda: fig8.read(page(fig8.PAGE), *patterns),
        lambda: fig13.read(page(fig13.PAGE)),
    )
    for step in steps:
        done.append(step())
        yield done[-1]
    yield evidence(done)
