"""Figs. 5 and 6: drawings of known errors are read back."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_pdf import drawn

from paper_lenet.paper.preprint import fig5, fig6
from paper_lenet.paper.preprint.document import PreprintError

# Fig. 5 as drawn here: 0% at this height, so many points for a percent and for a pass.
ZERO, PERCENT, LEFT, PASS = 620.0, 18.0, 90.0, 6.5
TRAINING = [round(4.9 / number + 0.2, 2) for number in range(1, 22)]
TEST = [round(2.7 / number + 0.9, 2) for number in range(1, 22)]


def circle(x: float, y: float) -> str:
    return (
        f"{x + 1.5} {y} m {x + 1.5} {y + 1} {x + 1} {y + 1.5} {x} {y + 1.5} c "
        f"{x - 1} {y + 1.5} {x - 1.5} {y + 1} {x - 1.5} {y} c "
        f"{x - 1.5} {y - 1} {x - 1} {y - 1.5} {x} {y - 1.5} c "
        f"{x + 1} {y - 1.5} {x + 1.5} {y - 1} {x + 1.5} {y} c f*\n"
    )


def square(x: float, y: float, paint: str = "f") -> str:
    return f"{x - 1.2} {y - 1.2} 2.4 2.4 re {paint}\n"


def curves(training: list[float], test: list[float]) -> str:
    parts = [f"{LEFT} {ZERO} m {LEFT} 725 l S {LEFT} {ZERO} m 230 {ZERO} l S\n"]
    # The tick drawn at 0% is off, and so is that of 3%: neither is read.
    for percent, off in ((1, 0.0), (3, -0.6), (5, 0.0), (0, -0.25), (2, 0.0), (4, 0.0)):
        y = ZERO + PERCENT * percent + off
        parts.append(f"{LEFT - 1} {y} m {LEFT + 1} {y} l S\n")
    for number in range(0, 21, 4):
        x = LEFT + PASS * number
        parts.append(f"{x} {ZERO - 1.2} m {x} {ZERO + 1.2} l S\n")
    before = None
    for mark, errors in ((circle, training), (square, test)):
        for number, error in enumerate(errors, 1):
            x, y = LEFT + PASS * number, ZERO + PERCENT * error
            parts.append(mark(x, y))
            if before and number > 1:
                parts.append(f"{before[0]} {before[1]} m {x} {y} l S\n")
            before = x, y
    return "".join(parts)


def test_fig5_gives_back_what_is_drawn() -> None:
    reading = fig5.read(drawn(curves(TRAINING, TEST) + square(300, 650)))
    lines = [f"{n},{a:.2f},{b:.2f}" for n, (a, b) in enumerate(zip(TRAINING, TEST, strict=True), 1)]
    heading = "point,training_error_on_the_fly_percent,test_error_percent"
    assert reading.content.decode() == "\n".join([heading, *lines, ""])
    assert reading.name == "fig5_curves.csv"


def test_fig5_says_how_far_its_ticks_are_off_and_its_step() -> None:
    step, ticks = fig5.read(drawn(curves(TRAINING, TEST))).sure
    smallest = min(gap for gap in np.diff(sorted(TEST)) if gap > 1e-9)
    assert step.lowest == step.greatest == pytest.approx(smallest)
    assert ticks.greatest == pytest.approx(0.6 / PERCENT)


def test_fig5_needs_all_its_markers() -> None:
    with pytest.raises(PreprintError, match="markers of a curve: 20 are drawn, not 21"):
        fig5.read(drawn(curves(TRAINING[:-1], TEST)))
    with pytest.raises(PreprintError, match="not one marker at each point"):
        fig5.read(drawn(curves(TRAINING[:-1], TEST) + circle(LEFT + PASS, ZERO + 40)))


SIZES = {15_000: (1.682, 0.054), 30_000: (1.14, 0.312), 60_000: (0.94, 0.352)}
BOTTOM, RISE, START, WIDE = 345.0, 87.0, 85.0, 1.6  # 0% and a point's height; 0 and 1,000's width


def sizes(known: dict[int, tuple[float, float]]) -> str:
    parts = []
    for tenth in range(19):
        y = BOTTOM + RISE * tenth / 10 + (0.4 if 0 < tenth < 5 else 0)  # rounded in the drawing
        parts.append(f"{START} {y} m {START + 2.8} {y} l S\n")
    parts += [
        f"{START + 10 * WIDE * n} {BOTTOM} m {START + 10 * WIDE * n} {BOTTOM + 2.8} l S\n"
        for n in range(11)
    ]
    for size, errors in known.items():
        x = START + WIDE * size / 1000 + 0.1
        parts += [2 * square(x, BOTTOM + RISE * error, "b*") for error in errors]
        parts.append(square(x, BOTTOM + RISE * (errors[0] - 0.1), "s"))  # open: with distortions
    return "".join(parts) + "100 400 m 103 402 l 102 399 l f*\n"  # the head of an arrow


def test_fig6_gives_back_what_is_drawn() -> None:
    reading = fig6.read(drawn(sizes(SIZES)))
    lines = [f"{size},{test:.3f},{training:.3f}" for size, (test, training) in SIZES.items()]
    heading = "training_patterns,test_error_percent,training_error_percent"
    assert reading.content.decode() == "\n".join([heading, *lines, ""])
    step, ticks = reading.sure
    assert step.greatest == pytest.approx(0.8 / RISE)  # 0.4 more between two ticks, 0.4 less later
    assert ticks.greatest == pytest.approx(0.4 / RISE)


def test_fig6_needs_both_errors_of_each_size() -> None:
    with pytest.raises(PreprintError, match="filled squares: 5 are drawn, not 6"):
        fig6.read(drawn(sizes(SIZES | {60_000: (0.94, 0.94)})))
