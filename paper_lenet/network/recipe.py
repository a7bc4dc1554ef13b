"""The recipe: everything that is not the network's structure, as frozen dataclasses.

``params.yaml`` is read into `Params`. Unknown keys, wrong types and impossible values are refused
with the key's path in the message. There is no global state: each stage is handed what it needs.

What the paper leaves open, and this project had to choose, is named where it stands below; the
reasons are in the docs, "What the paper leaves open".
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import re
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from paper_lenet.network.architecture import Network


class RecipeError(ValueError):
    """A value in the parameters is unknown, of the wrong type or impossible."""


@dataclass(frozen=True)
class Initial:
    """The law of the initial weights (Appendix A; open: which law meets the printed step sizes).

    A weight is uniform in plus or minus ``bound / F ** power``, F its unit's inputs, or has the
    same variance under another law.

    Attributes:
        law: ``uniform``, or ``gaussian`` (twelve uniform numbers added up).
        bound: the paper prints 2.4, with `power` 1; the square root of 3 with `power` 0.5 gives
            the standard deviation 1/sqrt(F) of "Efficient BackProp" (1998).
        power: 1 or 0.5.
        biases: ``zero``, or ``same``: drawn from the law of their unit's weights.
        coefficients: how the subsampling coefficients start: ``equal``, all at `coefficient`, or
            ``drawn`` from the law of the weights, F being the four inputs.
        coefficient: where every subsampling coefficient starts if they are equal.
    """

    law: str = "uniform"
    bound: float = math.sqrt(3)
    power: float = 0.5
    biases: str = "zero"
    coefficients: str = "equal"
    coefficient: float = 1.0


@dataclass(frozen=True)
class Loss:
    """Which loss (Section II-C; open: which one gave the paper's results, and j).

    Attributes:
        equation: 8 (the penalty of the right class) or 9 (that against all, with a rubbish class).
        j: of eq. 9, the rubbish class's constant penalty; infinite (``.inf``) for no rubbish class.
        half: whether a penalty is half the squared distance (a unit Gaussian's -log likelihood)
            or all of it (eq. 7 as printed).
    """

    equation: int = 9
    j: float = 2.0
    half: bool = True


@dataclass(frozen=True)
class Step:
    """The step of each weight (Appendix C, eq. 21: epsilon_k = eta / (mu + h_kk)).

    Attributes:
        eta: (passes, rate) blocks: the global rate and for how many passes it holds.
        mu: the constant that keeps steps finite.
        curvature: when h_kk is estimated: ``each_pass`` (the paper), ``once`` (before the first),
            or ``never``: then every weight's step is eta.
        memory: the share of the last pass's h_kk that stays in this pass's: 0 takes the new
            estimate alone; more is a running average, as "Efficient BackProp" (1998) has it.
        patterns: on how many random patterns.
        output: the second derivative that eq. 27 starts from at the last squashed layer (open):
            ``constant`` (that of the penalty of the right class) or ``exact`` (that of the loss).
        coefficient: how h_kk counts the four connections that share a subsampling coefficient:
            ``pooled``, as one (the total input is linear in it), or ``connections``, each by
            itself, as eq. 23 has it for every shared parameter.
    """

    eta: tuple[tuple[int, float], ...] = (
        (2, 0.0005),
        (3, 0.0002),
        (3, 0.0001),
        (4, 0.00005),
        (8, 0.00001),
    )
    mu: float = 0.02
    curvature: str = "each_pass"
    memory: float = 0.1
    patterns: int = 500
    output: str = "constant"
    coefficient: str = "pooled"

    @property
    def passes(self) -> int:
        """Number of passes, the sum of the blocks."""
        return sum(count for count, _ in self.eta)

    def rate(self, number: int) -> float:
        """The global rate eta in pass `number`, counted from 1."""
        for count, rate in self.eta:
            if number <= count:
                return rate
            number -= count
        raise ValueError(f"the schedule has no pass {number} beyond its last one")


@dataclass(frozen=True)
class Presentation:
    """Which patterns are shown, in which order and how altered (Sections III-A, III-B, III-E).

    Attributes:
        patterns: how many of the training patterns are used, the first of one random subset;
            60,000 is all of MNIST.
        held_out: how many training patterns, the last of that subset's order, are kept apart and
            take the test set's place: for choices that must not see it.
        scale: the inputs that background and foreground become; empty: as the stage
            ``preprocess`` has them, the paper's.
        order: ``constant`` (one random order for all passes, the paper), ``reshuffled`` or
            ``file`` (as the data set has them).
        inverted: probability that a pixel is inverted, drawn anew at each presentation.
        distorted: how many distorted copies of each pattern join the original in the training
            set; a pass still shows `patterns` of them.
        strength: the ranges of the distortions as a multiple of those measured from Fig. 7.
        law: ``uniform`` in those ranges, or ``triangular``, with small distortions likelier.
        fixed: what scaling leaves in place: the digits' ``base_line`` or the field's ``centre``.
    """

    patterns: int = 60000
    held_out: int = 0
    scale: tuple[float, ...] = ()
    order: str = "constant"
    inverted: float = 0.0
    distorted: int = 0
    strength: float = 1.0
    law: str = "uniform"
    fixed: str = "base_line"


@dataclass(frozen=True)
class Recipe:
    """One reading of the paper, or one departure from it: all that a training needs but a seed."""

    network: Network = field(default_factory=Network)
    initial: Initial = field(default_factory=Initial)
    loss: Loss = field(default_factory=Loss)
    step: Step = field(default_factory=Step)
    presentation: Presentation = field(default_factory=Presentation)

    def to_json(self) -> str:
        """The recipe as sorted JSON, the same bytes for the same recipe."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True)

    def digest(self) -> str:
        """SHA-256 of `to_json`, hexadecimal."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


@dataclass(frozen=True)
class Source:
    """Where the data may come from: exactly one of a mirror's URL, an npm package, a folder."""

    url: str = ""
    npm: str = ""
    folder: str = ""


@dataclass(frozen=True)
class Data:
    """The data set.

    Attributes:
        name: names its folders under ``data/``.
        sources: tried in this order.
        sha256: of the unpacked bytes, by file name.
        seconds: after how long a silent source is given up.
    """

    name: str
    sources: tuple[Source, ...]
    sha256: dict[str, str]
    seconds: float = 5.0


@dataclass(frozen=True)
class Scale:
    """The grey levels' scale (Section II-B): what background and foreground become."""

    background: float = -0.1
    foreground: float = 1.175


@dataclass(frozen=True)
class Train:
    """What the stage ``train`` runs.

    Attributes:
        recipe: a name in `Params.recipes`.
        seeds: seeds 0 to ``seeds - 1`` are trained.
        trainer: ``engine``, or ``reference`` for PyTorch.
    """

    recipe: str
    seeds: int
    trainer: str = "engine"


@dataclass(frozen=True)
class Params:
    """All of ``params.yaml``."""

    data: Data
    preprocess: Scale
    train: Train
    recipes: dict[str, Recipe]

    @property
    def recipe(self) -> Recipe:
        """The recipe that is trained."""
        return self.recipes[self.train.recipe]


CHOICES = {
    "network.input": (28, 32),
    "network.c3": ("table", "full"),
    "network.squashing": ("scaled_tanh", "tanh", "relu"),
    "network.subsampling": ("average", "sum", "fixed_average", "max"),
    "network.output": ("rbf", "trainable_rbf", "targets", "softmax"),
    "initial.law": ("uniform", "gaussian"),
    "initial.power": (0.5, 1.0),
    "initial.biases": ("zero", "same"),
    "initial.coefficients": ("equal", "drawn"),
    "loss.equation": (8, 9),
    "step.curvature": ("each_pass", "once", "never"),
    "step.output": ("constant", "exact"),
    "step.coefficient": ("pooled", "connections"),
    "presentation.order": ("constant", "reshuffled", "file"),
    "presentation.law": ("uniform", "triangular"),
    "presentation.fixed": ("base_line", "centre"),
    "train.trainer": ("engine", "reference"),
}

# (least, greatest), both allowed.
RANGES = {
    "initial.bound": (1e-6, 1e3),
    "loss.j": (-100.0, math.inf),
    "step.mu": (1e-9, 1e9),
    "step.memory": (0.0, 1.0),
    "step.patterns": (1, 60000),
    "presentation.patterns": (1, 60000),
    "presentation.held_out": (0, 60000),
    "presentation.inverted": (0.0, 1.0),
    "presentation.distorted": (0, 1000),
    "presentation.strength": (0.0, 10.0),
    "train.seeds": (1, 1000),
    "data.seconds": (0.01, 3600.0),
}


def read_params(path: Path) -> Params:
    """`Params` from the YAML file at `path`; a `RecipeError` names the key that is wrong."""
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RecipeError(f"{path}: there is no such file") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    params = typing.cast(Params, build(Params, tree, ""))
    if params.train.recipe not in params.recipes:
        known = ", ".join(sorted(params.recipes))
        raise RecipeError(f"train.recipe: no recipe {params.train.recipe!r}; there are: {known}")
    if params.recipe.presentation.held_out:
        raise RecipeError("train.recipe: patterns kept apart (held_out) are for studies alone")
    return params


def build(kind: Any, value: Any, path: str) -> Any:
    """`value`, as parsed from YAML or JSON, as the type `kind`; `path` names it in errors."""
    origin = typing.get_origin(kind)
    if dataclasses.is_dataclass(kind):
        return _build_dataclass(typing.cast(type, kind), value, path)
    if origin is dict:
        _expect(isinstance(value, dict), path, "a mapping", value)
        item = typing.get_args(kind)[1]
        return {str(name): build(item, part, f"{path}.{name}") for name, part in value.items()}
    if origin is tuple:
        return _build_tuple(typing.get_args(kind), value, path)
    return _build_scalar(kind, value, path)


def _build_dataclass(kind: type, value: Any, path: str) -> Any:
    _expect(isinstance(value, dict), path, "a mapping", value)
    hints = typing.get_type_hints(kind)
    prefix = f"{path}." if path else ""
    for name in value:
        if name not in hints:
            raise RecipeError(f"{prefix}{name}: unknown key; known here: {', '.join(hints)}")
    for entry in dataclasses.fields(kind):
        required = entry.default is dataclasses.MISSING
        if required and entry.default_factory is dataclasses.MISSING and entry.name not in value:
            raise RecipeError(f"{prefix}{entry.name}: missing")
    parts = {name: build(hints[name], part, prefix + name) for name, part in value.items()}
    result = kind(**parts)
    if isinstance(result, Recipe):
        _check_recipe(result, prefix)
    if isinstance(result, Data) and not re.fullmatch(r"[a-z0-9][a-z0-9_.-]*", result.name):
        raise RecipeError(f"{prefix}name: {result.name!r} is no name for a folder (a-z, 0-9, -)")
    if isinstance(result, Source) and sum(map(bool, (result.url, result.npm, result.folder))) != 1:
        raise RecipeError(f"{path}: a source is one of url, npm, folder")
    return result


def _build_tuple(items: tuple[Any, ...], value: Any, path: str) -> tuple[Any, ...]:
    _expect(isinstance(value, (list, tuple)), path, "a list", value)
    if items[-1] is Ellipsis:
        items = (items[0],) * len(value)
    _expect(len(items) == len(value), path, f"a list of {len(items)}", value)
    pairs = zip(items, value, strict=True)
    return tuple(build(item, part, f"{path}[{i}]") for i, (item, part) in enumerate(pairs))


def _build_scalar(kind: Any, value: Any, path: str) -> Any:
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    wanted = f"of type {kind.__name__}" + (", as in 1.0e-3" if kind is float else "")
    _expect(type(value) is kind, path, wanted, value)
    if kind is float and math.isnan(value):
        raise RecipeError(f"{path}: not a number")
    name = ".".join(path.split(".")[-2:])
    if name in CHOICES and value not in CHOICES[name]:
        allowed = ", ".join(map(str, CHOICES[name]))
        raise RecipeError(f"{path}: {value!r} is not one of {allowed}")
    if name in RANGES and not RANGES[name][0] <= value <= RANGES[name][1]:
        least, greatest = RANGES[name]
        raise RecipeError(f"{path}: {value!r} is not between {least} and {greatest}")
    return value


def _expect(condition: bool, path: str, wanted: str, value: Any) -> None:
    if not condition:
        raise RecipeError(f"{path or 'the file'}: {value!r} is not {wanted}")


def _check_recipe(recipe: Recipe, prefix: str) -> None:
    """Values that are possible one by one but not together."""
    eta = recipe.step.eta
    if not eta or any(count < 1 or not 0 <= rate < math.inf for count, rate in eta):
        raise RecipeError(f"{prefix}step.eta: each block is [passes from 1 on, rate from 0 on]")
    scale = recipe.presentation.scale
    if len(scale) not in (0, 2) or not all(map(math.isfinite, scale)):
        raise RecipeError(f"{prefix}presentation.scale: [background, foreground], or [] for none")
    if recipe.network.output == "softmax":
        if recipe.loss.equation != 9 or recipe.loss.j != math.inf:
            raise RecipeError(f"{prefix}loss: softmax is equation 9 with j .inf (cross-entropy)")
        if recipe.step.output != "exact" and recipe.step.curvature != "never":
            raise RecipeError(f"{prefix}step.output: softmax has no constant one; choose exact")
