"""The page of `paper-lenet compare`, opened from a file: it asks for nothing and fits."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from drawn import digits
from made_up_study import Made, write
from playwright.sync_api import Browser

from paper_lenet.pipeline.page import page
from paper_lenet.results.compared import Side
from paper_lenet.results.trainings import read_study

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

NAME = "data/trainings/a_study_of_a_long_name/and_a_run_with_a_name_that_is_as_long"


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compared")
    ten = (1000, 10)
    one = {seed: Made(dict.fromkeys((1, 2, 5), 3), patterns=ten) for seed in range(3)}
    other = {seed: Made(dict.fromkeys((2, 7), 4), patterns=ten) for seed in range(3)}
    eta = [[passes, 10.0**-passes] for passes in (4, 5, 6)]
    write(folder / "s", {"one": one, "other": other}, {"other": {"step.eta": eta}})
    runs = read_study(folder / "s")
    truth = {index: index for index in range(10)}
    first, second = (Side(NAME, "of the trainings in s", run, truth, {}) for run in runs.values())
    path = folder / "compare.html"
    path.write_text(page(first, second, digits(28)), encoding="utf-8")
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_asks_for_nothing_and_fits(
    width: int, scheme: str, browser: Browser, compared: Path
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 740}, color_scheme=scheme, offline=True
    )
    opened = context.new_page()
    asked: list[str] = []
    told: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: told.append(message.text))
    opened.on("pageerror", lambda error: told.append(str(error)))
    opened.goto(compared.as_uri())
    sizes = opened.evaluate("Array.from(document.images, image => image.naturalWidth)")
    assert len(sizes) == 1 + 3 and min(sizes) > 0, "every picture is there"
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(opened).response["violations"]
    assert found == []
    context.close()
    assert told == []
    assert [url for url in asked if not url.startswith(("data:", "file:"))] == []
    assert asked.count(compared.as_uri()) == 1
