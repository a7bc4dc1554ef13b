"""The kinds of classifiers by name, and the module that trains each.

What is fitted at once has ``fit(settings, sets, seed)``, which gives what came of it. A network has
``passes(settings)``, ``begin(settings, side, seed)``, ``one_pass(settings, seed, training, test,
state, watch)`` and ``fitted(settings, state, test)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

_HERE = "paper_lenet.studies.fig9"


@dataclass(frozen=True)
class KindOf:
    """One kind: a module of this package with ``Settings``, and ``fit`` or a network's passes.

    What is `recorded` is not trained here.
    """

    module: str
    network: bool = False
    recorded: bool = False

    @property
    def trains(self) -> Any:
        """The module."""
        return import_module(f"{_HERE}.{self.module}")

    @property
    def settings(self) -> Any:
        """The class of its settings."""
        return self.trains.Settings


KINDS = {
    "linear": KindOf("linear"),
    "pairwise": KindOf("pairwise"),
    "neighbours": KindOf("neighbours"),
    "quadratic": KindOf("quadratic"),
    "radial": KindOf("radial"),
    "tangent": KindOf("tangent"),
    "vectors": KindOf("vectors"),
    "today": KindOf("today"),
    "local": KindOf("local"),
    "network": KindOf("networks", network=True),
    "boosted": KindOf("boosted", network=True),
    "recorded": KindOf("recorded", recorded=True),
}
