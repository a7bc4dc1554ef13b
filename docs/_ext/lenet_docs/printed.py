"""Published numbers: the roles ``paper`` and ``place``, read from `paper_lenet.paper.numbers`.

``{paper}`TEST_ERROR``` is the value as printed, ``{paper}`TEST_ERROR:.1f``` the same in a format,
``{paper}`TOTAL.connections``` an attribute, ``{paper}`COUNTS.C3.connections``` that of one layer,
``{paper}`DAYS.0``` the first of several, ``{paper}`fig8.len``` the number of rows of a figure.
``{place}`TEST_ERROR``` says where it is printed.
"""

from __future__ import annotations

import math
from functools import reduce
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from paper_lenet.paper import numbers

from .said import say


def lookup(path: str) -> Any:
    """The object that `path`, with dots for attributes, names in `paper_lenet.paper.numbers`."""
    return reduce(_part, path.split("."), numbers)


def _part(whole: Any, name: str) -> Any:
    if whole is numbers.COUNTS:
        return {count.layer: count for count in numbers.COUNTS}[name]
    if isinstance(whole, tuple) and name.isdigit():
        return whole[int(name)]
    if name == "len":
        return len(whole())
    return getattr(whole, name)


def as_text(value: Any, form: str = "") -> str:
    """A number as text, with a real minus.

    The format ``s2`` gives two significant digits. Other formats are Python's. Without one whole
    numbers get commas, others the digits that they have, six at most.
    """
    if form.startswith("s"):
        text = significant(value, f"#.{form[1:]}g")
    elif form:
        text = format(value, form)
    elif isinstance(value, int):
        text = f"{value:,}"
    else:
        text = significant(value, ".6g") if isinstance(value, float) else str(value)
    return f"−{text[1:]}" if text.startswith("-") else text


def significant(value: float, form: str) -> str:
    """`value` in a format with significant digits, below a thousandth as a power of ten."""
    exponent = 0
    if 0 < abs(value) < 1e-3:
        exponent = math.floor(math.log10(abs(value)))
    text = f"{value / 10**exponent:{form}}".rstrip(".")
    raised = str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{text}·10{raised}" if exponent else text


class PaperRole(SphinxRole):
    """A published number."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The number as text, or an error that names what is missing."""
        name, _, form = self.text.partition(":")
        try:
            found = lookup(name)
            text = as_text(found.value if isinstance(found, numbers.Published) else found, form)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            return [], [self.inliner.reporter.error(f"paper: {error}", line=self.lineno)]
        return [nodes.Text(text)], []


class PlaceRole(SphinxRole):
    """Where a number is published."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The place as text, or an error that names what is missing."""
        try:
            place = lookup(self.text).place
        except AttributeError as error:
            return [], [self.inliner.reporter.error(f"place: {error}", line=self.lineno)]
        return [nodes.Text(say(place))], []


def setup(app: Sphinx) -> None:
    """Register the roles."""
    app.add_role("paper", PaperRole())
    app.add_role("place", PlaceRole())
