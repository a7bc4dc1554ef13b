"""The pages' sources, and the parts of the site that fill in numbers, tables and drawings."""

from __future__ import annotations

import io
import json
import re
import sys
import zlib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from paper_lenet import __version__
from paper_lenet.base.statistics import LEVEL
from paper_lenet.network.architecture import Network, codes, layers
from paper_lenet.network.receptive_field import receptive_fields
from paper_lenet.paper import numbers

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if "_build" not in path.parts)
sys.path.append(str(DOCS / "_ext"))

from lenet_docs import (  # noqa: E402
    docstrings,
    foreign,
    measured,
    network,
    pictured,
    pipeline,
    printed,
    tables,
)

BLOCK = r"^(`{3,}|:{3,})(?:(?!\{)\S|\{code-cell\}).*?^\1$"
CODE = re.compile(BLOCK + r"|^\$\$.*?^\$\$$", re.M | re.S)
INLINE = re.compile(r"(\{\w+\})?`[^`]*`|\$[^$]+\$|\]\([^)]*\)")
UNITS = "%|percent|points?|times|errors|µs|ms|s|seconds?|minutes?|hours?|KB|MB|GB|GFLOP/s"
TYPED = re.compile(rf"\d+\.\d+|\d\s?e[-+]?\d+|\d[\d,]*\s?(?:{UNITS})(?!\w)")


def typed_numbers(text: str) -> list[str]:
    """Fractions, and numbers with a unit, in the prose: not in code, formulas, roles and links."""
    prose = INLINE.sub("", CODE.sub("", text.replace(__version__, "")))
    allowed = {f"{100 * LEVEL:g}%", "3.11"}  # the level of the intervals; the version of Python
    return [number for number in TYPED.findall(prose) if number not in allowed]


# The changelog is a page too, by an include.
@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda page: page.stem)
def test_no_result_is_typed_by_hand(page: Path) -> None:
    assert typed_numbers(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_column_of_a_table_has_a_heading(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    headings = [line for line, below in pairwise(lines) if re.fullmatch(r"\|[\s:|-]+\|", below)]
    assert [line for line in headings if re.search(r"\|\s*\|", line)] == []


RESULTS = (
    "results claims sizes-and-distortions the-82 invariance writers data photographs "
    "network-of-1998 fashion-mnist engine posterior open-questions ladder tutorials fig9"
)


@pytest.mark.parametrize("page", RESULTS.split())
def test_a_page_of_results_begins_with_its_question_and_what_came_out(page: str) -> None:
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    _, conclusion, *_ = text.split("\n\n")
    asked, said = re.fullmatch(r"\*\*([^?]+\?) (.+\.)\*\*", conclusion, re.S).groups()  # type: ignore[union-attr]
    assert asked and re.search(r"\{(result|timing)\}", said), page


def test_a_typed_number_would_be_found() -> None:
    assert typed_numbers("an error of 0.97 % here") == ["0.97"]
    assert typed_numbers("1% of the `0.5` and $0.5$, {result}`metrics.a:.2f`") == ["1%"]
    assert typed_numbers("after 28 seconds, 1,876 errors, 2e-4") == [
        "28 seconds",
        "1,876 errors",
        "2e-4",
    ]
    assert typed_numbers("five 5 × 5 kernels at 10 places, pass 20 of S2, 4 maps") == []
    assert typed_numbers("```sh\nx=0.5\n```\n") == []


def test_every_page_stands_in_a_table_of_contents() -> None:
    listed = []
    for page in PAGES:
        for block in re.findall(r"```\{toctree\}\n(.*?)```", page.read_text("utf-8"), re.S):
            entries = [line for line in block.splitlines() if line and not line.startswith(":")]
            listed += [re.sub(r"^.*<(.*)>$", r"\1", entry) for entry in entries]
    pages = [page.relative_to(DOCS).with_suffix("").as_posix() for page in PAGES]
    assert sorted([*listed, "index"]) == sorted(pages)


def test_every_figure_says_what_it_shows() -> None:
    figures = 0
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert "![](" not in text, page
        for options in re.findall(r"\{(?:drawn|figure|image)\} \S+\n(.*?)^:::", text, re.S | re.M):
            figures += 1
            alternative = re.search(r"^:alt: (.+)$", options, re.M)
            assert alternative is not None and len(alternative[1]) > 40, (page, options)
    assert figures > 5


def test_the_api_pages_have_every_module() -> None:
    package = ROOT / "paper_lenet"
    modules = {
        path.relative_to(ROOT)
        .with_suffix("")
        .as_posix()
        .replace("/", ".")
        .removesuffix(".__init__")
        for path in package.rglob("*.py")
        if path.stem != "__main__"
    }
    named = [
        name
        for page in [DOCS / "api.md", *(DOCS / "api").glob("*.md")]
        for name in re.findall(r"automodule:: (\S+)", page.read_text(encoding="utf-8"))
    ]
    assert len(named) == len(set(named))
    assert set(named) == modules


def test_printed_numbers_are_found_by_name() -> None:
    assert printed.lookup("TEST_ERROR") is numbers.TEST_ERROR
    assert printed.lookup("COUNTS.C3.journal_connections") == 156_000
    assert printed.lookup("DAYS.1") is numbers.DAYS[1]
    assert printed.lookup("fig8.len") == len(numbers.fig8()) == 82
    with pytest.raises(AttributeError, match="NO_SUCH"):
        printed.lookup("NO_SUCH")


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (60_000, "", "60,000"),
        (0.95, "", "0.95"),
        (-0.1, "", "−0.1"),
        (7e-5, "", "7·10⁻⁵"),
        (5.63e-5, "s2", "5.6·10⁻⁵"),
        (10.0, "s3", "10.0"),
        (100.0, "s3", "100"),
        (0.0, "s2", "0.0"),
        (1.005, ".2f", "1.00"),
        ("paper", "", "paper"),
    ],
)
def test_numbers_are_shown_as_asked(value: object, form: str, text: str) -> None:
    assert printed.as_text(value, form) == text


