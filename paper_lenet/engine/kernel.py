"""How kernels are compiled: for themselves, or into their callers.

No kernel makes an array, so none need count who refers to those that it is handed. Where Numba
counts (``_nrt``), each call of a layer begins and ends with it, by instructions that wait for
memory.
"""

from __future__ import annotations

from numba import njit

kernel = njit(nogil=True, _nrt=False)
inlined = njit(inline="always", _nrt=False)
