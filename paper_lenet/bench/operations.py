"""How many floating-point operations an update needs, from the layer list.

Two for each multiply-accumulate, one multiply-accumulate for each connection that is no bias, in
each direction:

    forward   every connection
    inputs    every connection again, but not in C1, whose input needs no derivatives
    weights   every connection again where there are weights to train; a subsampling unit
              has one product, that of its derivative and its average
    update    every parameter

Squashing functions, the loss and biases are work that the engine does but that does not count, and
so are the kernels of C3 that Table I leaves out and every other padding: the count says what the
network needs, not what an implementation does.
"""

from __future__ import annotations

from paper_lenet.network.architecture import Layer, Network, layers

DIRECTIONS = ("forward", "inputs", "weights", "update")


def operations(network: Network) -> dict[str, dict[str, int]]:
    """Operations of one update by layer and direction."""
    return {layer.name: _of(layer) for layer in layers(network)[1:]}


def total(counts: dict[str, dict[str, int]], *directions: str) -> int:
    """The sum over all layers, in these directions or in all."""
    return sum(layer[way] for layer in counts.values() for way in directions or DIRECTIONS)


def _of(layer: Layer) -> dict[str, int]:
    pooled = layer.kind == "subsampling"
    biases = layer.units if layer.parameters and layer.kind != "output" else 0
    products = layer.connections - biases
    trained = layer.units if pooled else products
    return {
        "forward": 2 * products,
        "inputs": 0 if layer.name == "C1" else 2 * products,
        "weights": 2 * trained if layer.parameters else 0,
        "update": 2 * layer.parameters,
    }
