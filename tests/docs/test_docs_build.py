"""The built site: complete, whole without PyTorch, and asking nobody for anything."""

from __future__ import annotations

import ast
import json
import pickle
import re
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from built import build

sys.path.append(str(Path(__file__).resolve().parents[2] / "tools"))

import translation

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("site")]

ROOT = Path(__file__).resolve().parents[2]
BYTES = 1_000_000


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, BeautifulSoup]:
    found = {
        path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in sorted(site.rglob("*.html"))
    }
    assert len(found) > 15
    return found


def attributes(page: BeautifulSoup, *names: str) -> Iterator[tuple[Tag, str]]:
    """Every element of a page that has one of these attributes, with its value."""
    for name in names:
        for element in page.find_all(attrs={name: True}):
            yield element, str(element[name])


def test_no_signature_is_lost_to_a_mock(pages: dict[Path, BeautifulSoup]) -> None:
    text = "\n".join(page.get_text() for page in pages.values())
    assert "*args: Any" not in text
    assert "ScaledTanh" in text
    assert "amplitude: float = SQUASHING_AMPLITUDE" in text


def public(path: Path) -> Iterator[str]:
    """Public classes and functions of a module, and the methods of its classes."""
    module = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
    module = module.removesuffix(".__init__")
    for found in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(found, ast.ClassDef | ast.FunctionDef) and not found.name.startswith("_"):
            yield f"{module}.{found.name}"
            for inner in found.body if isinstance(found, ast.ClassDef) else []:
                if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
                    yield f"{module}.{found.name}.{inner.name}"


def test_the_api_has_every_public_name(pages: dict[Path, BeautifulSoup]) -> None:
    api = [page for path, page in pages.items() if path.parent.name == "api"]
    listed = {value for page in api for _, value in attributes(page, "id")}
    names = {name for path in (ROOT / "paper_lenet").rglob("*.py") for name in public(path)}
    assert len(names) > 300
    assert sorted(names - listed) == []


def test_signatures_lead_to_the_pages_of_python_numpy_and_pytorch(
    pages: dict[Path, BeautifulSoup],
) -> None:
    api = [page for path, page in pages.items() if path.parent.name == "api"]
    links = {value for page in api for _, value in attributes(page, "href")}
    assert links >= {
        "https://docs.python.org/3.11/library/pathlib.html#pathlib.Path",
        "https://numpy.org/doc/stable/reference/typing.html#numpy.typing.NDArray",
        "https://docs.pytorch.org/docs/stable/tensors.html#torch.Tensor",
    }


def test_no_page_asks_another_host(site: Path, pages: dict[Path, BeautifulSoup]) -> None:
    for path, page in pages.items():
        asked = [value for _, value in attributes(page, "src", "srcset", "data", "poster")]
        asked += [value for link, value in attributes(page, "href") if link.name == "link"]
        assert not [each for each in asked if re.match(r"(\w+:)?//", each)], path
    for style in site.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        assert not re.search(r"(url\(\s*['\"]?|@import\s+['\"])(https?:)?//", text), style


def test_every_internal_link_leads_somewhere(site: Path, pages: dict[Path, BeautifulSoup]) -> None:
    places = {
        path: {value for _, value in attributes(page, "id", "name")} | {"", "top"}
        for path, page in pages.items()
    }
    links = 0
    for path, page in pages.items():
        for link, value in attributes(page, "href", "src"):
            parts = urlsplit(value)
            if parts.scheme or parts.netloc:
                continue
            folder = site if parts.path.startswith("/") else path.parent  # as the page of a 404 has
            place = folder / unquote(parts.path).lstrip("/")
            target = place.resolve() if parts.path else path
            assert target.is_file(), (path, str(link))
            if target in places:
                links += 1
                assert unquote(parts.fragment) in places[target], (path, str(link))
    assert links > 1000


