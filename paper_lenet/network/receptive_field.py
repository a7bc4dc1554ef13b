"""Receptive fields: which square of the input field a unit sees, from the layer list alone.

With k_l and s_l a layer's window and stride, the size R and the jump J (input pixels between
neighbouring units) follow from the layer below:

    R_l = R_{l-1} + (k_l - 1) J_{l-1}        J_l = J_{l-1} s_l        R_0 = J_0 = 1

There is no padding, so the first unit's field starts at pixel 0 and unit i's at pixel i J_l.
Positions are pixel edges: pixel n lies between n and n + 1, and the middle of a 32-pixel field
is at 16.

Section II-B says that the centres of C3's fields form the middle 20 x 20 of the input. They are
the ten positions 7, 9, ..., 25; each stands for the two pixels, one jump, around it, so together
they tile the pixels from 6 to 26: twenty.
"""

from __future__ import annotations

from dataclasses import dataclass

from paper_lenet.network.architecture import Network, layers


@dataclass(frozen=True)
class ReceptiveField:
    """The fields of one layer's units along one axis; both axes are alike.

    Attributes:
        name: the layer.
        size: R, pixels.
        jump: J, pixels from one unit's field to the next one's.
        units: how many units there are along the axis.

    Example:
        >>> c3 = receptive_fields()[3]
        >>> c3.size, c3.jump, c3.units
        (14, 2, 10)
        >>> c3.start(1), c3.centre(0), c3.tiled
        (2, 7.0, (6.0, 26.0))
        >>> c3.centres[0], c3.centres[-1], len(c3.centres)
        (7.0, 25.0, 10)
    """

    name: str
    size: int
    jump: int
    units: int

    def start(self, unit: int) -> int:
        """The first pixel that unit number `unit` sees."""
        return unit * self.jump

    def centre(self, unit: int) -> float:
        """The middle of what unit number `unit` sees, in pixel edges."""
        return self.start(unit) + self.size / 2

    @property
    def centres(self) -> tuple[float, ...]:
        """The centres of all units along the axis."""
        return tuple(self.centre(unit) for unit in range(self.units))

    @property
    def tiled(self) -> tuple[float, float]:
        """The edges of what the centres tile when each stands for one jump around it."""
        return self.centre(0) - self.jump / 2, self.centre(self.units - 1) + self.jump / 2


def receptive_fields(network: Network | None = None) -> tuple[ReceptiveField, ...]:
    """The receptive fields of every layer from the input to C5.

    The layers above C5 see what C5 sees, the whole field.

    Example:
        >>> [(field.name, field.size) for field in receptive_fields()]
        [('input', 1), ('C1', 5), ('S2', 6), ('C3', 14), ('S4', 16), ('C5', 32)]
    """
    result: list[ReceptiveField] = []
    size, jump = 1, 1
    for layer in layers(network):
        if layer.kind in ("full", "output"):
            break
        size += (layer.kernel - 1) * jump
        jump *= layer.stride
        result.append(ReceptiveField(layer.name, size, jump, layer.size))
    return tuple(result)
