"""Seconds and what is made of them, read from ``data/timings``.

A name is looked for in the file that ``paper-lenet bench`` writes; ``studies/tutorials.trainings``
stands in that of the study.

``{timing}`update.engine_us.median:.1f``` is one number, ``timing-table`` shows columns of one list,
``timing-drawing`` draws the parts of an update as bars.
"""

from __future__ import annotations

from functools import reduce
from html import escape
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

from paper_lenet.base.files import read_json

from .measured import DATA_SET, NOTHING, ResultError, fill
from .printed import as_text
from .tables import table

# In pixels: the height of a row, where bars begin and how long the longest is, the whole width.
ROW, LEFT, LONGEST, WIDTH = 20, 120, 400, 600


def path(root: Path, name: str = "") -> Path:
    """The benchmark's file, or the one that `name` begins with."""
    folder, slash, rest = name.rpartition("/")
    file = f"{folder}/{rest.partition('.')[0]}.json" if slash else f"{DATA_SET}/bench.json"
    return root / "data" / "timings" / file


def found(root: Path, name: str) -> Any:
    """What stands in the file under `name`, keys joined by dots."""
    file = path(root, name)
    keys = name.rpartition("/")[2].split(".")["/" in name :]
    try:
        tree = read_json(file)
        return reduce(lambda part, key: part[key], keys, tree)
    except FileNotFoundError:
        made = "its study" if "/" in name else "paper-lenet bench"
        raise ResultError(f"{file.relative_to(root)}: no such file; see {made}") from None
    except (KeyError, TypeError):
        raise ResultError(f"{file.relative_to(root)}: no key {name}") from None


def rows(root: Path, name: str) -> list[dict[str, str]]:
    """The rows of a list in the file: texts by column, of nested ones by ``outer_inner``."""
    return [{key: _text(cell) for key, cell in _flat(row)} for row in found(root, name)]


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell)


def _flat(row: dict[str, Any]) -> list[tuple[str, Any]]:
    result = []
    for key, cell in row.items():
        if isinstance(cell, dict):
            result += [(f"{key}_{inner}", part) for inner, part in _flat(cell)]
        else:
            result.append((key, cell))
    return result


class TimingRole(SphinxRole):
    """One number of the benchmark."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The number as text, or an error that names what is missing."""
        name, _, form = self.text.partition(":")
        root = self.env.srcdir.parent
        try:
            value = found(root, name)
            text = NOTHING if value is None else as_text(value, form)
        except ValueError as error:
            return [], [self.inliner.reporter.error(f"timing: {error}", line=self.lineno)]
        self.env.note_dependency(path(root, name))
        return [nodes.Text(text)], []


class TimingTable(SphinxDirective):
    """Columns of one list in the benchmark's file: each line is ``heading | template``."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {"caption": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """The table."""
        root = self.env.srcdir.parent
        columns = [line.split("|") for line in self.content if line.strip()]
        try:
            body = [
                [fill(template.strip(), row) for _, template in columns]
                for row in rows(root, self.arguments[0])
            ]
        except ValueError as error:
            raise self.error(str(error)) from None
        self.env.note_dependency(path(root, self.arguments[0]))
        heading = [name.strip() for name, _ in columns]
        return [table(heading, body, self.options["caption"])]


class TimingDrawing(SphinxDirective):
    """The parts of an update as bars; the content is the caption."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """The figure."""
        root = self.env.srcdir.parent
        try:
            box = nodes.raw("", drawing(found(root, "kernels")), format="html")
        except ValueError as error:
            raise self.error(str(error)) from None
        self.env.note_dependency(path(root))
        caption = nodes.caption()
        caption += self.parse_inline(" ".join(self.content), lineno=self.lineno)[0]
        figure = nodes.figure("", box, caption)
        self.set_source_info(figure)
        return [figure]


def drawing(parts: list[dict[str, Any]]) -> str:
    """One bar a part, as long as its time; the solid part is what its operations would take."""
    scale = LONGEST / max(part["us"] for part in parts)
    bars = "".join(_bar(place, part, scale) for place, part in enumerate(parts))
    told = ", ".join(f"{part['part']} {part['us']:.2f}" for part in parts)
    text = f"Microseconds of each part of an update: {told}."
    style = "max-width:100%;height:auto;font:13px var(--font-stack)"
    return (
        f'<svg role="img" aria-label="{escape(text)}" viewBox="0 0 {WIDTH} {ROW * len(parts)}" '
        f'width="{WIDTH}" style="{style}">{bars}</svg>'
    )


def _bar(place: int, part: dict[str, Any], scale: float) -> str:
    top, length = ROW * place, part["us"] * scale
    busy = length * (part["peak_percent"] or 0.0) / 100
    end = LEFT + max(length, busy) + 8
    colour = "fill:var(--color-brand-primary)"
    ink = "fill:var(--color-foreground-primary)"
    return (
        f'<text x="{LEFT - 8}" y="{top + 14}" text-anchor="end" style="{ink}">'
        f"{escape(part['part'])}</text>"
        f'<rect x="{LEFT}" y="{top + 3}" width="{length:.1f}" height="{ROW - 6}" '
        f'style="{colour};fill-opacity:.3"/>'
        f'<rect x="{LEFT}" y="{top + 3}" width="{busy:.1f}" height="{ROW - 6}" style="{colour}"/>'
        f'<text x="{end:.1f}" y="{top + 14}" style="{ink}">{part["us"]:.2f}</text>'
    )


def setup(app: Sphinx) -> None:
    """Register the role and the directives."""
    app.add_role("timing", TimingRole())
    app.add_directive("timing-table", TimingTable)
    app.add_directive("timing-drawing", TimingDrawing)
