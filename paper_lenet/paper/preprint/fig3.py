"""Fig. 3, the RBF codes: 96 bitmaps of two levels, in ASCII order."""

from __future__ import annotations

import numpy as np

from paper_lenet.paper.preprint.page import Page, Picture, expect
from paper_lenet.paper.preprint.reading import Reading, Sure

PAGE = 9
FIRST, COUNT = 32, 96  # the characters from space on
ROWS, COLUMNS = 12, 7
HEADING = """\
# Fig. 3 of LeCun et al. 1998: the RBF codes of the printable ASCII set, 7 columns x 12 rows, \
# = +1, . = -1.
# Read from the 96 bitmaps embedded in the article's PDF, in ASCII order from space (32).
"""


def read(page: Page) -> Reading:
    """The codes as text: a line with the character, then twelve of seven signs.

    Raises:
        PreprintError: the page has not the figure's bitmaps.

    Example:
        >>> bitmap = np.full((ROWS, COLUMNS), 255, np.uint8)
        >>> bitmap[1, 2:5] = 0
        >>> page = Page((Picture(0.0, 0.0, bitmap, ""),) * COUNT, ())
        >>> read(page).content.decode().splitlines()[3:6]
        ['32 space', '.......', '..###..']
    """
    pictures = page.pictures_of(ROWS, COLUMNS)
    expect(pictures, COUNT, "Fig. 3, bitmaps")
    levels = np.unique([picture.grey for picture in pictures])
    expect(levels, 2, "Fig. 3, grey levels")
    codes = [_code(FIRST + i, picture) for i, picture in enumerate(pictures)]
    return Reading(
        "fig3_codes.txt",
        "\n".join([HEADING, *codes]).encode("ascii"),
        (Sure("grey levels that occur", float(levels[0]), float(levels[-1])),),
    )


def _code(number: int, picture: Picture) -> str:
    name = {32: "space", 127: ""}.get(number, chr(number))
    rows = ["".join("#" if level else "." for level in row) for row in picture.grey < 128]
    return "\n".join([f"{number} {name}", *rows, ""])
