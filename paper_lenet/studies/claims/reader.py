"""Reading ``claims.yaml``: its keys, the placeholders of its texts, the functions that it names.

Whatever is wrong raises a `ClaimsError`, one line that begins with the claim and the key.
"""

from __future__ import annotations

import datetime
import inspect
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from paper_lenet.base.errors import PaperLenetError, RecipeError
from paper_lenet.base.reading import parse_yaml

Tree = dict[str, Any]
Kinds = Mapping[str, tuple[type, ...]]
Functions = Mapping[str, Callable[..., Any]]
NAMES = {
    str: "text",
    dict: "a mapping",
    list: "a list",
    datetime.datetime: "a date and time",
    float: "a number",
}


class ClaimsError(PaperLenetError, ValueError):
    """The file of claims is missing, is not YAML, or has something in it that cannot be."""


def expect(condition: object, message: str) -> None:
    """Raise a `ClaimsError` with `message` if not `condition`."""
    if not condition:
        raise ClaimsError(message)


def one_of(known: Mapping[str, Any], name: Any, where: str) -> Any:
    """What `known` has under `name`."""
    expect(name in known, f"{where}: {name!r} is not one of {', '.join(known)}")
    return known[name]


def check(tree: Any, kinds: Kinds, required: tuple[str, ...], where: str) -> None:
    """Refuse a `tree` that is no mapping, lacks a key, or has one of no or another kind."""
    expect(isinstance(tree, dict), f"{where}: {tree!r} is not a mapping")
    for key, value in tree.items():
        expect(key in kinds, f"{where}.{key}: unknown key; known here: {', '.join(kinds)}")
        wanted = " or ".join(NAMES[kind] for kind in kinds[key] if kind in NAMES)
        expect(isinstance(value, kinds[key]), f"{where}.{key}: {value!r} is not {wanted}")
    for key in required:
        expect(key in tree, f"{where}.{key}: missing")


def filled(text: str, known: Mapping[str, Any], where: str) -> str:
    """`text` with what `known` has for its placeholders."""
    try:
        return text.format_map(known)
    except KeyError as error:
        raise ClaimsError(f"{where}: nothing is known as {error}") from None
    except (AttributeError, IndexError, ValueError) as error:
        raise ClaimsError(f"{where}: {error}") from None


def functions(module: ModuleType, gives: str) -> dict[str, Callable[..., Any]]:
    """The public functions of a module that are annotated to give `gives`, by name."""
    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, FunctionType)
        and not name.startswith("_")
        and (value.__module__, value.__annotations__.get("return")) == (module.__name__, gives)
    }


def call(known: Functions, given: Any, values: Mapping[str, Any], where: str) -> Callable[..., Any]:
    """What computes ``NAME``, ``NAME: argument`` or ``NAME: [arguments]`` from the results.

    An argument that is nothing but a placeholder is what `values` has for it, a number as a number.
    Functions whose first parameter is called ``results`` get them.
    """
    tree = {given: []} if isinstance(given, str) else given
    expect(len(tree) == 1, f"{where}: {given!r} is not one function with its arguments")
    ((name, arguments),) = tree.items()
    function = one_of(known, name, where)
    arguments = arguments if isinstance(arguments, list) else [arguments]
    arguments = [_argument(each, values, where) for each in arguments]
    signature = inspect.signature(function)
    first = int("results" in signature.parameters)
    try:
        signature.bind(*[None] * first, *arguments)
    except TypeError as error:
        raise ClaimsError(f"{where}: {name}: {error}") from None
    return lambda results: function(*[results][:first], *arguments)


def _argument(given: Any, values: Mapping[str, Any], where: str) -> Any:
    if not isinstance(given, str):
        return given
    whole = given[1:-1]
    return (
        values[whole]
        if given == f"{{{whole}}}" and whole in values
        else filled(given, values, where)
    )


def read(path: Path) -> Tree:
    """The YAML file at `path`."""
    try:
        return _parsed(path.read_bytes())
    except FileNotFoundError:
        raise ClaimsError("there is no such file") from None
    except RecipeError as error:
        raise ClaimsError(error.text) from None


@cache
def _parsed(text: bytes) -> Tree:
    tree: Tree = parse_yaml(text, "") or {}
    return tree
