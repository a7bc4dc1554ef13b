"""Short names of the prior's axes and of the groups of statistics, for figures and tables."""

from __future__ import annotations

AXES = {
    "initial.bound": "weights: v of ±v/√F",
    "initial.law": "law of the weights",
    "initial.biases": "initial biases",
    "initial.coefficient_S2": "first coefficient, S2",
    "initial.coefficient_S4": "first coefficient, S4",
    "network.subsampling": "subsampling",
    "loss.equation": "loss: equation",
    "loss.j": "j (under eq. 9)",
    "loss.half": "½ in the penalty",
    "step.output": "2nd derivative at F6",
    "step.memory": "memory of curvature",
    "step.coefficient": "h of a coefficient",
    "presentation.order": "order of patterns",
    "presentation.gain": "gain of the input",
    "presentation.offset": "zero of the input",
}
OPTIONS = {"mean_28": "28×28", "mean_32": "32×32", "background": "ground"}
GROUPS = {
    "passes 1-2": "pass\n1–2",
    "passes 3-20": "pass\n3–20",
    "steps": "steps",
    "coefficients": "coeffi-\ncients",
    "sizes": "sizes",
    "saturation": "satu-\nration",
    "all": "all",
}


def option(text: str) -> str:
    """An option, short enough for a figure."""
    return OPTIONS.get(text, text.replace("_", " "))


def group(key: str) -> str:
    """The name of a group of statistics, on one line."""
    return GROUPS[key].replace("-\n", "").replace("\n", " ")


def axis(key: str) -> str:
    """The name of an axis; one without a name of its own is called by its key."""
    return AXES.get(key, key)