def test_every_picture_says_what_it_shows(pages: dict[Path, BeautifulSoup]) -> None:
    for path, page in pages.items():
        for image in page.find_all("img"):
            assert image.get("alt"), (path, str(image))
        for drawing in page.find_all("svg", attrs={"role": "img"}):
            named = page.find(id=drawing.get("aria-labelledby", True))
            words = drawing.get("aria-label") or (named and named.get_text())
            assert words, (path, str(drawing)[:80])


def test_headings_skip_no_level(pages: dict[Path, BeautifulSoup]) -> None:
    for path, page in pages.items():
        levels = [int(heading.name[1]) for heading in page.find_all(re.compile(r"^h[1-6]$"))]
        assert levels.count(1) == 1, path
        assert all(below <= above + 1 for above, below in pairwise(levels)), (path, levels)


def test_a_place_on_a_page_has_one_name(pages: dict[Path, BeautifulSoup]) -> None:
    for path, page in pages.items():
        names = [value for _, value in attributes(page, "id")]
        assert sorted(set(names)) == sorted(names), path


def test_heads_of_tables_say_of_what(pages: dict[Path, BeautifulSoup]) -> None:
    heads = {path: page.select("article .table-wrapper th") for path, page in pages.items()}
    assert sum(map(len, heads.values())) > 500
    for path, found in heads.items():
        assert {head.get("scope") for head in found} <= {"col", "row"}, path


# What is written for programs: underscores, powers of ten, and numbers behind a name.
RAW = re.compile(r"\b\w+_\w+\b|\de[-+]\d|^[a-z]+-\d{2,}$|^\w+\.[a-z]\w+$")


def test_no_cell_of_a_table_is_a_name_for_programs(pages: dict[Path, BeautifulSoup]) -> None:
    cells = [
        (path.name, cell)
        for path, page in pages.items()
        for cell in page.select("table.data td, table.data th, .claim > summary > span")
    ]
    assert len(cells) > 5000
    assert [(name, cell.text) for name, cell in cells if RAW.search(cell.text.strip())] == []


def test_every_page_says_what_it_is_and_has_an_icon(pages: dict[Path, BeautifulSoup]) -> None:
    for path, page in pages.items():
        assert page.find("link", rel="apple-touch-icon"), path
        if path.stem not in ("404", "search", "genindex", "py-modindex"):
            assert len(page.find("meta", attrs={"name": "description"})["content"]) > 20, path


def test_citations_differ_and_are_those_of_the_list(
    site: Path, pages: dict[Path, BeautifulSoup]
) -> None:
    listed = {
        str(entry["id"]): entry.find(class_="label").get_text(strip=True).strip("[]")
        for entry in pages[site / "references.html"].select(".citation")
    }
    assert len(set(listed.values())) == len(listed) > 10
    cited = {
        (str(link["href"]).partition("#")[2], link.get_text())
        for page in pages.values()
        for link in page.select('a[href*="references.html#id"]')
    }
    assert len(cited) > 10
    assert cited <= set(listed.items())


def test_formulas_are_mathml_with_the_papers_numbers(site: Path) -> None:
    page = BeautifulSoup((site / "learning.html").read_text(encoding="utf-8"), "html.parser")
    numbers = [number.get_text() for number in page.find_all(class_="equation-number")]
    assert numbers == [f"({n})" for n in (8, 9, *range(18, 28))]
    # What stands between the paper's equations has no number.
    assert len(page.find_all("math", attrs={"display": "block"})) > len(numbers)
    assert not page.find_all("merror")


