"""The study of photographs: what is counted, and what the committed counts say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from paper_lenet.base.files import read_csv, read_json
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.results.reading import Prediction
from paper_lenet.studies.photos import kinds, light, marks, measure, photos
from paper_lenet.studies.photos.measure import Answered
from paper_lenet.studies.photos.sheet import HEIGHT, WIDTH, Chance
from paper_lenet.studies.study import Folders

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "data/results/studies/photos"


def prediction(box: tuple[int, int, int, int]) -> Prediction:
    shown = np.zeros((28, 28), np.uint8)
    return Prediction(3, np.arange(10, dtype=np.float32), 0.5, 0.5, 0.5, True, box, True, shown)


def test_a_wrong_answer_has_one_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    digit, box = np.zeros((28, 28), np.uint8), (10, 10, 50, 50)
    monkeypatch.setattr(measure, "_answer", lambda field: 3)
    assert measure._cause(prediction(box), digit, 7, box) == "pattern"
    monkeypatch.setattr(measure, "_answer", lambda field: 7)
    assert measure._cause(prediction(box), digit, 7, box) == "frame"
    assert measure._cause(prediction((40, 40, 90, 90)), digit, 7, box) == "place"


def test_shares_of_a_kind_are_percent_of_its_pictures() -> None:
    answered = [
        Answered("ruled", 1, 4, 4, False, 30.0, 4, ""),
        Answered("ruled", 2, 4, 9, True, 1.0, 9, "frame"),
        Answered("ruled", 3, 4, -1, False, 0.0, 4, "refused"),
        Answered("ruled", 4, 4, 4, True, 2.0, -1, ""),
        Answered("other", 1, 4, 9, False, 2.0, 9, "frame"),
    ]
    kind, pictures, right, low, high, plain, unsure, refused = photos._row("ruled", answered)
    assert (kind, pictures, right, plain, unsure, refused) == (
        *("ruled", 4, "50.0"),
        *("50.0", "50.0", "25.0"),
    )
    assert 0 < float(str(low)) < 50 < float(str(high)) < 100


def test_several_digits_stand_beside_each_other_in_the_picture() -> None:
    digits = np.zeros((3, 28, 28), np.uint8)
    digits[:, 5:20, 8:16] = 255
    row = kinds.several(digits, Chance(0, 0))
    lefts = [box[0] for box in row.boxes]
    assert row.picture.size == (WIDTH, HEIGHT)
    assert lefts == sorted(lefts) and len(lefts) == 3
    for one, other in zip(row.boxes, row.boxes[1:], strict=False):
        assert one[2] <= other[0]


@pytest.mark.slow
def test_the_whole_study_on_a_few_pictures(
    mnist: tuple[Patterns, Patterns], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("PICTURES", 2), ("BLANKS", 1), ("ROWS", 2)):
        monkeypatch.setattr(measure, name, value)
    monkeypatch.setattr(kinds, "ONE", kinds.ONE[:3])
    folders = Folders("photos", tmp_path)
    mnist[1].save(tmp_path / "processed/mnist/test.safetensors")
    photos.analyse(folders)
    tree = read_json(folders.results() / "photos.json")
    rows = read_csv(folders.results() / "kinds.csv")
    assert [row["kind"] for row in rows] == [measure.kind_of(make) for make in kinds.ONE]
    assert tree["all"]["pictures"] == 6 and tree["all"]["right"] > 80
    assert tree["blanks"]["pictures"] == len(kinds.NONE) > tree["blanks"]["refused"] - 1
    assert tree["rows"]["digits"] == 2 + 3
    assert tree["uci"]["pictures"] == 1797
    drawn = {path.name for path in folders.figures.iterdir()}
    assert drawn == {
        f"{n}-{t}.svg" for n in ("kinds", "examples", "worst") for t in ("light", "dark")
    }


def test_committed_counts_belong_together_and_no_kind_is_surely_below_what_is_wanted() -> None:
    tree = json.loads((RESULTS / "photos.json").read_text(encoding="utf-8"))
    rows, wrong = read_csv(RESULTS / "kinds.csv"), read_csv(RESULTS / "misread.csv")
    assert len(rows) == tree["kinds"] == len(kinds.ONE)
    assert all(float(row["high"]) >= tree["wanted"] for row in rows)
    reached = [row["kind"] for row in rows if float(row["right"]) >= tree["wanted"]]
    assert len(reached) == tree["reach_wanted"]
    # Those that were asked for, and were read wrongly before.
    asked = (light.typical, light.marker, light.uneven, light.shadow, light.pencil, light.noise)
    asked += (light.dithered, marks.ruled, marks.specks)
    assert {measure.kind_of(make) for make in asked} <= {*reached}
    pictures = sum(int(row["pictures"]) for row in rows)
    assert tree["all"]["pictures"] == pictures
    right = 100 * (pictures - len(wrong)) / pictures
    assert tree["all"]["right"] == pytest.approx(right, abs=0.01)
    assert sum(tree["causes"].values()) == len(wrong)


def test_the_test_patterns_of_the_pictures_are_the_same_for_each_kind() -> None:
    grey = np.zeros((10_000, 32, 32), np.uint8)
    test = Patterns(grey, np.zeros(10_000, np.uint8), grey_scale(-0.1, 1.175))
    some = measure.patterns(test, measure.PICTURES)
    assert len(set(some.tolist())) == measure.PICTURES
    assert len(measure.patterns(test, measure.ROWS * measure.MOST)) == measure.ROWS * measure.MOST
