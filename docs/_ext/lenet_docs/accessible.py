"""Small repairs of the finished pages.

What scrolls sideways on a narrow screen can be reached by keyboard: tables and formulas stand in
boxes that scroll (furo makes them), code in ``pre``. A box has no name of its own, which is that of
what stands in it. A switch that opens a part of the table of contents has one, by furo in English
alone. Heads of tables say whether they are of a column or of a row. The headings of the
table of contents, which Sphinx marks as such, get a level. Entries of the bibliography are items of
its list.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from .said import say

_BOX = re.compile(r'<div class="((?:table|math)-wrapper [^"]*)"(?: id="[^"]*")?')
_HEAD = re.compile(r'<th class="([^"]*)"')
_SWITCH = re.compile(r'aria-label="Toggle navigation of ([^"]*)"')
_CODE = re.compile(r'(<div class="highlight">)<pre>')


def repair(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Repair one page."""
    if "body" in context:
        body = _BOX.sub(r'<div class="\1" tabindex="0"', context["body"])
        body = _CODE.sub(r'\1<pre tabindex="0">', body)
        body = _HEAD.sub(_scope, body)
        context["body"] = body.replace('role="doc-biblioentry"', 'role="listitem"')
    tree = _SWITCH.sub(_named, context.get("furo_navigation_tree", ""))
    context["furo_navigation_tree"] = tree.replace(
        'role="heading"', 'role="heading" aria-level="2"'
    )


def _named(switch: re.Match[str]) -> str:
    told = say("Toggle navigation of {name}").format(name=switch[1])
    return f'aria-label="{told}"'


def _scope(head: re.Match[str]) -> str:
    scope = "col" if "head" in head[1].split() else "row"
    return f'{head[0]} scope="{scope}"'


def setup(app: Sphinx) -> None:
    """Connect to the pages as they are written, after furo."""
    app.connect("html-page-context", repair, priority=900)
