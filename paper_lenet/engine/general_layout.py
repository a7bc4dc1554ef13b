"""Where the numbers of a layered network lie: parameters and states, each in one flat array.

    layer         its weights as kernels read them                  its states
    input                                                           [y][x], padded to sixteen
    convolution   [map below][dy 5][dx 5][map 16], biases [map 16]  [y][x][map 16]
    subsampling   coefficients [map 16], biases [map 16]            [y][x][map 16]
    full          [unit below][unit], biases [unit]                 [unit], padded to sixteen

The maps of a layer share a vector, so a convolution has sixteen at most; it has rows of a multiple
of eight units, which stay in registers. A subsampling layer's averages lie behind its states. A
full layer's "unit below" runs over the states below as they lie there. Padding is zero and stays
so, because its step is zero; so does every kernel that a connection table leaves out.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.errors import expect
from paper_lenet.engine.emit import LANES
from paper_lenet.engine.layout import room
from paper_lenet.network.architecture import SQUASHING_AMPLITUDE, SQUASHING_SLOPE
from paper_lenet.network.layered import (
    KERNEL,
    Convolution,
    Full,
    Layered,
    Shape,
    Subsampling,
    parameter_shapes,
)
from paper_lenet.network.weights import Parameters

CONVOLUTION, SUBSAMPLING, FULL = 0, 1, 2
OUTPUTS = 10
ROW = 8  # units of a convolution's row that stay in registers

# The columns of `LayeredPlan.layers`.
KIND = 0
WEIGHTS, BIASES = 1, 2  # where they lie
BELOW, HERE, AVERAGES = 3, 4, 5  # where states lie: of the layer below, of this one
PITCH, SOURCES, SIDE_BELOW = 6, 7, 8  # of the layer below: floats a position, maps, side
MAPS, SIDE, WIDTH = 9, 10, 11  # of this layer; `WIDTH` is its floats a position
COUNT = 12  # floats of the states below
SIZE = 13  # floats of the states of this layer
COLUMNS = 14


class LayeredPlan(NamedTuple):
    """A network in numbers, so that one compiled engine serves every network.

    Attributes:
        layers: (layers, COLUMNS), int64, from the first above the input.
        tables: (layers, 16), int64: the map below of each map of a subsampling layer.
        second: whether derivatives are second ones (eq. 27): slopes and shares are squared.
        amplitude, slope: of the squashing function; `steepest` and `bend` are their product and
            the quotient slope / amplitude.

    Example:
        >>> from paper_lenet.network.lenets import lenet_1
        >>> rows = plan(lenet_1()).layers
        >>> rows[:, MAPS].tolist(), rows[:, SIDE].tolist()
        ([4, 4, 12, 12, 10], [24, 12, 8, 4, 1])
    """

    layers: NDArray[np.int64]
    tables: NDArray[np.int64]
    second: bool
    amplitude: float = SQUASHING_AMPLITUDE
    slope: float = SQUASHING_SLOPE
    steepest: float = SQUASHING_SLOPE * SQUASHING_AMPLITUDE
    bend: float = SQUASHING_SLOPE / SQUASHING_AMPLITUDE


def padded(count: int) -> int:
    """The next multiple of sixteen.

    Example:
        >>> padded(84), padded(96)
        (96, 96)
    """
    return -(-count // LANES) * LANES


def plan(layered: Layered, second: bool = False) -> LayeredPlan:
    """The plan of a network.

    Raises:
        RecipeError: a layer of maps is not one that the engine has room for.

    Example:
        >>> from paper_lenet.network.lenets import lenet_1
        >>> plan(lenet_1()).layers.shape
        (5, 14)
    """
    rows = np.zeros((len(layered.layers), COLUMNS), np.int64)
    tables = np.zeros((len(layered.layers), LANES), np.int64)
    below, pitch, count = 0, 1, padded(layered.side**2)
    here, weights = count, 0
    for number, layer in enumerate(layered.layers):
        row = rows[number]
        under, shape = layered.shapes[number : number + 2]
        if isinstance(layer, Full):
            width = size = padded(layer.units)
            kind, own = FULL, count * width
        else:
            _check_maps(layer, shape, number)
            width, size = LANES, shape.side**2 * LANES
            kind, own = CONVOLUTION, under.maps * KERNEL**2 * LANES
            if not isinstance(layer, Convolution):
                kind, own = SUBSAMPLING, LANES
                tables[number, : shape.maps] = layer.table
        row[[KIND, WEIGHTS, BIASES]] = kind, weights, weights + own
        row[[BELOW, PITCH, SOURCES, SIDE_BELOW, COUNT]] = below, pitch, *under, count
        row[[HERE, AVERAGES, WIDTH, MAPS, SIDE, SIZE]] = here, here + size, width, *shape, size
        below, pitch, count = here, width, size
        here += size * (2 if kind == SUBSAMPLING else 1)
        weights += own + width
    return LayeredPlan(rows, tables, second)


def _check_maps(layer: Convolution | Subsampling, shape: Shape, number: int) -> None:
    place = f"layers[{number}]"
    expect(shape.maps <= LANES, shape.maps, f"at most {LANES} maps", place)
    if isinstance(layer, Convolution):
        expect(shape.side % ROW == 0, shape.side, f"a row of a multiple of {ROW} units", place)
    else:
        expect(number, layer, "a convolution or full, as the first layer has to be", place)


def parameter_room(plan: LayeredPlan) -> NDArray[np.float32]:
    """Room for the parameters, all zero.

    Example:
        >>> from paper_lenet.network.lenets import fully_connected
        >>> len(parameter_room(plan(fully_connected(28, [300]))))  # 784 x 304, 304 x 16 and biases
        243520
    """
    return room(int(plan.layers[-1, BIASES] + plan.layers[-1, WIDTH]))


def state_room(plan: LayeredPlan) -> NDArray[np.float32]:
    """Room for the states of one pattern, all zero.

    Example:
        >>> from paper_lenet.network.lenets import fully_connected
        >>> len(state_room(plan(fully_connected(28, [300]))))  # 784, 304 and 16
        1104
    """
    return room(int(plan.layers[-1, HERE] + plan.layers[-1, SIZE]))


def units(plan: LayeredPlan, number: int) -> NDArray[np.int64]:
    """Where the units of layer `number` lie among its states, counted map by map, row by row.

    Example:
        >>> from paper_lenet.network.lenets import fully_connected
        >>> units(plan(fully_connected(28, [300])), 1)
        array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    """
    row = plan.layers[number]
    return _units(int(row[MAPS]), int(row[SIDE]), int(row[WIDTH]))


def _units(maps: int, side: int, pitch: int) -> NDArray[np.int64]:
    if side == 1:
        return np.arange(maps)
    unit, y, x = np.indices((maps, side, side))
    return ((y * side + x) * pitch + unit).ravel()


def places(layered: Layered, plan: LayeredPlan) -> NDArray[np.int64]:
    """For each parameter, end to end in the order of `parameter_shapes`, its place here.

    Example:
        >>> from paper_lenet.network.lenets import lenet_1
        >>> from paper_lenet.network.layered import parameters
        >>> len(places(lenet_1(), plan(lenet_1()))) == parameters(lenet_1())
        True
    """
    parts = []
    for name, shape in parameter_shapes(layered).items():
        layer, role = name.removeprefix("layer").split(".")
        row, at = plan.layers[int(layer)], np.indices(shape)
        if role != "weight":
            start = row[WEIGHTS if role == "coefficient" else BIASES]
            parts.append(start + at[0])
        elif row[KIND] == FULL:
            sources = _units(int(row[SOURCES]), int(row[SIDE_BELOW]), int(row[PITCH]))
            parts.append(row[WEIGHTS] + sources[at[1]] * row[WIDTH] + at[0])
        else:
            table = layered.layers[int(layer)].table  # type: ignore[union-attr]
            pairs = np.array([(unit, source) for unit, line in enumerate(table) for source in line])
            unit, source = pairs.T[:, at[0]]
            tap = (source * KERNEL + at[1]) * KERNEL + at[2]
            parts.append(row[WEIGHTS] + tap * LANES + unit)
    return np.concatenate([part.ravel() for part in parts])


def pack(layered: Layered, plan: LayeredPlan, parameters: Parameters) -> NDArray[np.float32]:
    """The flat array of the parameters, zeros in the padding.

    Example:
        >>> from paper_lenet.network.lenets import lenet_1
        >>> from paper_lenet.network.layered_weights import initial
        >>> from paper_lenet.network.recipe import Initial
        >>> network = lenet_1()
        >>> parameters = initial(network, Initial(), 0)
        >>> packed = pack(network, plan(network), parameters)
        >>> found = unpack(network, plan(network), packed)
        >>> all((found[name] == part).all() for name, part in parameters.items())
        True
    """
    packed = parameter_room(plan)
    ordered = [parameters[name].ravel() for name in parameter_shapes(layered)]
    packed[places(layered, plan)] = np.concatenate(ordered)
    return packed


def unpack(layered: Layered, plan: LayeredPlan, packed: NDArray[np.float32]) -> Parameters:
    """The parameters by name, as `pack` was given them.

    Example:
        >>> from paper_lenet.network.lenets import lenet_1
        >>> network, found = lenet_1(), plan(lenet_1())
        >>> parameters = unpack(network, found, parameter_room(found))
        >>> sum(part.size for part in parameters.values())
        2578
    """
    flat = packed[places(layered, plan)]
    shapes = parameter_shapes(layered)
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes.values()])
    pieces = np.split(flat, ends[:-1])
    return {
        name: piece.reshape(shape)
        for (name, shape), piece in zip(shapes.items(), pieces, strict=True)
    }
