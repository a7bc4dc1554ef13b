"""A user's image is opened warily, and gives the same grey levels whatever it is kept in."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sketched import drawing

from paper_lenet.digits import image as image_module
from paper_lenet.digits.frame import field
from paper_lenet.digits.image import ImageError, picture


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
    expected = field(picture(grey).grey)
    for name, image in images.items():
        image.save(tmp_path / name)
        assert np.array_equal(field(picture(tmp_path / name).grey), expected), name


@pytest.mark.parametrize("level", [0, 128, 255])
def test_blank_image_is_refused(level: int) -> None:
    with pytest.raises(ImageError, match="blank"):
        field(np.full((28, 28), float(level)))


def test_fully_transparent_image_is_refused(tmp_path: Path) -> None:
    Image.new("RGBA", (30, 30), (9, 9, 9, 0)).save(tmp_path / "clear.png")
    with pytest.raises(ImageError, match="blank"):
        field(picture(tmp_path / "clear.png").grey)


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_what_is_no_regular_file_is_never_opened(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    with pytest.raises(ImageError, match="not a regular file"):
        picture(path)


def test_a_format_that_is_not_listed_starts_no_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, path = tmp_path / "gs", tmp_path / "photo.png"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    Image.fromarray(drawing()).save(path, "EPS")
    with pytest.raises(ImageError, match="not an image that can be read"):
        picture(path)
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
        picture(path)


def test_user_s_own_image_and_array_stay_as_they_are_and_have_the_same_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(image_module, "LARGE", 500)
    image, grey = Image.fromarray(drawing()), drawing()
    assert np.array_equal(picture(image).grey, picture(grey).grey)
    assert image.size == (90, 60) and np.array_equal(grey, drawing())
    monkeypatch.setattr(image_module, "PIXELS", 5399)
    for each in (image, grey):
        with pytest.raises(ImageError, match="90 x 60 pixels are more than 5399; make it smaller"):
            picture(each)
    with pytest.raises(ImageError, match="no pixels"):
        picture(np.zeros((0, 4), np.uint8))


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
    expected = field(picture(image if suffix == "jpg" else path).grey).astype(float)
    monkeypatch.setattr(image_module, "LARGE", 20_000)
    smaller = picture(path).grey
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
        levels = picture(path).grey
    except ImageError as error:
        assert str(error)
    else:
        assert levels.ndim == 2 and np.isfinite(levels).all()
