"""Fig. 6, the errors for three sizes of the training set: filled squares, two at each size.

The upper one is the test error. The open square below that of 60,000 is the test error with
distortions, which the text has too. The scale is laid on the lowest and the highest tick.
"""

from __future__ import annotations

from itertools import pairwise

from paper_lenet.paper.preprint.axis import Axis, ticks
from paper_lenet.paper.preprint.page import Page, expect
from paper_lenet.paper.preprint.reading import Reading, Sure, table

PAGE = 11
FIELD = (75.0, 335.0, 255.0, 510.0)  # left, bottom, right, top
TOP, TICKS = 1.8, 19  # percent at the highest tick, and how many there are
LARGEST, COLUMNS = 100_000, 11  # patterns at the last tick
SIZES, THOUSAND = 3, 1000


def read(page: Page) -> Reading:
    """Test and training error, in percent.

    Raises:
        PreprintError: the page has not the figure's ticks and markers.

    Example:
        >>> import numpy as np
        >>> from paper_lenet.paper.numbers import fig6
        >>> from paper_lenet.paper.preprint.beside import verdict
        >>> from paper_lenet.paper.preprint.page import Outline
        >>> lines = [[(80, 345 + 8 * n), (82, 345 + 8 * n)] for n in range(TICKS)]
        >>> lines += [[(85 + 16 * n, 345), (85 + 16 * n, 347)] for n in range(COLUMNS)]
        >>> drawn = [Outline(np.array(line), False, False) for line in lines]
        >>> for size, *errors in fig6():
        ...     for error in errors:
        ...         square = np.full((4, 2), (85 + 16 * size / 10_000, 345 + 80 * error))
        ...         drawn.append(Outline(square, False, True))
        >>> verdict(read(Page((), tuple(drawn)))).said
        'fig6_sizes.csv: the same bytes'
    """
    outlines = page.within(*FIELD)
    level, upright = ticks(outlines)
    expect(level, TICKS, "Fig. 6, ticks of the errors")
    expect(upright, COLUMNS, "Fig. 6, ticks of the sizes")
    heights = [tick.middle[1] for tick in level]
    errors = Axis(heights[0], heights[-1], 0, TOP)
    sizes = Axis(upright[0].middle[0], upright[-1].middle[0], 0, LARGEST)
    found = sorted({o.middle for o in outlines if o.filled and len(o.corners) == 4})
    expect(found, 2 * SIZES, "Fig. 6, filled squares")
    rows = [
        (round(sizes(x) / THOUSAND) * THOUSAND, f"{errors(test):.3f}", f"{errors(training):.3f}")
        for (x, training), (_, test) in zip(found[::2], found[1::2], strict=True)
    ]
    gaps = [above - below for below, above in pairwise(heights)]
    step = errors(heights[0] + max(gaps) - min(gaps))
    return Reading(
        "fig6_sizes.csv",
        table("training_patterns,test_error_percent,training_error_percent", rows),
        (
            Sure("step of the drawing in points of percent", step, step),
            Sure("a tick from the percentage that it stands for", 0.0, errors.farthest(heights)),
        ),
        "on which ticks the committed numbers were laid is not recorded",
    )
