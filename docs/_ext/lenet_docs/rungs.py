"""The ladder walked upwards, from a tutorial's network to the paper's, a change a step.

``{rung-step} 5`` is the step that takes back the change of rung 5: the errors before and after it,
among those of all rungs, and the difference with its interval. All of it is read from the committed
result of the study ``ladder``. ``{rung}`5.test_mean:.2f``` is one number of a rung.
"""

from __future__ import annotations

import math
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

from paper_lenet.base.files import read_csv

from .measured import ResultError, fill, find
from .printed import as_text
from .said import say

NAME = "studies/ladder/rungs.csv"
# In pixels, so narrow that a phone shows it as it is: the width, the axis from left to right, the
# height, and the two rows.
WIDE, LEFT, RIGHT, HIGH, ROWS = 340, 54, 326, 92, (20, 44)
AXIS, LABELS = 64, 84


def rungs(root: Path) -> list[dict[str, str]]:
    """The rows of the ladder, the paper's network first."""
    return read_csv(find(root, NAME))


def difference(row: dict[str, str]) -> tuple[float, float, float]:
    """What taking a rung's change back does to the error, in points, and the interval's ends."""
    mean, low, high = (float(row[f"before_difference{end}"]) for end in ("", "_low", "_high"))
    return -mean, -high, -low


def said(before: dict[str, str], after: dict[str, str]) -> str:
    """The step in a sentence."""
    mean, low, high = difference(before)
    if low <= 0 <= high:
        verdict = say("these seeds show no difference")
    else:
        verdict = say("more errors") if mean > 0 else say("fewer errors")
    return say(
        "{before:.2f}% becomes {after:.2f}%: {mean} points, with an interval of {low} to {high} "
        "over {count} seeds. That is: {verdict}."
    ).format(
        before=float(before["test_mean"]),
        after=float(after["test_mean"]),
        mean=_points(mean),
        low=_points(low),
        high=_points(high),
        count=before["before_pairs"],
        verdict=verdict,
    )


def _points(value: float) -> str:
    """A difference with its sign, and with as many digits as it takes to see it."""
    return as_text(value, "+.2f" if abs(value) >= 0.005 else "+.4f")


def drawing(rows: list[dict[str, str]], number: int) -> str:
    """All rungs as dots on one axis, and the two of the step with their intervals."""
    ends = [float(row[f"test_{end}"]) for row in rows for end in ("low", "high")]
    least, most = min(ends), max(ends)

    def at(value: float) -> str:
        return f"{LEFT + (RIGHT - LEFT) * (value - least) / (most - least):.1f}"

    parts = [f'<path class="axis" d="M{LEFT} {AXIS}H{RIGHT}"/>']
    for fifth in range(math.ceil(least * 5), math.floor(most * 5) + 1):
        place = at(fifth / 5)
        parts.append(f'<path class="axis" d="M{place} {AXIS}v4"/>')
        parts.append(f'<text class="muted" x="{place}" y="{LABELS}">{fifth / 5:.1f}%</text>')
    for row in rows:
        parts.append(
            f'<circle class="other" cx="{at(float(row["test_mean"]))}" cy="{AXIS}" r="3"/>'
        )
    shown = (
        ("before", say("before"), rows[number]),
        ("after", say("after"), rows[number - 1]),
    )
    for (style, word, row), y in zip(shown, ROWS, strict=True):
        low, mean, high = (float(row[f"test_{end}"]) for end in ("low", "mean", "high"))
        parts.append(f'<text class="word" x="0" y="{y + 4}">{word}</text>')
        parts.append(f'<path class="{style}" d="M{at(low)} {y}H{at(high)}"/>')
        parts.append(f'<circle class="{style}" cx="{at(mean)}" cy="{y}" r="5"/>')
    step = said(rows[number], rows[number - 1])
    text = say("Test errors of all rungs on one axis, and of two with their intervals.")
    return (
        f'<svg class="rung-step" role="img" aria-label="{escape(text)} {escape(step)}" '
        f'viewBox="0 0 {WIDE} {HIGH}" width="{WIDE}">{"".join(parts)}</svg>'
    )


class RungStep(SphinxDirective):
    """The step that takes back one rung's change."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The picture, with the step in a sentence below."""
        root = self.env.srcdir.parent
        rows, number = rungs(root), int(self.arguments[0])
        if not 0 < number < len(rows):
            raise self.error(f"rung-step: there is no change of rung {number}")
        self.env.note_dependency(find(root, NAME))
        text = said(rows[number], rows[number - 1])
        box = nodes.raw("", drawing(rows, number), format="html")
        return [nodes.figure("", box, nodes.caption(text, text))]


class RungRole(SphinxRole):
    """One number of a rung: ``5.test_mean:.2f``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The number as text, or an error that names what is missing."""
        number, _, field = self.text.partition(".")
        root = self.env.srcdir.parent
        try:
            text = fill(f"{{{field}}}", rungs(root)[int(number)])
        except (IndexError, ResultError, ValueError) as error:
            return [], [self.inliner.reporter.error(f"rung: {error}", line=self.lineno)]
        self.env.note_dependency(find(root, NAME))
        return [nodes.Text(text)], []


def setup(app: Sphinx) -> None:
    """Register the directive and the role."""
    app.add_directive("rung-step", RungStep)
    app.add_role("rung", RungRole())
