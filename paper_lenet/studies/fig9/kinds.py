"""The kinds of classifiers by name: what each is set by, and the module that fits it.

A module is imported when it fits: `settings` alone are read with ``studies/fig9.yaml``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from paper_lenet.studies.fig9.classifier import Fitted, Sets

_HERE = "paper_lenet.studies.fig9"
Fit = Callable[[Any, Sets, int], Fitted]


@dataclass(frozen=True)
class KindOf:
    """One kind: the module that has it as ``Settings`` and ``fit``, or as a network's passes."""

    module: str
    network: bool = False

    @property
    def settings(self) -> Any:
        """The class of its settings."""
        return import_module(f"{_HERE}.{self.module}").Settings

    @property
    def fit(self) -> Fit:
        """What fits it, if it is no network."""
        fit: Fit = import_module(f"{_HERE}.{self.module}").fit
        return fit


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
}
