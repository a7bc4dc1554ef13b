"""LeNet-5 in PyTorch, to be read next to Section II-B: the definition of the network.

Shapes and counts come from `paper_lenet.network.architecture`. Every trainable array has the name
and the shape that `architecture.parameter_shapes` gives it.
"""

from __future__ import annotations

from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn.utils import skip_init

from paper_lenet.base.html import table
from paper_lenet.network import weights
from paper_lenet.network.architecture import CLASSES, Network, codes, layers, parameter_shapes
from paper_lenet.network.layers import RadialBasis, SparseConv2d, Squashing, Subsampling, squashing
from paper_lenet.network.protocol import InputError
from paper_lenet.network.recipe import Initial

Module = TypeVar("Module", bound=nn.Module)

HEADING = ("layer", "maps @ size", "window", "parameters", "connections")
FIELD_STEP = 4  # pixels of the input between neighbouring outputs: the stride of S2 times S4's


class LeNet5(nn.Module):
    """The network of Fig. 2, or a departure from it that `network` names.

    Attributes:
        C1, S2, C3, S4, C5, F6, output: the layers. F6 is None for the output ``targets``.
        targets: the ten targets of that output, an RBF layer with 1-of-10 codes; else None.
        squash: the squashing function f of eq. 5.
        network: what kind of network it is.

    Example:
        >>> network = LeNet5.pretrained()
        >>> network(torch.zeros(1, 1, 32, 32)).shape
        torch.Size([1, 10])
        >>> network(torch.zeros(1, 1, 40, 40)).shape
        torch.Size([1, 10, 3, 3])
    """

    def __init__(self, network: Network | None = None, half: bool = True, seed: int = 0):
        """A network with the initial weights of the default recipe.

        Args:
            network: the kind of network, by default the paper's.
            half: whether a penalty is half the squared distance (see `RadialBasis`).
            seed: of the initial weights (`weights.drawn_parameters`).
        """
        super().__init__()
        network = network or Network()
        f = squashing(network.squashing)
        self.network: Network = network
        self.squash: Squashing = f
        window = parameter_shapes(network)["C5.weight"][-1]
        self.C1 = _bare(nn.Conv2d, 1, 6, 5)
        self.S2 = Subsampling(6, network.subsampling, f)
        self.C3 = SparseConv2d(network.table)
        self.S4 = Subsampling(16, network.subsampling, f)
        self.C5 = _bare(nn.Conv2d, 16, 120, window)
        self.F6 = None if network.output == "targets" else _bare(nn.Linear, 120, 84)
        self.output: nn.Module
        self.targets: RadialBasis | None = None
        if network.output == "targets":
            self.output = _bare(nn.Linear, 120, CLASSES)
            self.targets = RadialBasis(2 * torch.eye(CLASSES) - 1, half)
        elif network.output == "softmax":
            self.output = _bare(nn.Linear, 84, CLASSES)
        else:
            trainable = network.output == "trainable_rbf"
            self.output = RadialBasis(torch.tensor(codes(), dtype=torch.float32), half, trainable)
        self._load(weights.drawn_parameters(network, Initial(), seed))

    @classmethod
    def from_parameters(
        cls, parameters: weights.Parameters, network: Network | None = None, half: bool = True
    ) -> LeNet5:
        """A network with these parameters, as `weights.load` gives them; they are copied.

        Raises:
            RecipeError: they are not those of such a network, or not finite.

        Example:
            >>> full = Network(c3="full")
            >>> drawn = weights.drawn_parameters(full, Initial(), seed=0)
            >>> LeNet5.from_parameters(drawn, full).C3.weight.shape
            torch.Size([96, 5, 5])
        """
        result = cls(network, half)
        result._load(weights.fitting(parameters, result.network))
        return result

    @classmethod
    def from_trained(cls, trained: weights.Trained) -> LeNet5:
        """The network that was trained, as `load` or `train` gives it; its parameters are copied.

        Its inputs are those of ``trained.input_scale``.

        Example:
            >>> trained = weights.pretrained()
            >>> network = LeNet5.from_trained(trained)
            >>> bool((network.F6.weight.detach().numpy() == trained.parameters["F6.weight"]).all())
            True
        """
        recipe = trained.recipe
        return cls.from_parameters(trained.parameters, recipe.network, recipe.loss.half)

    @classmethod
    def pretrained(cls, seed: int = 0) -> LeNet5:
        """A network of the project: recipe `paper` after its last pass; see `weights.pretrained`.

        Its inputs are on the paper's scale, background -0.1 and ink 1.175, padded to 32x32.

        Raises:
            RecipeError: there is none of that seed here.
        """
        return cls.from_trained(weights.pretrained(seed))

    def _load(self, parameters: weights.Parameters) -> None:
        self.load_state_dict({name: torch.tensor(part) for name, part in parameters.items()})

    def forward(self, x: Tensor) -> Tensor:
        """The penalty of each class: the smallest is the answer.

        Args:
            x: (N, 1, rows, columns), of the parameters' dtype and device, usually
                float32. `Network.input`
                rows and columns, or more in steps of 4: then the network slides over the field.

        Returns:
            (N, 10); for larger fields (N, 10, r, c), one output for every 4 pixels: a field of
            40 x 40 gives r = c = 3.

        Raises:
            InputError: shape, dtype, device or a value is not as above.

        Example:
            >>> LeNet5()(torch.zeros(3, 1, 32, 32)).shape
            torch.Size([3, 10])
            >>> LeNet5()(torch.zeros(1, 3, 32, 32))
            Traceback (most recent call last):
                ...
            paper_lenet.network.protocol.InputError: the input must have 1 channel (grey), not 3
        """
        return self.activations(x)["output"]

    def activations(self, x: Tensor) -> dict[str, Tensor]:
        """The states of every layer by name, input to output, for what `forward` takes.

        Shapes are N and `Layer.shape`; ``output`` is the penalties. The kind ``targets`` has no F6
        and, under the name ``units``, the ten squashed units that its penalties are made from.

        Example:
            >>> states = LeNet5().activations(torch.zeros(1, 1, 32, 32))
            >>> {name: tuple(state.shape[1:]) for name, state in states.items()}["S4"]
            (16, 5, 5)
        """
        self._check(x)
        return self.states(x)

    def states(self, x: Tensor) -> dict[str, Tensor]:
        """`activations` without a look at the input, for loops that made it themselves.

        Example:
            >>> states = LeNet5.pretrained().states(torch.zeros(1, 1, 32, 32))
            >>> list(states)
            ['input', 'C1', 'S2', 'C3', 'S4', 'C5', 'F6', 'output']
            >>> bool(states["F6"].abs().max() < 1.7159), bool(states["output"].min() > 0)
            (True, True)
        """
        f, result = self.squash, {"input": x}
        result["C1"] = f(self.C1(x))
        result["S2"] = self.S2(result["C1"])
        result["C3"] = f(self.C3(result["S2"]))
        result["S4"] = self.S4(result["C3"])
        result["C5"] = f(self.C5(result["S4"]))
        top = result["C5"].permute(0, 2, 3, 1)  # (N, r, c, 120)
        if self.F6 is not None:
            top = f(self.F6(top))  # (N, r, c, 84)
            result["F6"] = _maps_first(top)
        if self.targets is not None:
            units = f(self.output(top))  # (N, r, c, 10)
            result["units"] = _maps_first(units)
            penalties = self.targets(units)
        elif self.network.output == "softmax":
            penalties = -self.output(top)
        else:
            penalties = self.output(top)
        result["output"] = _maps_first(penalties)
        return result

    def summary(self) -> str:
        """The table of Section II-B: maps and their size, window, parameters, connections.

        Example:
            >>> print(LeNet5().summary().splitlines()[-1])
            total                               60,000       340,908
        """
        form = "{:<8}{:<14}{:<8}{:>12}{:>14}"
        return "\n".join(form.format(*row).rstrip() for row in [HEADING, *self._rows()])

    def _repr_html_(self) -> str:
        return table(f"LeNet5({self.network!r})", HEADING, self._rows())

    def _rows(self) -> list[tuple[str, ...]]:
        """The layers and their total in the columns of `HEADING`."""
        rows: list[tuple[str, ...]] = []
        listed = layers(self.network)
        for layer in listed:
            size = f"{layer.maps} @ {layer.size}x{layer.size}"
            window = f"{layer.kernel}x{layer.kernel}" if layer.kernel > 1 else ""
            rows.append(
                (layer.name, size, window, f"{layer.parameters:,}", f"{layer.connections:,}")
            )
        parameters = sum(layer.parameters for layer in listed)
        connections = sum(layer.connections for layer in listed)
        rows.append(("total", "", "", f"{parameters:,}", f"{connections:,}"))
        return rows

    def _check(self, x: Tensor) -> None:
        if not isinstance(x, Tensor) or x.ndim != 4:
            found = tuple(x.shape) if isinstance(x, Tensor) else type(x).__name__
            raise InputError(f"the input must be a tensor (N, 1, rows, columns), not {found}")
        if x.shape[1] != 1:
            raise InputError(f"the input must have 1 channel (grey), not {x.shape[1]}")
        side = self.network.input
        if any(n < side or (n - side) % FIELD_STEP for n in x.shape[2:]):
            rows, columns = x.shape[2:]
            raise InputError(
                f"the input must be {side} x {side} pixels, or larger in steps of {FIELD_STEP}, "
                f"not {rows} x {columns}"
            )
        wanted = self.C1.weight.dtype
        if x.dtype != wanted:
            raise InputError(f"the input must be {wanted} like the weights, not {x.dtype}")
        if x.device != self.C1.weight.device:
            where = f"like the weights, not on {x.device}: move one with .to()"
            raise InputError(f"the input must be on {self.C1.weight.device} {where}")
        if not x.is_meta and not torch.isfinite(x).all():  # on `meta` there are shapes alone
            raise InputError("the input has values that are not finite (NaN or infinity)")


def _bare(kind: type[Module], *sizes: int) -> Module:
    """A layer whose arrays are not set yet: PyTorch's own start would use up its random numbers."""
    where = torch.get_default_device()  # or `skip_init` would take the CPU
    layer: Module = skip_init(kind, *sizes, device=where)  # type: ignore[no-untyped-call]
    return layer


def _maps_first(x: Tensor) -> Tensor:
    """(N, r, c, units) as (N, units, r, c), or as (N, units) if r = c = 1."""
    x = x.permute(0, 3, 1, 2)
    return x.flatten(1) if x.shape[2:] == (1, 1) else x
