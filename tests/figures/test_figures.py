"""The figures: their content, their bytes, and that they are drawn whatever the results are."""

from __future__ import annotations

import base64
import dataclasses
import io
import random
import re
from types import SimpleNamespace
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.patches import Rectangle
from PIL import Image

from paper_lenet.base import files
from paper_lenet.base.files import FormatError
from paper_lenet.digits.dataset import Data, Scale
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.figures import (
    activations,
    confusion,
    errors,
    every_seed,
    field,
    kernels,
    misclassified,
    style,
)
from paper_lenet.figures import codes as codes_figure
from paper_lenet.network import weights
from paper_lenet.network.architecture import Network, codes, layers
from paper_lenet.network.params import Params, Train
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import Trained, initial_parameters
from paper_lenet.pipeline import figures as stage
from paper_lenet.pipeline import networks
from paper_lenet.pipeline.networks import StageError

RECIPE = Recipe()
NAMES = {
    "activations",
    "codes",
    "confusion",
    "errors",
    "every_seed",
    "field",
    "kernels",
    "misclassified",
}


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def curve(passes=20, points=True):
    rows = []
    for number in range(1, max(passes, 21 if points else 0) + 1):
        row = {"pass": str(number)}
        for name in ("on_the_fly", "test"):
            ours = number <= passes
            for part, shift in (("mean", 0.0), ("min", -0.1), ("max", 0.1)):
                row[f"{name}_{part}"] = f"{5 / number + 0.5 + shift}" if ours else ""
            row[f"fig5_{name}"] = f"{4 / number}" if points and number <= 21 else ""
        rows.append(row)
    return rows


def misread(count, seed=0):
    draw = random.Random(seed)
    rows = []
    for index in sorted(draw.sample(range(500), count)):
        truth = draw.randrange(10)
        rows.append({"seed": "0", "index": str(index), "truth": str(truth), "answer": "7"})
    return rows


def states_of(network):
    draw = np.random.default_rng(0)
    result = {
        layer.name: draw.uniform(-1.7, 1.7, layer.shape).astype(np.float32)
        for layer in layers(network)[1:]
    }
    return result | {"output": draw.uniform(0, 50, 10).astype(np.float32)}


def test_paper_points_and_our_passes_are_all_drawn():
    with style.drawing(style.LIGHT):
        axes = errors.draw(curve(), 10, style.LIGHT).axes[0]
    lengths = sorted(len(line.get_xdata()) for line in axes.lines)
    assert lengths == [20, 20, 21, 21]
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend[-2:] == ["ours: mean and range of 10 seeds", "the paper: Fig. 5"]


def test_errors_of_another_data_set_show_no_paper():
    with style.drawing(style.LIGHT):
        axes = errors.draw(curve(3, points=False), 1, style.LIGHT).axes[0]
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend[-1] == "ours: one seed"
    drawn = [line for line in axes.lines if len(line.get_xdata())]
    assert [list(line.get_xdata()) for line in drawn] == [[1, 2, 3]] * 2


def test_misread_patterns_are_framed_as_fig8_has_them():
    rows = misread(83)
    indices = [int(row["index"]) for row in rows]
    printed = {indices[0]: 7, indices[5]: 7, indices[9]: 1, 9_999: 7}
    grey = np.random.default_rng(0).integers(0, 256, (500, 32, 32), np.uint8)
    with style.drawing(style.LIGHT):
        figure = misclassified.draw(rows, grey, printed, style.LIGHT)
    patches = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    dashed = [patch.get_linestyle() not in ("-", "solid") for patch in patches]
    # Each kind of frame stands once in the key as well.
    assert (dashed.count(False), dashed.count(True)) == (2 + 1, 1 + 1)
    labels = texts(figure)
    assert "in Fig. 8, same answer: 2" in labels
    assert "in Fig. 8, other answer: 1" in labels
    assert labels[3:] == [f"{row['truth']} > {row['answer']}" for row in rows]


