"""The trained network as an ONNX file, operation by operation (Section II-B, eqs. 5 to 7).

The graph has the paper's layers by their names, so that a viewer shows C1, S2, ..., F6. It takes
``input``, (N, 1, 32, 32) float32 on the scale that the network was trained with, and gives
``penalties``, (N, 10) float32, and ``answer``, (N,) int64, the class of the least one. ONNX has no
convolution with missing connections: where Table I has none, the kernels of C3 are zeros.

The same weights give the same bytes. The recipe, the seed and the scale, what background and
foreground are to be, are in the file's metadata.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.base.files import write_bytes
from paper_lenet.network.architecture import (
    CLASSES,
    SQUASHING_AMPLITUDE,
    SQUASHING_SLOPE,
    Network,
    codes,
)
from paper_lenet.network.weights import Trained

# Both of 2022: newer runtimes read them, and many older ones.
OPERATIONS, FORMAT = 17, 8
SUFFIX = ".onnx"


class ExportError(PaperLenetError, ValueError):
    """There can be no file of that name."""


def export(path: Path, trained: Trained) -> None:
    """Write the network to `path`; a reader never sees half a file.

    Raises:
        ExportError: the name does not end in ``.onnx``, or its folder is not there.
    """
    if path.suffix != SUFFIX:
        raise ExportError(f"{path}: an ONNX file's name ends in {SUFFIX}")
    if not path.parent.is_dir():
        raise ExportError(f"{path.parent}: there is no such folder")
    write_bytes(path, model(trained))


def model(trained: Trained) -> bytes:
    """The content of the file."""
    network = trained.recipe.network
    graph = _Graph(trained.parameters)
    graph.through(network, trained.recipe.loss.half)
    side = network.input
    made = helper.make_graph(
        graph.nodes,
        "LeNet-5",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["N", 1, side, side])],
        [
            helper.make_tensor_value_info("penalties", TensorProto.FLOAT, ["N", CLASSES]),
            helper.make_tensor_value_info("answer", TensorProto.INT64, ["N"]),
        ],
        graph.constants,
    )
    imports = [helper.make_opsetid("", OPERATIONS)]
    whole = helper.make_model(
        made, producer_name="paper_lenet", opset_imports=imports, ir_version=FORMAT
    )
    scale = json.dumps(dataclasses.asdict(trained.input_scale), sort_keys=True)
    told = {"recipe": trained.recipe.to_json(), "seed": str(trained.seed), "scale": scale}
    helper.set_model_props(whole, told)
    content: bytes = whole.SerializeToString(deterministic=True)
    return content


class _Graph:
    """Operations and constants, in the order in which they are added."""

    def __init__(self, parameters: dict[str, NDArray[np.float32]]) -> None:
        self.parameters = parameters
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, array: Any) -> str:
        """A float32 constant, once."""
        if name not in [each.name for each in self.constants]:
            self.constants.append(numpy_helper.from_array(np.asarray(array, np.float32), name))
        return name

    def weights(self, layer: str) -> list[str]:
        """The names of a layer's weights and biases, added as constants."""
        names = [f"{layer}.weight", f"{layer}.bias"]
        return [self.constant(name, self.parameters[name]) for name in names]

    def add(self, operation: str, inputs: list[str], output: str, **how: Any) -> str:
        """One operation; returns the name of what it gives."""
        self.nodes.append(helper.make_node(operation, inputs, [output], output, **how))
        return output

    def through(self, network: Network, half: bool) -> None:
        """All layers from ``input`` to ``penalties`` and ``answer``."""
        x = self.convolve(network, "C1", "input")
        x = self.subsample(network, "S2", x)
        x = self.convolve(network, "C3", x)
        x = self.subsample(network, "S4", x)
        x = self.convolve(network, "C5", x)
        x = self.add("Flatten", [x], "C5.units")
        if network.output != "targets":
            x = self.squash(network, self.connect("F6", x), "F6")
        if network.output == "softmax":
            self.add("Neg", [self.connect("output", x)], "penalties")
        elif network.output == "targets":
            units = self.squash(network, self.connect("output", x), "units")
            self.distances(units, 2 * np.eye(CLASSES) - 1, half)
        else:
            trained = self.parameters.get("output.codes")
            self.distances(x, codes() if trained is None else trained, half)
        self.add("ArgMin", ["penalties"], "answer", axis=1, keepdims=0)

    def convolve(self, network: Network, name: str, x: str) -> str:
        """C1, C3 or C5."""
        kernels, bias = self.parameters[f"{name}.weight"], self.parameters[f"{name}.bias"]
        if name == "C3":
            kernels = _dense(network, kernels)
        constants = [self.constant(f"{name}.weight", kernels), self.constant(f"{name}.bias", bias)]
        return self.squash(network, self.add("Conv", [x, *constants], f"{name}.total"), name)

    def subsample(self, network: Network, name: str, x: str) -> str:
        """S2 or S4."""
        kind = network.subsampling
        pool = "MaxPool" if kind == "max" else "AveragePool"
        pooled = f"{name}.pooled" if network.trainable_subsampling else name
        x = self.add(pool, [x], pooled, kernel_shape=[2, 2], strides=[2, 2])
        if not network.trainable_subsampling:
            return x
        # One for each map, (maps, 1, 1). The sum is four times the average.
        times = 4.0 if kind == "sum" else 1.0
        coefficient, bias = (
            self.parameters[f"{name}.{role}"][:, None, None] for role in ("coefficient", "bias")
        )
        factor = self.constant(f"{name}.coefficient", times * coefficient)
        x = self.add("Mul", [x, factor], f"{name}.weighted")
        x = self.add("Add", [x, self.constant(f"{name}.bias", bias)], f"{name}.total")
        return self.squash(network, x, name)

    def connect(self, name: str, x: str) -> str:
        """The total inputs of a layer that sees all of x, (N, inputs)."""
        return self.add("Gemm", [x, *self.weights(name)], f"{name}.total", transB=1)

    def squash(self, network: Network, total: str, name: str) -> str:
        """The states `name` of units with these total inputs."""
        if network.squashing == "relu":
            return self.add("Relu", [total], name)
        if network.squashing == "tanh":
            return self.add("Tanh", [total], name)
        slope = self.constant("squashing.S", SQUASHING_SLOPE)
        scaled = self.add("Mul", [total, slope], f"{name}.scaled")
        x = self.add("Tanh", [scaled], f"{name}.tanh")
        return self.add("Mul", [x, self.constant("squashing.A", SQUASHING_AMPLITUDE)], name)

    def distances(self, x: str, targets: Any, half: bool) -> None:
        """The penalties: squared distances of (N, units) from (classes, units), or half of them."""
        axis = numpy_helper.from_array(np.array([1], np.int64), "codes.axis")
        last = numpy_helper.from_array(np.array([2], np.int64), "units.axis")
        self.constants += [axis, last]
        x = self.add("Unsqueeze", [x, "codes.axis"], "output.state")
        x = self.add("Sub", [x, self.constant("output.codes", targets)], "output.difference")
        x = self.add("Mul", [x, x], "output.square")
        if not half:
            self.add("ReduceSum", [x, "units.axis"], "penalties", keepdims=0)
            return
        x = self.add("ReduceSum", [x, "units.axis"], "output.distance", keepdims=0)
        self.add("Mul", [x, self.constant("output.half", 0.5)], "penalties")


def _dense(network: Network, kernels: NDArray[np.float32]) -> NDArray[np.float32]:
    """All kernels of C3, (maps, sources, side, side), zeros where Table I has none."""
    side = kernels.shape[-1]
    result = np.zeros((len(network.table), 6, side, side), np.float32)
    for (map_, source), kernel in zip(network.kernels, kernels, strict=True):
        result[map_, source] = kernel
    return result
