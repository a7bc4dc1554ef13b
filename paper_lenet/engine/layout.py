"""Where every parameter lies in the engine: one flat float32 array, in the order of use.

    block   as kernels read it                           floats
    C1W     [dy 5][map/3 2][map%3 3][dx 5] + 1             160
    C1B     [map 6] + 10                                    16
    S2C     coefficients [map 6] + 10                       16
    S2B     [map 6] + 10                                    16
    C3W     [S2 map 6][dy 5][dx 5][map 16]                2400
    C3B     [map 16]                                        16
    S4C     coefficients [map 16]                           16
    S4B     [map 16]                                        16
    C5W     [y 5][x 5][S4 map 16][unit 120 + 8]          51200
    C5B     [unit 120 + 8]                                 128
    F6W     [C5 unit 120 + 8][unit 84 + 12]              12288
    F6B     [unit 84 + 12]                                  96
    CODES   [class 10][unit 84 + 12]                       960
    OUTB    [class 10] + 6                                  16

Padding (the "+") is zero and stays so, because its step is zero; so does every kernel of C3 that
Table I leaves out. Ten squashed outputs straight from C5 (``targets``) take the place of F6, with
codes of plus and minus one; ten linear outputs (``softmax``) take that of the codes. The padding
of OUTB alone is not zero but -1e30: a penalty beyond the tenth is never the least.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from paper_lenet.network.architecture import Network, codes, parameter_shapes
from paper_lenet.network.weights import Parameters

UNITS_C5, UNITS_F6 = 128, 96
SIZES = {
    "C1W": 160,
    "C1B": 16,
    "S2C": 16,
    "S2B": 16,
    "C3W": 2400,
    "C3B": 16,
    "S4C": 16,
    "S4B": 16,
    "C5W": 400 * UNITS_C5,
    "C5B": UNITS_C5,
    "F6W": 128 * UNITS_F6,
    "F6B": UNITS_F6,
    "CODES": 10 * UNITS_F6,
    "OUTB": 16,
}
_starts = dict(zip(SIZES, np.cumsum([0, *SIZES.values()]).tolist(), strict=False))
C1W, C1B, S2C, S2B = (_starts[name] for name in ("C1W", "C1B", "S2C", "S2B"))
C3W, C3B, S4C, S4B = (_starts[name] for name in ("C3W", "C3B", "S4C", "S4B"))
C5W, C5B, F6W, F6B = (_starts[name] for name in ("C5W", "C5B", "F6W", "F6B"))
CODES, OUTB = _starts["CODES"], _starts["OUTB"]
TOTAL = sum(SIZES.values())


def room(size: int) -> NDArray[np.float32]:
    """Zeros, (size,), that begin on a cache line: a vector then never lies across two of them.

    Example:
        >>> room(16).ctypes.data % 64, room(16).shape
        (0, (16,))
    """
    line = 64
    bytes_ = np.zeros(4 * size + line, np.uint8)
    return bytes_[-bytes_.ctypes.data % line :][: 4 * size].view(np.float32)


def places(network: Network) -> NDArray[np.int64]:
    """For each parameter, end to end in the order of `parameter_shapes`, its place here.

    Example:
        >>> len(places(Network())), int(places(Network()).max()) < TOTAL
        (60000, True)
    """
    shapes = parameter_shapes(network)
    parts = []
    for name, shape in shapes.items():
        grid = np.indices(shape, dtype=np.int64)
        parts.append(_place(network, name, *grid).ravel())
    return np.concatenate(parts)


def _place(network: Network, name: str, *at: NDArray[np.int64]) -> NDArray[np.int64]:
    """The place of the element of array `name` at each index `at`."""
    if name == "C1.weight":
        unit, _, dy, dx = at
        return C1W + dy * 32 + unit // 3 * 16 + unit % 3 * 5 + dx
    if name == "C3.weight":
        kernel, dy, dx = at
        unit, source = np.array(network.kernels).T[:, kernel]
        return C3W + ((source * 5 + dy) * 5 + dx) * 16 + unit
    if name == "C5.weight":
        unit, source, y, x = at
        side = parameter_shapes(network)[name][-1]
        return C5W + ((y * side + x) * 16 + source) * UNITS_C5 + unit
    targets = network.output == "targets"
    if name == "F6.weight" or (name == "output.weight" and targets):
        unit, source = at
        return F6W + source * UNITS_F6 + unit
    if name in ("output.weight", "output.codes"):
        unit, source = at
        return CODES + unit * UNITS_F6 + source
    starts = {
        "C1.bias": C1B,
        "S2.coefficient": S2C,
        "S2.bias": S2B,
        "C3.bias": C3B,
        "S4.coefficient": S4C,
        "S4.bias": S4B,
        "C5.bias": C5B,
        "F6.bias": F6B,
        "output.bias": F6B if targets else OUTB,
    }
    return starts[name] + at[0]


def pack(network: Network, parameters: Parameters) -> NDArray[np.float32]:
    """The flat array, (TOTAL,), with the parameters and the fixed codes in their places.

    Example:
        >>> from paper_lenet.network.weights import pretrained
        >>> parameters = pretrained().parameters
        >>> packed = pack(Network(), parameters)
        >>> packed.shape == (TOTAL,), packed.dtype
        (True, dtype('float32'))
    """
    packed = room(TOTAL)
    fixed = np.zeros((10, UNITS_F6), np.float32)
    if network.output == "targets":
        fixed[:, :10] = 2 * np.eye(10) - 1
    elif network.output == "rbf":
        fixed[:, :84] = codes()
    packed[CODES : CODES + fixed.size] = fixed.ravel()
    packed[OUTB + 10 : OUTB + 16] = -1e30
    ordered = [parameters[name].ravel() for name in parameter_shapes(network)]
    packed[places(network)] = np.concatenate(ordered)
    return packed


def unpack(network: Network, packed: NDArray[np.float32]) -> Parameters:
    """The parameters by name, as `pack` was given them.

    Example:
        >>> from paper_lenet.network.weights import pretrained
        >>> parameters = pretrained().parameters
        >>> found = unpack(Network(), pack(Network(), parameters))
        >>> all((found[name] == part).all() for name, part in parameters.items())
        True
    """
    flat = packed[places(network)]
    result, start = {}, 0
    for name, shape in parameter_shapes(network).items():
        size = int(np.prod(shape))
        result[name] = flat[start : start + size].reshape(shape)
        start += size
    return result
