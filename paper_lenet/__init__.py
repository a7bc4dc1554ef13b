"""LeNet-5 of LeCun, Bottou, Bengio and Haffner (Proc. IEEE, 1998), replicated.

The public names are loaded when first used, so that importing the package costs nothing and the
parts that need no PyTorch work without it.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "LeNet5": "paper_lenet.network.lenet5",
    "load": "paper_lenet.network.weights",
    "predict": "paper_lenet.pipeline.predict",
    "Recipe": "paper_lenet.network.recipe",
    "Network": "paper_lenet.network.architecture",
}

__all__ = ["LeNet5", "Network", "Recipe", "__version__", "load", "paper", "predict"]


def __getattr__(name: str) -> Any:
    if name == "paper":
        return importlib.import_module("paper_lenet.paper")
    if name in _HOMES:
        try:
            return getattr(importlib.import_module(_HOMES[name]), name)
        except ModuleNotFoundError as error:
            from paper_lenet.base.extras import missing

            raise missing(error, name) from None
    raise AttributeError(f"module 'paper_lenet' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
