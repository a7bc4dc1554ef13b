"""Declared classes: frozen dataclasses whose fields say what values they take.

::

    @dataclass(frozen=True)
    class Loss(Declared):
        equation: Literal[8, 9] = 9
        j: Annotated[float, Between(-100.0, math.inf)] = 2.0

An object checks itself when it is made: ``Loss(equation=7)`` raises `RecipeError`. `build` makes
one from what was read as YAML or JSON, and the message then begins with the key's path. Whole
numbers may stand for real ones, and lists for tuples: both become what is declared, so that equal
objects are the same JSON. A field ``float | tuple[float, float]`` takes one number, or a list.
"""

from __future__ import annotations

import dataclasses
import math
import re
import types
import typing
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from paper_lenet.base.errors import RecipeError, as_key, expect, joined, listed, refusal

T = TypeVar("T")


class Law(NamedTuple):
    """What a value has to be: in words, and as a test.

    Example:
        >>> NAME.holds("seed-00") is not None, NAME.wanted
        (True, 'a name of letters, digits and . _ + -')
    """

    wanted: str
    holds: Callable[[Any], object]


class Between(NamedTuple):
    """A number has to lie between these two, which are allowed.

    Example:
        >>> Between(0.0, 1.0).holds(0.5), Between(0.0, 1.0).wanted
        (True, 'between 0.0 and 1.0')
    """

    least: float
    greatest: float

    @property
    def wanted(self) -> str:
        """The same in words."""
        return f"between {self.least} and {self.greatest}"

    def holds(self, value: float) -> bool:
        """Whether `value` lies there."""
        return self.least <= value <= self.greatest


NAME = Law(
    "a name of letters, digits and . _ + -",
    lambda text: re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.+-]{,99}", text),
)
Name = Annotated[str, NAME]


class Declared:
    """A frozen dataclass that makes each field what it is declared to be, or is not made.

    Its `repr` has the fields that are not at their defaults: ``Loss()``, ``Loss(equation=8)``.

    Example:
        >>> @dataclasses.dataclass(frozen=True)
        ... class Rate(Declared):
        ...     mu: Annotated[float, Between(0.0, 1.0)] = 0.02
        >>> Rate(), Rate(mu=1)
        (Rate(), Rate(mu=1.0))
        >>> Rate(mu=2)
        Traceback (most recent call last):
            ...
        paper_lenet.base.errors.RecipeError: mu: 2.0 is not between 0.0 and 1.0
    """

    def __init_subclass__(cls) -> None:
        """The `repr` below is the class's own, or `dataclass` would write another."""
        cls.__repr__ = Declared.__repr__  # type: ignore[method-assign]

    def __repr__(self) -> str:
        parts = [
            f"{field.name}={getattr(self, field.name)!r}"
            for field in dataclasses.fields(self)  # type: ignore[arg-type]
            if getattr(self, field.name) != _default(field)
        ]
        return f"{type(self).__name__}({', '.join(parts)})"

    def __post_init__(self) -> None:
        """Check all fields; a subclass may go on with what they have to be together."""
        kind: type = type(self)
        for name, declared in _fields(kind).items():
            object.__setattr__(self, name, _built(declared, getattr(self, name), name))


def _default(field: dataclasses.Field[Any]) -> Any:
    """The default of a field, or what no value is equal to."""
    made = field.default_factory
    return field.default if made is dataclasses.MISSING else made()


@cache
def _fields(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind, include_extras=True)


def build(kind: type[T], value: Any, place: str = "") -> T:
    """`value`, as parsed from YAML or JSON, as an object of the declared class `kind`.

    `place` names it in errors.

    Raises:
        RecipeError: a key is unknown or missing, or a value is of the wrong type or impossible.

    Example:
        >>> @dataclasses.dataclass(frozen=True)
        ... class Loss(Declared):
        ...     equation: Literal[8, 9] = 9
        >>> build(Loss, {"equation": 8})
        Loss(equation=8)
        >>> build(Loss, {"equation": 7}, "loss")
        Traceback (most recent call last):
            ...
        paper_lenet.base.errors.RecipeError: loss.equation: 7 is not one of 8, 9
    """
    result: T = _built(kind, value, place)
    return result


def _built(kind: Any, value: Any, place: str) -> Any:
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin is Annotated:
        value = _built(parts[0], value, place)
        for law in parts[1:]:
            if not law.holds(value):
                raise refusal(value, law.wanted, place)
    elif origin is Literal:
        value = _scalar(type(parts[0]), value, place)
        if value not in parts:
            raise refusal(value, f"one of {listed(parts)}", place)
    elif origin is dict:
        value = _mapping(parts[0], parts[1], value, place)
    elif origin in (typing.Union, types.UnionType):
        value = _built(parts[isinstance(value, (list, tuple))], value, place)
    elif origin is tuple:
        value = _tuple(parts, value, place)
    elif not dataclasses.is_dataclass(kind):
        value = _scalar(kind, value, place)
    elif not isinstance(value, typing.cast(type, kind)):
        value = _object(kind, value, place)
    return value


def _object(kind: Any, value: Any, place: str) -> Any:
    expect(isinstance(value, dict), value, "a mapping", place or "the file")
    fields = {field.name: field for field in dataclasses.fields(kind)}
    for name in value:
        if name not in fields:
            known = ", ".join(fields)
            raise RecipeError(f"unknown key; known here: {known}", joined(place, as_key(name)))
    for name, field in fields.items():
        required = field.default is field.default_factory is dataclasses.MISSING
        if required and name not in value:
            raise RecipeError("missing", joined(place, name))
    try:
        return kind(**value)
    except RecipeError as error:
        raise error.below(place) from None


def _mapping(key: Any, kind: Any, value: Any, place: str) -> dict[Any, Any]:
    expect(isinstance(value, dict), value, "a mapping", place)
    return {
        _built(key, name, place): _built(kind, part, joined(place, as_key(name)))
        for name, part in value.items()
    }


def _tuple(kinds: tuple[Any, ...], value: Any, place: str) -> tuple[Any, ...]:
    expect(isinstance(value, (list, tuple)), value, "a list", place)
    if kinds[-1] is Ellipsis:
        kinds = (kinds[0],) * len(value)
    expect(len(kinds) == len(value), value, f"a list of {len(kinds)}", place)
    pairs = zip(kinds, value, strict=True)
    return tuple(_built(kind, part, f"{place}[{i}]") for i, (kind, part) in enumerate(pairs))


def _scalar(kind: type, value: Any, place: str) -> Any:
    whole = type(value) is int and abs(value) < 2**1000
    if kind is float and (whole or isinstance(value, float)):
        value = float(value)
        if math.isnan(value):
            raise RecipeError("not a number", place)
    if type(value) is not kind:
        example = ", as in 1.0e-3" if kind is float else ""
        raise refusal(value, f"of type {kind.__name__}{example}", place)
    return value
