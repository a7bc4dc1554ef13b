"""What the command ``predict`` says of an image: lines, JSON, a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from paper_lenet.base.errors import one_line
from paper_lenet.digits.image import Picture
from paper_lenet.results.reading import Prediction


def lines(path: Path, digits: Sequence[Prediction]) -> list[str]:
    """The answers as text: a line for each digit, and its penalties below."""
    name, result = one_line(str(path)), []
    if len(digits) > 1:
        result.append(f"{name}: {len(digits)} digits")
    for digit in digits:
        if len(digits) == 1:
            result.append(f"{name}: {said(digit)}")
        else:
            left, top, right, bottom = digit.box
            result.append(f"  {said(digit)}, at {left},{top} to {right},{bottom}")
        result.append("    class    " + "".join(f"{number:7d}" for number in range(10)))
        result.append("    penalty  " + "".join(f"{each:7.2f}" for each in digit.penalties))
    return result


def said(digit: Prediction) -> str:
    """The answer in words: ``7  (99.9% among the digits; no digit at all: 12.3%)``."""
    shares = f"({digit.among_digits:.1%} among the digits; no digit at all: {digit.rubbish:.1%})"
    if not digit.unsure:
        return f"{digit.answer}  {shares}"
    second = int(digit.penalties.argsort(kind="stable")[1])
    return f"unsure, {digit.answer} or {second}  {shares}"


def tree(path: Path, weights: Path, digits: Sequence[Prediction]) -> dict[str, Any]:
    """The answers as they stand in JSON."""
    return {
        "image": str(path),
        "weights": str(weights),
        "digits": [
            {
                "answer": digit.answer,
                "unsure": digit.unsure,
                "among_digits": digit.among_digits,
                "rubbish": digit.rubbish,
                "confidence": digit.confidence,
                "penalties": digit.penalties.tolist(),
                "box": digit.box,
                "ink": "dark" if digit.dark else "light",
            }
            for digit in digits
        ],
    }


def check(path: Path, images: Sequence[Path]) -> None:
    """See, before anything is read, that what is seen in `images` can be drawn into `path`.

    Raises:
        ShownError: there are several, or it is one of them, or no PNG or SVG by its name.
    """
    from paper_lenet.figures import read

    if len(images) > 1:
        raise read.ShownError("--show draws one image; name one alone")
    read.checked(path)
    if path.exists() and images[0].exists() and path.samefile(images[0]):
        raise read.ShownError(f"{path}: --show would write over the image itself")


def show(path: Path, picture: Picture, digits: Sequence[Prediction]) -> None:
    """Draw what was seen into `path`.

    Raises:
        ShownError: it is neither a PNG nor an SVG by its name.
    """
    from paper_lenet.figures import read

    height, width = (side * picture.scale for side in picture.grey.shape)
    shown = [
        read.Shown(
            said(digit),
            (
                digit.box[0] / width,
                digit.box[1] / height,
                digit.box[2] / width,
                digit.box[3] / height,
            ),
            digit.field,
            digit.penalties,
        )
        for digit in digits
    ]
    read.write(path, picture.grey, shown)
