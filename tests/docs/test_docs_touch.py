"""What the page "Touch it" is given: packed weights and digits. tests/browser runs the page."""

from __future__ import annotations

import base64
import json
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper_lenet.base.files import read_csv
from paper_lenet.network.architecture import Network, codes
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import Trained, initial_parameters, load, save
from paper_lenet.pipeline import predict

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "docs" / "_ext"))

from lenet_docs import measured, packed, touch_data, touch_small  # noqa: E402


def opened(text: str) -> bytes:
    """What `packed.runs` packed."""
    found, result = iter(base64.b64decode(text)), bytearray()
    for byte in found:
        result += bytes([byte]) if byte else bytes(next(found))
    return bytes(result)


@given(st.binary(max_size=50), st.integers(0, 1000), st.binary(max_size=50))
def test_runs_of_zeros_come_back(first: bytes, zeros: int, last: bytes) -> None:
    pixels = first + bytes(zeros) + last
    assert opened(packed.runs(pixels)) == pixels


def test_a_weight_is_off_by_half_a_step_at_most() -> None:
    weights = load(ROOT / predict.WEIGHTS).parameters["C5.weight"]
    step, text = packed.fixed_point(weights)
    three = np.frombuffer(base64.b64decode(text), np.uint8).reshape(-1, 3)
    four = np.concatenate([np.zeros((len(three), 1), np.uint8), three], axis=1)
    whole = four.copy().view("<i4").ravel() >> 8
    assert whole.max() - whole.min() < 2**packed.BITS
    assert np.abs(whole).max() == 2 ** (packed.BITS - 1) - 1
    assert np.abs(whole * step - weights.ravel()).max() <= step / 2 * (1 + 1e-9)


def test_the_script_has_the_network_that_predict_asks() -> None:
    script = touch_data.made(ROOT)
    tree = json.loads(script.removeprefix("window.lenet = {data: ").removesuffix("};\n"))
    trained = load(predict.find_weights(None))
    assert tree["seed"] == trained.seed
    assert set(tree["parameters"]) == set(trained.parameters)
    assert [[1 if mark == "#" else -1 for mark in code] for code in tree["codes"]] == codes()
    shown = tree["digits"]["shown"]
    assert len(opened(tree["digits"]["pixels"])) == len(shown) * 28 * 28
    assert {bool(times) for _, _, times in shown} == {True, False}
    assert len(tree["curve"]["test"]) == len(tree["curve"]["training"]) + 1 == 21
    assert tree["curve"]["test"][0] > 50 > tree["curve"]["test"][-1]


@pytest.mark.parametrize("kind", [np.int8, np.int16])
def test_sets_of_weights_come_back(kind: type) -> None:
    """Differences that do not fit wrap, and so do their sums."""
    most = np.iinfo(kind).max
    first = np.array([[[most, -most]], [[-most, most]], [[0, 5]]], kind)
    tree = packed.sets({"a": first, "b": first[:, :, :1]}, {"a": 0.5, "b": 2.0})
    whole = np.frombuffer(zlib.decompress(base64.b64decode(tree["text"])), kind)
    assert tree["count"] == 3
    assert [each["size"] for each in tree["arrays"]] == [2, 1]
    assert [each["step"] for each in tree["arrays"]] == [0.5, 2.0]
    found = np.cumsum(whole[:6].reshape(3, 1, 2), axis=0, dtype=kind)
    assert np.array_equal(found, first)
    assert tree["arrays"][1]["bits"] == 8 * first.itemsize


def test_what_is_fetched_is_the_passes_the_network_of_1998_and_small_ones() -> None:
    found = touch_data.fetched(ROOT)
    assert list(found) == ["passes", "revived", "classifiers"]
    for name, script in found.items():
        tree = json.loads(script.removeprefix(f"lenet.fetched.{name}(").removesuffix(");\n"))
        assert tree["count"] == {"passes": 21, "revived": 1, "classifiers": 1}[name]
        small = sum(int(row["parameters"]) for row in read_csv(ROOT / touch_small.TABLE))
        numbers = small if name == "classifiers" else 60_000
        assert sum(each["size"] for each in tree["arrays"]) == numbers


def test_another_network_stops_the_build(tmp_path: Path) -> None:
    recipe = Recipe(network=Network(subsampling="max"))
    other = Trained(initial_parameters(recipe, 0), recipe, 0)
    save(tmp_path / predict.WEIGHTS, other)
    with pytest.raises(measured.ResultError, match="the page touch shows the paper's network"):
        touch_data.made(tmp_path)
