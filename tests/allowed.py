"""What the fields of declared classes allow, for tests that go through all of it."""

from __future__ import annotations

import dataclasses
import typing
from typing import Any, Literal

from hypothesis import strategies as st

from paper_lenet.base.declared import Between


def choices(kind: type) -> dict[str, tuple[Any, ...]]:
    """The values of each field that takes one of a few."""
    hints = typing.get_type_hints(kind, include_extras=True)
    return {
        name: typing.get_args(hint)
        for name, hint in hints.items()
        if typing.get_origin(hint) is Literal
    }


def objects(kind: type) -> st.SearchStrategy[Any]:
    """Any object of a class, with the defaults of fields that are more than a word or a number."""
    hints = typing.get_type_hints(kind, include_extras=True)
    fields = {field.name: _values(hints[field.name]) for field in dataclasses.fields(kind)}
    return st.builds(
        kind, **{name: values for name, values in fields.items() if values is not None}
    )


def _values(hint: Any) -> st.SearchStrategy[Any] | None:
    parts = typing.get_args(hint)
    if typing.get_origin(hint) is Literal:
        return st.sampled_from(parts)
    if hint is bool:
        return st.booleans()
    if len(parts) > 1 and isinstance(parts[1], Between):
        number = st.integers if parts[0] is int else st.floats
        return number(*parts[1]).map(lambda value: value + 0)  # no -0.0
    return None
