"""Stage ``preprocess``: padding, the scale of the inputs, and the claim of Section II-B."""

from __future__ import annotations

import json
import math
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from paper_lenet.base.declared import build
from paper_lenet.base.errors import RecipeError
from paper_lenet.digits.dataset import Data, Scale
from paper_lenet.digits.idx import IdxError, write_idx
from paper_lenet.digits.mnist import TEST, TRAIN
from paper_lenet.digits.patterns import Patterns, ScaleError, grey_scale, pad
from paper_lenet.digits.preprocess import compare, moments, preprocess
from paper_lenet.network.params import read_params
from paper_lenet.paper import numbers


def noise(*shape: int, levels: int = 256) -> np.ndarray:
    return np.random.default_rng(0).integers(0, levels, shape, np.uint8)


def patterns(images: np.ndarray, background: float = -0.1, foreground: float = 1.175) -> Patterns:
    labels = np.zeros(len(images), np.uint8)
    return Patterns(pad(images), labels, grey_scale(background, foreground))


@pytest.fixture
def raw(tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    for (images, labels), count in ((TRAIN, 5), (TEST, 4)):
        write_idx(folder / images, noise(count, 28, 28))
        write_idx(folder / labels, noise(count, levels=10))
    return folder


@given(images=arrays(np.uint8, st.tuples(st.integers(1, 3), st.just(28), st.just(28))))
def test_the_field_is_the_digit_with_two_pixels_of_background_around_it(images):
    field = pad(images)
    assert field.shape == (len(images), 32, 32) and field.dtype == np.uint8
    assert np.array_equal(field[:, 2:30, 2:30], images)
    assert field.sum(dtype=np.int64) == images.sum(dtype=np.int64)


def test_background_and_foreground_are_the_papers():
    images = np.zeros((1, 28, 28), np.uint8)
    images[0, 3, 4] = 255
    inputs = patterns(images, **vars(Scale())).inputs(slice(None))
    assert inputs.shape == (1, 1, 32, 32) and inputs.dtype == np.float32
    assert inputs[0, 0, 5, 6] == np.float32(numbers.FOREGROUND.value)
    inputs[0, 0, 5, 6] = numbers.BACKGROUND.value
    assert (inputs == np.float32(numbers.BACKGROUND.value)).all()


def test_moments_are_exact():
    few = patterns(noise(2, 28, 28))
    pixels = [Fraction(float(value)) for value in few.inputs(slice(None)).ravel()]
    mean = sum(pixels) / len(pixels)
    assert moments(few) == (mean, sum((pixel - mean) ** 2 for pixel in pixels) / len(pixels))


def test_moments_agree_with_numpy():
    many = patterns(noise(300, 28, 28))
    inputs = many.inputs(slice(None)).astype(np.float64)
    mean, variance = moments(many)
    assert float(mean) == pytest.approx(inputs.mean(), rel=1e-12)
    assert float(variance) == pytest.approx(inputs.var(), rel=1e-12)


def test_the_claim_can_hold_and_can_fail():
    halves = np.zeros((2, 28, 28), np.uint8)
    halves[1] = 255
    found = compare(patterns(halves, -1.0, 1.0))
    assert found["field_28"] == {
        "mean": 0.0,
        "mean_holds": True,
        "variance": 1.0,
        "variance_holds": True,
    }
    assert not found["field_32"]["mean_holds"]
    found = compare(patterns(halves, 0.85, 3.0))
    assert found["field_32"]["mean_holds"] is False
    assert found["field_28"]["variance_holds"] is False


def test_the_stage_writes_both_sets_and_the_claim_beside_the_measurement(raw, tmp_path):
    report = tmp_path / "results" / "preprocess.json"
    preprocess(raw, tmp_path / "processed", report, Scale())
    names = {path.name for path in (tmp_path / "processed").iterdir()}
    assert names == {"train.safetensors", "test.safetensors"}
    train = Patterns.load(tmp_path / "processed" / "train.safetensors")
    images = np.frombuffer((raw / TRAIN[0]).read_bytes()[16:], np.uint8).reshape(5, 28, 28)
    assert np.array_equal(train.cropped(28).grey, images)
    assert train.labels.tobytes() == (raw / TRAIN[1]).read_bytes()[8:]
    assert np.array_equal(train.levels, grey_scale(-0.1, 1.175))
    found = json.loads(report.read_text())
    assert found["patterns"] == {"train": 5, "test": 4}
    assert found["paper"]["variance"] == numbers.INPUT_VARIANCE.value
    assert found["paper"]["place"] == "Section II-B, p. 2284"
    assert found["field_32"]["mean"] == float(f"{float(moments(train)[0]):.9g}")


def test_the_stage_writes_the_same_bytes_again(raw, tmp_path):
    written = []
    for name in ("first", "second"):
        folder = tmp_path / name
        preprocess(raw, folder / "processed", folder / "preprocess.json", Scale())
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        written.append([path.read_bytes() for path in files])
    assert len(written[0]) == 3 and written[0] == written[1]


def test_other_scales_change_the_levels_alone(raw, tmp_path):
    for name, scale in (("paper", Scale()), ("plain", Scale(0.0, 1.0))):
        preprocess(raw, tmp_path / name, tmp_path / f"{name}.json", scale)
    plain, paper_ = (Patterns.load(tmp_path / k / "test.safetensors") for k in ("plain", "paper"))
    assert np.array_equal(plain.grey, paper_.grey)
    assert np.array_equal(plain.levels, (np.arange(256) / 255).astype(np.float32))


def test_malformed_files_stop_the_stage_before_it_writes(raw, tmp_path):
    (raw / TEST[1]).write_bytes((raw / TEST[1]).read_bytes()[:-1])
    with pytest.raises(IdxError, match=f"{TEST[1]}: truncated"):
        preprocess(raw, tmp_path / "processed", tmp_path / "preprocess.json", Scale())
    assert not (tmp_path / "processed").exists() and not (tmp_path / "preprocess.json").exists()


@pytest.mark.parametrize(
    "ends", [(math.inf, 1.0), (0.0, -math.inf), (math.nan, 1.0), (0.0, 1e39), (-1e308, 1e308)]
)
def test_a_scale_that_is_not_finite_is_refused_before_anything_is_replaced(ends):
    with pytest.raises(RecipeError, match=r"ground: .*(is not between|not a number)"):
        Scale(*ends)
    with pytest.raises(ScaleError, match="are not finite"):
        grey_scale(*ends)


@pytest.mark.parametrize("key", ["background", "foreground"])
@pytest.mark.parametrize("value", [".inf", "-.inf", ".nan", "1.0e+39"])
def test_the_parameters_refuse_it_by_its_key(tmp_path, key, value):
    committed = (Path(__file__).parents[2] / "params.yaml").read_text(encoding="utf-8")
    changed = re.sub(f"(?m)^  {key}: .*", f"  {key}: {value}", committed)
    (tmp_path / "params.yaml").write_text(changed, encoding="utf-8")
    with pytest.raises(RecipeError, match=f"^preprocess.{key}: "):
        read_params(tmp_path / "params.yaml")


def test_the_docs_parameters_for_fashion_mnist_name_another_set_of_the_same_files():
    page = (Path(__file__).parents[2] / "docs/fashion-mnist.md").read_text(encoding="utf-8")
    block = page.split("```yaml\n")[1].split("```")[0]
    data = build(Data, yaml.safe_load(block)["data"], "data")
    assert set(data.sha256) == {*TRAIN, *TEST}
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in data.sha256.values())
    assert data.name == "fashion-mnist"
