"""Measured numbers, tables and figures, read from ``data/results`` and ``data/figures``.

``{result}`metrics.seeds``` is one number of one JSON file; ``:.2f`` after it is a format.
``results-table`` shows columns of one CSV file, with ``:where: times = metrics.seeds`` only the
rows in which one equals a result; ``drawn`` one figure, light and dark, with its letters in the
language of the build. A name without a folder is looked for among the files of the data set and of
its recipe ``paper``; ``studies/ladder/summary`` is that file of the study ``ladder``. Rows of
tutorials have a column ``network``, which says what each of them is.
"""

from __future__ import annotations

import os
from functools import partial, reduce
from pathlib import Path
from string import Formatter
from typing import Any, ClassVar
from xml.etree import ElementTree

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.base.files import read_csv, read_json, write_text

from . import called, lettered
from .printed import as_text
from .said import hand_over, handed
from .tables import table

DATA_SET, RECIPE = "mnist", "paper"
RECORDS = "trainings/"  # a name that begins so is of a file in ``data/trainings``
PRINTED = "printed/"  # and one that begins so of what was read from the paper's figures
NOTHING = "–"


class ResultError(PaperLenetError, ValueError):
    """There is no such result."""


def find(root: Path, name: str) -> Path:
    """The only file called `name` among the results of `RECIPE`, or the one at that path.

    A path in ``trainings/`` is one among the records of trainings, one in ``printed/`` among the
    numbers read from the paper's figures.
    """
    folder = root / "data" / "results" / DATA_SET
    if "/" in name:
        path = (root / "data" if name.startswith(RECORDS) else folder.parent) / name
        if name.startswith(PRINTED):
            path = root / "paper_lenet/paper/data" / name.removeprefix(PRINTED)
        if not path.is_file():
            raise ResultError(f"{path.relative_to(root)}: there is no such file")
        return path
    found = sorted({*folder.glob(name), *(folder / RECIPE).rglob(name)})
    if len(found) != 1:
        raise ResultError(f"{folder.relative_to(root)}: {len(found)} files called {name}")
    return found[0]


def source(root: Path, name: str) -> tuple[Path, list[str]]:
    """The file in which the number `name`, its stem and keys joined by dots, stands; the keys."""
    folder, slash, rest = name.rpartition("/")
    stem, *keys = rest.split(".")
    return find(root, f"{folder}{slash}{stem}.json"), keys


def value(root: Path, name: str) -> Any:
    """The number that `name` stands for."""
    path, keys = source(root, name)
    tree = read_json(path)
    try:
        found = reduce(lambda part, key: part[key], keys, tree)
    except (KeyError, TypeError):
        raise ResultError(f"{path.relative_to(root)}: no key {'.'.join(keys)}") from None
    if isinstance(found, dict | list):
        raise ResultError(f"{path.relative_to(root)}: {'.'.join(keys)} is not one value")
    return found


class ResultRole(SphinxRole):
    """One measured number."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The number as text, or an error that names what is missing."""
        name, _, form = self.text.partition(":")
        root = self.env.srcdir.parent
        try:
            found = value(root, name)
            found = _field(found) if form and isinstance(found, str) else found
            text = NOTHING if found is None else as_text(found, form)
        except ValueError as error:
            return [], [self.inliner.reporter.error(f"result: {error}", line=self.lineno)]
        self.env.note_dependency(source(root, name)[0])
        return [nodes.Text(text)], []


class Field(float):
    """A number of a table, formatted by `as_text`."""

    def __format__(self, form: str) -> str:
        """As `as_text`."""
        return as_text(float(self), form)


def fill(template: str, row: dict[str, str]) -> str:
    """`template` with fields of `row`, as in `str.format`; a dash if one of them is empty."""
    names = [name for _, name, _, _ in Formatter().parse(template) if name]
    unknown = [name for name in names if name not in row]
    if unknown:
        raise ResultError(f"no column {', '.join(unknown)}; there are: {', '.join(row)}")
    if any(row[name] == "" for name in names):
        return NOTHING
    return template.format_map({name: _field(row[name]) for name in names})


