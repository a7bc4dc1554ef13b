"""``studies/fig9.yaml``: what stands there, and what is refused with one line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from paper_lenet.base.errors import RecipeError
from paper_lenet.base.files import read_csv
from paper_lenet.paper.classifiers import CLASSIFIERS
from paper_lenet.studies.fig9 import local, networks, spec
from paper_lenet.studies.fig9.forms import side_of
from paper_lenet.studies.fig9.kinds import KINDS

ROOT = Path(__file__).parents[2]
COMMITTED = spec.read(ROOT / "studies/fig9.yaml").classifiers
SMALL: dict[str, Any] = {
    "lenet": {
        "form": "regular",
        "kind": "network",
        "bar": "LeNet-4",
        "seeds": 2,
        "settings": {"network": "lenet_4"},
    },
    "above": {
        "form": "regular",
        "kind": "local",
        "of": "lenet",
        "seeds": 2,
        "settings": {"k": 3},
        "candidates": {"k": [2, 3], "decay": [0.01, 1]},
    },
}


def read(tree: object, folder: Path) -> spec.Fig9:
    path = folder / "fig9.yaml"
    path.write_text(yaml.safe_dump(tree, sort_keys=False), encoding="utf-8")
    return spec.read(path)


def changed(keys: str, value: object) -> dict[str, Any]:
    """`SMALL`, with another value at the place `keys`."""
    tree: dict[str, Any] = json.loads(json.dumps(SMALL))
    *places, last = keys.split(".")
    part = tree
    for key in places:
        part = part[key]
    part[last] = value
    return tree


# The committed file.


def test_every_bar_is_there_in_the_paper_s_order() -> None:
    firsts = list(dict.fromkeys(each.bar for each in COMMITTED.values() if not each.today))
    assert firsts == [each.name for each in CLASSIFIERS]


def test_what_stands_in_settings_is_one_of_its_candidates() -> None:
    for each in COMMITTED.values():
        for name, values in each.candidates.items():
            assert getattr(each.settings, name) in values
            assert len(set(values)) == len(values)


def test_the_best_of_the_candidates_was_chosen() -> None:
    tried = read_csv(ROOT / "data" / "trainings" / "fig9" / "choices.csv")
    for name, each in COMMITTED.items():
        for setting in each.candidates:
            mine = [row for row in tried if (row["classifier"], row["setting"]) == (name, setting)]
            errors = {row["value"]: int(row["errors"]) for row in mine}
            assert list(errors) == [str(value) for value in each.candidates[setting]]
            assert errors[str(getattr(each.settings, setting))] == min(errors.values())


def test_settings_are_of_their_kind_and_networks_take_the_form() -> None:
    for each in COMMITTED.values():
        assert isinstance(each.settings, KINDS[each.kind].settings)
        if each.kind == "network":
            networks.network(each.settings, side_of(each.form))


# What is read.


def test_candidates_are_tried_one_setting_at_a_time(tmp_path: Path) -> None:
    above = read(SMALL, tmp_path).classifiers["above"]
    assert above.settings == local.Settings(3)
    assert list(above.tried()) == [
        ("k", 2, local.Settings(2)),
        ("k", 3, local.Settings(3)),
        ("decay", 0.01, local.Settings(3, 0.01)),
        ("decay", 1.0, local.Settings(3, 1.0)),
    ]
    assert above.today and not read(SMALL, tmp_path).classifiers["lenet"].today


def test_only_what_decides_a_training_is_in_its_text(tmp_path: Path) -> None:
    first = read(SMALL, tmp_path).classifiers["lenet"]
    for keys, value in (("lenet.bar", ""), ("lenet.seeds", 3)):
        other = read(changed(keys, value), tmp_path).classifiers["lenet"]
        assert other.to_json(other.settings) == first.to_json(first.settings)
    for keys, value in (("lenet.settings.mu", 0.1), ("lenet.settings", {"network": "full"})):
        other = read(changed(keys, value), tmp_path).classifiers["lenet"]
        assert other.to_json(other.settings) != first.to_json(first.settings)


# Refusals.


@pytest.mark.parametrize(
    ("keys", "value", "said"),
    [
        ("lenet", 3, "lenet: 3 is not a mapping"),
        ("-x", {}, "the name of a classifier: '-x' is not a name of letters"),
        ("lenet.kind", "forest", "lenet.kind: 'forest' is not one of linear, pairwise"),
        ("lenet.kind", None, "lenet.kind: None is not of type str"),
        ("lenet.form", "round", "lenet.form: 'round' is not one of regular, deslanted"),
        ("lenet.bar", "LeNet-6", "lenet.bar: 'LeNet-6' is not a bar of Fig. 9"),
        ("lenet.seeds", 0, "lenet.seeds: 0 is not between 1 and"),
        ("lenet.colour", "red", "lenet.colour: unknown key; known here: kind, form, bar"),
        ("lenet.settings", None, "lenet.settings: None is not a mapping"),
        ("lenet.settings", {}, "lenet.settings.network: missing"),
        ("lenet.settings.k", 3, "lenet.settings.k: unknown key; known here: network"),
        ("lenet.settings.eta", [], "lenet.settings.eta: "),
        ("above.settings.k", 1, "above.settings.k: 1 is not between 2 and"),
        ("above.settings.k", 4, "above.settings.k: 4 is not one of its candidates"),
        ("above.candidates", None, "above.candidates: None is not a mapping"),
        ("above.candidates", 3, "above.candidates: 3 is not a mapping"),
        ("above.candidates.k", 3, "above.candidates.k: 3 is not a list of values"),
        ("above.candidates.k", [], "above.candidates.k: [] is not a list of values"),
        ("above.candidates.k", [1, 3], "above.candidates.k.k: 1 is not between 2 and"),
        ("above.candidates.width", [1], "above.candidates.width.width: unknown key"),
        ("above.of", "lenet_5", "above.of: 'lenet_5' is not a network of the file with as many"),
        ("above.of", "above", "above.of: 'above' is not a network of the file with as many"),
        ("above.seeds", 3, "above.of: 'lenet' is not a network of the file with as many seeds"),
        ("above.form", "padded", "above.of: 'lenet' is not shown the form padded"),
        ("lenet.of", "lenet", "lenet.of: 'lenet' is not empty of a network"),
    ],
)
def test_a_wrong_value_is_named_in_one_line(
    keys: str, value: object, said: str, tmp_path: Path
) -> None:
    with pytest.raises(RecipeError, match=f"^{re.escape(said)}") as error:
        read(changed(keys, value), tmp_path)
    assert "\n" not in str(error.value)


def test_states_of_boosted_networks_are_none(tmp_path: Path) -> None:
    boosted = {"form": "regular", "kind": "boosted", "seeds": 2}
    with pytest.raises(RecipeError, match=r"^above\.of: 'lenet' is not a network"):
        read(changed("lenet", boosted), tmp_path)


@pytest.mark.parametrize("tree", [None, [], {}, "text"])
def test_a_file_of_something_else_is_named(tree: object, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"fig9\.yaml: .* is not a mapping from names"):
        read(tree, tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"none\.yaml: there is no such file"):
        spec.read(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("settings", "place"), [({"eta": []}, "eta"), ({"filtered": 1}, "filtered")]
)
def test_a_boosted_network_s_schedule_is_one(
    settings: dict[str, Any], place: str, tmp_path: Path
) -> None:
    tree = {"b": {"form": "regular", "kind": "boosted", "settings": settings}}
    with pytest.raises(RecipeError, match=rf"^b\.settings\.{place}: "):
        read(tree, tmp_path)
