"""The exported network reads the test set as PyTorch's does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime

from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.weights import load
from paper_lenet.pipeline.export import export
from paper_lenet.pipeline.predict import WEIGHTS
from paper_lenet.training.reference import Reference

ROOT = Path(__file__).parents[2]
# Of penalties up to 126. On single digits either is up to 1.1e-4 off what float64 gives.
AGREEMENT = 2e-4


def test_penalties_of_the_whole_test_set_are_those_of_pytorch(
    mnist: tuple[Patterns, Patterns],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    test = mnist[1]
    trained = load(ROOT / WEIGHTS)
    export(tmp_path / "lenet5.onnx", trained)
    session = onnxruntime.InferenceSession(
        tmp_path / "lenet5.onnx", providers=["CPUExecutionProvider"]
    )
    inputs = {"input": test.inputs(slice(None))}
    penalties, answers = session.run(["penalties", "answer"], inputs)
    expected = Reference(trained.recipe, trained.parameters).penalties(test)
    worst = np.abs(penalties - expected).max()
    told = f"{worst:.2e} at most (limit {AGREEMENT:.0e})"
    record_property(f"penalties of ONNX Runtime less PyTorch's, {len(test)} digits", told)
    assert worst < AGREEMENT
    assert np.array_equal(answers, expected.argmin(axis=1))
