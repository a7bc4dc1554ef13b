"""Trained parameters: initial values, and files that are the same bytes for the same weights.

A file is safetensors with one metadata key, ``recipe``: sorted JSON of the recipe, the seed, and
the scale of the inputs where that is not the paper's.
"""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.base.declared import Between, Declared, build
from paper_lenet.base.errors import RecipeError, as_key, listed
from paper_lenet.base.files import read_tensors, write_tensors
from paper_lenet.base.html import table
from paper_lenet.digits.dataset import Scale
from paper_lenet.network.architecture import Network, codes, fan_in, parameter_shapes
from paper_lenet.network.recipe import Initial, Recipe

Parameters = dict[str, NDArray[np.float32]]

KEY = "recipe"
# Recipe `paper`, seed 0, as the pipeline trained it: in a clone a link to that file itself. The
# other seeds are in clones alone.
PRETRAINED = Path(__file__).parents[1] / "pretrained.safetensors"
# The `digest` of its parameters.
SHIPPED = "232e5d142ad2b81e0e93a747e7606d8e07c2b5d3f643d5ef1cc36f58efe41e3a"
OTHERS = Path(__file__).resolve().parents[2] / "data/models/mnist/paper"
Seed = Annotated[int, Between(0, 2**63)]


@dataclasses.dataclass(frozen=True)
class _Note(Declared):
    recipe: Recipe
    seed: Seed
    scale: Scale = dataclasses.field(default_factory=Scale)


class Trained(NamedTuple):
    """Parameters with what made them.

    Attributes:
        parameters: by name and in layout order.
        recipe: that they were trained by.
        seed: of the training.
        scale: what stage ``preprocess`` made of the grey levels, for recipes that have no scale of
            their own.

    Example:
        >>> trained = pretrained()
        >>> trained
        Trained(Recipe(), seed 0, 60,000 parameters)
        >>> trained.shipped, trained.input_scale
        (True, Scale())
    """

    parameters: Parameters
    recipe: Recipe
    seed: int
    scale: Scale = Scale()

    def __repr__(self) -> str:
        return f"Trained({self.recipe!r}, seed {self.seed}, {counted(self.parameters)})"

    def _repr_html_(self) -> str:
        rows = (
            ("recipe", repr(self.recipe)),
            ("seed", self.seed),
            ("size", counted(self.parameters)),
            ("SHA-256 of the parameters", digest(self.parameters)),
            ("inputs", f"{self.input_scale.background} to {self.input_scale.foreground}"),
        )
        return table("A trained network", (), rows)

    @property
    def shipped(self) -> bool:
        """Whether it is the network that the project committed, and the package brings along."""
        return digest(self.parameters) == SHIPPED

    @property
    def input_scale(self) -> Scale:
        """The scale that the network's inputs are on."""
        own = self.recipe.presentation.scale
        return Scale(*own) if own else self.scale


def counted(parameters: Parameters) -> str:
    """How many they are, in words.

    Example:
        >>> counted(pretrained().parameters)
        '60,000 parameters'
    """
    return f"{sum(part.size for part in parameters.values()):,} parameters"


def initial_parameters(recipe: Recipe, seed: int) -> Parameters:
    """The parameters before the first pass: `drawn_parameters` for the recipe's network and law.

    Example:
        >>> first = initial_parameters(Recipe(), seed=0)
        >>> first["C1.weight"].shape, first["C1.weight"].dtype
        ((6, 1, 5, 5), dtype('float32'))
        >>> float(np.abs(first["C1.weight"]).max()) < Recipe().initial.bound / 5
        True
    """
    return drawn_parameters(recipe.network, recipe.initial, seed)


def drawn_parameters(network: Network, law: Initial, seed: int) -> Parameters:
    """Random parameters under `law` (Appendix A), float32, by name and in layout order.

    Array number i is drawn in C order from the stream (`seed`, ``weights``, i), one word a number,
    or twelve under the Gaussian law. Subsampling biases start at 0 under every law; the paper does
    not say how they, or the coefficients, are drawn.

    Example:
        >>> found = drawn_parameters(Network(output="softmax"), Initial(), seed=0)
        >>> found["output.weight"].shape
        (10, 84)
    """
    result: Parameters = {}
    for index, (name, shape) in enumerate(parameter_shapes(network).items()):
        stream = streams.key(seed, "weights", index)
        result[name] = _initial(network, law, name, shape, stream).astype(np.float32)
    return result


def _initial(
    network: Network, law: Initial, name: str, shape: tuple[int, ...], stream: int
) -> NDArray[np.float64]:
    layer, role = name.split(".")
    if role == "codes":
        return np.array(codes(), np.float64)
    if role == "coefficient":
        if law.coefficients == "equal":
            first = law.coefficient
            if isinstance(first, tuple):
                first = first[layer == "S4"]
            return np.full(shape, first)
        return drawn(law, stream, shape, np.full(shape, 4.0))
    fan = fan_in(network)
    if role == "bias" and (law.biases == "zero" or layer not in fan):
        return np.zeros(shape)
    inputs = np.array(fan[layer], np.float64)
    if name == "C3.weight":
        inputs = inputs[[i for i, _ in network.kernels]]
    return drawn(law, stream, shape, inputs)


