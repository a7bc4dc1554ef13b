"""What a page of a PDF draws: pictures and outlines, each where it stands, in the order drawn.

Places are in points, from the page's lower left corner. Only what the paper's figures are made of
is looked at: pictures of 8-bit grey levels, the corners of paths, the text that follows a picture.
"""

from __future__ import annotations

from collections.abc import Sized
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.paper.preprint.document import PreprintError

if TYPE_CHECKING:
    from pypdf import PageObject

Grey = NDArray[np.uint8]

FILL = {"f", "F", "f*", "B", "B*", "b", "b*"}
STROKE = {"S", "s"}
DROP = {"n"}


class Picture(NamedTuple):
    """An embedded picture.

    Attributes:
        left: of its lower left corner.
        bottom: of the same.
        grey: (rows, columns), uint8, 255 is white.
        label: the text that is shown next, before any other picture.

    Example:
        >>> white = np.full((32, 32), 255, np.uint8)
        >>> page = Page((Picture(left=10.0, bottom=20.0, grey=white, label="4->6"),), ())
        >>> [(each.left, each.label) for each in page.pictures_of(32, 32)]
        [(10.0, '4->6')]
    """

    left: float
    bottom: float
    grey: Grey
    label: str


class Outline(NamedTuple):
    """One path without a gap: its corners, (N, 2), x and y; and how it is drawn.

    Example:
        >>> line = Outline(np.array([[0.0, 0.0], [4.0, 0.0]]), curved=False, filled=False)
        >>> line.size, line.middle
        ((4.0, 0.0), (2.0, 0.0))
    """

    corners: NDArray[np.float64]
    curved: bool
    filled: bool

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        width, height = np.ptp(self.corners, axis=0)
        return float(width), float(height)

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the box around it."""
        x, y = (self.corners.min(0) + self.corners.max(0)) / 2
        return float(x), float(y)


class Page(NamedTuple):
    """What a page draws.

    Example:
        >>> sizes = ((12, 7), (32, 32), (32, 32))
        >>> pictures = tuple(Picture(0.0, 0.0, np.zeros(size, np.uint8), "") for size in sizes)
        >>> line = Outline(np.array([[0.0, 0.0], [4.0, 0.0]]), curved=False, filled=False)
        >>> page = Page(pictures, (line,))
        >>> len(page.pictures_of(32, 32)), len(page.pictures_of(28, 28))
        (2, 0)
        >>> len(page.within(0, 0, 4, 4)), len(page.within(0, 0, 3, 4))
        (1, 0)
    """

    pictures: tuple[Picture, ...]
    outlines: tuple[Outline, ...]

    def pictures_of(self, rows: int, columns: int) -> list[Picture]:
        """The pictures of so many pixels."""
        return [each for each in self.pictures if each.grey.shape == (rows, columns)]

    def within(self, left: float, bottom: float, right: float, top: float) -> list[Outline]:
        """The outlines whose corners all lie in that box."""
        low, high = (left, bottom), (right, top)
        return [o for o in self.outlines if (o.corners >= low).all() and (o.corners <= high).all()]


def read_page(page: PageObject) -> Page:
    """What the page draws.

    Raises:
        PreprintError: a picture has fewer pixels than it says.

    Example:
        >>> from pypdf import PdfWriter
        >>> from pypdf.generic import DecodedStreamObject, NameObject
        >>> content = DecodedStreamObject()
        >>> content.set_data(b"1 0 0 1 10 0 cm 5 5 4 2 re f")  # a box, moved by 10 points
        >>> page = PdfWriter().add_blank_page(612, 792)
        >>> page[NameObject("/Contents")] = content
        >>> (box,) = read_page(page).outlines
        >>> box.middle, box.size, box.filled
        ((17.0, 6.0), (4.0, 2.0), True)
    """
    pen, contents = _Pen(page["/Resources"]), page.get_contents()
    for operands, operator in [] if contents is None else contents.operations:
        pen.follow(operator.decode("ascii"), operands)
    return Page(tuple(pen.pictures), tuple(pen.outlines))


def expect(found: Sized, count: int, what: str) -> None:
    """See that a figure has as many parts as the reader counts on.

    Raises:
        PreprintError: it has not.

    Example:
        >>> expect([1, 2], 2, "Fig. 5: curves")
    """
    if len(found) != count:
        raise PreprintError(f"{what}: {len(found)} are drawn, not {count}")


class _Pen:
    """Follows a page's operators: the place on the page, the path begun, and what was drawn."""

    def __init__(self, resources: Any) -> None:
        self._resources = resources
        self.pictures: list[Picture] = []
        self.outlines: list[Outline] = []
        self._place = np.eye(3)
        self._kept: list[NDArray[np.float64]] = []
        self._path: list[tuple[list[NDArray[np.float64]], bool]] = []
        self._unlabelled = False

    def follow(self, operator: str, operands: Any) -> None:
        match operator:
            case "q":
                self._kept.append(self._place)
            case "Q":
                self._place = self._kept.pop()
            case "cm":
                a, b, c, d, e, f = map(float, operands)
                self._place = np.array([[a, b, 0], [c, d, 0], [e, f, 1]]) @ self._place
            case "Do":
                self._picture(self._resources["/XObject"][operands[0]])
            case "Tj" | "TJ":
                self._text(operands[0])
            case "re" | "m" | "l" | "c" | "v" | "y":
                self._draw(operator, [float(number) for number in operands])
            case _ if operator in FILL | STROKE | DROP:
                self._paint(operator)

    def _on_page(self, x: float, y: float) -> NDArray[np.float64]:
        point: NDArray[np.float64] = (np.array([x, y, 1.0]) @ self._place)[:2]
        return point

    def _draw(self, operator: str, numbers: list[float]) -> None:
        if operator == "re":
            x, y, width, height = numbers
            corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
            self._path.append(([self._on_page(*corner) for corner in corners], False))
        elif operator == "m":
            self._path.append(([self._on_page(*numbers)], False))
        else:
            corners_so_far, curved = self._path[-1]
            corners_so_far.append(self._on_page(*numbers[-2:]))
            self._path[-1] = corners_so_far, curved or operator != "l"

    def _paint(self, operator: str) -> None:
        self.outlines += [
            Outline(np.array(corners), curved, operator in FILL)
            for corners, curved in self._path
            if len(corners) > 1 and operator not in DROP
        ]
        self._path = []

    def _picture(self, drawn: Any) -> None:
        if (drawn.get("/BitsPerComponent"), drawn.get("/ColorSpace")) != (8, "/DeviceGray"):
            return
        rows, columns = int(drawn["/Height"]), int(drawn["/Width"])
        levels = np.frombuffer(drawn.get_data(), np.uint8)[
            : rows * columns
        ]  # a line end may follow
        if levels.size < rows * columns:
            raise PreprintError(f"a picture of {columns} x {rows} has {levels.size} pixels only")
        left, bottom = self._on_page(0.0, 0.0)
        grey = levels.reshape(rows, columns)
        self.pictures.append(Picture(float(left), float(bottom), grey, ""))
        self._unlabelled = True

    def _text(self, shown: Any) -> None:
        if self._unlabelled:
            parts = shown if isinstance(shown, list) else [shown]
            label = "".join(part for part in parts if isinstance(part, str))
            self.pictures[-1] = self.pictures[-1]._replace(label=label)
            self._unlabelled = False
