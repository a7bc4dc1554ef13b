"""Examples in docstrings do what they say, and every public name that one builds on has them."""

from __future__ import annotations

import doctest
import inspect
import re
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from paper_lenet.base.errors import PaperLenetError

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {
    path.relative_to(ROOT)
    .with_suffix("")
    .as_posix()
    .removesuffix("/__init__")
    .replace("/", "."): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "paper_lenet").rglob("*.py"))
}
# The rooms above these draw, ask and run; what they make stands on the pages.
ROOMS = ("base", "paper", "digits", "network", "engine", "training", "results")
BUILT_ON = [name for name in SOURCES if name.split(".")[1:2] and name.split(".")[1] in ROOMS]
PYTORCH = ("forward", "extra_repr")
PARTS = (classmethod, staticmethod, property, cached_property)


def examples(module: ModuleType) -> dict[str, str]:
    """The examples of each name, with what they print."""
    result = {}
    for found in doctest.DocTestFinder().find(module):
        texts = [each.source + (each.exc_msg or each.want) for each in found.examples]
        if texts:
            result[found.name.removeprefix(f"{module.__name__}.")] = "".join(texts)
    return result


def public(module: ModuleType) -> Iterator[tuple[str, object]]:
    """Functions, kernels and classes that the module defines."""
    for name, value in vars(module).items():
        own = getattr(value, "__module__", None) == module.__name__
        named = callable(value) and getattr(value, "__name__", None) == name
        if own and named and not name.startswith("_"):
            yield name, value


def not_shown(module: ModuleType) -> list[str]:
    """Public names that no example shows.

    An error is shown where an example of its module prints it, a method or property also where the
    examples of its class have its name after a dot. What PyTorch calls for a module need not stand
    there.
    """
    shown, missing = examples(module), []
    for name, value in public(module):
        own = shown.get(name, "")
        if not inspect.isclass(value) or not issubclass(value, PaperLenetError):
            missing += [] if own else [name]
        elif not re.search(rf"\b{name}\b", "".join(shown.values())):
            missing.append(name)
        for part, member in vars(value).items() if inspect.isclass(value) else ():
            if inspect.isfunction(member) or isinstance(member, PARTS):
                told = own + shown.get(f"{name}.{part}", "")
                called = part.startswith("_") or part in PYTORCH
                if not called and not re.search(rf"\.{part}\b", told):
                    missing.append(f"{name}.{part}")
    return missing


@pytest.mark.parametrize("name", [name for name, text in SOURCES.items() if ">>> " in text])
def test_examples_do_what_they_say(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They know the names of their module."""
    monkeypatch.chdir(tmp_path)  # some write a file
    failed, tried = doctest.testmod(import_module(name))
    assert tried and not failed


@pytest.mark.parametrize("name", BUILT_ON)
def test_every_public_name_has_an_example(name: str) -> None:
    assert not_shown(import_module(name)) == []


def test_a_name_without_example_is_found() -> None:
    module = ModuleType("made")
    code = """
def shown():
    '''Shown.

    >>> shown()
    '''

def hidden():
    '''Not shown.'''

class Thing:
    '''A thing.

    >>> Thing().method()
    '''

    def method(self):
        pass

    def other(self):
        pass
"""
    exec(code, vars(module))
    for each in ("shown", "hidden", "Thing"):
        vars(module)[each].__module__ = "made"
    assert not_shown(module) == ["hidden", "Thing.other"]
