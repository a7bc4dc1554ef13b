"""LeNet-5 of LeCun, Bottou, Bengio and Haffner (Proc. IEEE, 1998), replicated.

The public names are loaded when first used, so that importing the package costs nothing and the
parts that need no PyTorch work without it. The page "The Python API" has an example of each.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the same as `_HOMES`, for type checkers and editors
    import paper_lenet.paper.numbers  # noqa: F401 - what is looked for in `paper`
    from paper_lenet import paper as paper
    from paper_lenet.base.errors import PaperLenetError as PaperLenetError
    from paper_lenet.digits.dataset import Scale as Scale
    from paper_lenet.digits.distort import Presentation as Presentation
    from paper_lenet.digits.patterns import Patterns as Patterns
    from paper_lenet.network.architecture import Network as Network
    from paper_lenet.network.lenet5 import LeNet5 as LeNet5
    from paper_lenet.network.recipe import Initial as Initial
    from paper_lenet.network.recipe import Loss as Loss
    from paper_lenet.network.recipe import Recipe as Recipe
    from paper_lenet.network.recipe import Step as Step
    from paper_lenet.network.weights import Trained as Trained
    from paper_lenet.network.weights import load as load
    from paper_lenet.network.weights import pretrained as pretrained
    from paper_lenet.network.weights import save as save
    from paper_lenet.pipeline.data import load_mnist as load_mnist
    from paper_lenet.pipeline.networks import evaluate as evaluate
    from paper_lenet.pipeline.predict import predict as predict
    from paper_lenet.pipeline.predict import predict_all as predict_all
    from paper_lenet.results.answers import Answers as Answers
    from paper_lenet.results.reading import Prediction as Prediction
    from paper_lenet.training.single import TrainingRun as TrainingRun
    from paper_lenet.training.single import train as train

__version__ = "0.1.0"

_HOMES = {
    "Answers": "results.answers",
    "Initial": "network.recipe",
    "LeNet5": "network.lenet5",
    "Loss": "network.recipe",
    "Network": "network.architecture",
    "PaperLenetError": "base.errors",
    "Patterns": "digits.patterns",
    "Prediction": "results.reading",
    "Presentation": "digits.distort",
    "Recipe": "network.recipe",
    "Scale": "digits.dataset",
    "Step": "network.recipe",
    "Trained": "network.weights",
    "TrainingRun": "training.single",
    "evaluate": "pipeline.networks",
    "load": "network.weights",
    "load_mnist": "pipeline.data",
    "predict": "pipeline.predict",
    "predict_all": "pipeline.predict",
    "pretrained": "network.weights",
    "save": "network.weights",
    "train": "training.single",
}

__all__ = [
    "Answers",
    "Initial",
    "LeNet5",
    "Loss",
    "Network",
    "PaperLenetError",
    "Patterns",
    "Prediction",
    "Presentation",
    "Recipe",
    "Scale",
    "Step",
    "Trained",
    "TrainingRun",
    "__version__",
    "evaluate",
    "load",
    "load_mnist",
    "paper",
    "predict",
    "predict_all",
    "pretrained",
    "save",
    "train",
]


if not TYPE_CHECKING:  # for which a name that there is not would else be one

    def __getattr__(name: str) -> Any:
        if name == "paper":
            importlib.import_module("paper_lenet.paper.numbers")  # what is looked for in it
            return importlib.import_module("paper_lenet.paper")
        if name in _HOMES:
            try:
                return getattr(importlib.import_module(f"paper_lenet.{_HOMES[name]}"), name)
            except ModuleNotFoundError as error:
                from paper_lenet.base.extras import missing

                raise missing(error, name) from None
        raise AttributeError(f"module 'paper_lenet' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
