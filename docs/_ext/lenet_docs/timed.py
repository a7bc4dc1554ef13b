"""Seconds and what is made of them, read from ``data/timings``.

``paper-lenet bench`` writes one file for each kind of core. A name is looked for in the one that
was measured last; ``studies/tutorials.trainings`` stands in that of the study.

``{timing}`update.engine_us.median:.1f``` is one number, ``timing-table`` shows columns of one list.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole

from paper_lenet.base.files import read_json
from paper_lenet.base.machine import by_machine

from . import called
from .measured import DATA_SET, NOTHING, ResultError, fill
from .printed import as_text
from .tables import table


def path(root: Path, name: str = "") -> Path:
    """The benchmark's file that was measured last, or the one that `name` begins with.

    Raises:
        ResultError: there is no file of the benchmark.
    """
    folder, slash, rest = name.rpartition("/")
    if slash:
        return root / "data" / "timings" / folder / f"{rest.partition('.')[0]}.json"
    return benchmarks(root) / f"{next(iter(machines(root)))}.json"


def benchmarks(root: Path) -> Path:
    """The folder of the benchmark's files, one for each kind of core."""
    return root / "data" / "timings" / DATA_SET / "bench"


def shown(root: Path, name: str = "") -> list[Path]:
    """The files that a page shows with `name`: of the benchmark's all, as each may be the last."""
    return [path(root, name)] if "/" in name else sorted(benchmarks(root).glob("*.json"))


def note(env: BuildEnvironment, root: Path, name: str = "") -> None:
    """Have the page that is read now read anew when one of the files that it shows changes."""
    for each in shown(root, name):
        env.note_dependency(each)


def machines(root: Path) -> dict[str, Any]:
    """The benchmark's files by core, the last measured first.

    Raises:
        ResultError: there is none.
    """
    found = by_machine(benchmarks(root))
    if not found:
        place = benchmarks(root).relative_to(root)
        raise ResultError(f"{place}: no such file; see paper-lenet bench")
    return found


def found(root: Path, name: str) -> Any:
    """What stands in the file under `name`, keys joined by dots."""
    file = path(root, name)
    keys = name.rpartition("/")[2].split(".")["/" in name :]
    try:
        tree = read_json(file)
        return reduce(lambda part, key: part[key], keys, tree)
    except FileNotFoundError:
        raise ResultError(f"{file.relative_to(root)}: no such file; see its study") from None
    except (KeyError, TypeError):
        raise ResultError(f"{file.relative_to(root)}: no key {name}") from None


def rows(root: Path, name: str) -> list[dict[str, str]]:
    """The rows of a list in the file: texts by column, of nested ones by ``outer_inner``."""
    return [texts(row) for row in found(root, name)]


def texts(tree: dict[str, Any]) -> dict[str, str]:
    """What is in a tree, but for its lists, by keys as in ``outer_inner``."""
    return {key: _text(cell) for key, cell in _flat(tree)}


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell)


def _flat(row: dict[str, Any]) -> list[tuple[str, Any]]:
    result = []
    for key, cell in row.items():
        if isinstance(cell, dict):
            result += [(f"{key}_{inner}", part) for inner, part in _flat(cell)]
        elif not isinstance(cell, list):
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
        note(self.env, root, name)
        return [nodes.Text(text)], []


class TimingTable(SphinxDirective):
    """Columns of one list in the benchmark's file: each line is ``heading | template``."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {"caption": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """The table."""
        root, name = self.env.srcdir.parent, self.arguments[0]
        wanted = columns(self.content)
        try:
            body = [
                [fill(form, row) for _, form in wanted]
                for row in called.called(self.env, rows(root, name))
            ]
        except ValueError as error:
            raise self.error(str(error)) from None
        note(self.env, root, name)
        return [table([each for each, _ in wanted], body, self.options["caption"])]


def columns(content: Iterable[str]) -> list[tuple[str, str]]:
    """Lines as pairs: what stands before the first bar, and behind it."""
    pairs = (line.partition("|") for line in content if line.strip())
    return [(name.strip(), template.strip()) for name, _, template in pairs]


def setup(app: Sphinx) -> None:
    """Register the role and the directive."""
    app.add_role("timing", TimingRole())
    app.add_directive("timing-table", TimingTable)
