"""The other networks of Section III-C: fully connected ones, LeNet-1 and LeNet-4.

**Fully connected.** The paper gives the number of units, and no more.

**LeNet-1.** The paper gives about how many multiply-adds and parameters it has. It gives no
layers. Those of LeCun et al. (NIPS 1989), "Handwritten Digit Recognition with a Back-Propagation
Network", fit, and their counts are printed there. `TABLE_1989` is its Table 1.

**LeNet-4.** Its first-level maps are 4, its subsampling maps 8, in pairs for each first-level map,
then there are 16 maps, 16 subsampling maps, a full layer of 120 and ten outputs. Open: the
kernels, the input's side, and which subsampling maps each of the 16 sees. About 17,000 parameters
are printed, which no reading has, since the full layer alone has more; about 260,000 connections
are, and they choose. `readings` goes through inputs of 28 and of 32, the two that the paper has,
with 16 to all 128 of the kernels between the two levels of maps, 226 readings in all; kernels are
5 x 5, and the full layer sees everything below. The nearest has an input of 28 and 100 kernels.
Which 100 is our choice: no two maps see the same, and no subsampling map is seen by more than two
maps more than another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from paper_lenet.network.architecture import CLASSES
from paper_lenet.network.layered import Convolution, Full, Layered, Subsampling

# The H2 maps that each H3 map takes input from: two modules that share nothing.
TABLE_1989: tuple[tuple[int, ...], ...] = (
    (0,),
    (0, 1),
    (0, 1),
    (1,),
    (0, 1),
    (0, 1),
    (2,),
    (2, 3),
    (2, 3),
    (3,),
    (2, 3),
    (2, 3),
)
PAIRS = (0, 0, 1, 1, 2, 2, 3, 3)  # the first-level map of each of LeNet-4's eight
SEEN = len(PAIRS)
# What each of LeNet-4's 16 maps does not see: two neighbours, two opposite ones, or one.
UNSEEN = (
    *((j, (j + 1) % SEEN) for j in range(8)),
    *((j, j + 4) for j in range(4)),
    *((2 * j,) for j in range(4)),
)
TABLE_LENET_4 = tuple(
    tuple(source for source in range(SEEN) if source not in unseen) for unseen in UNSEEN
)


def fully_connected(side: int, hidden: Sequence[int]) -> Layered:
    """The network ``side x side - hidden - ... - 10``.

    Raises:
        RecipeError: a layer has no units.

    Example:
        >>> from paper_lenet.network.layered import parameters
        >>> parameters(fully_connected(28, [300]))
        238510
    """
    return Layered(side, (*map(Full, hidden), Full(CLASSES)))


def lenet_1() -> Layered:
    """The network of 1989, on inputs of 28 x 28.

    Example:
        >>> from paper_lenet.network.layered import connections, parameters
        >>> parameters(lenet_1()), connections(lenet_1())
        (2578, 98442)
    """
    return Layered(
        28,
        (
            Convolution(((0,),) * 4),
            Subsampling((0, 1, 2, 3)),
            Convolution(TABLE_1989),
            Subsampling(tuple(range(12))),
            Full(CLASSES),
        ),
    )


def lenet_4(side: int = 28, table: tuple[tuple[int, ...], ...] = TABLE_LENET_4) -> Layered:
    """A reading of LeNet-4, by default the one that is trained.

    Args:
        side: of the input.
        table: the subsampling maps that each of the 16 maps sees.

    Example:
        >>> [type(layer).__name__ for layer in lenet_4().layers]
        ['Convolution', 'Subsampling', 'Convolution', 'Subsampling', 'Full', 'Full']
    """
    return Layered(
        side,
        (
            Convolution(((0,),) * 4),
            Subsampling(PAIRS),
            Convolution(table),
            Subsampling(tuple(range(16))),
            Full(120),
            Full(CLASSES),
        ),
    )


class CountedReading(NamedTuple):
    """What the counts of LeNet-4 depend on.

    Attributes:
        side: of the input.
        kernels: between the 8 subsampling maps and the 16 maps.

    Example:
        >>> from paper_lenet.network.layered import parameters
        >>> parameters(CountedReading(side=28, kernels=16).network())
        32618
    """

    side: int
    kernels: int

    def network(self) -> Layered:
        """A network of so many kernels, spread evenly over the maps; which, its counts ignore."""
        each, more = divmod(self.kernels, 16)
        return lenet_4(self.side, tuple(tuple(range(each + (i < more))) for i in range(16)))


def readings() -> Iterator[CountedReading]:
    """Every reading of LeNet-4 that was gone through.

    Example:
        >>> next(readings())
        CountedReading(side=28, kernels=16)
    """
    for side in (28, 32):
        for kernels in range(16, 16 * SEEN + 1):
            yield CountedReading(side, kernels)