def drawn(
    law: Initial, stream: int, shape: tuple[int, ...], inputs: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Random numbers of `shape` under `law`; `inputs` is F for each index of the first axis.

    Example:
        >>> stream = streams.key(0, "weights")
        >>> drawn(Initial(), stream, (2, 3), inputs=np.array([25.0, 100.0])).shape
        (2, 3)
    """
    # IEEE square root and division round correctly; a general power would be libm's.
    bound = law.bound / (np.sqrt(inputs) if law.power == 0.5 else inputs)
    count = int(np.prod(shape))
    if law.law == "gaussian":
        # Twelve uniform numbers less six have variance 1; a bound stands for variance bound^2 / 3.
        draws = np.full(count, -6.0)
        for part in streams.uniform(stream, 12 * count).reshape(count, 12).T:
            draws += part
        bound = bound / np.sqrt(3.0)
    else:
        draws = 2.0 * streams.uniform(stream, count) - 1.0
    return draws.reshape(shape) * bound.reshape(-1, *(1,) * (len(shape) - 1))


def save(path: Path | str, trained: Trained) -> None:
    """Write the parameters to `path`; a reader never sees half a file.

    Example:
        >>> path = Path("mine.safetensors")
        >>> save(path, pretrained())
        >>> load(path).seed
        0
    """
    note = {"recipe": dataclasses.asdict(trained.recipe), "seed": trained.seed}
    if trained.scale != Scale():
        note["scale"] = dataclasses.asdict(trained.scale)
    write_tensors(Path(path), trained.parameters, {KEY: note})


def load(path: Path | str) -> Trained:
    """What `save` wrote to `path`.

    Returns:
        The parameters, float32 arrays by name as in ``C1.weight``, with the recipe, the seed and
        the scale of the inputs that made them. `LeNet5.from_trained` makes the network of them.

    Raises:
        RecipeError: the file cannot be read, is not one of ours, or does not fit its own recipe.

    Example:
        >>> load(PRETRAINED)
        Trained(Recipe(), seed 0, 60,000 parameters)
    """
    try:
        parameters, tree = read_tensors(path, KEY)
        note = build(_Note, tree)
        whole = fitting(parameters, note.recipe.network)
    except OSError as error:
        raise RecipeError(f"cannot be read ({error.strerror})", str(path)) from None
    except RecipeError as error:
        raise RecipeError(str(error), str(path)) from None
    except ValueError as error:
        raise RecipeError(f"not a file of trained weights ({error})", str(path)) from None
    return Trained(whole, note.recipe, note.seed, note.scale)


@dataclasses.dataclass(frozen=True)
class _Asked(Declared):
    seed: Seed


def checked_seed(seed: int) -> int:
    """`seed`, once it is seen that it can be one; else a `RecipeError`.

    Example:
        >>> checked_seed(3)
        3
    """
    return _Asked(seed).seed


def pretrained(seed: int = 0) -> Trained:
    """A network of the project: the recipe `paper` after its last pass.

    Args:
        seed: 0 is in the package; the others are in a clone of the repository.

    Returns:
        What `load` gives for its file.

    Raises:
        RecipeError: there is none of that seed here.

    Example:
        >>> pretrained()
        Trained(Recipe(), seed 0, 60,000 parameters)
    """
    path = PRETRAINED if checked_seed(seed) == 0 else OTHERS / f"seed-{seed:02d}.safetensors"
    if not path.is_file():
        raise RecipeError(
            f"there is no {path}; the package has seed 0, and a clone of the repository those that "
            "its pipeline trained",
            f"seed {seed}",
        )
    return load(path)


def fitting(parameters: Parameters, network: Network) -> Parameters:
    """The parameters in layout order, once it is seen that they are those of `network`.

    Raises:
        RecipeError: as `fitting_shapes` does.

    Example:
        >>> list(fitting(pretrained().parameters, Network()))[:3]
        ['C1.weight', 'C1.bias', 'S2.coefficient']
    """
    return fitting_shapes(parameters, parameter_shapes(network))


def fitting_shapes(parameters: Parameters, shapes: dict[str, tuple[int, ...]]) -> Parameters:
    """The parameters in the order of `shapes`, once it is seen that they have these.

    Raises:
        RecipeError: an array is missing, or one too many; is not float32, of another shape, or
            has numbers that are not finite. Its name is told.

    Example:
        >>> biases = {"C1.bias": np.zeros(6, np.float32)}
        >>> list(fitting_shapes(biases, {"C1.bias": (6,)}))
        ['C1.bias']
    """
    for name in (*parameters, *shapes):
        if name not in shapes or name not in parameters:
            raise RecipeError(f"the arrays of this network are {listed(shapes)}", as_key(name))
        part, shape = parameters[name], shapes[name]
        if part.dtype != np.float32 or part.shape != shape:
            found = f"{part.dtype} {part.shape}"
            raise RecipeError(f"{found} is not float32 {shape}, as this network has it", name)
        if not np.isfinite(part).all():
            raise RecipeError("it has numbers that are not finite", name)
    return {name: parameters[name] for name in shapes}


def digest(parameters: Parameters) -> str:
    """SHA-256 of the parameters alone, in layout order, as little-endian float32, hexadecimal.

    Example:
        >>> digest(pretrained().parameters) == SHIPPED
        True
    """
    total = hashlib.sha256()
    for part in parameters.values():
        total.update(np.ascontiguousarray(part, "<f4").tobytes())
    return total.hexdigest()
