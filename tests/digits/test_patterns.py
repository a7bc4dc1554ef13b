"""Files of patterns: the same bytes, and one line for what is none."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn import digits
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from safetensors.numpy import save_file

from paper_lenet.digits.dataset import Scale
from paper_lenet.digits.patterns import Patterns, PatternsError, ScaleError, grey_scale


def test_patterns_come_back_as_they_were(tmp_path: Path) -> None:
    path, again = tmp_path / "deep" / "a", tmp_path / "again"
    digits().save(path)
    back = Patterns.load(path)
    for one, other in ((back.grey, digits().grey), (back.labels, digits().labels)):
        assert one.dtype == np.uint8 and np.array_equal(one, other)
    assert back.levels.dtype == np.float32 and np.array_equal(back.levels, digits().levels)
    back.save(again)
    assert again.read_bytes() == path.read_bytes()


def test_what_is_no_file_of_patterns_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "test.safetensors"
    with pytest.raises(PatternsError, match=r"test\.safetensors: no patterns .* stage preprocess"):
        Patterns.load(path)
    digits().save(path)
    whole = path.read_bytes()
    save_file({"grey": digits().grey}, path)
    others = path.read_bytes()
    for content in (whole[:-100], whole[:50], b"", b"no arrays", others):
        path.write_bytes(content)
        with pytest.raises(PatternsError, match="no patterns") as told:
            Patterns.load(path)
        assert str(told.value).startswith(f"{path}: ")
        assert "\n" not in str(told.value)


ARRAYS = {"grey": digits().grey, "labels": digits().labels, "levels": digits().levels}
SPOILT = {
    "fewer labels": {"labels": ARRAYS["labels"][:9]},
    "labels in a table": {"labels": ARRAYS["labels"][:, None]},
    "no row of labels": {"labels": np.array(3, np.uint8)},
    "signed labels": {"labels": ARRAYS["labels"].astype(np.int8)},
    "a label of ten": {"labels": ARRAYS["labels"] + np.uint8(1)},
    "wider grey levels": {"grey": ARRAYS["grey"].astype(np.int64)},
    "fields that are not square": {"grey": ARRAYS["grey"][:, :, :31]},
    "pixels in a row": {"grey": ARRAYS["grey"].reshape(10, -1)},
    "channels": {"grey": ARRAYS["grey"][..., None]},
    "fewer levels": {"levels": ARRAYS["levels"][:255]},
    "levels of another kind": {"levels": ARRAYS["levels"].astype(np.float64)},
    "a level that is not finite": {"levels": np.full(256, np.nan, np.float32)},
    "a level that is infinite": {"levels": np.full(256, -np.inf, np.float32)},
}


@pytest.mark.parametrize("spoilt", SPOILT.values(), ids=SPOILT)
def test_arrays_that_do_not_belong_together_are_no_patterns(
    tmp_path: Path, spoilt: dict[str, NDArray[Any]]
) -> None:
    path = tmp_path / "test.safetensors"
    with pytest.raises(PatternsError, match=r"labels|grey|levels"):
        Patterns(**{**ARRAYS, **spoilt})
    save_file({name: part.copy() for name, part in {**ARRAYS, **spoilt}.items()}, path)
    with pytest.raises(PatternsError, match=r"test\.safetensors: no patterns .* stage preprocess"):
        Patterns.load(path)


@settings(max_examples=60)
@given(st.data())
def test_a_damaged_file_is_told_or_holds_patterns(data: st.DataObject) -> None:
    """Cut, or with some bytes changed, mostly in the header."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        digits().subset(slice(2)).save(path)
        whole = path.read_bytes()
        place = data.draw(st.integers(0, 300) | st.integers(0, len(whole) - 1))
        changed = data.draw(st.none() | st.binary(min_size=1, max_size=4))
        rest = b"" if changed is None else changed + whole[place + len(changed) :]
        path.write_bytes(whole[:place] + rest)
        try:
            found = Patterns.load(path)
        except PatternsError as error:
            assert str(error).startswith(f"{path}: ")
        else:
            assert len(found.grey) == len(found.labels) and found.labels.max(initial=0) < 10
            assert np.isfinite(found.levels).all()


IMAGES = np.arange(3 * 28 * 28, dtype=np.uint64).astype(np.uint8).reshape(3, 28, 28)


def test_images_of_ones_own_are_padded_as_the_stage_pads():
    made = Patterns.from_images(IMAGES, [3, 1, 4])
    assert np.array_equal(made.cropped(28).grey, IMAGES)
    assert made.grey.shape == (3, 32, 32) and made.grey.sum() == IMAGES.sum()
    assert made.labels.dtype == np.uint8 and made.labels.tolist() == [3, 1, 4]
    assert np.array_equal(made.levels, grey_scale(-0.1, 1.175))
    assert made.scale == Scale() and repr(made) == "Patterns(3 of 32 x 32, inputs -0.1 to 1.175)"
    assert Patterns.from_images(IMAGES, [3, 1, 4], Scale(0, 1)).scale == Scale(0, 1)


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (IMAGES / 255, [0, 1, 2], r"^images: float64 \(3, 28, 28\) is not uint8 \(3, 28, 28\), an"),
        (IMAGES[:2], [0, 1, 2], r"^images: uint8 \(2, 28, 28\) is not uint8 \(3, 28, 28\)"),
        (IMAGES[..., None], [0, 1, 2], r"^images: uint8 \(3, 28, 28, 1\) is not"),
        (IMAGES, [0.0, 1.0, 2.0], r"^labels: float64 \(3,\) is not whole numbers \(N,\)"),
        (IMAGES, np.eye(3, dtype=int), r"^labels: int64 \(3, 3\) is not whole numbers"),
        (IMAGES, 3, r"^labels: int64 \(\) is not whole numbers"),
        (IMAGES, [0, 1, 10], "^labels are 0 to 9, but one is 10"),
        (IMAGES, [0, -1, 1], "^labels are 0 to 9, but one is -1"),
        (IMAGES, [0, 256, 1], "^labels are 0 to 9, but one is 256"),
    ],
)
def test_arrays_that_are_no_images_with_labels_are_refused(images, labels, message):
    with pytest.raises(PatternsError, match=message):
        Patterns.from_images(images, labels)


def test_levels_that_lie_on_no_line_are_no_scale():
    made = Patterns.from_images(IMAGES, [3, 1, 4])
    with pytest.raises(ScaleError, match="do not lie on a line"):
        _ = replace(made, levels=made.levels**2).scale


def test_a_field_cannot_be_cut_from_a_smaller_one():
    with pytest.raises(PatternsError, match=r"^fields of 40 x 40 cannot be cut from 32 x 32"):
        Patterns.from_images(IMAGES, [3, 1, 4]).cropped(40)
