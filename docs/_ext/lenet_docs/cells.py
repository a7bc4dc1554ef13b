"""Cells of a page that were run: their code, and what it put out.

``code-cell`` is the cell of Jupyter's own Markdown, so the page is a notebook too. What a cell put
out stands in the notebook beside the page, which `make notebook` writes (``tools/notebook.py``): to
build the docs nothing is run. A cell whose code is not the notebook's stops the build. ``answer``
folds the answer of an exercise, where it is words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from paper_lenet.base.files import read_json

from .folds import fold
from .measured import ResultError
from .said import say

PICTURE = "image/png"
ANSWER = "answer"  # the tag of a cell that is folded: the answer of an exercise


def put_out(notebook: Path, code: str) -> list[dict[str, Any]]:
    """The outputs of the cell with that code.

    Raises:
        ResultError: there is no notebook, or no such cell in it.
    """
    try:
        cells = read_json(notebook)["cells"]
    except OSError:
        cells = []
    for cell in cells:
        if cell["cell_type"] == "code" and "".join(cell["source"]) == code:
            found: list[dict[str, Any]] = cell["outputs"]
            return found
    first = code.partition("\n")[0]
    raise ResultError(f"{notebook.name} has no cell {first!r} as it stands here: `make notebook`")


def shown(output: Mapping[str, Any], alt: str | None) -> nodes.Node:
    """One output: a picture, or text as it was printed.

    Raises:
        ResultError: a picture has no text for those who do not see it.
    """
    data = output.get("data", {})
    if PICTURE not in data:
        text = "".join(output.get("text", data.get("text/plain", ""))).strip("\n")
        return nodes.literal_block(text, text, language="text", classes=["put-out"])
    if not alt:
        raise ResultError("a cell that draws needs :alt:")
    content = "".join(data[PICTURE].split())
    return nodes.image(uri=f"data:{PICTURE};base64,{content}", alt=alt, classes=["put-out"])


class CodeCell(SphinxDirective):
    """A cell: its code, and below it what it put out."""

    optional_arguments = 1  # the language, which Jupyter wants
    has_content = True
    option_spec: ClassVar = {
        "tags": directives.unchanged_required,
        "alt": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """The cell, folded if it is an answer."""
        code = "\n".join(self.content)
        notebook = Path(self.env.doc2path(self.env.docname)).with_suffix(".ipynb")
        self.env.note_dependency(notebook)
        block = nodes.literal_block(code, code, language="python")
        self.set_source_info(block)
        try:
            outputs = put_out(notebook, code)
            cell = [block, *(shown(each, self.options.get("alt")) for each in outputs)]
        except ResultError as error:
            raise self.error(f"code-cell: {error}") from None
        return folded(cell) if ANSWER in self.options.get("tags", "") else cell


class Answer(SphinxDirective):
    """An answer in words."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """What it says, folded."""
        return folded(self.parse_content_to_nodes())


def folded(content: Sequence[nodes.Node]) -> list[nodes.Node]:
    """An answer behind that word."""
    return [fold(say("Answer"), *content, classes=[ANSWER])]


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("code-cell", CodeCell)
    app.add_directive("answer", Answer)
