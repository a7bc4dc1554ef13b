"""How kernels are compiled: for Python to call, for other kernels, or into these.

No kernel makes an array, so none need count who refers to those that it is handed. Where Numba
counts (``_nrt``), each call of a layer begins and ends with it, by instructions that wait for
memory. What only kernels call has no wrappers for Python and C, whose compiling takes long:
examples give theirs anew, by `kernel(each.py_func)`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit


def kernel(function: Callable[..., Any]) -> Any:
    """For Python to call, and for other kernels; threads run it beside each other.

    Example:
        >>> import numpy as np
        >>> @kernel
        ... def halve(x):
        ...     for i in range(len(x)):
        ...         x[i] /= 2
        >>> x = np.array([1.0, 3.0])
        >>> halve(x)  # what it gives stands in the array that it was handed
        >>> x.tolist()
        [0.5, 1.5]
    """
    return njit(nogil=True, _nrt=False)(function)


def inner(function: Callable[..., Any]) -> Any:
    """For other kernels alone.

    Example:
        >>> @inner
        ... def square(x):
        ...     return x * x
        >>> kernel(lambda x, y: square(x) + square(y))(3.0, 4.0)
        25.0
        >>> kernel(square.py_func)(3.0)  # so that Python can call it
        9.0
    """
    return njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)(function)


def inlined(function: Callable[..., Any]) -> Any:
    """Into the kernels that call it, as if it were written there.

    Example:
        >>> @inlined
        ... def plus(x, y):
        ...     return x + y
        >>> kernel(lambda x: plus(plus(x, 1), 1))(5)
        7
    """
    return njit(inline="always", _nrt=False)(function)
