"""``params.yaml``: the data set, its scale, what the stage ``train`` runs, and the recipes.

There is no global state: each stage is handed what it needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from paper_lenet.base.declared import Between, Declared, Name, build
from paper_lenet.base.errors import RecipeError, listed, shown
from paper_lenet.base.reading import read_yaml
from paper_lenet.digits.dataset import QMNIST, Data, Scale
from paper_lenet.network.protocol import Device, Trainer, check_trainer
from paper_lenet.network.recipe import SEEDS, Recipe


@dataclass(frozen=True)
class Train(Declared):
    """What the stage ``train`` runs.

    Attributes:
        recipe: a name in `Params.recipes`.
        seeds: seeds 0 to ``seeds - 1`` are trained.
        trainer: ``engine``, or ``reference`` for PyTorch.
        device: where PyTorch computes: ``cpu``, or as PyTorch names it, ``cuda`` or ``mps``. The
            engine runs on the CPU alone.

    Example:
        >>> Train("paper", seeds=20)
        Train(recipe='paper', seeds=20)
        >>> Train("paper", seeds=20, trainer="numpy")
        Traceback (most recent call last):
            ...
        paper_lenet.base.errors.RecipeError: trainer: 'numpy' is not one of engine, reference
    """

    recipe: str
    seeds: Annotated[int, Between(1, SEEDS)]
    trainer: Trainer = "engine"
    device: Device = "cpu"

    def __post_init__(self) -> None:
        """The trainer runs on the device."""
        super().__post_init__()
        check_trainer(self.trainer, self.device)


@dataclass(frozen=True)
class Params(Declared):
    """All of ``params.yaml``.

    Attributes:
        data: the data set.
        preprocess: the scale of its grey levels.
        train: what the stage ``train`` runs.
        recipes: by name.
        writers: the labels that say who wrote each pattern of MNIST, where other sources are known.

    Example:
        >>> from paper_lenet.digits.dataset import MNIST
        >>> params = Params(MNIST, Scale(), Train("mine", seeds=1), {"mine": Recipe()})
        >>> params.recipe
        Recipe()
    """

    data: Data
    preprocess: Scale
    train: Train
    recipes: dict[Name, Recipe]
    writers: Data = QMNIST

    @property
    def recipe(self) -> Recipe:
        """The recipe that is trained."""
        return self.recipes[self.train.recipe]


def read_params(path: Path) -> Params:
    """`Params` from the YAML file at `path`; a `RecipeError` names the key that is wrong.

    Example:
        >>> from paper_lenet.base.files import write_text
        >>> text = (
        ...     "{data: {name: mnist, sources: [{folder: raw}], sha256: {}}, preprocess: {}, "
        ...     "train: {recipe: paper, seeds: 20}, recipes: {paper: {loss: {equation: 8}}}}"
        ... )
        >>> path = Path("params.yaml")
        >>> write_text(path, text)
        >>> read_params(path).recipe
        Recipe(loss=Loss(equation=8))
        >>> write_text(path, text.replace("recipe: paper", "recipe: mine"))
        >>> read_params(path)
        Traceback (most recent call last):
            ...
        paper_lenet.base.errors.RecipeError: train.recipe: no recipe 'mine'; there are: paper
    """
    params = build(Params, read_yaml(path))
    name = params.train.recipe
    if name not in params.recipes:
        text = f"no recipe {shown(name)}; there are: {listed(sorted(params.recipes))}"
        raise RecipeError(text, "train.recipe")
    if params.recipe.presentation.held_out:
        raise RecipeError("patterns kept apart (held_out) are for studies alone", "train.recipe")
    return params
