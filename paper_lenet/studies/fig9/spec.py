"""What a classifier is: ``studies/fig9.yaml`` as frozen dataclasses."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from paper_lenet.base.declared import NAME, Between, Declared, build
from paper_lenet.base.errors import RecipeError, as_key, expect, joined, listed
from paper_lenet.base.reading import read_yaml
from paper_lenet.network.recipe import SEEDS
from paper_lenet.paper.classifiers import CLASSIFIERS
from paper_lenet.studies.fig9.forms import FORMS
from paper_lenet.studies.fig9.kinds import KINDS

BARS = tuple(each.name for each in CLASSIFIERS)
OPEN = "settings", "candidates"  # keys of a classifier whose values hang on its kind


@dataclass(frozen=True)
class Entry(Declared):
    """What every classifier has, whatever its kind.

    Attributes:
        kind: which module fits it (`kinds`).
        form: what it is shown (`forms`).
        bar: its name in Fig. 9; empty for a rung of today.
        seeds: how many trainings; one where nothing is drawn.
        of: the network whose last hidden states it takes in place of pixels; empty for none.
    """

    kind: str
    form: str
    bar: str = ""
    seeds: Annotated[int, Between(1, SEEDS)] = 1
    of: str = ""

    def __post_init__(self) -> None:
        """The kind, the form and the bar are there."""
        super().__post_init__()
        expect(self.kind in KINDS, self.kind, f"one of {listed(KINDS)}", "kind")
        expect(self.form in FORMS, self.form, f"one of {listed(FORMS)}", "form")
        expect(not self.bar or self.bar in BARS, self.bar, "a bar of Fig. 9", "bar")


@dataclass(frozen=True)
class Classifier:
    """One classifier.

    Attributes:
        entry: what it has as all have.
        settings: of its kind.
        candidates: values of settings that the paper leaves open. Each was tried in place of the
            one in `settings`, on patterns kept apart, and the best stands there.
    """

    entry: Entry
    settings: Any
    candidates: Mapping[str, tuple[Any, ...]]

    @property
    def bar(self) -> str:
        """Its name in Fig. 9; empty for a rung of today."""
        return self.entry.bar

    @property
    def form(self) -> str:
        """What it is shown."""
        return self.entry.form

    @property
    def kind(self) -> str:
        """Which module trains it."""
        return self.entry.kind

    @property
    def today(self) -> bool:
        """Whether it is a rung of today, and no bar of the paper."""
        return not self.entry.bar

    @property
    def recorded(self) -> bool:
        """Whether it is trained elsewhere, and stands here by that record."""
        return KINDS[self.kind].recorded

    def tried(self) -> Iterator[tuple[str, Any, Any]]:
        """Each candidate: the setting's name, its value, and all settings with it."""
        for name, values in self.candidates.items():
            for value in values:
                yield name, value, dataclasses.replace(self.settings, **{name: value})

    def to_json(self, settings: Any) -> str:
        """All that decides a training with `settings` but the seed, as sorted JSON."""
        entry = {name: getattr(self.entry, name) for name in ("kind", "form", "of")}
        return json.dumps(entry | {"settings": dataclasses.asdict(settings)}, sort_keys=True)


@dataclass(frozen=True)
class Fig9:
    """The whole file: classifiers by name, in its order, which is the paper's."""

    classifiers: Mapping[str, Classifier]


def read(path: Path) -> Fig9:
    """The classifiers in the YAML file at `path`.

    Raises:
        RecipeError: it is missing, is not YAML, or has an unknown key or a value that cannot be.
    """
    tree = read_yaml(path)
    expect(isinstance(tree, dict) and tree, tree, "a mapping from names to classifiers", str(path))
    found = {}
    for name, part in tree.items():
        good = isinstance(name, str) and NAME.holds(name)
        expect(good, name, NAME.wanted, "the name of a classifier")
        expect(isinstance(part, dict), part, "a mapping", as_key(name))
        try:
            found[name] = _classifier(part)
        except RecipeError as error:
            raise error.below(as_key(name)) from None
    for name, each in found.items():
        _expect_network_below(found, name, each.entry)
    return Fig9(found)


def _classifier(part: dict[str, Any]) -> Classifier:
    entry = build(Entry, {key: value for key, value in part.items() if key not in OPEN})
    kind, given = KINDS[entry.kind].settings, part.get("settings", {})
    settings, tried = build(kind, given, "settings"), part.get("candidates", {})
    expect(isinstance(tried, dict), tried, "a mapping", "candidates")
    candidates = {}
    for name, values in tried.items():
        place = joined("candidates", as_key(name))
        expect(isinstance(values, list) and values, values, "a list of values", place)
        made = [build(kind, given | {name: value}, place) for value in values]
        candidates[name] = tuple(getattr(each, name) for each in made)
        chosen = getattr(settings, name)
        expect(chosen in candidates[name], chosen, "one of its candidates", f"settings.{name}")
    return Classifier(entry, settings, candidates)


def _expect_network_below(found: Mapping[str, Classifier], name: str, entry: Entry) -> None:
    """Who takes the states of another names a network that is shown the same, as often trained."""
    if not entry.of:
        return
    place, below = f"{as_key(name)}.of", found.get(entry.of)
    expect(not KINDS[entry.kind].network, entry.of, "empty of a network", place)
    good = below is not None and below.kind == "network" and below.entry.seeds >= entry.seeds
    expect(good, entry.of, "a network of the file with as many seeds", place)
    same = below is not None and below.form == entry.form
    expect(same, entry.of, f"shown the form {entry.form}", place)
