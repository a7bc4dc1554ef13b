"""References by author and year, with a letter where two would look alike, as the list has them."""

from __future__ import annotations

from pybtex.database import Entry
from pybtex.plugin import register_plugin
from pybtex.style.formatting.alpha import Style
from pybtex.style.labels.alpha import LabelStyle
from sphinx.application import Sphinx

NAME = "lettered"


class Lettered(LabelStyle):
    """``LeCun et al., 1998a``: the base class gives the letter."""

    def format_label(self, entry: Entry) -> str:
        """The label of one reference, without a letter."""
        people = entry.persons["author"]
        names = [" ".join(map(str, person.rich_last_names)) for person in people]
        told = " and ".join(names) if len(names) < 3 else f"{names[0]} et al."
        return f"{told}, {entry.fields['year']}"


class References(Style):
    """The list of references, with these labels."""

    default_label_style = NAME


def setup(app: Sphinx) -> None:
    """Register both with pybtex, by which sphinxcontrib-bibtex finds them."""
    register_plugin("pybtex.style.labels", NAME, Lettered)
    register_plugin("pybtex.style.formatting", NAME, References)