def test_misread_patterns_keep_their_pixels():
    rows = misread(9)
    grey = np.random.default_rng(0).integers(0, 256, (500, 32, 32), np.uint8)
    with style.drawing(style.DARK):
        figure = misclassified.draw(rows, grey, {}, style.DARK)
    opacity = np.asarray(figure.axes[0].images[0].get_array())[..., 3]
    for place, row in enumerate(rows):
        line, column = divmod(place, misclassified.COLUMNS)
        y, x = line * misclassified.HIGH, column * misclassified.WIDE + 3
        assert (opacity[y : y + 28, x : x + 28] == grey[int(row["index"]), 2:30, 2:30]).all()
    assert np.count_nonzero(opacity) == sum(
        np.count_nonzero(grey[int(row["index"]), 2:30, 2:30]) for row in rows
    )


def test_patterns_that_every_seed_misreads_have_all_answers():
    rows = [
        {"index": "3", "truth": "8", "answers": "0:9 6:1", "fig8_answer": ""},
        {"index": "5", "truth": "4", "answers": "9:10", "fig8_answer": "9"},
    ]
    grey = np.random.default_rng(0).integers(0, 256, (10, 32, 32), np.uint8)
    with style.drawing(style.LIGHT):
        axes = every_seed.draw(rows, grey, 10, style.LIGHT).axes[0]
    heading, *labels = [text.get_text() for text in axes.texts]
    assert "2 patterns misread by all 10 networks" in heading
    assert labels == ["8 > 0 (9), 6 (1)", "pattern 3", "4 > 9", "pattern 5"]
    assert len(axes.patches) == 1
    assert (np.asarray(axes.images[1].get_array())[..., 3] == grey[5, 2:30, 2:30]).all()


@pytest.mark.parametrize("count", [0, 1, every_seed.MOST + 5])
def test_any_number_of_patterns_is_drawn_that_every_seed_misreads(count):
    row = {"index": "3", "truth": "8", "answers": "0:1", "fig8_answer": ""}
    with style.drawing(style.DARK):
        figure = every_seed.draw([row] * count, np.zeros((10, 28, 28), np.uint8), 1, style.DARK)
    heading, *labels = texts(figure)
    assert f"{count} patterns misread by the one network" in heading
    assert len(labels) == 2 * min(count, every_seed.MOST)


@pytest.mark.parametrize("count", [0, 1, 8, misclassified.MOST + 50])
def test_any_number_of_misread_patterns_is_drawn(count):
    grey = np.zeros((500, 28, 28), np.uint8)
    with style.drawing(style.LIGHT):
        figure = misclassified.draw(misread(count), grey, {}, style.LIGHT)
    heading, *labels = texts(figure)
    assert f"{count} misread patterns" in heading
    assert len(labels) == min(count, misclassified.MOST)
    assert ("first" in heading) == (count > misclassified.MOST)


def test_confusion_shows_means_and_shades_mistakes_alone():
    counts = np.zeros((10, 10), np.int64)
    np.fill_diagonal(counts, 3000)
    counts[4, 9], counts[7, 2] = 24, 3
    with style.drawing(style.LIGHT):
        figure = confusion.draw(counts, 3, style.LIGHT)
    cells = figure.axes[0].patches
    shades = np.array([cell.get_facecolor()[3] for cell in cells]).reshape(10, 10)
    assert shades[4, 9] == confusion.STRONGEST
    assert 0 < shades[7, 2] < shades[4, 9]
    assert np.count_nonzero(shades) == 2
    found = texts(figure)
    assert {"8.0", "1.0", "1000"} <= set(found)
    assert found.count("·") == 88


def test_perfect_networks_have_a_confusion_matrix_too():
    with style.drawing(style.LIGHT):
        figure = confusion.draw(np.eye(10, dtype=np.int64), 1, style.LIGHT)
    assert texts(figure).count("1.0") == 10


