"""Pictures of digits, made from committed numbers: a sheet of fields, as pixels in the page.

``{pictured} digits`` shows test patterns of the stage ``examples``: of each class the first, and
below it the one that most networks misread. ``{pictured} fig13`` shows the nine inputs of Fig. 13.
The content is the caption.
"""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import ClassVar

import numpy as np
from docutils import nodes
from docutils.parsers.rst import directives
from numpy.typing import NDArray
from PIL import Image
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from paper_lenet.base.files import read_csv
from paper_lenet.paper import fig13

from .measured import find

EXAMPLES = "mnist/paper/examples.csv"
SIDE, GAP, LARGER = 28, 4, 2  # pixels of a pattern, between two, and how many times as large
Sheet = list[NDArray[np.uint8]]


def digits(root: Path) -> Sheet:
    """Two rows of ten patterns, (28, 28) each: the first of each class, and the most misread."""
    rows = read_csv(find(root, EXAMPLES))
    classes = [[row for row in rows if row["truth"] == str(digit)] for digit in range(10)]
    first = [of[0] for of in classes]
    worst = [max(of, key=lambda row: int(row["times"])) for of in classes]
    return [
        np.stack([np.frombuffer(bytes.fromhex(row["pixels"]), np.uint8) for row in line]).reshape(
            -1, SIDE, SIDE
        )
        for line in (first, worst)
    ]


def inputs(root: Path) -> Sheet:
    """One row of the nine fields of Fig. 13, (32, 32) each."""
    return [fig13.drawn("input")]


SHEETS = {"digits": digits, "fig13": inputs}


def png(sheet: Sheet) -> tuple[bytes, int, int]:
    """A sheet as a PNG file, grey, what is between the fields see-through; its width and height."""
    side = sheet[0].shape[-1]
    step = side + GAP
    wide, high = step * len(sheet[0]) - GAP, step * len(sheet) - GAP
    pixels = np.zeros((high, wide, 2), np.uint8)  # grey and opacity
    for row, fields in enumerate(sheet):
        for column, field in enumerate(fields):
            place = np.s_[step * row : step * row + side, step * column : step * column + side]
            pixels[place] = np.stack([field, np.full_like(field, 255)], axis=-1)
    content = io.BytesIO()
    Image.fromarray(pixels, "LA").save(content, "png", optimize=True)
    return content.getvalue(), wide, high


class Pictured(SphinxDirective):
    """A sheet of fields; the content is the caption."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {"alt": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """The figure."""
        root, name = self.env.srcdir.parent, self.arguments[0]
        if name not in SHEETS:
            raise self.error(f"pictured: no sheet {name}; there are: {', '.join(SHEETS)}")
        if name == "digits":
            self.env.note_dependency(find(root, EXAMPLES))
        content, wide, high = png(SHEETS[name](root))
        image = nodes.image(
            uri=f"data:image/png;base64,{base64.b64encode(content).decode()}",
            alt=self.options["alt"],
            width=str(LARGER * wide),
            height=str(LARGER * high),
            classes=["sheet"],
        )
        caption = nodes.caption(" ".join(self.content))
        self.set_source_info(caption)
        caption += self.parse_inline(" ".join(self.content), lineno=self.lineno)[0]
        return [nodes.figure("", image, caption)]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("pictured", Pictured)