def _field(text: str) -> str | Field:
    try:
        return Field(text)
    except ValueError:
        return text


def chosen(rows: list[dict[str, str]], column: str, sought: Any) -> list[dict[str, str]]:
    """The rows in which a column is `sought`."""
    if rows and column not in rows[0]:
        raise ResultError(f"no column {column}; there are: {', '.join(rows[0])}")
    return [row for row in rows if row[column] == str(sought)]


class ResultsTable(SphinxDirective):
    """Columns of one CSV file among the results: each line is ``heading | template``."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {
        "caption": directives.unchanged_required,
        "first": directives.positive_int,
        "where": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """The table."""
        root = self.env.srcdir.parent
        columns = [line.split("|") for line in self.content if line.strip()]
        try:
            path = find(root, f"{self.arguments[0]}.csv")
            rows = called.called(self.env, read_csv(path))
            if "where" in self.options:
                column, _, name = (part.strip() for part in self.options["where"].partition("="))
                rows = chosen(rows, column, value(root, name))
                self.env.note_dependency(source(root, name)[0])
            rows = rows[: self.options.get("first")]
            body = [[fill(template.strip(), row) for _, template in columns] for row in rows]
        except ValueError as error:
            raise self.error(str(error)) from None
        self.env.note_dependency(path)
        texts = [name.strip() for name, _ in columns]
        own = partial(handed, self)
        found = table(texts, body, self.options["caption"], said=own)
        hand_over(self, found, map(own, [*texts, self.options["caption"]]))
        return [found]


def size(path: Path) -> tuple[str, str]:
    """Width and height, in pixels, of a drawing that gives them in points."""
    root = ElementTree.parse(path).getroot()
    width, height = (
        round(float(root.attrib[side].removesuffix("pt")) * 4 / 3) for side in ("width", "height")
    )
    return str(width), str(height)


def in_language(env: BuildEnvironment, name: str) -> str:
    """Where the figure of that name is, from a page: the committed one, or one beside the doctrees
    whose letters are in the language of the build.

    The page is then read anew when the committed one changes.
    """
    committed = env.srcdir.parent / "data/figures" / name
    english = committed.read_text(encoding="utf-8")
    drawing = lettered.translated(english)
    path = committed
    if drawing != english:
        env.note_dependency(committed)
        path = Path(env.doctreedir) / "drawn" / name
        write_text(path, drawing)
    return Path(os.path.relpath(path, env.srcdir)).as_posix()


class Drawn(SphinxDirective):
    """A figure of the stage ``figures``, light and dark; the content is the caption."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {"alt": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """The figure."""
        figure = nodes.figure()
        for theme in ("light", "dark"):
            name = self.arguments[0]
            name = name if "/" in name else f"{DATA_SET}/{RECIPE}/{name}"
            name = f"{name}-{theme}.svg"
            # Of the two only the one that is shown is loaded, and it moves nothing on the page.
            image = nodes.image(alt=self.options["alt"], loading="lazy")
            image["classes"].append(f"only-{theme}")
            try:
                image["uri"] = in_language(self.env, name)
                image["width"], image["height"] = size(self.env.srcdir / image["uri"])
            except OSError as error:
                raise self.error(f"drawn: {error}") from None
            figure += image
        caption = nodes.caption(" ".join(self.content))
        self.set_source_info(caption)
        caption += self.parse_inline(" ".join(self.content), lineno=self.lineno)[0]
        figure += caption
        self.set_source_info(figure)
        return [figure]


def check(app: Sphinx) -> None:
    """Stop at once where there are no results, in one line (Sphinx's own errors take thirty)."""
    root = Path(app.srcdir).parent
    try:
        find(root, "metrics.json")
    except ResultError as error:
        raise SystemExit(
            f"docs: {error}. Results are committed files: `git checkout data` brings them back, "
            "`make reproduce` makes them anew"
        ) from None


def setup(app: Sphinx) -> None:
    """Register the role and the directives."""
    app.connect("builder-inited", check)
    app.add_role("result", ResultRole())
    app.add_directive("results-table", ResultsTable)
    app.add_directive("drawn", Drawn)
