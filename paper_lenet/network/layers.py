"""The layers that PyTorch does not have, in the paper's words (Section II-B, eqs. 5 to 7).

The paper describes subsampling twice and in two ways: Section II-A takes the average of the four
inputs, Section II-B their sum. Both are here; the recipe chooses.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from paper_lenet.base.declared import build
from paper_lenet.network.architecture import SQUASHING_AMPLITUDE, SQUASHING_SLOPE, Network


class ScaledTanh(nn.Module):
    """The squashing function f(a) = A tanh(S a) of eq. 6, for totals a of any shape.

    A = 1.7159 and S = 2/3 are the paper's; A = S = 1 is the plain hyperbolic tangent.

    Example:
        >>> ScaledTanh()
        ScaledTanh(amplitude=1.7159, slope=0.6667)
        >>> ScaledTanh()(torch.tensor([-1.0, 0.0, 1.0])).numpy().round(2)
        array([-1.,  0.,  1.], dtype=float32)
        >>> f = ScaledTanh()
        >>> f.derivative(f(torch.tensor([0.0, 1.0]))).numpy().round(4)
        array([1.1439, 0.7554], dtype=float32)
    """

    def __init__(self, amplitude: float = SQUASHING_AMPLITUDE, slope: float = SQUASHING_SLOPE):
        super().__init__()
        self.amplitude, self.slope = amplitude, slope

    def extra_repr(self) -> str:
        """What stands in the brackets of its `repr`; so below."""
        return f"amplitude={self.amplitude:g}, slope={self.slope:.4g}"

    def forward(self, a: Tensor) -> Tensor:
        """The states x = f(a) of units with total inputs `a`."""
        return self.amplitude * torch.tanh(self.slope * a)

    def derivative(self, x: Tensor) -> Tensor:
        """f'(a) where x = f(a): the states suffice, and eq. 27 needs it."""
        return self.slope / self.amplitude * (self.amplitude - x) * (self.amplitude + x)


class Rectifier(nn.Module):
    """f(a) = max(a, 0), which the paper does not use. Its derivative at 0 is 0.

    Example:
        >>> Rectifier()(torch.tensor([-1.0, 2.0]))
        tensor([0., 2.])
        >>> f = Rectifier()
        >>> f.derivative(f(torch.tensor([-1.0, 0.0, 2.0])))
        tensor([0., 0., 1.])
    """

    def forward(self, a: Tensor) -> Tensor:
        """The states of units with total inputs `a`."""
        return torch.relu(a)

    def derivative(self, x: Tensor) -> Tensor:
        """f'(a) where x = f(a)."""
        return (x > 0).to(x.dtype)


Squashing = ScaledTanh | Rectifier


def squashing(kind: str) -> Squashing:
    """The squashing function of `Network.squashing`: ``scaled_tanh``, ``tanh`` or ``relu``.

    Raises:
        RecipeError: `kind` is none of these.

    Example:
        >>> squashing("tanh"), squashing("relu")
        (ScaledTanh(amplitude=1, slope=1), Rectifier())
    """
    build(Network, {"squashing": kind})
    if kind == "relu":
        return Rectifier()
    return ScaledTanh(1.0, 1.0) if kind == "tanh" else ScaledTanh()


class Subsampling(nn.Module):
    """S2 and S4: each unit takes the four inputs of a 2 x 2 window of its own map (Section II-B).

    ``average`` and ``sum``: the average or the sum of the four, times one trainable coefficient
    per map, plus one trainable bias per map, squashed. ``fixed_average`` and ``max`` have nothing
    to train and do not squash. Another kind is a `RecipeError`.

    Attributes:
        coefficient: (maps,), absent from the fixed kinds.
        bias: (maps,), absent from the fixed kinds.

    Example:
        >>> unit = Subsampling(1)
        >>> unit.pool(torch.tensor([[[[1.0, 1.0], [1.0, -1.0]]]])).item()
        0.5
        >>> S2 = Subsampling(6)
        >>> S2(torch.zeros(1, 6, 28, 28)).shape
        torch.Size([1, 6, 14, 14])
    """

    def __init__(self, maps: int, kind: str = "average", squash: Squashing | None = None):
        super().__init__()
        build(Network, {"subsampling": kind})
        self.maps, self.kind = maps, kind
        self.trainable = kind in ("average", "sum")
        if self.trainable:
            self.squash = squash or ScaledTanh()
            self.coefficient = nn.Parameter(torch.ones(maps))
            self.bias = nn.Parameter(torch.zeros(maps))

    def extra_repr(self) -> str:
        """See `ScaledTanh.extra_repr`."""
        return f"{self.maps}, kind={self.kind}"

    def pool(self, x: Tensor) -> Tensor:
        """One value for four: (N, maps, rows, columns) to (N, maps, rows / 2, columns / 2)."""
        if self.kind == "max":
            return functional.max_pool2d(x, 2)
        divisor = 1 if self.kind == "sum" else 4
        return functional.avg_pool2d(x, 2, divisor_override=divisor)

    def forward(self, x: Tensor) -> Tensor:
        """The states, (N, maps, rows / 2, columns / 2), for inputs (N, maps, rows, columns)."""
        pooled = self.pool(x)
        if not self.trainable:
            return pooled
        a = self.coefficient[:, None, None] * pooled + self.bias[:, None, None]
        states: Tensor = self.squash(a)
        return states


