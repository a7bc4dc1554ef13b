"""What the machine can do at most: fused multiply-adds on registers alone.

An fma takes some cycles, but the next one can begin before it ends if it does not need its result.
So several chains run side by side. Too few of them leave the processor waiting, too many do not fit
into its registers; which number is best differs, so two are tried: six chains fill AVX2's sixteen
registers, twelve keep two units of AVX-512 busy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from paper_lenet.engine.emit import LANES
from paper_lenet.engine.kernel import kernel
from paper_lenet.engine.products import outer
from paper_lenet.engine.tiles import load_tile, splats, store_tile

CHAINS = (6, 12)


def operations(chains: int) -> int:
    """Floating-point operations of one step of so many chains: an fma counts as two.

    Example:
        >>> operations(1), operations(6)
        (32, 192)
    """
    return 2 * LANES * chains


def _side_by_side(chains: int) -> Callable[..., Any]:
    @kernel
    def run(a: NDArray[np.float32], steps: int) -> None:
        sums = load_tile(a, 0, 16, chains)
        for _ in range(steps):
            # The two factors are the same in each step, so they stay in registers.
            sums = outer(sums, splats(a, 0, 0, 1), splats(a, 1, 0, chains))
        store_tile(a, 0, 16, sums)

    run_compiled: Callable[..., Any] = run
    return run_compiled


_runs = {chains: _side_by_side(chains) for chains in CHAINS}


def multiply_add(chains: int, steps: int) -> NDArray[np.float32]:
    """Let each chain add 1 * 1 to itself `steps` times, from 1 on: (chains, 16).

    `chains` is one of `CHAINS`.

    Example:
        >>> sums = multiply_add(6, steps=3)
        >>> sums.shape, np.unique(sums).tolist()
        ((6, 16), [4.0])
    """
    a = np.ones(chains * LANES, np.float32)
    _runs[chains](a, steps)
    return a.reshape(chains, LANES)
