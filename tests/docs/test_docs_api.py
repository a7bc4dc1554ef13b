"""The page "The Python API": every public name, and examples that do what they say."""

from __future__ import annotations

import dataclasses
import doctest
import inspect
import re
from pathlib import Path

import pytest

import paper_lenet

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/api.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^##)", PAGE, re.M | re.S))


def test_the_page_has_the_public_names_and_no_others() -> None:
    assert sorted(SECTIONS) == sorted(paper_lenet.__all__)
    for name, text in SECTIONS.items():
        imported = re.search(rf"^>>> from paper_lenet import {name}$", text, re.M)
        assert imported is not None and text.count("```pycon\n>>> ") == 1, name


def test_the_examples_do_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    examples = doctest.DocTestParser().get_doctest(PAGE, {}, "api.md", "docs/api.md", 0)
    assert len(examples.examples) > 50
    told: list[str] = []
    doctest.DocTestRunner().run(examples, out=told.append)
    assert "".join(told) == ""


FUNCTIONS = [name for name in paper_lenet.__all__ if inspect.isfunction(getattr(paper_lenet, name))]
CLASSES = [
    name
    for name in paper_lenet.__all__
    if inspect.isclass(found := getattr(paper_lenet, name))
    and (dataclasses.is_dataclass(found) or hasattr(found, "_fields"))
]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_function_says_what_it_returns(name: str) -> None:
    function = getattr(paper_lenet, name)
    nothing = inspect.signature(function).return_annotation == "None"
    assert ("Returns:" in (function.__doc__ or "")) != nothing


@pytest.mark.parametrize("name", CLASSES)
def test_a_public_class_describes_its_fields(name: str) -> None:
    found = getattr(paper_lenet, name)
    fields = getattr(found, "_fields", None) or [each.name for each in dataclasses.fields(found)]
    shown = [each for each in fields if not each.startswith("_")]
    told = re.findall(r"^ +(\w+(?:, \w+)*): ", found.__doc__, re.M)
    assert sorted(set(shown) - {each for names in told for each in names.split(", ")}) == []
    assert shown
