"""Files have the same bytes on every system, and one reader tells where one is damaged."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [
    *ROOT.glob("paper_lenet/**/*.py"),
    *ROOT.glob("docs/_ext/**/*.py"),
    ROOT / "docs/conf.py",
]


def leaves_line_ends_open(call: ast.Call) -> bool:
    """Whether it writes text, by a method of a path or by `open`, without saying how lines end."""
    method = isinstance(call.func, ast.Attribute)
    name = call.func.attr if method else getattr(call.func, "id", "")
    if name == "write_text":
        writes = method  # the function of that name, of `base.files`, ends lines itself
    elif name in ("open", "fdopen", "NamedTemporaryFile"):
        modes = [each.value for each in call.keywords if each.arg == "mode"] + call.args
        texts = [each.value for each in modes if isinstance(each, ast.Constant)]
        writes = any(
            isinstance(text, str) and set(text) <= set("rwax+t") and set(text) & set("wax+")
            for text in texts
        )
    else:
        writes = False
    return writes and "newline" not in {each.arg for each in call.keywords}


def found(text: str) -> list[int]:
    """The lines of such calls."""
    calls = [each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Call)]
    return [call.lineno for call in calls if leaves_line_ends_open(call)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("p.write_text(t)", [1]),
        ("p.write_text(t, newline='\\n')", []),
        ("write_text(p, t)", []),
        ("open(p, 'w')", [1]),
        ("p.open('a', encoding='utf-8')", [1]),
        ("p.open(mode='x')", [1]),
        ("p.open('w', newline='')", []),
        ("p.open('wb')", []),
        ("p.open(encoding='utf-8')", []),
    ],
)
def test_what_is_looked_for(text: str, expected: list[int]) -> None:
    assert found(text) == expected


def test_no_source_leaves_line_ends_to_the_system() -> None:
    assert len(SOURCES) > 100
    open_ones = {str(path): found(path.read_text(encoding="utf-8")) for path in SOURCES}
    assert {name: lines for name, lines in open_ones.items() if lines} == {}


def test_json_files_are_read_where_a_damaged_one_is_told() -> None:
    """By `read_json`, which refuses what is deep or names a key twice, in one line."""
    others = [path for path in SOURCES if path.name != "files.py"]
    loads = re.compile(r"json\.load\(|json\.loads\([^\n]*read_(text|bytes)\(")
    assert [str(path) for path in others if loads.search(path.read_text(encoding="utf-8"))] == []


def test_no_two_files_of_tests_have_one_name() -> None:
    """They are imported without their folders, so the second would not be collected."""
    names = [path.name for path in ROOT.glob("tests/**/*.py") if path.name != "conftest.py"]
    assert not [name for name in set(names) if names.count(name) > 1]
