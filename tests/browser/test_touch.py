"""The page where LeNet-5 runs in the browser: right, and used as a reader would use it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Locator, Page

from paper_lenet.base import streams
from paper_lenet.digits import affine
from paper_lenet.digits.frame import field
from paper_lenet.digits.image import picture
from paper_lenet.digits.patterns import Patterns
from paper_lenet.digits.transformations import APART
from paper_lenet.network.architecture import TABLE_I, layers
from paper_lenet.network.receptive_field import receptive_fields
from paper_lenet.network.weights import load
from paper_lenet.pipeline import predict
from paper_lenet.studies.altered import PATTERNS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

DIGITS, AGREEMENT = 100, 1e-4
BYTES = 1_000_000
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
FLAT, ZOOMED = {"width": 740, "height": 360}, {"width": 640, "height": 400}  # 1280 x 800 at 200%
PHONE: dict[str, Any] = {"viewport": NARROW, "has_touch": True, "is_mobile": True}
# Maps in a line, and rows and columns of a map, on a wide page.
SHAPES = {
    "input": (1, 32),
    "C1": (6, 28),
    "S2": (6, 14),
    "C3": (16, 10),
    "S4": (16, 5),
    "C5": (40, 1),
}
MARGIN = 3  # pixels around the maps


class Visit:
    """A reader's visit: the page, and all that it asked for and complained of."""

    def __init__(self, browser: Browser, home: str, pick: bool = True, **options: Any) -> None:
        self.context = browser.new_context(**{"viewport": WIDE} | options)
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.told: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.told.append(message.text))
        self.page.on("pageerror", lambda error: self.told.append(str(error)))
        self.home = home
        self.page.goto(f"{home}/touch.html")
        self.page.wait_for_function("window.lenet && lenet.shown")
        if pick:  # the first of the test digits, as the page opens empty
            self.page.locator(".touch-pick > summary").click()
            self.page.locator("#touch-right button").first.click()

    def close(self) -> None:
        self.context.close()
        assert self.told == []
        assert [url for url in self.asked if not url.startswith(self.home)] == []


@pytest.fixture(params=["file", "http"])
def home(request: pytest.FixtureRequest, site: Path) -> str:
    if request.param == "file":
        return site.as_uri()
    served: str = request.getfixturevalue("served")
    return served


@pytest.fixture
def visit(browser: Browser, home: str) -> Iterator[Visit]:
    result = Visit(browser, home)
    yield result
    result.close()


@pytest.fixture
def page(browser: Browser, site: Path) -> Iterator[Page]:
    result = Visit(browser, site.as_uri())
    yield result.page
    result.close()


@pytest.fixture
def empty(browser: Browser, site: Path) -> Iterator[Page]:
    """The page as it opens."""
    result = Visit(browser, site.as_uri(), pick=False)
    yield result.page
    result.close()


def penalties(page: Page) -> NDArray[np.float64]:
    """What the page shows now."""
    return np.array(page.evaluate("Array.from(lenet.shown().result.penalties)"))


def altered(page: Page) -> NDArray[np.uint8]:
    """The input that the page shows, (32, 32)."""
    return np.array(page.evaluate("Array.from(lenet.shown().altered)"), np.uint8).reshape(32, 32)


def pixels(page: Page, query: str) -> NDArray[np.uint8]:
    """What a canvas shows: (height, width, 4)."""
    url = page.locator(query).evaluate("canvas => canvas.toDataURL()")
    picture = Image.open(BytesIO(base64.b64decode(url.partition(",")[2])))
    return np.asarray(picture.convert("RGBA"))


def paper(page: Page) -> NDArray[np.uint8]:
    """The drawing as grey levels."""
    return 255 - pixels(page, "#touch-pad")[..., 3]


