"""The network and its training as fast as the machine goes, with the same bits on all machines.

From the bottom up: `emit` (LLVM's instructions), `simd` (sixteen float32 lanes), `choices`, `tiles`
(several vectors in registers), `functions` (tanh, exp, log), `layout` and `state` (where numbers
lie), the layers (`convolutions`, `subsampling`, `full`, `loss`), `network` (all of it), `trainer`
(`Engine`). Beside them, for measuring, `parts` and `peak`.

Kernels are compiled by Numba when they are first used, about ten seconds, and kept in
`compiled.folder`.
"""

from __future__ import annotations

import numba

from paper_lenet.engine import compiled

# Numba asks for its folder when a function is declared: only the engine's are to be kept there.
_others = numba.config.CACHE_DIR
numba.config.CACHE_DIR = str(compiled.folder())
from paper_lenet.engine.trainer import Engine  # noqa: E402

numba.config.CACHE_DIR = _others

__all__ = ["Engine"]
