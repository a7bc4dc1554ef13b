"""Letters of drawings in another language: the same numbers, in the same places."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from paper_lenet.figures import style

ROOT = Path(__file__).resolve().parents[2]
DRAWINGS = sorted((ROOT / "data/figures").rglob("*-light.svg"))
sys.path.append(str(ROOT / "docs/_ext"))

from lenet_docs import lettered  # noqa: E402

TEXT = "{http://www.w3.org/2000/svg}text"
TEXTS = [
    (8.0, 10.0, "left", "one < 2"),
    (8.0, 30.0, "left", "and two more"),
    (200.0, 10.0, "right", "ends"),
    (200.0, 30.0, "right", "ends here"),
    (100.0, 60.0, "center", "alone in the middle"),
    (2.0, 80.0, "left", "at the edge"),
    (100.0, 90.0, "left", "0.5"),
    (100.0, 90.0, "left", "a = 0.5"),
    (100.0, 95.0, "left", r"$\mathdefault{10^{-2}}$ is one"),
]


@pytest.fixture
def drawing() -> str:
    with style.drawing(style.LIGHT):
        figure, axes = style.canvas(100)
        for x, y, side, text in TEXTS:
            axes.text(x, y, text, ha=side, fontsize=8, weight="bold" if "here" in text else None)
        return style.svg(figure).decode()


def test_messages_are_lines_with_words_and_places_for_numbers(drawing: str) -> None:
    words = ["one < {0}", "and two more", "ends", "ends here", "alone in the middle", "at the edge"]
    assert list(lettered.messages(drawing)) == words


def test_letters_are_aligned_as_the_outlines_were(
    drawing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lettered, "say", lambda text: text.replace("e", "에 ") + " <")
    root = ElementTree.fromstring(lettered.translated(drawing))
    groups = [group for group in root.iter() if group.find(TEXT) is not None]
    assert len(groups) == 8  # all but the formula that Matplotlib has set
    anchors = {"left": "start", "right": "end", "center": "middle"}
    for (x, _, side, english), group in zip(TEXTS[:6], groups, strict=False):
        text = group.find(TEXT)
        assert text is not None
        assert text.text == english.replace("e", "에 ") + " <"
        begins = float(re.findall(r"translate\((\S+) ", group.attrib["transform"])[0])
        assert text.attrib["text-anchor"] == anchors[side], english
        assert begins + float(text.attrib["x"]) == pytest.approx(x, abs=0.1)
        assert text.attrib["font-size"] == "8"
        assert text.attrib["font-weight"] == ("bold" if "here" in english else "normal")


def test_without_a_translation_a_drawing_stays_as_it_is() -> None:
    for path in DRAWINGS[::5]:
        drawing = path.read_text("utf-8")
        assert lettered.translated(drawing) == drawing


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)
def test_every_line_of_the_committed_drawings_is_found(path: Path) -> None:
    drawing = path.read_text("utf-8")
    texts = [text for text in re.findall(r"<!-- (.*?) -->", drawing, re.S) if "$" not in text]
    assert len(texts) == sum(1 for _ in lettered._LINE.finditer(drawing))


def test_what_others_use_of_a_line_stays(drawing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outlines are defined in the line that first has them, and used in others."""
    monkeypatch.setattr(lettered, "say", lambda text: "말" if text == "one < {0}" else text)
    root = ElementTree.fromstring(lettered.translated(drawing))
    link = "{http://www.w3.org/1999/xlink}href"
    used = {each.attrib[link][1:] for each in root.iter() if link in each.attrib}
    assert used <= {each.attrib["id"] for each in root.iter() if "id" in each.attrib}
