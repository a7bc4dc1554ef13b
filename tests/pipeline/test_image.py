"""A user's image is brought into the field as MNIST's digits were."""

from __future__ import annotations

import io
import os
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from paper_lenet.digits.dataset import Scale
from paper_lenet.digits.distort import Presentation
from paper_lenet.network.lenet5 import LeNet5
from paper_lenet.network.recipe import Loss, Recipe
from paper_lenet.network.weights import Trained, initial_parameters
from paper_lenet.pipeline import predict as predict_module
from paper_lenet.pipeline.predict import (
    WEIGHTS,
    ImageError,
    as_pattern,
    field,
    find_weights,
    grey_levels,
    predict,
)
from paper_lenet.results.answers import posterior


def drawing(height: int = 60, width: int = 90) -> np.ndarray:
    """A light seven on black, off centre."""
    grey = np.zeros((height, width), np.uint8)
    grey[10:16, 20:50] = 255
    grey[16:50, 40:46] = 200
    return grey


def centre_of_mass(digit: np.ndarray) -> tuple[float, float]:
    mass = digit.astype(float)
    index = np.arange(28)
    return float(mass.sum(1) @ index / mass.sum()), float(mass.sum(0) @ index / mass.sum())


inks = arrays(np.uint8, st.tuples(st.integers(3, 50), st.integers(3, 50)))


