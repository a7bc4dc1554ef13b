"""Fig. 5, the errors after each pass: the markers of two curves.

The drawing was made by hand, and its ticks are not evenly spaced. So the scale is laid on its ends:
0% is where the ticks of the passes cross the axis, in their middle, and 5% is its tick. Read so,
the curves end with the text's numbers. From the tick drawn at 0%, half a step of the drawing lower,
they would end 0.01 higher.
"""

from __future__ import annotations

import numpy as np

from paper_lenet.paper.preprint.axis import Axis, ticks
from paper_lenet.paper.preprint.document import PreprintError
from paper_lenet.paper.preprint.page import Outline, Page, expect
from paper_lenet.paper.preprint.reading import Reading, Sure, table

PAGE = 11
FIELD = (70.0, 605.0, 235.0, 730.0)  # left, bottom, right, top
SAME = 0.05  # points between two markers at one height
POINTS, TOP, PASSES = 21, 5, 20  # markers a curve, percent and passes at the axes' ends


def read(page: Page) -> Reading:
    """Circles are the training error, squares the test error, in percent.

    Raises:
        PreprintError: the page has not the figure's ticks and markers.

    Example:
        >>> from paper_lenet.paper.numbers import fig5
        >>> from paper_lenet.paper.preprint.beside import verdict
        >>> lines = [[(80, 620 + 20 * n), (82, 620 + 20 * n)] for n in range(6)]  # percent
        >>> lines += [[(90 + 24 * n, 619), (90 + 24 * n, 621)] for n in range(6)]  # passes
        >>> drawn = [Outline(np.array(line), False, False) for line in lines]
        >>> for number, training, test in fig5():
        ...     for error, circle in ((training, True), (test, False)):
        ...         marker = np.array([[90 + 6 * number, 620 + 20 * error]])
        ...         drawn.append(Outline(marker, circle, True))
        >>> verdict(read(Page((), tuple(drawn)))).said
        'fig5_curves.csv: the same bytes'
    """
    outlines = page.within(*FIELD)
    level, upright = ticks(outlines)
    expect(level, TOP + 1, "Fig. 5, ticks of the errors")
    expect(upright, 1 + PASSES // 4, "Fig. 5, ticks of the passes")
    zero = float(np.mean([tick.middle[1] for tick in upright]))
    errors = Axis(zero, level[-1].middle[1], 0, TOP)
    passes = Axis(upright[0].middle[0], upright[-1].middle[0], 0, PASSES)
    training, test = (
        _curve([o for o in outlines if o.filled and o.curved == curved], passes)
        for curved in (True, False)
    )
    rows = [(i + 1, f"{errors(training[i]):.2f}", f"{errors(test[i]):.2f}") for i in range(POINTS)]
    step = min(gap for gap in np.diff(np.sort(test)) if gap > SAME)
    percent = errors(zero + float(step))
    return Reading(
        "fig5_curves.csv",
        table("point,training_error_on_the_fly_percent,test_error_percent", rows),
        (
            Sure("step of the drawing in points of percent", percent, percent),
            Sure(
                "a tick from the percentage that it stands for",
                0.0,
                errors.farthest([tick.middle[1] for tick in level]),
            ),
        ),
    )


def _curve(markers: list[Outline], passes: Axis) -> list[float]:
    """The heights of a curve's markers, one at each point."""
    expect(markers, POINTS, "Fig. 5, markers of a curve")
    places = sorted(marker.middle for marker in markers)
    if [round(passes(x)) for x, _ in places] != list(range(1, POINTS + 1)):
        raise PreprintError("Fig. 5: a curve has not one marker at each point")
    return [y for _, y in places]