def test_signed_values_are_blue_and_orange_by_strength():
    values = np.array([[-2.0, -0.5, 0.0, 0.5, 1.0, 2.0]])
    pixels = style.signed(values, 1.0, style.LIGHT)[0]
    assert pixels[:, 3].tolist() == [255, 128, 0, 128, 255, 255]
    orange, blue = (0xD5, 0x5E, 0x00), (0x00, 0x72, 0xB2)
    assert tuple(pixels[0, :3]) == tuple(pixels[1, :3]) == orange
    assert tuple(pixels[3, :3]) == tuple(pixels[5, :3]) == blue
    assert not style.signed(np.zeros((2, 2)), 0.0, style.LIGHT)[..., 3].any()


@pytest.mark.parametrize("theme", style.THEMES, ids=lambda theme: theme.name)
def test_text_and_colours_stand_out_from_the_page(theme):
    """WCAG contrast against furo's pages: 4.5 for text, 3 for lines and marks."""
    page = "#ffffff" if theme.name == "light" else "#131416"

    def luminance(colour):
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    def contrast(colour):
        low, high = sorted((luminance(colour), luminance(page)))
        return (high + 0.05) / (low + 0.05)

    assert contrast(theme.text) > 7
    assert contrast(theme.muted) > 4.5
    assert contrast(theme.positive) > 4.5
    assert contrast(theme.negative) > 3.5


@pytest.mark.parametrize(
    ("output", "side"), [("rbf", 32), ("trainable_rbf", 28), ("targets", 28), ("softmax", 32)]
)
def test_states_of_every_kind_of_network_are_drawn(output, side):
    network = Network(input=side, output=output)
    states = states_of(network)
    with style.drawing(style.LIGHT):
        figure = activations.draw(np.zeros((side, side), np.uint8), states, "here", style.LIGHT)
    maps = 1 + 6 + 6 + 16 + 16 + 1 + ("F6" in states)
    assert len(figure.axes[0].images) == maps
    layers = [name for name in states if name != "output"]
    scales = [text for text in texts(figure) if text.startswith("±")]
    assert scales == [f"±{np.abs(states[name]).max():.2f}" for name in layers]
    bold = [text for text in figure.axes[0].texts if text.get_fontweight() == "bold"]
    assert str(int(np.argmin(states["output"]))) in [text.get_text() for text in bold]


def test_input_is_drawn_once_whether_or_not_it_is_among_the_states():
    states, grey = states_of(Network()), np.zeros((32, 32), np.uint8)
    with style.drawing(style.LIGHT):
        without = activations.draw(grey, states, "here", style.LIGHT)
        states["input"] = np.ones((1, 32, 32), np.float32)
        beside = activations.draw(grey, states, "here", style.LIGHT)
    assert texts(beside) == texts(without)
    assert len(beside.axes[0].images) == len(without.axes[0].images)


def test_field_tiles_the_middle_20_by_20():
    with style.drawing(style.LIGHT):
        figure = field.draw(np.zeros((32, 32), np.uint8), Network(), style.LIGHT)
    assert "tiled by C3's centres, 20 × 20" in texts(figure)
    assert "the last C3 unit sees 14 × 14" in texts(figure)
    assert len(figure.axes[0].lines[0].get_xdata()) == 100


def test_kernels_have_their_own_scales():
    initial = np.full((6, 1, 5, 5), 0.25, np.float32)
    trained = np.arange(1, 7, dtype=np.float32)[:, None, None, None] * -initial
    with style.drawing(style.LIGHT):
        figure = kernels.draw(initial, trained, 3, style.LIGHT)
    scales = [text for text in texts(figure) if text.startswith("±")]
    assert scales == ["±0.25"] * 6 + ["±0.25", "±0.50", "±0.75", "±1.00", "±1.25", "±1.50"]


