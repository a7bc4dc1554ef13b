"""LeNet-5 as a list of layers (Section II-B, Fig. 2, Table I), with neither PyTorch nor Numba.

Every count and shape in this project is computed from the list that `layers` returns.

The paper leaves nothing open here but a slip: the journal prints 156,000 connections for C3 and
345,308 in all, the authors' preprint 151,600 and 340,908. The list's sums are the preprint's.

The network that the paper describes is `Network()`. Its other fields name the departures that
later networks made (full C3, max pooling, softmax, ...), so that each can be measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.declared import Declared

SQUASHING_AMPLITUDE = 1.7159  # A of eq. 6
SQUASHING_SLOPE = 2 / 3  # S of eq. 6, printed in Appendix A
CLASSES = 10
CODE_ROWS, CODE_COLUMNS = 12, 7

# Table I: the S2 maps that each C3 map takes input from.
TABLE_I: tuple[tuple[int, ...], ...] = (
    (0, 1, 2),
    (1, 2, 3),
    (2, 3, 4),
    (3, 4, 5),
    (0, 4, 5),
    (0, 1, 5),
    (0, 1, 2, 3),
    (1, 2, 3, 4),
    (2, 3, 4, 5),
    (0, 3, 4, 5),
    (0, 1, 4, 5),
    (0, 1, 2, 5),
    (0, 1, 3, 4),
    (1, 2, 4, 5),
    (0, 2, 3, 5),
    (0, 1, 2, 3, 4, 5),
)
FULL_TABLE = ((0, 1, 2, 3, 4, 5),) * 16


@dataclass(frozen=True)
class Network(Declared):
    """What kind of network it is. The defaults are the paper's.

    Attributes:
        input: side of the square input field, 32 (the paper) or 28 (no padding).
        c3: ``table`` (Table I, 60 kernels) or ``full`` (96 kernels).
        squashing: ``scaled_tanh`` (eq. 6), ``tanh`` or ``relu``.
        subsampling: ``average`` (Section II-A) or ``sum`` (Section II-B) of four inputs times a
            trainable coefficient, plus a trainable bias, squashed; ``fixed_average`` or ``max``,
            with nothing to train and no squashing.
        output: ``rbf`` (F6 of 84 against fixed codes), ``trainable_rbf`` (the codes are trained
            as well), ``targets`` (ten squashed outputs straight from C5, targets of plus and minus
            one, no F6) or ``softmax`` (ten linear outputs after F6).

    Example:
        >>> Network(), Network(c3="full", squashing="relu")
        (Network(), Network(c3='full', squashing='relu'))
        >>> len(Network().table), Network().table[0], Network(c3="full").table[0]
        (16, (0, 1, 2), (0, 1, 2, 3, 4, 5))
        >>> Network().trainable_subsampling, Network(subsampling="max").trainable_subsampling
        (True, False)
    """

    input: Literal[28, 32] = 32
    c3: Literal["table", "full"] = "table"
    squashing: Literal["scaled_tanh", "tanh", "relu"] = "scaled_tanh"
    subsampling: Literal["average", "sum", "fixed_average", "max"] = "average"
    output: Literal["rbf", "trainable_rbf", "targets", "softmax"] = "rbf"

    @property
    def table(self) -> tuple[tuple[int, ...], ...]:
        """The S2 maps of each C3 map."""
        return TABLE_I if self.c3 == "table" else FULL_TABLE

    @property
    def kernels(self) -> tuple[tuple[int, int], ...]:
        """(C3 map, S2 map) of every kernel of C3 that exists, in the order of its parameters.

        Example:
            >>> len(Network().kernels), Network().kernels[:3]
            (60, ((0, 0), (0, 1), (0, 2)))
        """
        return tuple((i, j) for i, sources in enumerate(self.table) for j in sources)

    @property
    def trainable_subsampling(self) -> bool:
        """Whether S2 and S4 have a coefficient and a bias per map."""
        return self.subsampling in ("average", "sum")


@dataclass(frozen=True)
class Layer:
    """One layer: `maps` feature maps of `size` x `size` units.

    `kernel` and `stride` describe each unit's window in the layer below. `parameters` counts the
    trainable ones; `connections` counts, as the paper does, one per weight used and one per bias,
    over all units.

    Example:
        >>> c1 = layers()[1]
        >>> c1.name, c1.units, c1.shape, c1.parameters, c1.connections
        ('C1', 4704, (6, 28, 28), 156, 122304)
    """

    name: str
    kind: str
    maps: int
    size: int
    kernel: int
    stride: int
    parameters: int
    connections: int

    @property
    def units(self) -> int:
        """Number of units."""
        return self.maps * self.size**2

    @property
    def shape(self) -> tuple[int, ...]:
        """(maps, size, size), or (units,) for the layers after C5."""
        flat = self.kind in ("full", "output")
        return (self.maps,) if flat else (self.maps, self.size, self.size)


def layers(network: Network | None = None) -> tuple[Layer, ...]:
    """The layers from the input to the output, with shapes and counts (Section II-B).

    Example:
        >>> [layer.name for layer in layers()]
        ['input', 'C1', 'S2', 'C3', 'S4', 'C5', 'F6', 'output']
        >>> sum(layer.parameters for layer in layers())
        60000
    """
    network = network or Network()
    result = [Layer("input", "input", 1, network.input, 1, 1, 0, 0)]

    def convolve(name: str, maps: int, kernel: int, sources: int) -> None:
        size = result[-1].size - kernel + 1
        parameters = sources * kernel**2 + maps
        result.append(
            Layer(name, "convolution", maps, size, kernel, 1, parameters, parameters * size**2)
        )

    def subsample(name: str) -> None:
        maps, size = result[-1].maps, result[-1].size // 2
        trainable = network.trainable_subsampling
        # Four inputs and a bias; a fixed pool has the four inputs alone.
        connections = maps * size**2 * (5 if trainable else 4)
        parameters = 2 * maps if trainable else 0
        result.append(Layer(name, "subsampling", maps, size, 2, 2, parameters, connections))

    def connect(name: str, units: int) -> None:
        count = units * (result[-1].maps + 1)
        result.append(Layer(name, "full", units, 1, 1, 1, count, count))

    convolve("C1", 6, 5, sources=6)
    subsample("S2")
    convolve("C3", 16, 5, sources=len(network.kernels))
    subsample("S4")
    convolve("C5", 120, result[-1].size, sources=120 * 16)
    if network.output == "targets":
        connect("output", CLASSES)
        return tuple(result)
    connect("F6", CODE_ROWS * CODE_COLUMNS)
    if network.output == "softmax":
        connect("output", CLASSES)
    else:
        count = CLASSES * CODE_ROWS * CODE_COLUMNS
        trained = count if network.output == "trainable_rbf" else 0
        result.append(Layer("output", "output", CLASSES, 1, 1, 1, trained, count))
    return tuple(result)


def parameter_shapes(network: Network | None = None) -> dict[str, tuple[int, ...]]:
    """Name and shape of every trainable array, in the order in which they are laid out and drawn.

    The names are those of `LeNet5.state_dict()`.

    Example:
        >>> parameter_shapes()["C5.weight"]
        (120, 16, 5, 5)
        >>> parameter_shapes(Network(input=28))["C5.weight"]
        (120, 16, 4, 4)
    """
    network = network or Network()
    shape = {layer.name: layer for layer in layers(network)}
    trainable = network.trainable_subsampling
    result: dict[str, tuple[int, ...]] = {"C1.weight": (6, 1, 5, 5), "C1.bias": (6,)}
    if trainable:
        result |= {"S2.coefficient": (6,), "S2.bias": (6,)}
    result |= {"C3.weight": (len(network.kernels), 5, 5), "C3.bias": (16,)}
    if trainable:
        result |= {"S4.coefficient": (16,), "S4.bias": (16,)}
    side = shape["C5"].kernel
    result |= {"C5.weight": (120, 16, side, side), "C5.bias": (120,)}
    if "F6" in shape:
        result |= {"F6.weight": (84, 120), "F6.bias": (84,)}
    if network.output == "trainable_rbf":
        result["output.codes"] = (CLASSES, 84)
    elif network.output != "rbf":
        inputs = 120 if network.output == "targets" else 84
        result |= {"output.weight": (CLASSES, inputs), "output.bias": (CLASSES,)}
    return result


def fan_in(network: Network | None = None) -> dict[str, tuple[int, ...]]:
    """F_i of Appendix A, the inputs of a unit: one value for each map or unit of a layer.

    Biases do not count. C3's maps differ, 75, 100 or 150, by their rows in Table I.

    Example:
        >>> [int(inputs) for inputs in sorted(set(fan_in()["C3"]))]
        [75, 100, 150]
    """
    network = network or Network()
    shapes = parameter_shapes(network)
    result: dict[str, tuple[int, ...]] = {
        "C1": (25,) * 6,
        "C3": tuple(25 * len(sources) for sources in network.table),
        "C5": (16 * shapes["C5.weight"][-1] ** 2,) * 120,
    }
    for name in ("F6", "output"):
        if f"{name}.weight" in shapes:
            units, inputs = shapes[f"{name}.weight"]
            result[name] = (inputs,) * units
    return result


def squashing(total: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Eq. 6, f(a) = A tanh(S a), in float64 and of the shape of `total`.

    Example:
        >>> squashing([-1, 0, 1]).round(3)
        array([-1.,  0.,  1.])
    """
    scaled = SQUASHING_SLOPE * np.asarray(total, np.float64)
    state: NDArray[np.float64] = SQUASHING_AMPLITUDE * np.tanh(scaled)
    return state


@cache
def all_codes() -> dict[str, tuple[int, ...]]:
    """The 96 codes of Fig. 3 by character: 84 values, +1 or -1, row by row of the 12 x 7 bitmap.

    Example:
        >>> len(all_codes()), len(all_codes()["A"])
        (96, 84)
    """
    text = files("paper_lenet.paper").joinpath("data/fig3_codes.txt").read_text(encoding="utf-8")
    result = {}
    for block in text.strip().split("\n\n"):
        if not block.startswith("#"):
            heading, *rows = block.splitlines()
            character = chr(int(heading.split(maxsplit=1)[0]))
            result[character] = tuple(1 if mark == "#" else -1 for mark in "".join(rows))
    return result


def codes() -> list[list[int]]:
    """The ten RBF codes of the digits: 10 rows of 84 values, +1 or -1.

    Example:
        >>> for row in np.reshape(codes()[1], (CODE_ROWS, CODE_COLUMNS))[:4]:
        ...     print("".join("-#"[int(mark > 0)] for mark in row))
        ---##--
        --###--
        -####--
        ---##--
    """
    return [list(all_codes()[digit]) for digit in "0123456789"]
