"""What is shown when a reader asks for it: a fold, open and closed without any script.

``{fold} Title`` folds its content away. On paper every fold is open.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator


class Fold(nodes.General, nodes.Element):
    """A `Summary` and what it stands for."""


class Summary(nodes.General, nodes.TextElement):
    """The line that is always shown."""


def fold(summary: str, *content: nodes.Node, **attributes: Any) -> Fold:
    """`content` behind the line `summary`."""
    return Fold("", Summary(summary, summary), *content, **attributes)


class FoldDirective(SphinxDirective):
    """A part of a page behind its title."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """The fold."""
        title, messages = self.parse_inline(self.arguments[0], lineno=self.lineno)
        summary = Summary(self.arguments[0], "", *title)
        self.set_source_info(summary)
        content = self.parse_content_to_nodes(allow_section_headings=False)
        return [Fold("", summary, *content), *messages]


def _opens(tag: str) -> Any:
    def visit(self: HTML5Translator, node: nodes.Element) -> None:
        self.body.append(self.starttag(node, tag))

    return visit


def _closes(tag: str) -> Any:
    def depart(self: HTML5Translator, node: nodes.Element) -> None:
        self.body.append(f"</{tag}>\n")

    return depart


def setup(app: Sphinx) -> None:
    """Register the nodes and the directive."""
    app.add_node(Fold, html=(_opens("details"), _closes("details")))
    app.add_node(Summary, html=(_opens("summary"), _closes("summary")))
    app.add_directive("fold", FoldDirective)
