"""What a tutorial is: ``studies/tutorials.yaml`` as frozen dataclasses.

A tutorial's parts come from small vocabularies, so that one more is a section of the file and no
code. Whatever the file has that is unknown or cannot be is refused with its key.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from paper_lenet.network.architecture import CLASSES
from paper_lenet.network.recipe import Data, build

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
ACTIVATIONS = ("linear", "sigmoid", "tanh", "relu")
KEYS = {  # of each layer, beside `layer`
    "conv": ("maps", "kernel", "padding", "activation"),
    "average_pool": (),
    "max_pool": (),
    "flatten": (),
    "dense": ("units", "activation"),
    "dropout": ("share",),
}
INITIAL = ("keras", "torch", "paper")
LAWS = ("rmsprop", "adam", "adam_keras", "sgd")
FIGURES = ("training", "validation", "test")


class SpecError(ValueError):
    """The file of tutorials is missing, or asks for what cannot be."""


@dataclass(frozen=True)
class Layer:
    """One layer; which keys it may have depends on its kind (`KEYS`).

    Attributes:
        layer: ``conv``, ``average_pool`` and ``max_pool`` (2 by 2, step 2), ``flatten``, ``dense``
            or ``dropout``.
        maps: of a convolution, its feature maps.
        kernel: of a convolution, the side of its kernels.
        padding: of a convolution, ``valid`` or ``same``, which keeps the side.
        units: of a dense layer.
        activation: of a convolution or dense layer, one of `ACTIVATIONS`.
        share: of dropout, the share of states that are left out.
    """

    layer: str
    maps: int = 0
    kernel: int = 0
    padding: str = "valid"
    units: int = 0
    activation: str = "linear"
    share: float = 0.0


@dataclass(frozen=True)
class Inputs:
    """What the network is shown: grey levels from background to foreground, then standardised.

    Attributes:
        data: name of the data set.
        side: 28 or 32.
        by: how 28 becomes 32: ``padding`` with background, or ``resizing`` (bilinear, as
            torchvision resizes a picture).
        background: what grey level 0 becomes.
        foreground: what grey level 255 becomes.
        mean: is then taken off.
        deviation: divides the rest.
    """

    data: str
    side: int = 28
    by: str = "padding"
    background: float = 0.0
    foreground: float = 1.0
    mean: float = 0.0
    deviation: float = 1.0


@dataclass(frozen=True)
class Optimiser:
    """The law of the steps; other constants than these are the framework's (`optimisers`).

    Attributes:
        law: one of `LAWS`.
        rate: the learning rate.
        momentum: of ``sgd``.
    """

    law: str
    rate: float
    momentum: float = 0.0


@dataclass(frozen=True)
class Training:
    """How long is trained, and on what.

    Attributes:
        batch: patterns an update; the last of a pass may have fewer.
        passes: at most.
        validation: share of the training patterns, the last of the file, that is kept apart.
        patience: passes without a lower validation loss after which training stops; 0 for never.
            The weights of the last pass stay, not the best ones.
        plateau: passes without a lower validation loss after which the rate falls; 0 for never.
        factor: what the rate is then multiplied by.
    """

    batch: int
    passes: int
    validation: float = 0.0
    patience: int = 0
    plateau: int = 0
    factor: float = 1.0


@dataclass(frozen=True)
class Tutorial:
    """One tutorial.

    Attributes:
        inputs: the data set and its presentation.
        layers: from the input to the ten logits of a softmax, whose loss is cross-entropy.
        initial: initial weights as ``keras`` (Glorot), ``torch`` or the recipe ``paper`` draws
            them (`initial`).
        optimiser: the steps.
        training: the passes.
        printed: accuracies that its author prints, in percent: of ``training`` (on the fly, as the
            framework reports it), ``validation`` or ``test``.
        seeds: other than the file's; 0 for the file's.
        by_class: whether precision, recall and F1 of each class are reported.
        mistakes: whether its most confident mistakes are.
    """

    inputs: Inputs
    layers: tuple[Layer, ...]
    initial: str
    optimiser: Optimiser
    training: Training
    printed: dict[str, float] = field(default_factory=dict)
    seeds: int = 0
    by_class: bool = False
    mistakes: bool = False

    def to_json(self) -> str:
        """All that decides a training but the seed, as sorted JSON."""
        tree = dataclasses.asdict(self)
        for name in ("printed", "seeds", "by_class", "mistakes"):
            del tree[name]
        return json.dumps(tree, sort_keys=True)


@dataclass(frozen=True)
class Tutorials:
    """The whole file.

    Attributes:
        seeds: seeds 0 to ``seeds - 1`` are trained.
        tutorials: by name, in the order of the file.
        data: data sets beside that of ``params.yaml``.
        classes: what the ten classes of a data set are called.
    """

    seeds: int
    tutorials: dict[str, Tutorial]
    data: tuple[Data, ...] = ()
    classes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def names(self, data: str) -> tuple[str, ...]:
        """What the ten classes of a data set are called."""
        return self.classes.get(data, tuple(map(str, range(CLASSES))))


def read_tutorials(path: Path) -> Tutorials:
    """The tutorials in the YAML file at `path`.

    Raises:
        SpecError: it is missing, is not YAML, or has values that cannot be.
        RecipeError: a key is unknown or missing, or a value of the wrong type.
    """
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SpecError(f"{path}: there is no such file") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SpecError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    result = typing.cast(Tutorials, build(Tutorials, tree, ""))
    _expect(result.seeds >= 1, "seeds", "at least 1", result.seeds)
    _expect(result.tutorials, "tutorials", "one tutorial or more", "nothing")
    for name, names in result.classes.items():
        _expect(len(names) == CLASSES, f"classes.{name}", f"{CLASSES} names", len(names))
    for name, tutorial in result.tutorials.items():
        _expect(NAME.fullmatch(name), "tutorials", "a name for files", name)
        _check(tutorial, f"tutorials.{name}")
    return result


def _check(tutorial: Tutorial, place: str) -> None:
    inputs, training, optimiser = tutorial.inputs, tutorial.training, tutorial.optimiser
    _choice(inputs.side, (28, 32), f"{place}.inputs.side")
    _choice(inputs.by, ("padding", "resizing"), f"{place}.inputs.by")
    _expect(inputs.deviation > 0, f"{place}.inputs.deviation", "above 0", inputs.deviation)
    _choice(tutorial.initial, INITIAL, f"{place}.initial")
    _choice(optimiser.law, LAWS, f"{place}.optimiser.law")
    good = 0 < optimiser.rate < math.inf
    _expect(good, f"{place}.optimiser.rate", "above 0", optimiser.rate)
    good = 0 <= optimiser.momentum < 1 and (optimiser.law == "sgd" or not optimiser.momentum)
    what = "a share below 1, of the law sgd alone"
    _expect(good, f"{place}.optimiser.momentum", what, optimiser.momentum)
    for name in ("batch", "passes"):
        value = getattr(training, name)
        _expect(value >= 1, f"{place}.training.{name}", "at least 1", value)
    for name in ("patience", "plateau"):
        value = getattr(training, name)
        good = value == 0 or (value > 0 and training.validation > 0)
        what = "at least 0, and 0 without validation"
        _expect(good, f"{place}.training.{name}", what, value)
    good = 0 <= training.validation < 1
    _expect(good, f"{place}.training.validation", "a share below 1", training.validation)
    _expect(0 < training.factor <= 1, f"{place}.training.factor", "in (0, 1]", training.factor)
    _expect(tutorial.seeds >= 0, f"{place}.seeds", "at least 0", tutorial.seeds)
    for name, value in tutorial.printed.items():
        _choice(name, FIGURES, f"{place}.printed")
        _expect(0 <= value <= 100, f"{place}.printed.{name}", "a percentage", value)
    shapes(tutorial, place)


class Shape(typing.NamedTuple):
    """States of a layer: maps of side by side; `side` 0 for units in a row."""

    maps: int
    side: int = 0

    @property
    def states(self) -> int:
        """Number of states."""
        return self.maps * (self.side**2 or 1)


def shapes(tutorial: Tutorial, place: str = "") -> list[Shape]:
    """The shape before the first layer and after each.

    Raises:
        SpecError: layers that do not fit each other; `place` names the tutorial.
    """
    result = [Shape(1, tutorial.inputs.side)]
    for number, layer in enumerate(tutorial.layers):
        here = f"{place}.layers[{number}]"
        _choice(layer.layer, tuple(KEYS), f"{here}.layer")
        _check_keys(layer, here)
        result.append(_after(layer, result[-1], here))
    last = tutorial.layers[-1] if tutorial.layers else None
    good = last is not None and (last.layer, last.units, last.activation) == (
        "dense",
        CLASSES,
        "linear",
    )
    _expect(good, f"{place}.layers", "a list that ends in 10 linear dense units", last)
    return result


def _check_keys(layer: Layer, here: str) -> None:
    """Only keys of the layer's kind, with values that can be."""
    allowed = KEYS[layer.layer]
    for entry in dataclasses.fields(Layer)[1:]:
        value = getattr(layer, entry.name)
        good = entry.name in allowed or value == entry.default
        _expect(good, f"{here}.{entry.name}", f"a key of {layer.layer}", value)
    for name in ("maps", "kernel", "units"):
        if name in allowed:
            _expect(getattr(layer, name) >= 1, f"{here}.{name}", "at least 1", getattr(layer, name))
    _choice(layer.padding, ("valid", "same"), f"{here}.padding")
    _choice(layer.activation, ACTIVATIONS, f"{here}.activation")
    if layer.padding == "same":
        _expect(layer.kernel % 2, f"{here}.kernel", "odd, as same padding needs", layer.kernel)
    _expect(0 <= layer.share < 1, f"{here}.share", "a share below 1", layer.share)


