"""How kernels are compiled: for Python to call, for other kernels, or into these.

No kernel makes an array, so none need count who refers to those that it is handed. Where Numba
counts (``_nrt``), each call of a layer begins and ends with it, by instructions that wait for
memory. What only kernels call has no wrappers for Python and C, whose compiling takes long:
examples give theirs anew, by `kernel(each.py_func)`.
"""

from __future__ import annotations

from numba import njit

kernel = njit(nogil=True, _nrt=False)
inner = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)
inlined = njit(inline="always", _nrt=False)