def settled(page: Page) -> None:
    """Wait for the frame in which a drawing is looked at, and the one after it."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_penalties_and_states_are_those_of_pytorch(
    visit: Visit,
    home: str,
    mnist: tuple[Patterns, Patterns],
    record_property: Callable[[str, object], None],
) -> None:
    reference = pytest.importorskip("paper_lenet.training.reference")
    test = mnist[1].subset(slice(0, DIGITS))
    trained = load(predict.find_weights(None))
    network = reference.Reference(trained.recipe, trained.parameters)
    ask = """all => all.map(grey => {
        const { penalties, answer, states } = lenet.ask(grey);
        return [Array.from(penalties), answer, Array.from(states.C3), Array.from(states.F6)];
    })"""
    found, answers, c3, f6 = zip(
        *visit.page.evaluate(ask, test.grey.reshape(DIGITS, -1).tolist()), strict=True
    )
    expected = network.penalties(test)
    worst = np.abs(np.array(found) - expected).max()
    told = f"{worst:.2e} at most (limit {AGREEMENT:.0e}), {home.partition(':')[0]}"
    record_property(f"penalties in the browser less PyTorch's, {DIGITS} digits", told)
    assert worst < AGREEMENT
    assert list(answers) == expected.argmin(axis=1).tolist()
    states = [network.activations(test.inputs(slice(i, i + 1))[0]) for i in range(DIGITS)]
    for name, ours in (("C3", c3), ("F6", f6)):
        theirs = np.array([each[name].ravel() for each in states])
        assert np.abs(np.array(ours) - theirs).max() < AGREEMENT


def test_28_pixels_are_padded(page: Page, mnist: tuple[Patterns, Patterns]) -> None:
    test = mnist[1].subset(slice(0, 1))
    ask = "grey => Array.from(lenet.ask(grey).penalties)"
    whole, middle = (
        page.evaluate(ask, part.grey[0].ravel().tolist()) for part in (test, test.cropped(28))
    )
    assert whole == middle


@pytest.mark.parametrize("side", [20, 23, 28, 64, 150])
def test_a_drawing_is_framed_as_predict_frames_it(
    side: int, page: Page, mnist: tuple[Patterns, Patterns]
) -> None:
    for i, digit in enumerate(mnist[1].cropped(28).grey[:20]):
        small = Image.fromarray(digit).resize((side, side + i), Image.Resampling.BICUBIC)
        grey = 255 - np.asarray(small)
        ask = "([grey, width, height]) => Array.from(lenet.frame.field(grey, width, height))"
        found = np.array(page.evaluate(ask, [grey.ravel().tolist(), side, side + i]))
        expected = field(picture(grey).grey).ravel()
        assert np.array_equal(found, expected), i


def test_what_is_drawn_with_the_mouse_is_read_as_predict_reads_it(visit: Visit) -> None:
    page = visit.page
    draw(page, [(0.3, 0.2), (0.7, 0.2), (0.45, 0.85)])
    settled(page)
    prediction = predict.predict(paper(page))
    assert np.abs(penalties(page) - prediction.penalties).max() < 1e-3
    assert prediction.answer == 7
    assert page.locator("#touch-big").inner_text() == "7"
    confidence = page.evaluate("lenet.shown().result.confidence")
    assert confidence == pytest.approx(prediction.confidence, abs=1e-4)
    said = page.locator("#touch-said")
    said.filter(has_text="The answer is 7").wait_for(state="attached")
    numbers = page.locator("#touch-penalties .touch-number").all_inner_texts()
    rubbish = load(predict.find_weights(None)).recipe.loss.j
    assert numbers == [f"{penalty:.2f}" for penalty in [*penalties(page), rubbish]]


def draw(page: Page, stroke: list[tuple[float, float]]) -> None:
    """Clear the pad, then draw through these places of it, from 0 to 1 across and down."""
    page.locator("#touch-clear").click()
    page.locator("#touch-pad").scroll_into_view_if_needed()
    trace(page, stroke, steps=8)


def trace(page: Page, stroke: Iterable[tuple[float, float]], steps: int = 1) -> None:
    """Draw through these places of the pad, with so many movements of the mouse between two."""
    box = page.locator("#touch-pad").bounding_box()
    assert box is not None
    first, *others = (
        (box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke
    )
    page.mouse.move(*first)
    page.mouse.down()
    for place in others:
        page.mouse.move(*place, steps=steps)
    page.mouse.up()


def test_a_finger_draws_and_does_not_scroll(browser: Browser, site: Path) -> None:
    visit = Visit(browser, site.as_uri(), pick=False, **PHONE)
    page = visit.page
    # Away from the header and its button.
    page.locator("#touch-pad").evaluate(
        "pad => pad.scrollIntoView({block: 'center', behavior: 'instant'})"
    )
    box = page.locator("#touch-pad").bounding_box()
    assert box is not None
    scrolled = page.evaluate("scrollY")
    fingers(visit, box, [[(0.5, n / 20)] for n in range(4, 17)])
    settled(page)
    assert page.evaluate("lenet.shown().result.answer") == 1
    assert page.evaluate("scrollY") == scrolled
    visit.close()


def fingers(visit: Visit, box: Any, moves: list[list[tuple[float, float]]]) -> None:
    """Fingers on the pad, where each of them is after each move, from 0 to 1; then lifted."""
    session = visit.context.new_cdp_session(visit.page)
    for number, move in enumerate(moves):
        points = [
            {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"], "id": finger}
            for finger, (x, y) in enumerate(move)
        ]
        more = number == 0 or len(move) > len(moves[number - 1])
        kind = "touchStart" if more else "touchMove"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_of_two_fingers_one_draws(browser: Browser, site: Path) -> None:
    """What the pen is told is compared: its pixels are not the same in every frame."""
    visit = Visit(browser, site.as_uri(), pick=False, **PHONE)
    page, found = visit.page, []
    page.evaluate("""() => {
        const { prototype } = CanvasRenderingContext2D;
        const own = prototype.lineTo;
        prototype.lineTo = function (x, y) { lenet.drawn.push([x, y]); own.call(this, x, y); };
    }""")
    for others in ([], [(0.8, 0.5)]):
        page.evaluate("lenet.drawn = []")
        page.locator("#touch-clear").tap()
        box = page.locator("#touch-pad").bounding_box()
        down = [(0.3, n / 20) for n in range(4, 17)]
        fingers(visit, box, [[down[0]], *([place, *others] for place in down[1:])])
        settled(page)
        across, along = zip(*page.evaluate("lenet.drawn"), strict=True)
        found.append((set(across), min(along), max(along)))
        assert (paper(page) < 255).any()
    assert found[0] == found[1]
    assert len(found[0][0]) == 1
    visit.close()


def test_a_digit_is_drawn_by_keyboard(visit: Visit) -> None:
    page = visit.page
    page.locator("#touch-pad").focus()
    page.keyboard.press("Delete")
    settled(page)
    assert page.locator("#touch-big").inner_text() == "–"
    press(page, *["ArrowUp"] * 4, "Enter", *["ArrowDown"] * 9, "Enter", "ArrowLeft")
    assert page.locator("#touch-keys-did").text_content() == "At row 12, column 6"
    settled(page)
    assert page.locator("#touch-big").inner_text() == "1"
    press(page, "Backspace", " ")
    assert page.locator("#touch-keys-did").text_content() == "Painted row 12, column 6"
    settled(page)
    assert altered(page).any()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def unit_at(board: Locator, layer: str, unit: tuple[int, int, int]) -> dict[str, float]:
    """Where a unit (map, row, column) is drawn on the wide page."""
    across, side = SHAPES[layer]
    line, place = divmod(unit[0], across)
    box = board.bounding_box()
    assert box is not None
    scale = (box["width"] - 2 * MARGIN) / (across * (side + 1) - 1)
    x, y = place * (side + 1) + unit[2] + 0.5, line * (side + 1) + unit[1] + 0.5
    return {"x": MARGIN + x * scale, "y": MARGIN + y * scale}


def drawn(page: Page, layer: str) -> NDArray[np.uint8]:
    """The picture of a layer."""
    return pixels(page, f"#touch-{layer} canvas")


def span(changed: NDArray[np.bool_], scale: float) -> tuple[int, int]:
    """First unit and number of units along one axis of a map."""
    places = np.flatnonzero(changed)
    # A frame stands around its units, three of the canvas's pixels wide, and may leave the map.
    first = places[0] + MARGIN if places[0] > 0 else 0
    last = places[-1] + 1 - MARGIN if places[-1] < len(changed) - 1 else len(changed)
    start, end = round(first / scale), round(last / scale)
    return start, end - start


def lit(
    before: NDArray[np.uint8], after: NDArray[np.uint8], layer: str
) -> dict[int, tuple[int, int, int, int]]:
    """By map, what has changed: first row and column, rows and columns, in whole units."""
    across, side = SHAPES[layer]
    scale = (before.shape[1] - 2 * MARGIN) / (across * (side + 1) - 1)
    changed = (before != after).any(axis=2)[MARGIN:, MARGIN:]
    result = {}
    for map_ in range(next(one.maps for one in layers() if one.name == layer)):
        line, place = divmod(map_, across)
        top, left = (round(n * (side + 1) * scale) for n in (line, place))
        part = changed[top : top + round(side * scale), left : left + round(side * scale)]
        if part.any():
            spans = [span(part.any(axis), scale) for axis in (1, 0)]
            (top, rows), (left, columns) = spans
            result[map_] = (top, left, rows, columns)
    return result


UNITS = [
    ("C1", (4, 7, 9)),
    ("C1", (0, 27, 0)),
    ("S2", (3, 5, 2)),
    ("C3", (3, 4, 8)),
    ("C3", (12, 1, 5)),
    ("C3", (15, 9, 0)),
    ("S4", (10, 3, 1)),
    ("C5", (77, 0, 0)),
]


@pytest.mark.parametrize(("layer", "unit"), UNITS)
def test_pointing_lights_the_field_and_the_connections(
    layer: str, unit: tuple[int, int, int], page: Page
) -> None:
    names = [one.name for one in layers()]
    below = names[names.index(layer) - 1]
    watched = {name: drawn(page, name) for name in {below, "input"}}
    board = page.locator(f"#touch-{layer} canvas")
    board.hover(position=unit_at(board, layer, unit))  # type: ignore[arg-type]
    settled(page)
    shown = page.evaluate("lenet.shown().unit")
    assert shown == {"layer": layer, "map": unit[0], "row": unit[1], "column": unit[2]}
    found = {name: lit(before, drawn(page, name), name) for name, before in watched.items()}
    field = next(one for one in receptive_fields() if one.name == layer)
    row, column = (field.start(place) for place in unit[1:])
    assert found["input"] == {0: (row, column, field.size, field.size)}
    if below != "input":
        own = layers()[names.index(layer)]
        window = (unit[1] * own.stride, unit[2] * own.stride, own.kernel, own.kernel)
        assert found[below] == dict.fromkeys(sources(layer, unit[0]), window)
    told = page.locator("#touch-unit").inner_text()
    assert f"sees {field.size} × {field.size} pixels" in told or "whole input" in told
    if layer == "C3":
        listed = ", ".join(map(str, TABLE_I[unit[0]][:-1]))
        assert f"maps {listed} and {TABLE_I[unit[0]][-1]} of S2 (Table I)" in told
    page.mouse.move(1, 1)
    settled(page)
    assert page.evaluate("lenet.shown().unit") is None


def sources(layer: str, map_: int) -> tuple[int, ...]:
    """The maps of the layer below that a map is connected to."""
    return {"C3": TABLE_I[map_ % 16], "C5": tuple(range(16))}.get(layer, (map_,))


def test_units_are_reached_by_keyboard_and_stay_lit(page: Page) -> None:
    page.locator("#touch-input canvas").focus()
    press(page, "Tab")
    assert page.evaluate("lenet.shown().unit") == {"layer": "C1", "map": 0, "row": 0, "column": 0}
    press(page, "Tab", "Tab", *["ArrowRight"] * 11, "ArrowDown")
    unit = {"layer": "C3", "map": 1, "row": 1, "column": 1}
    assert page.evaluate("lenet.shown().unit") == unit
    assert page.locator("#touch-unit").inner_text().startswith("C3, map 1, row 1, column 1: state")
    press(page, *["ArrowUp"] * 3)  # no further than the edge
    assert page.evaluate("lenet.shown().unit") == unit | {"row": 0}
    page.mouse.move(1, 1)
    assert page.evaluate("lenet.shown().unit") == unit | {"row": 0}
    press(page, "Tab", "Tab", "Tab", "ArrowDown", "ArrowRight")
    assert page.evaluate("lenet.shown().unit") == {"layer": "F6", "map": 8, "row": 0, "column": 0}
    press(page, "Tab", "ArrowRight", "ArrowRight")
    assert page.evaluate("lenet.shown().unit.map") == 2
    assert page.locator("#touch-unit").inner_text().startswith("Output 2: penalty")
    press(page, "Escape")
    assert page.evaluate("lenet.shown().unit") is None


def test_a_test_digit_is_picked_by_keyboard(page: Page) -> None:
    buttons = page.locator("#touch-misread button")
    assert 40 <= buttons.count() + page.locator("#touch-right button").count() <= 60
    buttons.first.focus()
    press(page, "ArrowRight", "ArrowRight", "Enter")
    assert buttons.nth(2).get_attribute("aria-pressed") == "true"
    label = buttons.nth(2).get_attribute("aria-label")
    assert label is not None
    truth = label.split()[1].rstrip(",")
    assert page.locator("#touch-big").inner_text() != truth
    told = page.locator("#touch-truth")
    assert told.inner_text().startswith(f"Wrong: its class is {truth}. Test pattern ")
    page.locator("#touch-right button").first.click()
    assert told.inner_text().startswith("Right: its class is ")
    draw(page, [(0.5, 0.2), (0.5, 0.8)])
    settled(page)
    assert told.inner_text() == ""


def test_picked_digits_are_those_of_the_test_set(
    page: Page, mnist: tuple[Patterns, Patterns]
) -> None:
    test = mnist[1].cropped(28)
    ask = "lenet.unpack.digits.map(one => [one.index, one.truth, Array.from(one.pixels)])"
    for index, truth, grey in page.evaluate(ask):
        assert truth == test.labels[index]
        assert np.array_equal(np.array(grey), test.grey[index].ravel())


def slide(page: Page, name: str, amount: float) -> None:
    page.locator("#touch-alter").evaluate("details => details.open = true")
    page.locator(f"#touch-sliders [name={name}]").fill(str(amount))


def test_sliders_alter_the_input_as_the_study_does_and_change_the_answer(visit: Visit) -> None:
    page = visit.page
    before, answer = altered(page), page.evaluate("lenet.shown().result.answer")
    for name, amount in {"right": 3, "down": -4, "scale": 0.7, "degrees": 25}.items():
        slide(page, name, amount)
    angle = np.radians(25)
    a, c = 0.7 * np.cos(angle), 0.7 * np.sin(angle)
    expected = affine.mapped(before[None], affine.Map(a, -c, c, a, right=3, down=-4))[0]
    assert np.array_equal(altered(page), expected)
    slide(page, "degrees", 180)
    assert page.evaluate("lenet.shown().result.answer") != answer
    assert "−4 px" in page.locator("#touch-sliders").inner_text()
    page.locator("#touch-reset").click()
    assert np.array_equal(altered(page), before)
    assert page.evaluate("lenet.shown().result.answer") == answer


def test_noise_is_drawn_from_the_projects_streams(page: Page) -> None:
    before = altered(page)
    slide(page, "noise", 20)
    first = altered(page)
    key = streams.key(0, "noise", page.evaluate("lenet.data.noise.first"))
    inverted = streams.uniform(key, before.size).reshape(before.shape) < 0.2
    assert np.array_equal(first, np.where(inverted, 255 - before, before))
    page.locator("#touch-noise-again").click()
    assert not np.array_equal(altered(page), first)
    page.locator("#touch-reset").click()
    slide(page, "noise", 20)
    assert np.array_equal(altered(page), first)
    assert page.evaluate("lenet.data.noise.first") > APART + PATTERNS


def test_pictures_follow_the_theme(page: Page) -> None:
    light = drawn(page, "input")
    page.emulate_media(color_scheme="dark")
    settled(page)
    inked = light[..., 3] == 255
    assert inked.any()
    assert drawn(page, "input")[inked, :3].mean() > light[inked, :3].mean() + 100


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_nothing_is_wider_than_the_page(width: int, page: Page) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    outside = """width => [...document.querySelectorAll('.touch *')].filter(
        one => one.getBoundingClientRect().right > width && !one.matches('.touch-spoken')).length"""
    assert page.evaluate(outside, width) == 0


def test_the_page_is_small(site: Path) -> None:
    """The page itself counts whole, with what the theme puts into it."""
    files = [site / "touch.html", *(site / "_static" / "touch").iterdir()]
    assert sum(file.stat().st_size for file in files) < BYTES
