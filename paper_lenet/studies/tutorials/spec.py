"""What a tutorial is: ``studies/tutorials.yaml`` as frozen dataclasses.

A tutorial's parts come from small vocabularies, so that one more is a section of the file and no
code. Whatever the file has that is unknown or cannot be is refused with its key.
"""

from __future__ import annotations

import dataclasses
import json
import math
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from paper_lenet.base.declared import Between, Declared, Law, Name, build
from paper_lenet.base.errors import RecipeError, as_key, expect, listed
from paper_lenet.base.reading import read_yaml
from paper_lenet.digits.dataset import Data
from paper_lenet.network.architecture import CLASSES
from paper_lenet.network.recipe import SEEDS
from paper_lenet.studies.tutorials.layers import Layer, Share, shapes

Some = Annotated[int, Law("at least 1", lambda number: number >= 1)]
Finite = Annotated[float, Law("finite", math.isfinite)]
Positive = Annotated[float, Law("above 0", lambda number: 0 < number < math.inf)]
Factor = Annotated[float, Law("in (0, 1]", lambda number: 0 < number <= 1)]
Percentage = Annotated[float, Law("a percentage", lambda number: 0 <= number <= 100)]
Figure = Literal["training", "validation", "test"]
FIGURES: tuple[Figure, ...] = typing.get_args(Figure)


@dataclass(frozen=True)
class Inputs(Declared):
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
    side: Literal[28, 32] = 28
    by: Literal["padding", "resizing"] = "padding"
    background: Finite = 0.0
    foreground: Finite = 1.0
    mean: Finite = 0.0
    deviation: Positive = 1.0


@dataclass(frozen=True)
class Optimiser(Declared):
    """The law of the steps; other constants than these are the framework's (`optimisers`).

    Attributes:
        law: what steps are made of the gradient.
        rate: the learning rate.
        momentum: of ``sgd``.
    """

    law: Literal["rmsprop", "adam", "adam_keras", "sgd"]
    rate: Positive
    momentum: float = 0.0

    def __post_init__(self) -> None:
        """Momentum is of one law."""
        super().__post_init__()
        good = 0 <= self.momentum < 1 and (self.law == "sgd" or not self.momentum)
        wanted = "a share below 1, of the law sgd alone"
        expect(good, self.momentum, wanted, "momentum")


@dataclass(frozen=True)
class Training(Declared):
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

    batch: Annotated[Some, Between(1, 60_000)]
    passes: Annotated[Some, Between(1, 10_000)]
    validation: Share = 0.0
    patience: int = 0
    plateau: int = 0
    factor: Factor = 1.0

    def __post_init__(self) -> None:
        """What looks at the validation loss needs one."""
        super().__post_init__()
        for name in ("patience", "plateau"):
            passes = getattr(self, name)
            good = passes == 0 or (passes > 0 and self.validation > 0)
            expect(good, passes, "at least 0, and 0 without validation", name)


@dataclass(frozen=True)
class Tutorial(Declared):
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
    initial: Literal["keras", "torch", "paper"]
    optimiser: Optimiser
    training: Training
    printed: dict[Figure, Percentage] = field(default_factory=dict)
    seeds: Annotated[int, Between(0, SEEDS)] = 0
    by_class: bool = False
    mistakes: bool = False

    def to_json(self) -> str:
        """All that decides a training but the seed, as sorted JSON."""
        tree = dataclasses.asdict(self)
        for name in ("printed", "seeds", "by_class", "mistakes"):
            del tree[name]
        return json.dumps(tree, sort_keys=True)


@dataclass(frozen=True)
class Tutorials(Declared):
    """The whole file.

    Attributes:
        seeds: seeds 0 to ``seeds - 1`` are trained.
        tutorials: by name, in the order of the file.
        data: data sets beside that of ``params.yaml``.
        classes: what the ten classes of a data set are called.
    """

    seeds: Annotated[Some, Between(1, SEEDS)]
    tutorials: dict[Name, Tutorial]
    data: tuple[Data, ...] = ()
    classes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """There is a tutorial, each one's layers fit, and classes have their names."""
        super().__post_init__()
        expect(self.tutorials, "nothing", "one tutorial or more", "tutorials")
        for name, names in self.classes.items():
            good = len(names) == CLASSES
            expect(good, len(names), f"{CLASSES} names", f"classes.{as_key(name)}")
        for name, tutorial in self.tutorials.items():
            try:
                shapes(tutorial.inputs.side, tutorial.layers)
            except RecipeError as error:
                raise error.below(f"tutorials.{name}") from None

    def names(self, data: str) -> tuple[str, ...]:
        """What the ten classes of a data set are called."""
        return self.classes.get(data, tuple(map(str, range(CLASSES))))


def read_tutorials(path: Path) -> Tutorials:
    """The tutorials in the YAML file at `path`.

    Raises:
        RecipeError: it is missing, is not YAML, or has an unknown key or a value that cannot be.
    """
    return build(Tutorials, read_yaml(path))


def selected(tutorials: Mapping[str, Tutorial], only: list[str]) -> dict[str, Tutorial]:
    """The tutorials called `only`, or all if that is empty.

    Raises:
        RecipeError: there is none of that name.
    """
    for name in only:
        expect(name in tutorials, name, f"one of {listed(tutorials)}", "--only")
    return {name: part for name, part in tutorials.items() if not only or name in only}
