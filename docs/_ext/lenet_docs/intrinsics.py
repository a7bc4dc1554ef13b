"""Numba's intrinsics in the API: functions of kernels, which autodoc takes for plain values.

``intrinsics`` lists those that a module defines, with the arguments that a kernel hands over.
"""

from __future__ import annotations

import inspect
from importlib import import_module
from textwrap import indent

from docutils import nodes
from numba.core.extending import _Intrinsic
from sphinx.application import Sphinx
from sphinx.events import EventManager
from sphinx.util.docutils import SphinxDirective


def entries(module: str, events: EventManager) -> list[str]:
    """One ``py:function`` for each intrinsic of a module, in the order of its source.

    Those without a docstring, which a function of the module makes, are left out.
    """
    found = vars(import_module(module)).items()
    return [
        _entry(name, each, events)
        for name, each in found
        if isinstance(each, _Intrinsic) and each.__module__ == module and each.__doc__
    ]


def _entry(name: str, intrinsic: _Intrinsic, events: EventManager) -> str:
    # The first argument, the typing context, is Numba's own.
    _, *arguments = inspect.signature(intrinsic._defn).parameters
    lines = (inspect.getdoc(intrinsic) or "").splitlines()
    # What autodoc says of a function's docstring, so that all who listen to it do their work.
    events.emit(
        "autodoc-process-docstring",
        "function",
        f"{intrinsic.__module__}.{name}",
        intrinsic,
        None,
        lines,
    )
    heading = f".. py:function:: {name}({', '.join(arguments)})"
    return f"{heading}\n\n{indent(chr(10).join(lines), '   ')}\n"


class Intrinsics(SphinxDirective):
    """The intrinsics of one module."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The entries."""
        module = self.arguments[0]
        found = entries(module, self.env.events)
        if not found:
            raise self.error(f"intrinsics: {module} has none")
        return self.parse_text_to_nodes("\n".join([f".. py:currentmodule:: {module}\n", *found]))


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("intrinsics", Intrinsics)
