"""Reading YAML: the one way in for parameters, grids, tutorials and claims.

PyYAML's safe loader, but stricter: a key stands once, and a file has an end. What aliases stand for
is counted before anything is made of it, so that ten lines cannot become ten billion values.
"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import yaml

from paper_lenet.base.errors import RecipeError, one_line, shown

BYTES = 2**18  # of a file
VALUES = 100_000  # in a file, with its aliases written out
DEEPEST = 50  # brackets within brackets


def read_yaml(path: Path) -> Any:
    """What the YAML file at `path` says: mappings, lists and scalars.

    Raises:
        RecipeError: there is no such file, it is not YAML, names a key twice, or is too large.

    Example:
        >>> from paper_lenet.base.files import write_text
        >>> path = Path("small.yaml")
        >>> write_text(path, "loss: {j: 2.0}")
        >>> read_yaml(path)
        {'loss': {'j': 2.0}}
    """
    if not path.is_file():
        raise RecipeError("there is no such file", str(path))
    with path.open("rb") as file:
        text = file.read(BYTES + 1)
    return parse_yaml(text, str(path))


def parse_yaml(text: bytes, place: str) -> Any:
    """What YAML says; `place` names it in errors, which are those of `read_yaml`.

    Example:
        >>> parse_yaml(b"loss: {equation: 9, j: 2.0}", "params.yaml")
        {'loss': {'equation': 9, 'j': 2.0}}
    """
    if len(text) > BYTES:
        raise RecipeError(f"more than {BYTES} bytes", place)
    try:
        return yaml.load(text, _Loader)
    except RecursionError:
        raise RecipeError("not YAML: nested too deeply", place) from None
    except yaml.YAMLError as error:
        told = textwrap.shorten(str(error).replace('in "<byte string>",', "at"), 400)
        raise RecipeError(f"not YAML: {one_line(told)}", place) from None


class _Loader(yaml.SafeLoader):
    def fetch_flow_collection_start(self, token: Any) -> None:
        if self.flow_level >= DEEPEST:  # or a thousand brackets take seconds
            raise yaml.YAMLError("nested too deeply")
        super().fetch_flow_collection_start(token)

    def get_single_node(self) -> yaml.Node | None:
        node: yaml.Node | None = super().get_single_node()
        if node is not None and _values(node, {}) > VALUES:
            raise yaml.YAMLError(f"more than {VALUES} values")
        return node

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node: yaml.MappingNode = super().compose_mapping_node(anchor)
        known = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _error("a key is a scalar", key)
            merged = key.tag == "tag:yaml.org,2002:merge"
            name = key.value if merged else self.construct_object(key)
            if name in known:
                raise _error(f"the key {shown(name)} stands twice", key)
            known.add(name)
        return node

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            value = super().construct_object(node, deep)
            if isinstance(value, int):
                value.to_bytes(8, signed=True)  # no whole number is larger
            return value
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            # As int(), float(), date() and look-ups fail on '0b_', '!!float x' and '2001-99-99'.
            what = shown(node.value) if isinstance(node, yaml.ScalarNode) else "this"
            raise _error(f"{what} is no {node.tag.rpartition(':')[2]}", node) from None


def _error(problem: str, node: yaml.Node) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)


def _values(node: yaml.Node, known: dict[int, int]) -> int:
    """How many values `node` stands for; too many if it stands within itself."""
    if id(node) not in known:
        known[id(node)] = VALUES + 1
        parts: list[Any] = [] if isinstance(node, yaml.ScalarNode) else node.value
        if isinstance(node, yaml.MappingNode):
            parts = [part for pair in parts for part in pair]
        known[id(node)] = min(1 + sum(_values(part, known) for part in parts), VALUES + 1)
    return known[id(node)]