def test_codes_are_drawn_as_the_bitmaps_of_fig3():
    with style.drawing(style.LIGHT):
        figure = codes_figure.draw(np.zeros((10, 84), np.float32), 100, style.LIGHT)
    drawn = [np.asarray(image.get_array()) for image in figure.axes[0].images[1:]]
    for digit, pixels in enumerate(drawn[::2]):
        blue = pixels[..., 2] > pixels[..., 0]
        assert blue.shape == (12, 7)
        assert (blue.ravel() == (np.array(codes()[digit]) > 0)).all()


class Project:
    """Processed data, weights and results as the stages before leave them."""

    def __init__(self, folder, labels, recipe=RECIPE):
        self.folder, self.recipe = folder, recipe
        grey = np.random.default_rng(0).integers(0, 256, (len(labels), 32, 32), np.uint8)
        (folder / "processed").mkdir()
        Patterns(grey, labels, grey_scale(-0.1, 1.175)).save(
            folder / "processed" / "test.safetensors"
        )
        trained = Trained(initial_parameters(recipe, 0), recipe, 0)
        weights.save(folder / "models" / "seed-00.safetensors", trained)
        results = folder / "results"
        results.mkdir()
        self.write("curve.csv", curve())
        self.write("misclassified.csv", misread(40))
        self.write("seeds.csv", [{"seed": "0"}])
        always = {"index": "3", "truth": "3", "times": "1", "answers": "8:1", "fig8_answer": ""}
        self.write("patterns.csv", [always])
        pairs = ((truth, answer) for truth in range(10) for answer in range(10))
        self.write("confusion.csv", [{"truth": t, "answer": a, "count": 5} for t, a in pairs])

    def write(self, name, rows):
        values = [list(row.values()) for row in rows]
        files.write_csv(self.folder / "results" / name, list(rows[0]), values)

    def draw(self, where="figures"):
        params = Params(
            Data("mnist", (), {}), Scale(), Train("paper", 1, "engine"), {"paper": self.recipe}
        )
        folders = (self.folder / name for name in ("processed", "models", "results", where))
        stage.figures(params, *folders)
        return {path.name: path.read_bytes() for path in (self.folder / where).iterdir()}


@pytest.fixture
def execution(monkeypatch):
    """Networks that answer with made-up states."""

    def made_up(trainer, recipe, parameters, device):
        return SimpleNamespace(activations=lambda pattern: states_of(recipe.network))

    monkeypatch.setattr(networks, "execution", made_up)


LABELS = np.arange(500, dtype=np.uint8) % 10


def test_stage_draws_every_figure_for_both_themes_with_the_same_bytes(tmp_path, execution):
    project = Project(tmp_path, LABELS)
    drawn = project.draw()
    assert set(drawn) == {f"{name}-{theme}.svg" for name in NAMES for theme in ("light", "dark")}
    assert project.draw("again") == drawn
    for content in drawn.values():
        assert len(content) < 400_000
        text = content.decode()
        assert "<dc:date>" not in text
        assert "<text" not in text
        root = ElementTree.fromstring(text)
        assert root.get("width") == "320pt"
        links = re.findall(r'href="([^"]*)"', text)
        assert all(link.startswith(("#", "data:image/png;base64,")) for link in links)


