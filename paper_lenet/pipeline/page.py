"""A comparison as one page of HTML: pictures and style are in it, and it asks for nothing else."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from PIL import Image

from paper_lenet.digits.patterns import Patterns
from paper_lenet.figures import compared as figure
from paper_lenet.figures.style import DARK, LIGHT, Theme, drawing, svg
from paper_lenet.results import compared, paired
from paper_lenet.results.compared import Pattern, Side
from paper_lenet.results.metrics import CURVES
from paper_lenet.results.summary import wilson_of_mean

LEAST = 1e-6  # of a p-value, as it is shown
MOST = 24  # digits that are shown of each kind
STYLE = Path(__file__).with_name("page.css")
LETTERS = "A", "B"  # names are as long as a path
TITLES = {"test": "test error", "on_the_fly": "training error on the fly"}


def page(first: Side, second: Side, test: Patterns | None) -> str:
    """The whole page, the same bytes for the same results.

    Args:
        first: one side.
        second: the other, tested on the same patterns.
        test: the test patterns, 28 x 28, to be shown; `None` if they are not there.
    """
    title = f"{first.name} and {second.name}"
    sides = "".join(
        f"<dt>{letter}</dt><dd>{escape(side.name)}, {escape(side.place)}</dd>"
        for letter, side in zip(LETTERS, (first, second), strict=True)
    )
    parts = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="upshot">{escape(_capital(compared.upshot(first, second)))}.</p>',
        f"<dl>{sides}</dl>",
        "<h2>What differs</h2>",
        _parameters(first, second),
        "<h2>Error rates after the last pass</h2>",
        _rates(first, second),
        "<h2>Pass by pass</h2>",
        _curves(first, second),
        "<h2>Digits</h2>",
        *_digits(first, second, test),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<link rel="icon" href="data:,">\n<title>{escape(title)}</title>\n'
        f"<style>\n{STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(parts)
        + "\n</main>\n</body>\n</html>\n"
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Cells are HTML, those of the heading are text; the first of a row names it."""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in heading)
    body = "".join(
        f'<tr><th scope="row">{name}</th>' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
        for name, *cells in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _parameters(first: Side, second: Side) -> str:
    rows = compared.parameters(first, second)
    if not rows:
        return "<p>No parameter.</p>"
    cells = ([escape(cell) or "–" for cell in row] for row in rows)
    return _table(("parameter", *LETTERS), cells)


def _rates(first: Side, second: Side) -> str:
    rows = [
        (
            name,
            _value(one.mean, one.low, one.high, one.n),
            _value(other.mean, other.low, other.high, other.n),
            _value(gap.mean, gap.low, gap.high, gap.n, "+") if gap else "–",
        )
        for name, one, other, gap in compared.quantities(first, second)
    ]
    table = _table(("percent", *LETTERS, "B less A"), rows)
    return f'{table}\n<p class="soft">{_explained(first, second)}</p>'


def _value(mean: float, low: float, high: float, n: int, sign: str = "") -> str:
    """A mean, its interval below it, and of how many."""
    if mean != mean:
        return "–"
    interval = f"<span>{low:{sign}.3f} to {high:{sign}.3f}</span>" if n > 1 else ""
    return f"{mean:{sign}.3f}{interval}<span>n = {n}</span>"


def _explained(first: Side, second: Side) -> str:
    """What the numbers are, and McNemar's test."""
    runs = first.run, second.run
    wilson = (
        f"{low:.2f} to {high:.2f} ({letter})"
        for letter, (low, high) in zip(LETTERS, map(wilson_of_mean, runs), strict=True)
    )
    text = (
        "Means over n seeds with 95% intervals. The difference is taken within each seed that both "
        "have; its interval is that of the recipes on these "
        f"{first.run.last.test_patterns:,} test patterns. Another sample of test patterns would "
        f"move one network's test error by itself: {' and '.join(wilson)}, by Wilson."
    )
    found = paired.on_patterns(second.run, first.run)
    if found is not None:
        p = f"{found.median:.2g}" if found.median >= LEAST else f"below {LEAST:g}"
        text += (
            " McNemar's exact test asks of each pair of networks of one seed whether they err "
            f"equally often on the same patterns: median p {p}, and "
            f"{found.below} of {found.pairs} below {paired.LEVEL:g}. The p-values are not pooled: "
            "what is hard for one seed is hard for all."
        )
    pairs = zip(LETTERS, runs, strict=True)
    diverged = ", ".join(f"{run.diverged} ({letter})" for letter, run in pairs if run.diverged)
    return text + (f" Trainings that diverged, left out: {diverged}." if diverged else "")


def _curves(first: Side, second: Side) -> str:
    panels = [
        (
            title,
            (
                [first.run.over_seeds(n, CURVES[key]) for n in _passes(first)],
                [second.run.over_seeds(n, CURVES[key]) for n in _passes(second)],
            ),
        )
        for key, title in TITLES.items()
    ]

    def source(theme: Theme) -> str:
        with drawing(theme):
            return _uri("svg+xml", svg(figure.draw(panels, LETTERS, theme)))

    alt = (
        "Test error, and training error on the fly, after each pass: mean and range over the seeds."
    )
    return (
        '<picture class="curves"><source media="(prefers-color-scheme: dark)" '
        f'srcset="{source(DARK)}"><img src="{source(LIGHT)}" alt="{alt}"></picture>\n'
        '<p class="soft">Lines are means over the seeds, bands their range.</p>'
    )


def _passes(side: Side) -> range:
    return range(1, side.run.last.number + 1)


def _digits(first: Side, second: Side, test: Patterns | None) -> Iterable[str]:
    if test is None:
        yield (
            '<p class="soft">The test patterns are not there, so they are not drawn: `dvc repro '
            "preprocess` makes them.</p>"
        )
    seeds = len(first.run.seeds), len(second.run.seeds)
    for more, found in zip(LETTERS, compared.apart(first, second), strict=True):
        shown = f", the {MOST} furthest apart" if len(found) > MOST else ""
        yield f"<h3>Misread more often by {more}: {len(found):,}{shown}</h3>"
        items = "".join(_digit(pattern, seeds, test) for pattern in found[:MOST])
        yield f'<ul class="digits">{items}</ul>' if items else "<p>None.</p>"


def _digit(pattern: Pattern, seeds: tuple[int, int], test: Patterns | None) -> str:
    image = ""
    if test is not None:
        content = io.BytesIO()
        Image.fromarray(255 - test.grey[pattern.number]).save(content, "png")
        alt = f"Test pattern {pattern.number}, a {pattern.truth}"
        image = f'<img src="{_uri("png", content.getvalue())}" alt="{alt}">'
    counts = zip(LETTERS, (pattern.first, pattern.second), seeds, strict=True)
    times = "<br>".join(f"{letter}: {count} of {of}" for letter, count, of in counts)
    said = f"<strong>{pattern.truth} read as {pattern.answer}</strong><br>no. {pattern.number}"
    return f'<li class="digit">{image}{said}<br><span class="soft">{times}</span></li>'


def _uri(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