def test_pages_are_small(
    site: Path, pages: dict[Path, BeautifulSoup], record_property: Callable[[str, object], None]
) -> None:
    """A page and all that it loads: of a light and a dark picture one, and no other page."""
    record_property(f"building the {len(pages)} pages", (site.parent / "whole").read_text("utf-8"))
    for path, page in pages.items():
        loaded = {path, *site.glob("_static/*.woff2")}
        for element, value in attributes(page, "src", "href"):
            if value.startswith("data:"):  # it is in the page itself
                continue
            file = (path.parent / unquote(urlsplit(value).path)).resolve()
            hidden = "only-dark" in element.get("class", [])
            loads = element.name in ("img", "script", "link") and file.suffix != ".html"
            if loads and not hidden and file.is_file():
                loaded.add(file)
        assert sum(file.stat().st_size for file in loaded) < BYTES, path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A site of one page, with one result to show."""
    folder = tmp_path / "data" / "results" / "mnist"
    folder.mkdir(parents=True)
    (folder / "metrics.json").write_text('{"seeds": 3}', encoding="utf-8")
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "conf.py").write_text(
        f"import sys\nsys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'docs/_ext')!r}]\n"
        'extensions = ["myst_parser", "lenet_docs"]\nhtml_math_renderer = "mathml"\n',
        encoding="utf-8",
    )
    (docs / "index.md").write_text("# Page\n\n{result}`metrics.seeds` seeds.\n", "utf-8")
    return docs


def test_what_the_pages_show_is_noted(site: Path) -> None:
    """Of the files of data that are opened in a build; else a page would not be read anew."""
    with (site.parent / "doctrees/environment.pickle").open("rb") as remembered:
        pages = pickle.load(remembered).dependencies.values()
    noted = {(ROOT / "docs" / path).resolve() for page in pages for path in page}
    opened = map(Path, (site.parent / "opened").read_text("utf-8").splitlines())
    shown = {path for path in opened if path.is_relative_to(ROOT / "data")}
    assert len(shown) > 50
    # The scripts of the page to touch are made in each build.
    weights = {"seed-00", "passes", "network-1998", "top", "weights"}
    assert {path.name for path in shown - noted} == {f"{name}.safetensors" for name in weights}


NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def translated(site: Path) -> list[str]:
    folder = ROOT / "docs/locale/ko/LC_MESSAGES"
    names = [path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.po")]
    return [name for name in names if (site / f"{name}.html").is_file()]


def test_the_korean_pages_are_korean(site: Path, pages: dict[Path, BeautifulSoup]) -> None:
    names = translated(site)
    assert {"index", "touch", "from-keras", "cheat-sheet", "glossary"} <= set(names)
    for path, english in pages.items():
        name = path.relative_to(site).with_suffix("").as_posix()
        if name.startswith("ko/"):
            continue
        korean = pages[site / "ko" / f"{name}.html"]
        assert (english.html["lang"], korean.html["lang"]) == ("en", "ko")
        if name in names:
            assert re.search("[가-힣]", korean.h1.text), name
            assert len(re.findall("[가-힣]", korean.article.text)) > 300, name
        told = korean.select_one(".not-translated")
        documents = name in names or name in ("404", "search", "genindex", "py-modindex")
        assert (told is None) == documents, name
        assert told is None or korean.select_one('section[lang="en"] h1').text == english.h1.text
        here = (site / "ko" / name).parent
        assert told is None or (here / told.a["href"]).resolve() == path.resolve(), name


def test_numbers_do_not_differ_between_languages(
    site: Path, pages: dict[Path, BeautifulSoup]
) -> None:
    tables = 0
    for name in translated(site):
        each = [
            pages[site / place / f"{name}.html"].select("article table") for place in ("", "ko")
        ]
        assert len(each[0]) == len(each[1]), name
        for english, korean in zip(*each, strict=True):
            rows = [table.select("tr") for table in (english, korean)]
            for cells in zip(*rows, strict=True):
                numbers = [sorted(NUMBER.findall(row.get_text(" "))) for row in cells]
                assert numbers[0] == numbers[1], (name, cells)
            tables += 1
    assert tables > 5


def test_a_switch_leads_to_the_same_page_in_the_other_language(
    site: Path, pages: dict[Path, BeautifulSoup]
) -> None:
    for path, page in pages.items():
        links = page.select("nav.editions a")
        if path.stem == "404":
            assert not links
            continue
        (link,) = links
        other = (path.parent / str(link["href"])).resolve()
        name = path.relative_to(site).as_posix()
        assert other == site / (name[3:] if name.startswith("ko/") else f"ko/{name}"), path
        assert link["hreflang"] == link["lang"] == pages[other].html["lang"]
        found = page.select("link[rel=alternate][hreflang]")
        targets = {each["hreflang"]: (path.parent / str(each["href"])).resolve() for each in found}
        own = page.html["lang"]
        assert targets == {own: path.resolve(), link["hreflang"]: other}, path


def test_the_report_knows_every_message(site: Path) -> None:
    """What is in no English page any more is what it lists as dropped."""
    doctrees, folder = site.parent / "doctrees", ROOT / "docs/locale/ko/LC_MESSAGES"
    names = translated(site)
    known = {
        "index": {"LeNet-5, replicated", "Quantity"},
        "sphinx": {"Skip to content", "Next"},
        "lenet_docs": {"Pen down", "More columns: {names}", "Draw a digit", "Languages", "no"},
    }
    for path in sorted(folder.rglob("*.po")):
        name = path.relative_to(folder).with_suffix("").as_posix()
        catalogue = translation.read(path)
        before = {each.id for each in catalogue if each.id and each.string}
        texts = translation.english(doctrees, names, name)
        assert known.get(name, set()) <= set(texts)
        found = translation.update(catalogue, texts)
        assert found.dropped == len(before - set(texts)), name
        assert sum(found[:3]) == len(texts) > 0, name


def test_a_result_is_read_into_the_page(small: Path, tmp_path: Path) -> None:
    done = build(small, tmp_path)
    assert done.stderr == ""
    assert "3 seeds." in (tmp_path / "html" / "index.html").read_text(encoding="utf-8")


MISSING = {
    "{result}`metrics.nothing`": "metrics.json: no key nothing",
    "{paper}`NOTHING`": "no attribute 'NOTHING'",
    "{math}`\\nothing`": "in the formula",
}


def test_what_is_not_there_stops_the_build(small: Path, tmp_path: Path) -> None:
    (small / "index.md").write_text("# Page\n\n" + "\n\n".join(MISSING), encoding="utf-8")
    for _ in range(2):  # the second build reads the page anew, and fails as well
        done = build(small, tmp_path)
        assert done.returncode != 0
        assert [message for message in MISSING.values() if message not in done.stderr] == []
        assert len(done.stderr.splitlines()) == len(MISSING)


def test_a_build_with_no_change_reads_and_writes_no_page(small: Path, tmp_path: Path) -> None:
    (small / "other.md").write_text("---\norphan:\n---\n\n# Other\n", "utf-8")

    def built() -> dict[str, int]:
        done = build(small, tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        made = ("doctrees/index.doctree", "doctrees/other.doctree")
        made += ("html/index.html", "html/other.html")
        return {name: (tmp_path / name).stat().st_mtime_ns for name in made}

    def anew() -> list[str]:
        before, now = times[-1], built()
        times.append(now)
        return [name for name in now if now[name] != before[name]]

    times = [built()]
    assert anew() == []
    (tmp_path / "data/results/mnist/metrics.json").write_text('{"seeds": 4}', "utf-8")
    assert anew() == ["doctrees/index.doctree", "html/index.html"]
    assert "4 seeds." in (tmp_path / "html/index.html").read_text(encoding="utf-8")
    (small / "other.md").write_text("---\norphan:\n---\n\n# Another\n", "utf-8")
    assert anew() == ["doctrees/other.doctree", "html/index.html", "html/other.html"]
    # What all pages are made by.
    (tmp_path / "params.yaml").write_text("", "utf-8")
    assert anew() == list(times[0])


KOREAN = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Page"
msgstr "쪽"

msgid "Once {result}`metrics.seeds` seeds."
msgstr "옛 시드 {result}`metrics.seeds`개."

msgid "{result}`metrics.seeds` seeds."
msgstr "시드 {result}`metrics.seeds`개."

msgid "Head"
msgstr "머리"

msgid "Fold"
msgstr "접힌 것"

msgid "All of them"
msgstr "전부"
"""
PAGE = """# Page

{result}`metrics.seeds` seeds.

```{results-table} rows
:caption: All of them
Head | {low} to {high}
```

```{fold} Fold
Never translated.
```
"""


