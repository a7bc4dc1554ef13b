"""Decorators of PyTorch where it is missing: they leave a function as it is.

Sphinx's stand-in for a decorator remembers the function that it was given, and autodoc finds it
there. But with a decorator of our own around it, the function would be lost, and its entry too.
"""

from __future__ import annotations

from types import FunctionType
from typing import Any

from sphinx.application import Sphinx
from sphinx.ext.autodoc.mock import _MockObject

_called = _MockObject.__call__


def call(self: _MockObject, *args: Any, **options: Any) -> Any:
    """What a mocked object gives when it is called."""
    if len(args) == 1 and isinstance(args[0], FunctionType):
        return args[0]
    return _called(self, *args, **options)


def setup(app: Sphinx) -> None:
    """Change Sphinx's stand-in."""
    _MockObject.__call__ = call
