"""The student's path: the ladder upwards, tutorials by what they are, the cheat sheet."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bs4 import BeautifulSoup

from paper_lenet.network.architecture import layers
from paper_lenet.studies.tutorials.spec import read_tutorials

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "docs" / "_ext"))

from lenet_docs import called, cheat, rungs  # noqa: E402


def rung(number: int, test: float, step: tuple[float, float, float]) -> dict[str, str]:
    names = ("", "_low", "_high")
    row = {f"before_difference{name}": str(x) for name, x in zip(names, step, strict=True)}
    ends = {"test_low": str(test - 0.1), "test_mean": str(test), "test_high": str(test + 0.1)}
    return row | ends | {"rung": str(number), "before_pairs": "5"}


def test_a_step_upwards_takes_a_rungs_change_back() -> None:
    rows = [
        rung(0, 1.0, (0, 0, 0)),
        rung(1, 1.5, (0.5, 0.4, 0.6)),
        rung(2, 1.4, (-0.1, -0.3, 0.004)),
    ]
    assert rungs.difference(rows[1]) == (-0.5, -0.6, -0.4)
    assert rungs.said(rows[1], rows[0]) == (
        "1.50% becomes 1.00%: −0.50 points, with an interval of −0.60 to −0.40 over 5 seeds. "
        "That is: fewer errors."
    )
    assert "−0.0040 to +0.30" in rungs.said(rows[2], rows[1])
    assert rungs.said(rows[2], rows[1]).endswith("these seeds show no difference.")
    worse = rung(1, 1.5, (-0.5, -0.6, -0.4))
    assert rungs.said(worse, rows[0]).endswith("more errors.")


def test_a_step_is_drawn_among_all_rungs_and_within_its_box() -> None:
    rows = rungs.rungs(ROOT)
    for number in range(1, len(rows)):
        shown = BeautifulSoup(rungs.drawing(rows, number), "html.parser")
        assert len(shown.find_all("circle", class_="other")) == len(rows)
        for dot in shown.find_all("circle"):
            assert rungs.LEFT <= float(str(dot["cx"])) <= rungs.RIGHT
        before, after = (
            float(str(shown.select_one(f"circle.{name}")["cx"])) for name in ("before", "after")
        )
        assert (after > before) == (
            float(rows[number - 1]["test_mean"]) > float(rows[number]["test_mean"])
        )
        assert rungs.said(rows[number], rows[number - 1]) in str(shown.svg["aria-label"])


def test_the_page_takes_back_every_change_once_from_the_last_to_the_first() -> None:
    page = (ROOT / "docs/from-keras.md").read_text(encoding="utf-8")
    steps = [line for line in page.splitlines() if line.startswith("```{rung-step}")]
    count = len(rungs.rungs(ROOT))
    assert steps == [f"```{{rung-step}} {number}" for number in range(count - 1, 0, -1)]
    assert page.count("```diff") == count, "one for each, and one for the input"


def test_tutorials_are_called_by_what_they_are() -> None:
    known = read_tutorials(ROOT / called.FILE).tutorials
    names = {name: called.described(tutorial) for name, tutorial in known.items()}
    assert names["keras_sigmoid"] == "Keras: sigmoid, average pool, RMSprop, Fashion-MNIST 28×28"
    assert names["keras_cnn"] == "Keras: ReLU, max pool, dropout, Adam, MNIST 28×28"
    assert names["torch_tanh_sgd"] == (
        "PyTorch: tanh, average pool, SGD with momentum, MNIST 32×32 (resized)"
    )
    assert len(set(names.values())) == len(names)
    noted: list[Path] = []
    env: Any = SimpleNamespace(srcdir=ROOT / "docs", note_dependency=noted.append)
    assert called.called(env, [{"rung": "1"}]) == [{"rung": "1"}] and not noted
    rows = called.called(env, [{"tutorial": "keras_cnn", "seeds": "3"}])
    assert noted == [ROOT / called.FILE]
    assert rows == [{"tutorial": "keras_cnn", "seeds": "3", "network": names["keras_cnn"]}]


def test_no_page_has_the_identifier_of_a_tutorial_in_its_prose() -> None:
    known = read_tutorials(ROOT / called.FILE).tutorials
    for page in ("from-keras", "ladder"):
        text = (ROOT / f"docs/{page}.md").read_text(encoding="utf-8")
        assert not [name for name in known if name in text], page


def test_the_cheat_sheet_has_every_layer_and_adds_up() -> None:
    *rows, total = cheat.rows()
    assert [row[0] for row in rows] == [layer.name for layer in layers()]
    for column in (-2, -1):
        assert sum(int(row[column].replace(",", "")) for row in rows) == int(
            total[column].replace(",", "")
        )
    assert rows[3] == ["C3", "16 @ 10×10", "5, 1", "14", "2", "1,516", "151,600"]


def test_what_a_step_takes_and_puts_is_python_both() -> None:
    page = (ROOT / "docs/from-keras.md").read_text(encoding="utf-8")
    for block in re.findall(r"^```diff\n(.*?)^```$", page, re.M | re.S):
        for sign in "-+":
            code = "\n".join(line[2:] for line in block.splitlines() if line[0] == sign)
            assert ast.parse(code).body, block
