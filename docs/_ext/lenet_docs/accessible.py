"""Small repairs of the finished pages.

What scrolls sideways on a narrow screen can be reached by keyboard: tables and formulas stand in
boxes that scroll (furo makes them), code in ``pre``. The headings of the table of contents, which
Sphinx marks as such, get a level. Entries of the bibliography are items of its list.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

_BOX = re.compile(r'<div class="((?:table|math)-wrapper [^"]*)"')
_CODE = re.compile(r'(<div class="highlight">)<pre>')


def repair(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Repair one page."""
    if "body" in context:
        body = _BOX.sub(r'<div class="\1" tabindex="0"', context["body"])
        body = _CODE.sub(r'\1<pre tabindex="0">', body)
        context["body"] = body.replace('role="doc-biblioentry"', 'role="listitem"')
    tree = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = tree.replace(
        'role="heading"', 'role="heading" aria-level="2"'
    )


def setup(app: Sphinx) -> None:
    """Connect to the pages as they are written, after furo."""
    app.connect("html-page-context", repair, priority=900)