@pytest.fixture
def results(tmp_path: Path) -> Path:
    folder = tmp_path / "data/results/mnist/paper/evaluate"
    folder.mkdir(parents=True)
    tree = {"seeds": 3, "test_error_percent": {"mean": 1.5, "sd": None}}
    (folder / "metrics.json").write_text(json.dumps(tree), encoding="utf-8")
    return tmp_path


def test_results_are_read_by_name(results: Path) -> None:
    assert measured.value(results, "metrics.test_error_percent.mean") == 1.5
    assert measured.value(results, "metrics.test_error_percent.sd") is None


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("metrics.nothing", r"metrics\.json: no key nothing"),
        ("metrics.seeds.mean", "no key seeds.mean"),
        ("metrics.test_error_percent", "not one value"),
        ("nothing.seeds", r"data/results/mnist: 0 files called nothing\.json"),
    ],
)
def test_a_missing_result_is_named(results: Path, name: str, message: str) -> None:
    with pytest.raises(measured.ResultError, match=message):
        measured.value(results, name)


def test_a_studys_result_is_read_by_its_path(results: Path) -> None:
    folder = results / "data" / "results" / "studies" / "ladder"
    folder.mkdir(parents=True)
    (folder / "summary.json").write_text('{"rungs": {"n": 9}}')
    assert measured.value(results, "studies/ladder/summary.rungs.n") == 9
    missing = r"data/results/studies/ladder/other\.json: there is no"
    with pytest.raises(measured.ResultError, match=missing):
        measured.value(results, "studies/ladder/other.rungs")


def test_what_is_read_from_the_papers_figures_is_found_by_its_name() -> None:
    assert (
        measured.find(ROOT, "printed/evidence.csv") == ROOT / "paper_lenet/paper/data/evidence.csv"
    )
    with pytest.raises(measured.ResultError, match=r"paper/data/none\.csv: there is no such file"):
        measured.find(ROOT, "printed/none.csv")


def test_cells_are_filled_from_a_row() -> None:
    row = {"low": "0.9", "high": "1.12345", "who": "paper", "none": ""}
    assert measured.fill("{low:.2f} to {high:.2f}", row) == "0.90 to 1.12"
    assert measured.fill("{who}", row) == "paper"
    assert measured.fill("{low:.2f} to {none:.2f}", row) == measured.NOTHING
    with pytest.raises(measured.ResultError, match="no column other; there are: low, high"):
        measured.fill("{other}", row)


def test_rows_are_chosen_by_a_result() -> None:
    rows = [{"index": "7", "times": "3"}, {"index": "8", "times": "2"}]
    assert measured.chosen(rows, "times", 3) == rows[:1]
    with pytest.raises(measured.ResultError, match="no column other; there are: index, times"):
        measured.chosen(rows, "other", 3)


def test_numbers_stand_at_the_right_and_labels_are_headings() -> None:
    node = tables.table(["Pass", "Error"], [["1", "4.89"], ["2", "–"]], "Errors")
    text = node.pformat()
    assert text.count('<entry classes="number">') == 6
    assert 'stub="1"' in text


def test_indented_blocks_of_docstrings_are_shown_as_they_stand() -> None:
    lines = ["The layout:", "", "    C1 [6]", "    S2 [6]", "", "Args:", "    x: what.", ""]
    docstrings.show_blocks(None, "module", "x", None, None, lines)
    assert lines[2:5] == [".. code-block:: text", "", "    C1 [6]"]
    assert lines[7:9] == ["Args:", "    x: what."]


