"""The layers of a tutorial's network: what each kind takes, and the shapes between them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple

from paper_lenet.base.declared import Between, Declared, Law
from paper_lenet.base.errors import RecipeError, expect
from paper_lenet.network.architecture import CLASSES

KEYS = {  # of each layer, beside `layer`
    "conv": ("maps", "kernel", "padding", "activation"),
    "average_pool": (),
    "max_pool": (),
    "flatten": (),
    "dense": ("units", "activation"),
    "dropout": ("share",),
}
Count = Annotated[int, Between(0, 10_000)]
Share = Annotated[float, Law("a share below 1", lambda share: 0 <= share < 1)]


@dataclass(frozen=True)
class Layer(Declared):
    """One layer; which keys it may have depends on its kind (`KEYS`).

    Attributes:
        layer: ``conv``, ``average_pool`` and ``max_pool`` (2 by 2, step 2), ``flatten``, ``dense``
            or ``dropout``.
        maps: of a convolution, its feature maps.
        kernel: of a convolution, the side of its kernels.
        padding: of a convolution, ``valid`` or ``same``, which keeps the side.
        units: of a dense layer.
        activation: of a convolution or dense layer.
        share: of dropout, the share of states that are left out.
    """

    layer: Literal["conv", "average_pool", "max_pool", "flatten", "dense", "dropout"]
    maps: Count = 0
    kernel: Count = 0
    padding: Literal["valid", "same"] = "valid"
    units: Count = 0
    activation: Literal["linear", "sigmoid", "tanh", "relu"] = "linear"
    share: Share = 0.0

    def __post_init__(self) -> None:
        """Only keys of the layer's kind are set, and those that it needs."""
        super().__post_init__()
        allowed = KEYS[self.layer]
        for field in dataclasses.fields(self)[1:]:
            value = getattr(self, field.name)
            unset = value == field.default
            expect(field.name in allowed or unset, value, f"a key of {self.layer}", field.name)
            if field.name in allowed and field.name in ("maps", "kernel", "units"):
                expect(value >= 1, value, "at least 1", field.name)
        odd = self.padding == "valid" or self.kernel % 2
        expect(odd, self.kernel, "odd, as same padding needs", "kernel")


class Shape(NamedTuple):
    """States of a layer: maps of side by side; `side` 0 for units in a row."""

    maps: int
    side: int = 0

    @property
    def states(self) -> int:
        """Number of states."""
        return self.maps * (self.side**2 or 1)


def shapes(side: int, layers: Sequence[Layer]) -> list[Shape]:
    """The shape of the input, which has that side, and of the states after each layer.

    Raises:
        RecipeError: layers that do not fit each other.
    """
    result = [Shape(1, side)]
    for number, layer in enumerate(layers):
        try:
            result.append(_after(layer, result[-1]))
        except RecipeError as error:
            raise error.below(f"layers[{number}]") from None
    last = layers[-1] if layers else None
    good = last == Layer("dense", units=CLASSES)
    expect(good, last, f"a list that ends in {CLASSES} linear dense units", "layers")
    return result


def _after(layer: Layer, before: Shape) -> Shape:
    kind = layer.layer
    if kind == "dropout":
        return before
    if kind == "flatten":
        return Shape(before.states)
    if kind == "dense":
        expect(not before.side, kind, "possible before flatten", "layer")
        return Shape(layer.units)
    expect(before.side, kind, "possible after flatten", "layer")
    if kind == "conv":
        side = before.side if layer.padding == "same" else before.side - layer.kernel + 1
        wanted = f"a kernel for maps of side {before.side}"
        expect(side >= 1, layer.kernel, wanted, "kernel")
        return Shape(layer.maps, side)
    expect(before.side >= 2, kind, f"possible on side {before.side}", "layer")
    return Shape(before.maps, before.side // 2)
