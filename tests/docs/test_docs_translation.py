"""What is translated says the same: its numbers, formulas, code, roles and targets of links."""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from pathlib import Path

import built
import pytest
from babel.messages.catalog import Catalog, Message

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "docs" / "_ext")]

import translation  # noqa: E402
from lenet_docs import editions, said  # noqa: E402

CATALOGUES = sorted((ROOT / "docs/locale").glob("*/LC_MESSAGES/**/*.po"))
TARGET = re.compile(r"\]\(([^)]*)\)")
PLACE = re.compile(r"\{\w*(?::[^}`]*)?\}(?!`)")  # as in `str.format`
TITLED = re.compile(r"(\{[\w:]+\}`)[^`<]* <([^>`]*)>`")  # a title of its own: its target counts
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
WORDS = {
    **{"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6"},
    **{"seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "sixteen": "16"},
    **{"first": "1", "second": "2", "third": "3", "hundred": "100"},
}


def translated(path: Path) -> list[Message]:
    return [each for each in translation.read(path) if each.id and each.string and not each.fuzzy]


def fixed(text: str) -> Counter[str]:
    """What no language changes: roles, formulas, code, targets of links, places for values."""
    text = TITLED.sub(r"\1\2`", text)
    return Counter([*said.FIXED.findall(text), *TARGET.findall(text), *PLACE.findall(text)])


def numbers(text: str) -> Counter[str]:
    """The numbers of the prose."""
    text = TARGET.sub("", said.FIXED.sub("", PLACE.sub("", text)))
    return Counter(NUMBER.findall(text))


def written_out(text: str) -> Counter[str]:
    """The numbers that English writes as words, which a language may write in digits."""
    words = re.findall(r"[a-z]+", text.lower())
    return Counter(WORDS[word] for each in words if (word := each.removesuffix("s")) in WORDS)


def test_there_are_catalogues() -> None:
    assert {"index.po", "touch.po", "lenet_docs.po"} <= {path.name for path in CATALOGUES}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_translations_say_the_same(path: Path) -> None:
    for each in translated(path):
        assert fixed(each.id) == fixed(each.string), each.string
        lost = numbers(each.id) - numbers(each.string)
        added = numbers(each.string) - numbers(each.id)
        assert not lost, (lost, each.string)
        assert added <= written_out(each.id), (added, each.string)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_catalogues_stand_as_the_tool_writes_them(path: Path) -> None:
    """Without places in the text: an edit elsewhere on a page changes none of them."""
    assert path.read_text(encoding="utf-8") == translation.written(translation.read(path))


@pytest.mark.parametrize(
    ("english", "korean"),
    [
        ("{result}`a.b:.2f` errors", "오차"),
        ("See [this](that.md)", "[이것](other.md)"),
        ("{n} rows", "{m}행"),
        ("$x$", "$y$"),
        ("{term}`pass`", "{term}`에폭 <epoch>`"),
    ],
)
def test_what_differs_is_seen(english: str, korean: str) -> None:
    assert fixed(english) != fixed(korean)


def test_a_title_of_ones_own_is_no_difference() -> None:
    assert fixed("{term}`pass`") == fixed("{term}`패스 <pass>`")
    assert numbers("2 of 3%, `4`") == Counter(["2", "3"])
    assert written_out("Two ones") == Counter(["2", "1"])


def test_an_edit_leaves_what_it_changes_to_be_translated() -> None:
    catalogue = Catalog("ko")
    catalogue.add("The error of each network is shown.", "신경망마다 오차율을 보여 줍니다.")
    catalogue.add("Old", "낡음")
    catalogue.add("Stays", "그대로")
    texts = ["Stays", "The error of every network is shown.", "Quite another thing"]
    assert translation.update(catalogue, texts) == translation.Left(1, 1, 1, 2)
    text = translation.written(catalogue)
    assert '#, fuzzy\n#| msgid "The error of each network is shown."\n' in text
    assert "Old" not in text


def test_a_page_says_how_much_of_it_is_in_english(tmp_path: Path) -> None:
    path = tmp_path / "page.po"
    path.write_text(
        '#, fuzzy\nmsgid "Old"\nmsgstr "낡음"\n\nmsgid "Head"\nmsgstr "머리"\n', "utf-8"
    )
    found = ["Head", "머리", "Old", "New", "New", "반환", "{result}`a.b`", "`code`", "3"]
    assert said.untranslated(found, path) == (
        ["Head", "머리", "Old", "New", "반환"],
        ["Old", "New"],
    )
    assert "has not been translated" in editions.notice(4, 4, "../page.html")
    some = editions.notice(2, 4, "../page.html")
    assert "2 of its 4 passages" in some and '<a href="../page.html" hreflang="en">' in some


def test_every_place_that_builds_the_site_builds_every_edition() -> None:
    folders = {path.name for path in (ROOT / "docs/locale").iterdir() if path.is_dir()}
    assert {editions.FIRST, *folders} == set(editions.EDITIONS)
    assert {editions.place(each).rstrip("/") for each in editions.EDITIONS} == set(built.LANGUAGES)
    for name in ("Makefile", ".readthedocs.yaml"):
        text = (ROOT / name).read_text("utf-8")
        assert set(re.findall(r"-D language=(\w+)", text)) == folders, name


def test_nothing_is_said_where_it_is_not_found() -> None:
    """A call inside an f-string is not seen by what looks for messages."""
    hidden = [
        f"{path.name}:{call.lineno}"
        for path in sorted((ROOT / "docs/_ext").rglob("*.py"))
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "say"
    ]
    assert not hidden


def test_what_code_and_scripts_say_is_found() -> None:
    found = dict(reversed(pair) for pair in said.messages(ROOT / "docs"))
    assert found["Pen down"] == "_static/touch/pad.js"
    assert found["Draw a digit"] == "_ext/lenet_docs/touch_pad.html"
    assert "rungs.py" in found["fewer errors"]
    assert "page.html" in found["All pages"]
    called = re.compile(r"\bsay\(\s*[\"']")
    scripts = [path.read_text("utf-8") for path in (ROOT / "docs/_static").rglob("*.js")]
    listed = [file for file, _ in said.messages(ROOT / "docs") if file.startswith("_static")]
    assert len(listed) == sum(len(called.findall(text)) for text in scripts) > 50
