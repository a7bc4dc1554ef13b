"""Figs. 11 and 12: multiply-accumulates and stored variables, counted from the list of layers.

Fig. 11's number for LeNet-5 is none of the text's counts. What may have been counted stands in
``costs.csv``. Multiplications leave out the biases, and take a subsampling unit's four inputs as
added before the one multiplication by their coefficient.
"""

from __future__ import annotations

from functools import partial

from paper_lenet.base.files import write_csv, write_json
from paper_lenet.figures import draw
from paper_lenet.network.architecture import layers
from paper_lenet.paper import classifiers
from paper_lenet.studies.study import Folders

NAME = "LeNet-5"


def analyse(folders: Folders) -> None:
    """Write ``costs.csv`` and ``costs.json``, and draw ``fig11`` and ``fig12``."""
    results = folders.results()
    printed = next(each for each in classifiers.CLASSIFIERS if each.name == NAME)
    found = counts()
    rows = [(what, number, printed.operations or "") for what, number in found.items()]
    write_csv(results / "costs.csv", ("what", "count", "fig11_thousands"), rows)
    tree = {
        "connections": found["connections"],
        "parameters": found["parameters"],
        "connections_and_parameters": found["connections and parameters"],
        "multiplications": found["multiplications"],
    }
    write_json(results / "costs.json", tree)
    drawings = {}
    for name, column, label, ours in (
        ("fig11", "operations", "multiply-accumulates, thousands", found["connections"]),
        ("fig12", "variables", "stored variables, thousands", found["parameters"]),
    ):
        bars = [
            (each.name, getattr(each, column), "paper")
            for each in classifiers.CLASSIFIERS
            if getattr(each, column) is not None
        ]
        bars.append((f"{NAME}, ours", ours / 1000, "ours"))
        drawings[name] = partial(draw.bars, bars, label, logarithmic=True)
    draw.write(folders.figures, drawings)


def counts() -> dict[str, int]:
    """What may be counted of the network for one digit."""
    listed = layers()
    connections = sum(layer.connections for layer in listed)
    parameters = sum(layer.parameters for layer in listed)
    trained = [layer for layer in listed if layer.kind != "input"]
    biases = sum(layer.units for layer in trained if layer.kind != "output")
    # Of a subsampling unit's five connections four are additions, and one multiplication follows.
    pooled = sum(4 * layer.units for layer in trained if layer.kind == "subsampling")
    subsampling = sum(layer.units for layer in trained if layer.kind == "subsampling")
    return {
        "connections": connections,
        "parameters": parameters,
        "connections and parameters": connections + parameters,
        "multiplications": connections - biases - pooled + subsampling,
    }
