"""MNIST's own digits, drawn anew as a user's images would be, get the answers they had."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from paper_lenet.digits.dataset import Scale
from paper_lenet.digits.idx import read_idx
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.params import read_params
from paper_lenet.network.protocol import Execution
from paper_lenet.network.weights import load
from paper_lenet.pipeline.predict import as_pattern, field, find_weights, grey_levels, predict
from paper_lenet.training.execution import execution

ROOT = Path(__file__).parents[2]
COUNT = 300


@pytest.fixture(scope="module")
def digits(raw: Path) -> NDArray[np.uint8]:
    """The first test digits, (COUNT, 28, 28)."""
    return read_idx(raw / "t10k-images-idx3-ubyte")[:COUNT]


@pytest.fixture(scope="module")
def trainer() -> str:
    return read_params(ROOT / "params.yaml").train.trainer


@pytest.fixture(scope="module")
def network(trainer: str) -> Execution:
    trained = load(find_weights(None))
    return execution(trainer, trained.recipe, trained.parameters)


def answers(network: Execution, fields: list[NDArray[np.uint8]]) -> NDArray[np.int64]:
    levels = as_pattern(fields[0], Scale()).levels
    grey = np.pad(np.stack(fields), ((0, 0), (2, 2), (2, 2)))
    return network.penalties(Patterns(grey, np.zeros(len(fields), np.uint8), levels)).argmin(1)


def test_field_of_an_mnist_digit_is_nearly_itself(digits: NDArray[np.uint8]) -> None:
    """The box and the centring are MNIST's: only its faintest edges are cut."""
    fields = np.stack([field(grey_levels(digit)) for digit in digits]).astype(float)
    assert np.abs(fields - digits).mean() < 1.0


@pytest.mark.parametrize(
    ("side", "inverted"), [(28, False), (28, True), (23, True), (64, False), (150, True)]
)
def test_size_and_polarity_hardly_change_the_answer(
    side: int, inverted: bool, digits: NDArray[np.uint8], network: Execution
) -> None:
    drawn = []
    for digit in digits:
        image = Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC)
        grey = np.asarray(image)
        drawn.append(field(grey_levels(255 - grey if inverted else grey)))
    same = answers(network, drawn) == answers(network, list(digits))
    assert same.mean() > 0.96


def test_predict_gives_the_networks_own_answer(
    digits: NDArray[np.uint8], network: Execution, trainer: str, tmp_path: Path
) -> None:
    Image.fromarray(255 - digits[0]).resize((140, 140)).save(tmp_path / "digit.png")
    prediction = predict(tmp_path / "digit.png", trainer=trainer)
    assert prediction.answer == answers(network, [digits[0]])[0]
    assert prediction.confidence > 0.5