def test_a_message_that_has_changed_is_shown_in_english(small: Path, tmp_path: Path) -> None:
    """Whoever knows no Korean changes a page, and the build goes on."""
    (tmp_path / "data/results/mnist/rows.csv").write_text("low,high\n1,2\n", "utf-8")
    (tmp_path / "studies").mkdir()
    (tmp_path / "studies/tutorials.yaml").touch()
    with (small / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write('locale_dirs = ["locale"]\ngettext_compact = False\n')
        conf.write("myst_heading_anchors = 2\n")
    folder = small / "locale/ko/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "index.po").write_text(KOREAN, "utf-8")
    (folder / "lenet_docs.po").write_text(
        f'{KOREAN[:63]}\nmsgid "{{low}} to {{high}}"\nmsgstr "{{low}}~{{high}}"\n', "utf-8"
    )
    other = "---\norphan:\n---\n\n# Other\n\n[By name](index.md#page). [](index.md#page)\n"
    (small / "other.md").write_text(other, "utf-8")

    def shown(text: str) -> str:
        (small / "index.md").write_text(text, "utf-8")
        done = build(small, tmp_path, "ko")
        assert (done.returncode, done.stderr) == (0, "")
        page = BeautifulSoup((tmp_path / "html/ko/index.html").read_text("utf-8"), "html.parser")
        told = page.select_one(".not-translated").extract()
        assert "of its 6 passages" in told.text and told.a["href"] == "./../index.html"
        return " ".join(page.select_one("div.body").text.split())

    assert shown(PAGE) == "쪽¶ 시드 3개. 전부¶ 머리 1~2 접힌 것 Never translated."
    assert "These 3 seeds. 전부" in shown(PAGE.replace("{result}", "These {result}"))
    (folder / "index.po").write_text(KOREAN.replace("시드 {", "씨앗 {"), "utf-8")
    assert shown(PAGE).startswith("쪽¶ 씨앗 3개.")
    other = (tmp_path / "html/ko/other.html").read_text("utf-8")
    links = BeautifulSoup(other, "html.parser").select('div.body a[href="index.html#page"]')
    assert [link.text for link in links] == ["By name", "쪽"]
    assert '<p class="not-translated">This page has not been translated yet.' in other


ALL = """# All

```{timing-machines}
:caption: All
One update | {us:.1f}
```
"""


def test_the_machine_measured_last_is_shown_whichever_it_becomes(
    small: Path, tmp_path: Path
) -> None:
    bench = tmp_path / "data/timings/mnist/bench"
    bench.mkdir(parents=True)
    (small / "index.md").write_text("# Last\n\n{timing}`us:.1f`\n", "utf-8")
    (small / "all.md").write_text(f"---\norphan:\n---\n\n{ALL}", "utf-8")

    def built() -> list[list[str]]:
        assert build(small, tmp_path).stderr == ""
        pages = [(tmp_path / f"html/{name}.html").read_text("utf-8") for name in ("index", "all")]
        return [re.findall(r"<p>(\d\.\d)</p>", page) for page in pages]

    found = []
    for name, day, us in [("one", 1, 1.5), ("two", 2, 2.5), ("one", 3, 3.5), ("two", 1, 4.5)]:
        tree = {"date": f"2026-01-0{day}", "us": us, "environment": {"processor": name}}
        (bench / f"{name}.json").write_text(json.dumps(tree), "utf-8")
        found.append(built())
    assert found == [
        [["1.5"], ["1.5"]],
        [["2.5"], ["2.5", "1.5"]],
        [["3.5"], ["3.5", "2.5"]],
        [["3.5"], ["3.5", "4.5"]],
    ]
    doctree = tmp_path / "doctrees/all.doctree"
    before = doctree.stat().st_mtime_ns
    built()
    assert doctree.stat().st_mtime_ns == before


def test_a_build_that_was_killed_is_not_taken_over(small: Path, tmp_path: Path) -> None:
    """It has remembered its pages, and has not come to say what was wrong with them."""
    kill = tmp_path / "kill"
    kill.touch()
    with (small / "conf.py").open("a", encoding="utf-8") as conf:
        end = f"os._exit(9) if os.path.exists({str(kill)!r}) else None"
        listener = f'app.connect("env-check-consistency", lambda *_: {end})'
        conf.write(f"import os\ndef setup(app):\n    {listener}\n")
    (small / "index.md").write_text("# Page\n\n{result}`metrics.nothing`\n", "utf-8")
    assert build(small, tmp_path).returncode == 9
    assert (tmp_path / "doctrees/environment.pickle").is_file()
    kill.unlink()
    done = build(small, tmp_path)
    assert done.returncode == 1 and "metrics.json: no key nothing" in done.stderr


def test_a_site_with_an_address_names_it_and_has_a_map(small: Path, tmp_path: Path) -> None:
    text = (ROOT / "docs/conf.py").read_text("utf-8")
    told = text[text.index("# Where the site is") :]
    with (small / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write('extensions += ["sphinxext.opengraph", "notfound.extension"]\n')
        conf.write("import os\nfrom urllib.parse import urlsplit\n" + told)
    address = "https://example.org/en/latest/"
    done = build(small, tmp_path, READTHEDOCS_CANONICAL_URL=address)
    assert (done.returncode, done.stderr) == (0, "")
    page = BeautifulSoup((tmp_path / "html/index.html").read_text("utf-8"), "html.parser")
    assert page.find("link", rel="canonical")["href"] == f"{address}index.html"
    picture = page.find("meta", property="og:image")["content"]
    assert picture == f"{address}_static/card.png"
    assert (ROOT / "docs/_static/card.png").is_file()
    places = (tmp_path / "html/sitemap.xml").read_text("utf-8")
    assert re.findall(r"<loc>(.*?)</loc>", places) == [f"{address}index.html"]
    assert "/en/latest/_static/" in (tmp_path / "html/404.html").read_text("utf-8")
    done = build(small, tmp_path, "ko", READTHEDOCS_CANONICAL_URL=address)
    assert (done.returncode, done.stderr) == (0, "")
    page = BeautifulSoup((tmp_path / "html/ko/index.html").read_text("utf-8"), "html.parser")
    assert page.find("link", rel="canonical")["href"] == f"{address}ko/index.html"
    assert "/en/latest/ko/_static/" in (tmp_path / "html/ko/404.html").read_text("utf-8")


def test_without_results_the_build_says_so_in_one_line(small: Path, tmp_path: Path) -> None:
    (tmp_path / "data/results/mnist/metrics.json").unlink()
    done = build(small, tmp_path)
    assert done.returncode != 0
    assert done.stderr.startswith("docs: data/results/mnist: 0 files called metrics.json. ")
    assert done.stderr.count("\n") == 1


def test_neighbours_are_called_as_in_the_sidebar(pages: dict[Path, BeautifulSoup]) -> None:
    named = 0
    for path, page in pages.items():
        labels = {
            (path.parent / link["href"]).resolve(): link.get_text()
            for link in page.select(".sidebar-tree a.reference[href]")
        }
        for link in page.select(".related-pages a[href]"):
            target = (path.parent / link["href"]).resolve()
            if target in labels:
                assert link.select_one(".title").get_text() == labels[target], path
                named += 1
    assert named > 100