def framed(ink: np.ndarray) -> np.ndarray:
    """`ink` with one pixel at full strength, in a frame of background."""
    ink = ink.copy()
    ink[ink.shape[0] // 2, ink.shape[1] // 2] = 255
    return np.pad(ink, 5 + max(ink.shape) // 2)


@settings(max_examples=40, deadline=None)
@given(inks)
def test_polarity_does_not_matter(ink: np.ndarray) -> None:
    grey = framed(ink)
    assert np.array_equal(field(grey_levels(grey)), field(grey_levels(255 - grey)))


@settings(max_examples=40, deadline=None)
@given(inks, st.integers(0, 30), st.integers(0, 30))
def test_place_in_the_image_does_not_matter(ink: np.ndarray, down: int, right: int) -> None:
    grey = framed(ink)
    moved = np.pad(grey, ((down, 0), (right, 0)))
    assert np.array_equal(field(grey_levels(grey)), field(grey_levels(moved)))


@settings(max_examples=40, deadline=None)
@given(inks)
def test_digit_is_centred_by_mass_in_a_box_of_twenty(ink: np.ndarray) -> None:
    digit = field(grey_levels(framed(ink)))
    rows, columns = (np.flatnonzero(digit.any(axis)) for axis in (1, 0))
    assert digit.shape == (28, 28)
    assert digit.max() == 255
    assert max(np.ptp(rows), np.ptp(columns)) < 20
    for centre, used in zip(centre_of_mass(digit), (rows, columns), strict=True):
        # Half a pixel, as in MNIST, unless the box would leave the field.
        assert abs(centre - 14) <= 0.5 + 1e-9 or used[0] == 0 or used[-1] == 27


def test_longer_side_becomes_twenty_and_the_aspect_ratio_is_kept() -> None:
    grey = np.zeros((200, 200))
    grey[50:150, 80:130] = 255.0  # 100 x 50
    digit = field(grey)
    assert np.flatnonzero(digit.any(1)).size == 20
    assert np.flatnonzero(digit.any(0)).size == 10


def test_mnist_like_digit_comes_back_unchanged() -> None:
    """A box of 20 at its place in a field of 28 is not resampled and not moved."""
    grey = np.zeros((28, 28), np.uint8)
    grey[4:24, 9:19] = np.random.default_rng(0).integers(100, 256, (20, 10))
    grey[4, 9] = 255
    digit = field(grey_levels(grey))
    down, right = (int(np.flatnonzero(digit.any(axis))[0]) for axis in (1, 0))
    assert np.array_equal(digit[down : down + 20, right : right + 10], grey[4:24, 9:19])


def test_scaling_up_changes_little() -> None:
    large = np.kron(drawing(), np.ones((5, 5), np.uint8))
    ours, theirs = (field(grey_levels(part)).astype(float) for part in (drawing(), large))
    assert np.abs(ours - theirs).mean() < 2.0


def test_colour_alpha_grey_palette_and_sixteen_bits_give_the_same_field(tmp_path: Path) -> None:
    grey = drawing()
    ink = Image.fromarray(grey)
    clear = Image.new("RGBA", ink.size, (0, 0, 0, 0))
    clear.putalpha(ink)  # black ink on nothing
    white = Image.new("RGBA", ink.size, (255, 255, 255, 0))
    white.putalpha(ink)
    images = {
        "grey.png": ink,
        "colour.png": ink.convert("RGB"),
        "palette.png": ink.convert("P"),
        "dark-on-clear.png": clear,
        "light-on-clear.png": white,
        "sixteen.png": Image.fromarray(grey.astype(np.uint16) * 257),
        "grey.bmp": ink,
    }
    expected = field(grey_levels(grey))
    for name, image in images.items():
        image.save(tmp_path / name)
        assert np.array_equal(field(grey_levels(tmp_path / name)), expected), name


def test_background_noise_is_not_taken_for_ink() -> None:
    noise = np.random.default_rng(1).integers(0, 30, (60, 90))
    noisy = np.clip(drawing().astype(int) + noise, 0, 255)
    difference = field(noisy.astype(float)).astype(float) - field(drawing().astype(float))
    assert np.abs(difference).mean() < 8.0


def test_padding_is_that_of_preprocess() -> None:
    digit = field(grey_levels(drawing()))
    pattern = as_pattern(digit, Scale())
    assert pattern.grey.shape == (1, 32, 32)
    assert np.array_equal(pattern.cropped(28).grey[0], digit)
    assert pattern.levels[0] == np.float32(-0.1) and pattern.levels[255] == np.float32(1.175)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_blank_image_is_refused(level: int) -> None:
    with pytest.raises(ImageError, match="blank"):
        field(np.full((28, 28), float(level)))


def test_fully_transparent_image_is_refused(tmp_path: Path) -> None:
    Image.new("RGBA", (30, 30), (9, 9, 9, 0)).save(tmp_path / "clear.png")
    with pytest.raises(ImageError, match="blank"):
        field(grey_levels(tmp_path / "clear.png"))


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


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_what_is_no_regular_file_is_never_opened(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    with pytest.raises(ImageError, match="not a regular file"):
        grey_levels(path)


def test_a_format_that_is_not_listed_starts_no_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, path = tmp_path / "gs", tmp_path / "photo.png"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    Image.fromarray(drawing()).save(path, "EPS")
    with pytest.raises(ImageError, match="not an image that can be read"):
        grey_levels(path)
    assert not (tmp_path / "started").exists()


@pytest.mark.parametrize("side", [8000, 12_000, 30_000])
def test_more_pixels_than_the_limit_are_refused_before_they_are_unpacked(
    side: int, tmp_path: Path
) -> None:
    path = tmp_path / "bomb.png"
    parts = ((b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)), (b"IDAT", b"no zlib"))
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + b"".join(
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
            for kind, data in parts
        )
    )
    with pytest.raises(ImageError, match="pixels"):
        grey_levels(path)


def test_user_s_own_image_and_array_stay_as_they_are_and_have_the_same_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(predict_module, "LARGE", 500)
    image, grey = Image.fromarray(drawing()), drawing()
    assert np.array_equal(grey_levels(image), grey_levels(grey))
    assert image.size == (90, 60) and np.array_equal(grey, drawing())
    monkeypatch.setattr(predict_module, "PIXELS", 5399)
    for each in (image, grey):
        with pytest.raises(ImageError, match="90 x 60 pixels are more than 5399; make it smaller"):
            grey_levels(each)
    with pytest.raises(ImageError, match="no pixels"):
        grey_levels(np.zeros((0, 4), np.uint8))


@pytest.mark.parametrize(
    ("mode", "suffix"),
    [
        *(("L", "jpg"), ("RGB", "jpg"), ("RGB", "png"), ("RGBA", "png"), ("LA", "png")),
        *(("P", "gif"), ("1", "png"), ("I;16", "png"), ("F", "tiff"), ("RGBA", "webp")),
    ],
)
def test_a_large_image_is_made_smaller_and_shows_the_same(
    mode: str, suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grey = np.kron(drawing(), np.full((8, 8), 1, np.uint8))
    path = tmp_path / f"large.{suffix}"
    wide = Image.fromarray(grey.astype(np.uint16) * 257 if mode == "I;16" else grey)
    image = wide if mode == "I;16" else wide.convert(mode)
    exif = Image.Exif()
    exif[0x0112] = 3  # lies upside down
    image.transpose(Image.Transpose.ROTATE_180).save(
        path, **{"exif": exif} if suffix == "jpg" else {}
    )
    expected = field(grey_levels(image if suffix == "jpg" else path)).astype(float)
    monkeypatch.setattr(predict_module, "LARGE", 20_000)
    smaller = grey_levels(path)
    assert smaller.size <= 20_000
    assert np.abs(field(smaller) - expected).mean() < 8.0


IMAGES = {}
for kind in ("BMP", "GIF", "JPEG", "PNG", "PPM", "TIFF", "WEBP"):
    saved = io.BytesIO()
    Image.fromarray(drawing(24, 24)).save(saved, kind)
    IMAGES[kind] = saved.getvalue()


@pytest.mark.parametrize("kind", IMAGES)
@settings(max_examples=60)
@given(data=st.data())
def test_any_change_of_an_image_is_read_or_refused(
    kind: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    changed = bytearray(IMAGES[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, min(80, len(changed) - 1)))
        changed[place : place + 1] = data.draw(st.binary(max_size=4))
    path = tmp_path_factory.getbasetemp() / f"changed.{kind}"
    path.write_bytes(changed[: data.draw(st.integers(0, 2 * len(changed)))])
    try:
        levels = grey_levels(path)
    except ImageError as error:
        assert str(error)
    else:
        assert levels.ndim == 2 and np.isfinite(levels).all()


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=r"none\.safetensors: there are no such weights"):
        find_weights(tmp_path / "none.safetensors")


def test_posterior_is_that_of_equation_nine() -> None:
    penalties = np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], np.float32)
    terms = np.exp(-np.arange(1, 11))
    shares = posterior(penalties, Loss(equation=9, j=2.0))
    assert shares == pytest.approx(terms / (terms.sum() + np.exp(-2)))
    shares = posterior(penalties, Loss(equation=8))
    assert shares.sum() == pytest.approx(1.0)


def test_posterior_of_far_away_states_is_finite() -> None:
    """With every penalty in the thousands, eq. 9 gives all to the rubbish class."""
    penalties = np.full(10, 5000.0, np.float32)
    assert posterior(penalties, Loss()).max() == 0.0
    assert posterior(penalties, Loss(j=np.inf)) == pytest.approx(np.full(10, 0.1))


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
    pattern = as_pattern(field(grey_levels(drawing())), Scale(0.0, 1.0))
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