def test_pixels_in_the_file_are_the_patterns(tmp_path):
    """The field's PNG, read back: half of the grey levels as opacity, at native size."""
    grey = np.random.default_rng(0).integers(0, 256, (32, 32), np.uint8)
    with style.drawing(style.LIGHT):
        style.save(field.draw(grey, Network(), style.LIGHT), tmp_path / "field.svg")
    text = (tmp_path / "field.svg").read_text()
    assert "image-rendering:pixelated" in text
    data = re.search(r"data:image/png;base64,([^\"]+)\"", text).group(1)
    with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
        opacity = np.asarray(picture)[..., 3]
    # SVG turns the picture upside down and back again by its transform.
    assert (opacity == grey // 2).all() or (opacity[::-1] == grey // 2).all()


def test_networks_without_codes_have_no_figure_of_them(tmp_path, execution):
    network = Network(output="targets", input=28)
    project = Project(tmp_path, LABELS, dataclasses.replace(RECIPE, network=network))
    drawn = project.draw()
    assert {name.rsplit("-", 1)[0] for name in drawn} == NAMES - {"codes"}


def test_test_sets_without_the_digit_lack_only_its_figures(tmp_path, execution):
    drawn = Project(tmp_path, np.where(LABELS == stage.SHOWN, 3, LABELS)).draw()
    assert {name.rsplit("-", 1)[0] for name in drawn} == NAMES - {"activations", "field"}


def test_mean_states_are_over_the_first_patterns_of_a_class(monkeypatch):
    monkeypatch.setattr(stage, "STATES", 2)
    grey = np.zeros((40, 32, 32), np.uint8)
    grey[:, 0, 0] = np.arange(40)
    levels = np.arange(256, dtype=np.float32)
    test = Patterns(grey, (np.arange(40) % 10).astype(np.uint8), levels)
    network = SimpleNamespace(
        activations=lambda pattern: {"F6": np.full(84, pattern[0, 0, 0], np.float32)}
    )
    means = stage.mean_states(network, test)
    assert (means == (np.arange(10) + 5.0)[:, None]).all()


@pytest.mark.parametrize(
    "name", ["curve.csv", "misclassified.csv", "confusion.csv", "seeds.csv", "patterns.csv"]
)
def test_missing_results_name_the_stage_that_makes_them(tmp_path, execution, name):
    project = Project(tmp_path, LABELS)
    (tmp_path / "results" / name).unlink()
    with pytest.raises(StageError, match=rf"{name}: .*run the stage evaluate"):
        project.draw()
    assert not (tmp_path / "figures").exists()


@pytest.mark.parametrize(
    "name", ["curve.csv", "misclassified.csv", "confusion.csv", "seeds.csv", "patterns.csv"]
)
def test_empty_results_are_no_figures(tmp_path, execution, name):
    project, path = Project(tmp_path, LABELS), tmp_path / "results" / name
    heading = path.read_text().splitlines(keepends=True)[0]
    path.write_text("")
    with pytest.raises(FormatError, match=rf"{name}: not a table"):
        project.draw()
    path.write_text(heading)
    if name in ("misclassified.csv", "patterns.csv"):  # nothing is misread
        assert project.draw()
    else:
        with pytest.raises(StageError, match=rf"{name}: empty; run the stage evaluate again"):
            project.draw()


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("curve.csv", "pass"),
        ("misclassified.csv", "index"),
        ("confusion.csv", "count"),
        ("seeds.csv", "seed"),
        ("patterns.csv", "times"),
    ],
)
@pytest.mark.parametrize("cell", [None, "two", "-1"])
def test_results_that_are_not_as_they_were_written_are_told(
    tmp_path, execution, name, column, cell
):
    project, path = Project(tmp_path, LABELS), tmp_path / "results" / name
    heading, *rows = path.read_text().splitlines()
    names = heading.split(",")
    if cell is None:
        path.write_text("\n".join([heading.replace(column, "other"), *rows]) + "\n")
    else:
        row = ["0"] * len(names)
        row[names.index(column)] = cell
        path.write_text("\n".join([heading, ",".join(row)]) + "\n")
    with pytest.raises(FormatError, match=rf"{name}: not as it was written"):
        project.draw()
    assert not (tmp_path / "figures").exists()


def test_user_settings_of_matplotlib_change_nothing(tmp_path):
    kernel = np.ones((6, 1, 5, 5), np.float32)

    def drawn(name):
        with style.drawing(style.LIGHT):
            style.save(kernels.draw(kernel, kernel, 0, style.LIGHT), tmp_path / name)
        return (tmp_path / name).read_bytes()

    plain = drawn("plain")
    with mpl.rc_context({"lines.linewidth": 9.0, "font.size": 30.0, "svg.fonttype": "none"}):
        assert drawn("mine") == plain
