"""A feed-forward network as a list of layers: the networks that Section III-C compares.

Three kinds of layers: convolutions and subsampling as in Section II-B, and full ones. A unit's
state is x_i = f(a_i) (eqs. 5 and 6) in every layer, the ten outputs included. A pattern of class c
has the targets +1 for output c and -1 for the others, and the loss is half the squared distance,
E^p = 1/2 sum_i (x_i - t_i)^2.

The paper says of these networks that they are trained as in Appendix C, and leaves their outputs,
targets and loss open. The choice is that of the authors' earlier papers and of their surviving
code (recipe ``lush``).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from paper_lenet.base.errors import expect
from paper_lenet.network.architecture import CLASSES

KERNEL = 5  # the side of every convolution's window


@dataclass(frozen=True)
class Convolution:
    """Feature maps of units with 5 x 5 windows, weights shared over a map, and one bias a map.

    Attributes:
        table: the maps below that each map sees, as Table I has them.

    Example:
        >>> len(Convolution(((0,),) * 4).table)
        4
    """

    table: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Subsampling:
    """Half as many rows and columns: f(coefficient times the average of 2 x 2 units, plus a bias).

    Attributes:
        table: the map below that each map sees.

    Example:
        >>> Subsampling((0, 1, 2, 3))
        Subsampling(table=(0, 1, 2, 3))
    """

    table: tuple[int, ...]


@dataclass(frozen=True)
class Full:
    """Units that see every unit below.

    Attributes:
        units: how many.

    Example:
        >>> Full(10)
        Full(units=10)
    """

    units: int


class Shape(NamedTuple):
    """`maps` feature maps of `side` x `side` units; a full layer is as many maps of one unit.

    Example:
        >>> Shape(maps=4, side=24)
        Shape(maps=4, side=24)
        >>> str(Shape(maps=4, side=24)), Shape(maps=4, side=24).units
        ('4@24x24', 2304)
    """

    maps: int
    side: int

    def __str__(self) -> str:
        if self.side == 1:
            return f"{self.maps}"
        field = f"{self.side}x{self.side}"
        return field if self.maps == 1 else f"{self.maps}@{field}"

    @property
    def units(self) -> int:
        """Number of units."""
        return self.maps * self.side**2


@dataclass(frozen=True)
class Layered:
    """A network; its `str` is as in Fig. 9, ``28x28-300-10``, with maps as in Fig. 2.

    Attributes:
        side: of the square input field.
        layers: from the first above the input to the ten outputs.

    Example:
        >>> from paper_lenet.network.lenets import lenet_1
        >>> lenet_1().shapes[0], lenet_1().shapes[-1]
        (Shape(maps=1, side=28), Shape(maps=10, side=1))
    """

    side: int
    layers: tuple[Convolution | Subsampling | Full, ...]

    def __post_init__(self) -> None:
        """See that each layer fits on the one below, and that the last is ten units.

        Raises:
            RecipeError: it does not, with its place.
        """
        expect(self.side >= 1, self.side, "at least 1", "side")
        below, flat = Shape(1, self.side), False
        for number, layer in enumerate(self.layers):
            _check(layer, below, flat, f"layers[{number}]")
            below, flat = _above(layer, below), isinstance(layer, Full)
        expect(self.layers and self.layers[-1] == Full(CLASSES), below, "ten full units", "layers")

    def __str__(self) -> str:
        return "-".join(map(str, self.shapes))

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The shape of the input, then of every layer."""
        result = [Shape(1, self.side)]
        for layer in self.layers:
            result.append(_above(layer, result[-1]))
        return tuple(result)


def _check(layer: Convolution | Subsampling | Full, below: Shape, flat: bool, place: str) -> None:
    if isinstance(layer, Full):
        expect(layer.units >= 1, layer.units, "one unit or more", place)
        return
    expect(not flat, layer, "a full layer, as the one below is", place)
    least = KERNEL if isinstance(layer, Convolution) else 2
    good = below.side >= least and (isinstance(layer, Convolution) or below.side % 2 == 0)
    expect(good, below.side, "a side that such windows fit on", place)
    rows = [row if isinstance(row, tuple) else (row,) for row in layer.table]
    good = all(row and set(row) <= set(range(below.maps)) for row in rows)
    expect(rows and good, layer.table, f"rows of maps from 0 to {below.maps - 1}", place)


def _above(layer: Convolution | Subsampling | Full, below: Shape) -> Shape:
    if isinstance(layer, Full):
        return Shape(layer.units, 1)
    convolution = isinstance(layer, Convolution)
    side = below.side - KERNEL + 1 if convolution else below.side // 2
    return Shape(len(layer.table), side)


def parameter_shapes(layered: Layered) -> dict[str, tuple[int, ...]]:
    """Name and shape of every trainable array, in the order in which they are laid out and drawn.

    ``layer0`` is the first above the input. A convolution's weights are (kernels, 5, 5), in the
    order of its table; a full layer's (units, units below), which are counted map by map and row
    by row.

    Example:
        >>> from paper_lenet.network.lenets import lenet_1
        >>> list(parameter_shapes(lenet_1()))[:2]
        ['layer0.weight', 'layer0.bias']
    """
    result: dict[str, tuple[int, ...]] = {}
    for number, (layer, below) in enumerate(zip(layered.layers, layered.shapes, strict=False)):
        name = f"layer{number}"
        if isinstance(layer, Full):
            result |= {f"{name}.weight": (layer.units, below.units), f"{name}.bias": (layer.units,)}
            continue
        maps = len(layer.table)
        if isinstance(layer, Convolution):
            kernels = sum(map(len, layer.table))
            result[f"{name}.weight"] = (kernels, KERNEL, KERNEL)
        else:
            result[f"{name}.coefficient"] = (maps,)
        result[f"{name}.bias"] = (maps,)
    return result


def parameters(layered: Layered) -> int:
    """Number of trainable parameters.

    Example:
        >>> parameters(Layered(28, (Full(300), Full(10))))
        238510
    """
    return sum(int(np.prod(shape)) for shape in parameter_shapes(layered).values())


def connections(layered: Layered) -> int:
    """Connections as the paper counts them: one a weight and one a bias, over all units.

    They are the multiply-accumulates that one pattern takes.

    Example:
        >>> connections(Layered(28, (Full(10),))) == 10 * (28 * 28 + 1)
        True
    """
    total = 0
    for layer, (below, shape) in zip(layered.layers, pairwise(layered.shapes), strict=True):
        if isinstance(layer, Full):
            total += layer.units * (below.units + 1)
        elif isinstance(layer, Convolution):
            inputs = sum(KERNEL**2 * len(row) + 1 for row in layer.table)
            total += inputs * shape.side**2
        else:
            total += 5 * shape.units  # four inputs and a bias
    return total