class SparseConv2d(nn.Module):
    """C3: a convolution in which each map sees only its own list of maps below (Table I).

    Kernels that the table does not have are no parameters; `dense` puts zeros in their places.

    Attributes:
        weight: (kernels, side, side), in the order of the table's rows.
        bias: (maps,).
        kernels: (kernels,), int64: each kernel's place among all maps x sources ones.

    Example:
        >>> from paper_lenet.network.architecture import TABLE_I
        >>> layer = SparseConv2d(TABLE_I)
        >>> layer.weight.shape
        torch.Size([60, 5, 5])
        >>> layer.dense().shape, layer(torch.zeros(1, 6, 14, 14)).shape
        (torch.Size([16, 6, 5, 5]), torch.Size([1, 16, 10, 10]))
        >>> layer
        SparseConv2d(6, 16, kernel_size=(5, 5), kernels=60 of 96)
    """

    kernels: Tensor

    def __init__(self, table: tuple[tuple[int, ...], ...], sources: int = 6, side: int = 5):
        super().__init__()
        self.shape = (len(table), sources, side, side)
        places = [i * sources + j for i, row in enumerate(table) for j in row]
        self.register_buffer("kernels", torch.tensor(places), persistent=False)
        self.weight = nn.Parameter(torch.zeros(len(places), side, side))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def extra_repr(self) -> str:
        """See `ScaledTanh.extra_repr`."""
        maps, sources, *window = self.shape
        kernels = f"{len(self.weight)} of {maps * sources}"
        return f"{sources}, {maps}, kernel_size={tuple(window)}, kernels={kernels}"

    def dense(self) -> Tensor:
        """All kernels, (maps, sources, side, side), with zeros where there is none.

        Example:
            >>> layer = SparseConv2d(((0,), (0, 1)), sources=2, side=1)
            >>> layer.weight.data.fill_(3.0)[:, 0, 0]
            tensor([3., 3., 3.])
            >>> layer.dense()[:, :, 0, 0].detach()
            tensor([[3., 0.],
                    [3., 3.]])
        """
        maps, sources, *window = self.shape
        nothing = self.weight.new_zeros(maps * sources, *window)
        return nothing.index_copy(0, self.kernels, self.weight).view(self.shape)

    def forward(self, x: Tensor) -> Tensor:
        """The total inputs, (N, maps, rows - side + 1, columns - side + 1)."""
        return functional.conv2d(x, self.dense(), self.bias)


class RadialBasis(nn.Module):
    """The output layer (eq. 7): y_i = s ||x - w_i||^2, the penalty of class i.

    Eq. 7 has s = 1. With s = 1/2 (`half`) the penalty is the negative logarithm of an unnormalised
    Gaussian of unit variance, as Section II-B reads it. Which one was used is open.

    Attributes:
        codes: (classes, units), the w_i: a buffer, or a parameter if `trainable`.
        scale: s.

    Example:
        >>> layer = RadialBasis(torch.tensor([[1.0, -1.0], [1.0, 1.0]]))
        >>> layer(torch.tensor([[1.0, 0.0]]))
        tensor([[0.5000, 0.5000]])
        >>> layer(torch.tensor([1.0, 1.0]))
        tensor([2., 0.])
        >>> layer
        RadialBasis(2, 2, scale=0.5, trainable=False)
    """

    codes: Tensor

    def __init__(self, codes: Tensor, half: bool = True, trainable: bool = False):
        super().__init__()
        self.scale = 0.5 if half else 1.0
        if trainable:
            self.codes = nn.Parameter(codes.clone())
        else:
            self.register_buffer("codes", codes.clone(), persistent=False)

    def extra_repr(self) -> str:
        """See `ScaledTanh.extra_repr`."""
        classes, units = self.codes.shape
        return f"{units}, {classes}, scale={self.scale}, trainable={self.codes.requires_grad}"

    def forward(self, x: Tensor) -> Tensor:
        """The penalties, (..., classes), of states (..., units)."""
        return self.scale * (x.unsqueeze(-2) - self.codes).square().sum(-1)
