"""What the recipe says: the role ``recipe`` and the table of the global rate.

Both read the recipe ``paper`` of ``params.yaml``.
"""

from __future__ import annotations

from functools import reduce
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

from paper_lenet.network.params import read_params
from paper_lenet.network.recipe import Recipe

from .printed import as_text
from .tables import table

NAME = "paper"


def recipe(root: Path) -> Recipe:
    """The recipe ``paper``."""
    return read_params(root / "params.yaml").recipes[NAME]


class RecipeRole(SphinxRole):
    """One value of the recipe: ``{recipe}`loss.j```, with a format if one is given."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The value as text, or an error that names what is missing."""
        name, _, form = self.text.partition(":")
        root = self.env.srcdir.parent
        try:
            text = as_text(reduce(getattr, name.split("."), recipe(root)), form)
        except (AttributeError, ValueError) as error:
            return [], [self.inliner.reporter.error(f"recipe: {error}", line=self.lineno)]
        return [nodes.Text(text)], []


class Schedule(SphinxDirective):
    """The global rate in each pass, and the largest step that it allows."""

    def run(self) -> list[nodes.Node]:
        """The table."""
        root = self.env.srcdir.parent
        step = recipe(root).step
        rows, first = [], 1
        for passes, eta in step.eta:
            last = first + passes - 1
            rows.append([f"{first} to {last}", f"{eta:.5f}", f"{eta / step.mu:.4f}"])
            first = last + 1
        heading = ["Passes", "η", "Largest possible step, η/μ"]
        return [table(heading, rows, "The global rate")]


def setup(app: Sphinx) -> None:
    """Register the role and the directive."""
    app.add_role("recipe", RecipeRole())
    app.add_directive("schedule", Schedule)
