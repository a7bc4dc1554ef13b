"""The network and its training as fast as the machine goes, with the same bits on all machines.

From the bottom up: `kernel` (how all is compiled), `emit` (LLVM's instructions), `simd` (sixteen
float32 lanes), `choices`, `tiles` (several vectors in registers), `products` and `across` (what is
done with them), `functions` (tanh, exp, log), `layout` and `state` (where numbers lie), the layers
(`convolutions`, `subsampling`, `full`, `loss`), `network` (all of it for one pattern),
`many_layers` and `many` (answers for sixteen at a time), `trainer` (`Engine`). All this is for
LeNet-5. Any other network of layers has `general`: `general_layout`, the layers (`general_full`,
`general_pixels`, `general_maps`), `general_state`, `general` and `general_trainer` (`General`).
Beside them `compiled` and `kept` (kernels that are compiled once and kept), and for measuring
`parts` and `peak`.
"""

from __future__ import annotations

from paper_lenet.engine.trainer import Engine

__all__ = ["Engine"]
