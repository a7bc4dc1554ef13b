r"""Mathematics as MathML, made at build time by ``math_core``: pages ask nobody for a script.

An equation that the paper numbers ends in ``\tag{8}`` and shows that number at its right.
"""

from __future__ import annotations

import re
from html import escape

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

_log = logging.getLogger(__name__)
_converter = LatexToMathML(fancy_error=False)
# Primes are drawn raised already: as a superscript they would be raised twice, and tiny.
_PRIME = re.compile(r"<msup>(<mi>\w</mi>)<mo>([′″])</mo></msup>")
_TAG = re.compile(r"\\tag\{([^}]*)\}\s*$")


def _convert(node: nodes.math | nodes.math_block, latex: str, display: bool) -> str:
    try:
        text = _converter.convert_with_local_state(latex, displaystyle=display)
        return _PRIME.sub(r'<mrow>\1<mo lspace="0" rspace="0">\2</mo></mrow>', text)
    except LatexError as error:
        _log.warning("%s in the formula %s", " ".join(str(error).split()), latex, location=node)
        return f"<code>{escape(latex)}</code>"


def visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    """A formula within a line."""
    self.body.append(_convert(node, node.astext(), display=False))
    raise nodes.SkipNode


def visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """A formula on its own, with the paper's number if it has one."""
    latex = node.astext()
    tag = _TAG.search(latex)
    formula = _convert(node, _TAG.sub("", latex), display=True)
    number = f'<span class="equation-number">({escape(tag[1])})</span>' if tag else ""
    start = self.starttag(node, "div", CLASS="equation")
    self.body.append(f"{start}{formula}{number}</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the renderer."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
