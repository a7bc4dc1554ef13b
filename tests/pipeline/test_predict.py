"""MNIST's own digits, drawn anew as a user's images would be, get the answers they had."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from sketched import drawing

from paper_lenet.digits.dataset import Scale
from paper_lenet.digits.distort import Presentation
from paper_lenet.digits.frame import field
from paper_lenet.digits.idx import read_idx
from paper_lenet.digits.image import ImageError, picture
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.network.lenet5 import LeNet5
from paper_lenet.network.params import read_params
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import Trained, initial_parameters
from paper_lenet.pipeline.predict import WEIGHTS, find_weights, predict, reader
from paper_lenet.results.answers import posterior
from paper_lenet.results.reading import Reader

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
def network(trainer: str) -> Reader:
    return reader(None, trainer)


def answers(network: Reader, fields: list[NDArray[np.uint8]]) -> NDArray[np.int64]:
    return network.penalties(np.stack(fields)).argmin(axis=1)


def test_field_of_an_mnist_digit_is_nearly_itself(digits: NDArray[np.uint8]) -> None:
    """The box and the centring are MNIST's: only its faintest edges are cut."""
    fields = np.stack([field(picture(digit).grey) for digit in digits]).astype(float)
    assert np.abs(fields - digits).mean() < 1.0


@pytest.mark.parametrize(
    ("side", "inverted"), [(28, False), (28, True), (23, True), (64, False), (150, True)]
)
def test_size_and_polarity_hardly_change_the_answer(
    side: int, inverted: bool, digits: NDArray[np.uint8], network: Reader
) -> None:
    drawn = []
    for digit in digits:
        image = Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC)
        grey = np.asarray(image)
        drawn.append(field(picture(255 - grey if inverted else grey).grey))
    same = answers(network, drawn) == answers(network, list(digits))
    assert same.mean() > 0.96


def test_predict_gives_the_networks_own_answer(
    digits: NDArray[np.uint8], network: Reader, trainer: str, tmp_path: Path
) -> None:
    Image.fromarray(255 - digits[0]).resize((140, 140)).save(tmp_path / "digit.png")
    prediction = predict(tmp_path / "digit.png", trainer=trainer)
    assert prediction.answer == answers(network, [digits[0]])[0]
    assert prediction.confidence > 0.5


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=r"none\.safetensors: there are no such weights"):
        find_weights(tmp_path / "none.safetensors")


def test_weights_of_the_package_are_found_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_weights(None).samefile(Path(__file__).parents[2] / WEIGHTS)


def test_predict_gives_the_inputs_that_the_network_was_trained_on() -> None:
    trained = Trained(initial_parameters(Recipe(), 0), Recipe(), 0, Scale(0.0, 1.0))
    own = replace(Recipe(), presentation=Presentation(scale=(0.0, 1.0)))
    found, same, other = (
        predict(drawing(), each, trainer="reference").penalties
        for each in (trained, trained._replace(recipe=own), trained._replace(scale=Scale()))
    )
    assert np.array_equal(found, same)
    assert not np.array_equal(found, other)
    grey = np.pad(field(picture(drawing()).grey), 2)[None]
    pattern = Patterns(grey, np.zeros(1, np.uint8), grey_scale(0.0, 1.0))
    network = LeNet5.from_parameters(trained.parameters)
    with torch.no_grad():
        expected = network(torch.from_numpy(pattern.inputs(slice(None))))[0].numpy()
    assert found == pytest.approx(expected, rel=1e-5)


def test_predict_answers_with_the_smallest_penalty() -> None:
    recipe = Recipe()
    trained = Trained(initial_parameters(recipe, 0), recipe, 0)
    prediction = predict(drawing(), trained, trainer="reference")
    assert prediction.penalties.shape == (10,)
    assert prediction.answer == prediction.penalties.argmin()
    shares = posterior(prediction.penalties, recipe.loss)
    assert prediction.confidence == shares[prediction.answer] == shares.max()


def test_missing_and_unreadable_images_are_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    Image.fromarray(drawing()).save(broken)
    broken.write_bytes(broken.read_bytes()[:60])
    text = tmp_path / "digit.txt"
    text.write_text("seven")
    trained = Trained(initial_parameters(Recipe(), 0), Recipe(), 0)
    with pytest.raises(ImageError, match=r"none\.png: there is no such file"):
        predict(tmp_path / "none.png", trained)
    for path in (broken, text, tmp_path):
        with pytest.raises(ImageError, match=f"{path.name}: not an image that can be read"):
            predict(path, trained)
