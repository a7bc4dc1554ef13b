"""What is computed from the description alone, for the claims; nothing is trained for these.

The layer list and the codes are of Sections II-A and II-B. The other networks are of the shapes
that Section III-C describes. Those functions give thousands, as Figs. 11 and 12 do; a bias counts
as a weight, and a weight as one multiply-accumulate and one stored variable.
"""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np

from paper_lenet.network.architecture import SQUASHING_SLOPE, all_codes, layers, squashing
from paper_lenet.network.receptive_field import receptive_fields
from paper_lenet.paper import numbers
from paper_lenet.studies.claims import printed
from paper_lenet.studies.claims.model import Ours

DIGIT, CLASSES = 28 * 28, 10
CHARACTERS = "".join(map(chr, range(33, 127)))  # those that leave ink


class Maps(NamedTuple):
    """A layer of the network of 1989: so many maps, and kernels of 5 × 5 that they share.

    A layer without kernels is one of subsampling: four inputs, a coefficient and a bias a map.
    """

    maps: int
    side: int
    kernels: int = 0

    @property
    def parameters(self) -> int:
        """What is trained."""
        return self.maps + (25 * self.kernels if self.kernels else self.maps)

    @property
    def connections(self) -> int:
        """With those of the biases."""
        each = 25 * self.kernels + self.maps if self.kernels else 5 * self.maps
        return self.side**2 * each


# Of 48 possible kernels the third layer has 20. Ten units then see every state of the last. The
# input is of 28 × 28, as LeNet-1's is.
NETWORK_1989 = (Maps(4, 24, 4), Maps(4, 12), Maps(12, 8, 20), Maps(12, 4))


def count(layer: str, kind: str) -> Ours:
    """The ``parameters`` or ``connections`` of a layer, or in total: sums over the layer list."""
    return _one(_sum(kind, layer))


def trainable_layers() -> Ours:
    """How many layers have parameters."""
    return _one(sum(bool(layer.parameters) for layer in layers()))


def centres(layer: str) -> Ours:
    """The side of what the centres of a layer's receptive fields tile, in pixels."""
    field = next(each for each in receptive_fields() if each.name == layer)
    low, high = field.tiled
    return _one(high - low, low=low, high=high)


def squashed(total: float) -> Ours:
    """Eq. 6 of one total input."""
    return _one(float(squashing(total)))


def strongest_bend() -> Ours:
    """Where the second derivative of eq. 6 is greatest."""
    # f'' is proportional to t - t^3 with t = tanh(S a), greatest where t^2 = 1/3.
    return _one(float(np.arctanh(np.sqrt(1 / 3)) / SQUASHING_SLOPE))


def farthest_codes(*groups: str) -> Ours:
    """The greatest Hamming distance of two codes within a group, beside the middle one of all."""
    median = float(np.median(_distances(CHARACTERS)))
    alike = [distance for group in groups for distance in _distances(group)]
    return Ours((max(alike),), len(alike), other=(median,), facts={"median": median})


def _distances(characters: str) -> list[int]:
    codes = all_codes()
    return [
        sum(a != b for a, b in zip(codes[one], codes[other], strict=True))
        for one, other in combinations(characters, 2)
    ]


def times_seen() -> Ours:
    """How often all passes show each pattern of a set that has the distorted ones too."""
    shown = numbers.PASSES.value * numbers.TRAINING_PATTERNS.value
    return _one(shown / (numbers.TRAINING_PATTERNS.value + numbers.DISTORTED_PATTERNS.value))


def lenet_5(*kinds: str) -> Ours:
    """The sum of what LeNet-5 has of each kind, ``parameters`` or ``connections``, in thousands."""
    return _one(sum(map(_sum, kinds)) / 1000)


def fully_connected(*sizes: float) -> Ours:
    """The weights of a fully connected network, from its inputs to its outputs, in thousands."""
    return _one(sum((below + 1) * above for below, above in pairwise(sizes)) / 1000)


def principal_components(components: int) -> Ours:
    """Components of all pixels, then ten sums over every two, every one and 1, in thousands."""
    terms = components * (components + 1) // 2 + 1
    return _one((components * DIGIT + CLASSES * terms) / 1000)


def radial_bases(units: int) -> Ours:
    """So many units that see all pixels, then ten sums over them, in thousands."""
    return _one((units * DIGIT + CLASSES * units) / 1000)


def times(factor: float, name: str, column: str) -> Ours:
    """So many times the printed number of a classifier, in its unit."""
    return _one(factor * printed.classifier(name, column)[0].value)


def full_layer(inputs: int, units: int) -> Ours:
    """The weights and biases of one full layer."""
    return _one(units * (inputs + 1))


def network_of_1989(kind: str) -> Ours:
    """The ``parameters`` or ``connections`` of the network of 1989, the sum over its layers."""
    maps = [each.parameters if kind == "parameters" else each.connections for each in NETWORK_1989]
    last = NETWORK_1989[-1]
    return _one(sum(maps) + full_layer(last.maps * last.side**2, CLASSES).number)


def number(name: str) -> Ours:
    """A printed number, laid beside another one."""
    return _one(printed.constant(name)[0].value)


def _one(value: float, **facts: object) -> Ours:
    return Ours((value,), facts=facts)


def _sum(kind: str, layer: str = "total") -> int:
    return sum(getattr(each, kind) for each in layers() if layer in ("total", each.name))