def _after(layer: Layer, before: Shape, here: str) -> Shape:
    kind = layer.layer
    if kind == "dropout":
        return before
    if kind == "flatten":
        return Shape(before.states)
    if kind == "dense":
        _expect(not before.side, f"{here}.layer", "possible before flatten", kind)
        return Shape(layer.units)
    _expect(before.side, f"{here}.layer", "possible after flatten", kind)
    if kind == "conv":
        side = before.side if layer.padding == "same" else before.side - layer.kernel + 1
        what = f"a kernel for maps of side {before.side}"
        _expect(side >= 1, f"{here}.kernel", what, layer.kernel)
        return Shape(layer.maps, side)
    _expect(before.side >= 2, f"{here}.layer", f"possible on side {before.side}", kind)
    return Shape(before.maps, before.side // 2)


def _choice(value: object, allowed: tuple[object, ...], place: str) -> None:
    _expect(value in allowed, place, f"one of {', '.join(map(str, allowed))}", value)


def _expect(condition: object, place: str, wanted: str, value: object) -> None:
    if not condition:
        raise SpecError(f"{place}: {value!r} is not {wanted}")


def selected(tutorials: Mapping[str, Tutorial], only: list[str]) -> dict[str, Tutorial]:
    """The tutorials called `only`, or all if that is empty.

    Raises:
        SpecError: there is none of that name.
    """
    for name in only:
        _choice(name, tuple(tutorials), "--only")
    return {name: part for name, part in tutorials.items() if not only or name in only}
