"""Figs. 3, 8 and 13: embedded pictures of known numbers are read back and matched."""

from __future__ import annotations

import io

import numpy as np
import pytest
from drawn_pdf import drawn

from paper_lenet.network.architecture import SQUASHING_AMPLITUDE, SQUASHING_SLOPE
from paper_lenet.paper.fig13 import DRAWN
from paper_lenet.paper.preprint import fig3, fig8, fig13
from paper_lenet.paper.preprint.digits import field, ink, nearest, split
from paper_lenet.paper.preprint.document import PreprintError
from paper_lenet.paper.preprint.page import Page, Picture


def picture(grey: np.ndarray, label: str = "", left: float = 0, bottom: float = 0) -> Picture:
    return Picture(left, bottom, grey.astype(np.uint8), label)


def test_fig3_gives_back_the_codes_that_are_drawn() -> None:
    codes = np.random.default_rng(3).integers(0, 2, (96, 12, 7), np.uint8)
    content = " ".join(f"q 7 0 0 12 {20 * i} 0 cm /P{i} Do Q" for i in range(96))
    page = drawn(content, {f"P{i}": np.uint8(255) * (1 - code) for i, code in enumerate(codes)})
    comments, *blocks = fig3.read(page).content.decode().rstrip("\n").split("\n\n")
    assert all(line.startswith("#") for line in comments.splitlines())
    for number, (block, code) in enumerate(zip(blocks, codes, strict=True), 32):
        name, *rows = block.splitlines()
        assert (
            name == f"{number} {'space' if number == 32 else chr(number) if number < 127 else ''}"
        )
        assert [[sign == "#" for sign in row] for row in rows] == code.astype(bool).tolist()


def test_fig3_has_two_levels() -> None:
    grey = np.zeros((12, 7))
    grey[0] = 255
    pictures = [picture(grey)] * 95
    with pytest.raises(PreprintError, match="grey levels: 3 are drawn, not 2"):
        fig3.read(Page((*pictures, picture(grey // 2)), ()))
    with pytest.raises(PreprintError, match="bitmaps: 95 are drawn, not 96"):
        fig3.read(Page(tuple(pictures), ()))


IMAGES = np.random.default_rng(8).integers(0, 256, (200, 28, 28), np.uint8)
LABELS = np.random.default_rng(9).integers(0, 10, 200, np.uint8)
CHOSEN = np.sort(np.random.default_rng(10).permutation(200)[:82])


def misread(images: np.ndarray, labels: np.ndarray) -> Page:
    """Fig. 8 of the chosen patterns in few levels, after digits of Fig. 7."""
    grey = 255 - field(images[CHOSEN]) // 4 * 4
    pictures = [
        picture(each, f"{truth}\x15>{(truth + 1) % 10}")
        for each, truth in zip(grey, labels[CHOSEN], strict=True)
    ]
    return Page((picture(grey[0]), picture(grey[1], "Fig. 7"), *pictures), ())


def test_fig8_finds_each_pattern_with_truth_and_answer() -> None:
    reading = fig8.read(misread(IMAGES, LABELS), IMAGES, LABELS)
    heading, *lines = reading.content.decode().splitlines()
    assert heading == "test_index,truth,answer"
    assert lines == [f"{i},{LABELS[i]},{(LABELS[i] + 1) % 10}" for i in CHOSEN]
    own, next_one, levels = reading.sure
    assert own.greatest < 3 and next_one.lowest > 50
    assert (levels.lowest, levels.greatest) == (1, 1)


def test_fig8_of_other_patterns_is_refused() -> None:
    page = misread(IMAGES, LABELS)
    with pytest.raises(PreprintError, match=r"Fig. 8: digit 1, .* is none of these 199 test patt"):
        fig8.read(page, np.delete(IMAGES, CHOSEN[0], 0), np.delete(LABELS, CHOSEN[0]))
    with pytest.raises(PreprintError, match="MNIST is needed"):
        fig8.read(page, IMAGES, (LABELS + 1) % 10)


def test_digits_are_told_apart_by_their_labels() -> None:
    unlabelled, labelled = split(misread(IMAGES, LABELS))
    assert (len(unlabelled), len(labelled)) == (2, 82)
    assert np.array_equal(ink(labelled), field(IMAGES[CHOSEN]) // 4 * 4)


def test_the_nearest_pattern_and_the_next_are_those_of_a_loop() -> None:
    digits, patterns = np.split(np.random.default_rng(11).uniform(0, 255, (12, 4, 4)), [3])
    found = nearest(digits, patterns)
    for number, digit in enumerate(digits):
        away = [np.sqrt(np.mean((digit - pattern) ** 2)) for pattern in patterns]
        assert found.pattern[number] == np.argmin(away)
        assert [found.distance[number], found.next[number]] == pytest.approx(sorted(away)[:2])


def test_equation_6_is_the_networks() -> None:
    assert (fig13.AMPLITUDE, fig13.SLOPE) == (SQUASHING_AMPLITUDE, SQUASHING_SLOPE)


def c1_of(inputs: np.ndarray) -> np.ndarray:
    """C1 of random kernels, drawn as the figure draws it: (N, 6, 28, 28)."""
    draw = np.random.default_rng(12)
    kernels, biases = draw.normal(0, 0.5, (6, 5, 5)), draw.normal(0, 0.3, 6)
    windows = np.lib.stride_tricks.sliding_window_view(inputs / 255, (5, 5), (1, 2))
    totals = np.einsum("nijkl,mkl->nmij", windows, kernels) + biases[:, None, None]
    states = SQUASHING_AMPLITUDE * np.tanh(SQUASHING_SLOPE * totals)
    levels = np.clip(255 * (1 - states / DRAWN) / 2, 0, 255)
    return np.round(levels / 5).astype(np.uint8) * 5


def panels() -> tuple[dict[str, np.ndarray], Page]:
    """The layers of nine panels, and a page with the inputs in another order."""
    draw = np.random.default_rng(13)
    inputs = draw.integers(0, 256, (9, 32, 32), np.uint8)
    layers = {"input": inputs, "c1": c1_of(inputs)}
    for name, (_, shape) in fig13.SHAPES.items():
        layers.setdefault(name, draw.integers(0, 256, shape, np.uint8))
    pictures = []
    for name, ((rows, columns), _) in fig13.SHAPES.items():
        parts = layers[name].reshape(-1, rows, columns)
        each = len(parts) // 9
        order = range(len(parts)) if name != "input" else (4, 2, 0, 8, 1, 3, 7, 5, 6)
        pictures += [picture(parts[i], left=100 * (i // each), bottom=i % each) for i in order]
    return layers, Page(tuple(pictures), ())


def test_fig13_gives_back_the_layers_and_puts_each_input_to_its_c1() -> None:
    layers, page = panels()
    reading = fig13.read(page)
    with np.load(io.BytesIO(reading.content)) as arrays:
        assert arrays.files == list(layers)
        for name, known in layers.items():
            assert np.array_equal(arrays[name], known), name
    own, others, apart = reading.sure
    assert own.greatest < 6 < 20 < others.lowest
    assert apart.greatest == 0
    assert fig13.read(page).content == reading.content


def test_fig13_needs_every_picture() -> None:
    _, page = panels()
    with pytest.raises(
        PreprintError, match=r"Fig. 13, pictures of f6_unpaired: 8 are drawn, not 9"
    ):
        fig13.read(Page(page.pictures[:-1], ()))
