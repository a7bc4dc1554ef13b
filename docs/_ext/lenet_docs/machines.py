"""The benchmark's figures of each kind of core side by side, the last measured first.

``timing-machines`` is a table with a column for each core; each line is ``name | template``. With
an argument, a list in the files, the first line names its rows, and all other columns stand there
once for each core. ``timing-drawing`` draws the parts of an update as bars. What a file has not,
because an earlier benchmark did not measure it, is a dash; what none has, a sentence; and of a list
a column that is not measured on a core is left out.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Formatter
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from paper_lenet.base.machine import figure, named

from .measured import NOTHING, fill
from .tables import table
from .timed import columns, machines, note, texts

# In pixels: the height of a row, where bars begin and how long the longest is, the whole width.
ROW, LEFT, LONGEST, WIDTH = 20, 120, 400, 600

NONE = "not measured on any machine yet."

Tree = dict[str, Any]
Columns = list[tuple[str, str]]
Table = tuple[list[str], list[list[str]]]


def compared(root: Path, lines: Columns) -> Table:
    """Heading and rows: a column for each core, a row for each of `lines`."""
    trees = machines(root)
    every = [texts(tree) | {"of_engine": _engine(tree, trees)} for tree in trees.values()]
    body = [[name, *(_fill(form, tree) for tree in every)] for name, form in lines]
    return ["Figure", *map(named, trees.values())], body


def side_by_side(root: Path, name: str, lines: Columns) -> Table:
    """Heading and rows: the first of `lines` names a row, the others stand there for each core.

    Rows are those of the list `name` in any of the files, in the order of the last measured. A
    column of nothing but dashes is left out.
    """
    trees = machines(root)
    (first, label), *others = lines
    found: dict[str, dict[str, dict[str, str]]] = {}
    for core, tree in trees.items():
        for row in map(texts, figure(tree, name) or []):
            found.setdefault(fill(label, row), {})[core] = row
    measured = [
        (f"{each}, {named(tree)}", cells)
        for each, form in others
        for core, tree in trees.items()
        if set(cells := [_fill(form, row.get(core, {})) for row in found.values()]) != {NOTHING}
    ]
    body = [[key, *(cells[i] for _, cells in measured)] for i, key in enumerate(found)]
    return [first, *(each for each, _ in measured)], body


def _fill(template: str, row: dict[str, str]) -> str:
    """As `fill`; a dash too where the file has no such key."""
    names = [name for _, name, _, _ in Formatter().parse(template) if name]
    return fill(template, dict.fromkeys(names, "") | row)


def _engine(tree: Tree, trees: dict[str, Tree]) -> str:
    """Which engine a file is of, beside that of the last measured."""
    last = next(iter(trees.values()))
    if "engine" not in tree:
        return "not named" if tree is last else "an earlier one, not named"
    told = f"{tree['engine']['version']}, files {tree['engine']['sha256'][:8]}"
    same = tree["engine"] == last.get("engine")
    return told if same else f"another: {told}"


class TimingMachines(SphinxDirective):
    """A column for each core, or columns of a list once for each core."""

    optional_arguments = 1
    has_content = True
    option_spec: ClassVar = {"caption": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """The table."""
        root, lines = self.env.srcdir.parent, columns(self.content)
        try:
            made = side_by_side(root, self.arguments[0], lines) if self.arguments else None
            heading, body = made or compared(root, lines)
        except ValueError as error:
            raise self.error(str(error)) from None
        note(self.env, root)
        if not body:
            return [nodes.paragraph("", f"{self.options['caption']}: {NONE}")]
        return [table(heading, body, self.options["caption"])]


class TimingDrawing(SphinxDirective):
    """The parts of an update as bars, for each core; the content is the caption."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """The figures."""
        root = self.env.srcdir.parent
        try:
            trees = machines(root)
        except ValueError as error:
            raise self.error(str(error)) from None
        note(self.env, root)
        return [self._figure(tree) for tree in trees.values()]

    def _figure(self, tree: Tree) -> nodes.figure:
        box = nodes.raw("", drawing(tree["kernels"]), format="html")
        text = " ".join((f"{named(tree)}.", *self.content))
        caption = nodes.caption()
        caption += self.parse_inline(text, lineno=self.lineno)[0]
        figure = nodes.figure("", box, caption)
        self.set_source_info(figure)
        return figure


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
    """Register the directives."""
    app.add_directive("timing-machines", TimingMachines)
    app.add_directive("timing-drawing", TimingDrawing)
