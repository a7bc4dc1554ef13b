"""What is said of an image: lines for people, JSON for programs, a drawing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from paper_lenet.digits.image import Picture
from paper_lenet.figures import read
from paper_lenet.pipeline import predicted
from paper_lenet.results.reading import Prediction

DIGIT = Prediction(
    answer=7,
    penalties=np.array([30, 20, 18.25, 15, 40, 41, 42, 0.5, 43, 14], np.float32),
    confidence=0.8175,
    among_digits=0.99999,
    rubbish=0.1825,
    unsure=False,
    box=(10, 20, 60, 100),
    dark=True,
    field=np.full((28, 28), 9, np.uint8),
)
UNSURE = replace(DIGIT, unsure=True, box=(70, 20, 120, 100), dark=False)
SAID = "7  (100.0% among the digits; no digit at all: 18.2%)"
PATH = Path("photo.jpg")


def test_one_digit_is_said_with_its_penalties_below() -> None:
    answer, classes, penalties = predicted.lines(PATH, [DIGIT])
    assert answer == f"photo.jpg: {SAID}"
    assert classes.split() == ["class", *map(str, range(10))]
    assert penalties.split() == ["penalty", *(f"{each:.2f}" for each in DIGIT.penalties)]
    for number in range(10):  # right below each other
        assert classes[13 + 7 * number : 20 + 7 * number].strip() == str(number)
        assert float(penalties[13 + 7 * number : 20 + 7 * number]) == pytest.approx(
            DIGIT.penalties[number], abs=0.005
        )


def test_an_unsure_answer_names_the_two_likeliest() -> None:
    assert predicted.said(UNSURE).startswith("unsure, 7 or 9  (")


def test_several_digits_are_counted_and_placed() -> None:
    first, *rest = predicted.lines(PATH, [DIGIT, UNSURE])
    assert first == "photo.jpg: 2 digits"
    assert len(rest) == 6
    assert rest[0] == f"  {SAID}, at 10,20 to 60,100"
    assert rest[3].startswith("  unsure, 7 or 9") and rest[3].endswith(", at 70,20 to 120,100")


def test_a_name_is_one_line_whatever_is_in_it() -> None:
    for digits in ([DIGIT], [DIGIT, UNSURE]):
        assert all("\n" not in line for line in predicted.lines(Path("a\nb.png"), digits))


def test_json_has_all_that_is_known_of_each_digit() -> None:
    tree = json.loads(json.dumps(predicted.tree(PATH, Path("w.safetensors"), [DIGIT, UNSURE])))
    assert (tree["image"], tree["weights"]) == ("photo.jpg", "w.safetensors")
    one, two = tree["digits"]
    assert one == {
        "answer": 7,
        "unsure": False,
        "among_digits": DIGIT.among_digits,
        "rubbish": DIGIT.rubbish,
        "confidence": DIGIT.confidence,
        "penalties": DIGIT.penalties.tolist(),
        "box": [10, 20, 60, 100],
        "ink": "dark",
    }
    assert (two["unsure"], two["box"], two["ink"]) == (True, [70, 20, 120, 100], "light")


def test_boxes_are_drawn_as_shares_of_the_image_and_titles_are_what_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The picture is a third as large as the image, in whose pixels the boxes are."""
    written = []
    monkeypatch.setattr(read, "write", lambda *arguments: written.append(arguments))
    grey = np.full((40, 50), 200.0)
    predicted.show(tmp_path / "seen.png", Picture(grey, 3.0), [DIGIT, UNSURE])
    ((path, shown, digits),) = written
    assert path == tmp_path / "seen.png" and shown is grey
    assert [each.title for each in digits] == [predicted.said(each) for each in (DIGIT, UNSURE)]
    assert digits[0].box == pytest.approx((10 / 150, 20 / 120, 60 / 150, 100 / 120))
    assert digits[0].field is DIGIT.field and digits[0].penalties is DIGIT.penalties


def test_a_drawing_is_written(tmp_path: Path) -> None:
    predicted.show(tmp_path / "seen.png", Picture(np.full((120, 150), 200.0), 1.0), [DIGIT])
    with Image.open(tmp_path / "seen.png") as image:
        assert image.format == "PNG" and min(image.size) > 500
