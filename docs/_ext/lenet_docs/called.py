"""Networks of tutorials, called by what they are: rows that name one get a column `NETWORK`.

The words are made of ``studies/tutorials.yaml``: framework, squashing, pooling, optimiser, input.
"""

from __future__ import annotations

from pathlib import Path

from paper_lenet.studies.tutorials.spec import Tutorial, read_tutorials

FILE = "studies/tutorials.yaml"
NAME, NETWORK = "tutorial", "network"
FRAMEWORKS = {"keras": "Keras", "torch": "PyTorch", "paper": "This project"}
SQUASHING = {"relu": "ReLU"}
OPTIMISERS = {"rmsprop": "RMSprop", "adam": "Adam", "adam_keras": "Adam", "sgd": "SGD"}
ENLARGED = {"padding": "padded", "resizing": "resized"}
DATA = {"mnist": "MNIST", "fashion-mnist": "Fashion-MNIST"}


def described(tutorial: Tutorial) -> str:
    """A network in the words of whoever has read its code."""
    used = [layer.activation for layer in tutorial.layers if layer.activation != "linear"]
    pools = [layer.layer for layer in tutorial.layers if layer.layer.endswith("_pool")]
    optimiser = OPTIMISERS[tutorial.optimiser.law]
    inputs, side = tutorial.inputs, tutorial.inputs.side
    enlarged = f" ({ENLARGED[inputs.by]})" if side != 28 else ""
    parts = [
        SQUASHING.get(used[0], used[0]),
        "max pool" if pools[0] == "max_pool" else "average pool",
        optimiser + (" with momentum" if tutorial.optimiser.momentum else ""),
        f"{DATA.get(inputs.data, inputs.data)} {side}×{side}{enlarged}",
    ]
    if any(layer.layer == "dropout" for layer in tutorial.layers):
        parts.insert(2, "dropout")
    return f"{FRAMEWORKS[tutorial.initial]}: {', '.join(parts)}"


def called(root: Path, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows as they are, or with what the network of each is, if they name tutorials."""
    if not rows or NAME not in rows[0]:
        return rows
    known = read_tutorials(root / FILE).tutorials
    return [row | {NETWORK: described(known[row[NAME]])} for row in rows]
