"""The stage touch: passes that are kept, rounded, and what the page tells."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from drawn import digits

from paper_lenet.base.files import read_json, read_tensors
from paper_lenet.digits.dataset import Data, Scale
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.params import Params, Train
from paper_lenet.network.recipe import Loss, Presentation, Recipe, Step
from paper_lenet.network.rounded import rounded
from paper_lenet.network.weights import Trained, initial_parameters, save
from paper_lenet.pipeline.networks import StageError
from paper_lenet.pipeline.touch import narrow_ones, told, touch
from paper_lenet.results.answers import Answers
from paper_lenet.training.single import train

RECIPE = Recipe(step=Step(eta=((2, 0.0005),), patterns=5), presentation=Presentation(patterns=10))
PARAMS = Params(Data("mnist", (), {}), Scale(), Train("paper", 1, "engine"), {"paper": RECIPE})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("train", "test"):
        digits().save(tmp_path / f"{name}.safetensors")
    trained = train(RECIPE, (digits(), digits()), progress=False).trained
    save(tmp_path / "seed-00.safetensors", trained)
    return tmp_path


def test_passes_are_kept_from_the_first_weights_to_the_trained_ones(folder: Path) -> None:
    touch(PARAMS, folder, folder, folder / "new")
    arrays, steps = read_tensors(folder / "new" / "passes.safetensors", "steps")
    trained = train(RECIPE, (digits(), digits()), progress=False).trained.parameters
    first = initial_parameters(RECIPE, 0)
    assert set(arrays) == set(trained) == set(steps)
    for name, whole in arrays.items():
        assert whole.shape == (3, *trained[name].shape)
        for parameters, kept in ((first, whole[0]), (trained, whole[-1])):
            assert np.abs(kept * steps[name] - parameters[name]).max() <= 0.51 * steps[name], name
    assert not np.array_equal(arrays["F6.weight"][0], arrays["F6.weight"][-1])
    assert 0 < read_json(folder / "new" / "touch.json")["untrained_errors"] <= 10


def test_other_bits_than_the_trained_ones_are_told(folder: Path) -> None:
    save(folder / "seed-00.safetensors", Trained(initial_parameters(RECIPE, 0), RECIPE, 0))
    with pytest.raises(StageError, match="trained again it ends with other bits"):
        touch(PARAMS, folder, folder, folder / "new")
    assert not (folder / "new").exists()


def test_of_large_arrays_fewer_bits_are_kept() -> None:
    parameters = initial_parameters(RECIPE, 0)
    arrays, steps = rounded([parameters, parameters], 12, 8)
    assert arrays["C5.weight"].dtype == np.int8 and np.abs(arrays["C5.weight"]).max() == 127
    assert arrays["C1.weight"].dtype == np.int16 and np.abs(arrays["C1.weight"]).max() == 2047
    assert steps["C1.bias"] == 1.0  # all are zero


def test_denied_and_narrow_digits_are_counted() -> None:
    test = digits()
    penalties = np.full((10, 10), 30.0, np.float32)
    penalties[np.arange(10), np.arange(10)] = [0.1] * 7 + [2.5, 9.0, 9.0]
    penalties[9, 0] = 3.0  # a denied 9 that is nearest to 0
    found = told(Answers(0, test.labels.astype(np.int64), penalties, Loss()), test, test)
    assert found["denied"] == {"right": 2, "wrong": 1}
    strokes = np.zeros((4, 32, 32), np.uint8)
    strokes[:2, 8:24, 12:21] = strokes[2, 8:24, 12:22] = strokes[3, 8:24, 15:17] = 255
    labels = np.array([0, 9, 8, 1], np.uint8)
    wide = Patterns(strokes, labels, test.levels)
    assert narrow_ones(wide).tolist() == [True, True, False, False]
    assert told(Answers(0, labels.astype(np.int64), penalties[labels], Loss()), wide, wide)[
        "narrow"
    ] == {
        "pixels": 9,
        "training_percent": "66.67",
        "test": 2,
        "error_percent": "50.00",
        "all_error_percent": "25.00",
    }