def test_signatures_name_arrays_as_the_code_does() -> None:
    long = "(a: ~numpy.ndarray[tuple[~typing.Any, ...], ~numpy.dtype[~numpy.uint8]])"
    shown = docstrings.shorten(None, "function", "f", None, None, long, None)
    assert shown == ("(a: NDArray[~numpy.uint8])", None)


def test_computed_counts_equal_the_printed_ones_in_the_table() -> None:
    for _, _, _, parameters, theirs, connections, preprint, _, _ in network.layer_rows():
        assert theirs in (parameters, "–")
        assert preprint in (connections, "–")


def test_the_journals_total_repeats_its_slip() -> None:
    slip = printed.lookup("COUNTS.C3.journal_connections") - printed.lookup("COUNTS.C3.connections")
    computed = sum(layer.connections for layer in layers())
    assert numbers.TOTAL.journal_connections == computed + slip


def test_a_code_is_drawn_with_a_square_for_each_plus_one() -> None:
    assert network.bitmap(3, [1, -1, 1] + [-1] * 81).count("h1v1h-1z") == 2


def test_the_sites_icon_is_a_code() -> None:
    icon = (DOCS / "_static" / "favicon.svg").read_text(encoding="utf-8")
    drawn = re.findall(r' d="([^"]+)"', network.bitmap(5, codes()[5]))
    assert re.findall(r' d="([^"]+)"', icon) == drawn


def test_28_pixels_leave_two_of_the_middle_box_out_of_the_centres() -> None:
    """The numbers of the page "Receptive fields"."""
    c3 = next(field for field in receptive_fields(Network(input=28)) if field.name == "C3")
    assert (c3.units, c3.centres[0], c3.centres[-1], c3.tiled) == (8, 7, 21, (6, 22))


def test_the_graph_has_the_pipelines_arrows() -> None:
    graph = pipeline.stages(ROOT)
    assert pipeline.edges(graph) == [
        ("download", "preprocess"),
        ("preprocess", "train"),
        ("preprocess", "evaluate"),
        ("train", "evaluate"),
        ("preprocess", "figures"),
        ("train", "figures"),
        ("evaluate", "figures"),
        ("preprocess", "explain"),
        ("train", "explain"),
        ("preprocess", "examples"),
        ("evaluate", "examples"),
        ("preprocess", "touch"),
        ("train", "touch"),
    ]
    assert pipeline.drawing(graph).count('class="arrow"') == 13


@pytest.mark.parametrize("project", ["numpy", "torch"])
def test_inventories_are_those_of_the_lists(project: str) -> None:
    inventory = (DOCS / "_inventories" / f"{project}.inv").read_bytes()
    *heading, packed = inventory.split(b"\n", 4)
    lines = [*heading, *zlib.decompress(packed).splitlines()]
    listed = (DOCS / "_inventories" / f"{project}.txt").read_bytes().splitlines()
    assert lines == listed
    assert len(listed) > 5


def test_names_of_others_are_written_in_full() -> None:
    names = ("np.float32", "NDArray", "torch.Tensor", "Path")
    full = ("numpy.float32", "numpy.typing.NDArray", "torch.Tensor", "Path")
    assert tuple(map(foreign.full_name, names)) == full


def test_what_stands_before_a_colon_is_no_type() -> None:
    lines = ["Attributes:", "    low, high: the ends.", "    mid: the middle."]
    docstrings.keep_names(None, "class", "x", None, None, lines)
    assert lines[1:] == ["    low,high: the ends.", "    mid: the middle."]
    lines = ["The gap, (N,): a score."]
    docstrings.keep_names(None, "property", "x", None, None, lines)
    assert lines == ["..", "", "The gap, (N,): a score."]


def test_every_entry_of_the_bibliography_is_cited() -> None:
    entries = re.findall(r"^@\w+\{(\w+),", (DOCS / "references.bib").read_text("utf-8"), re.M)
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert sorted(entries) == sorted(set(re.findall(r"\{cite:\w+\}`(\w+)`", pages)))


def test_sheets_show_every_class_and_the_nine_inputs() -> None:
    first, worst = pictured.digits(ROOT)
    assert first.shape == worst.shape == (10, 28, 28)
    (inputs,) = pictured.inputs(ROOT)
    content, wide, high = pictured.png([inputs])
    assert content.startswith(b"\x89PNG") and (wide, high) == (9 * 36 - 4, 32)
    picture = np.asarray(Image.open(io.BytesIO(content)))
    assert (picture[:, :32, 0] == inputs[0]).all()
    assert set(picture[:, 32:36, 1].ravel()) == {0}
