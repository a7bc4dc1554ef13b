"""What the code does for a classifier, in a few numbers: those of a brief training."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import fig9_small
import numpy as np
import pytest
from fig9_small import TREE

from paper_lenet.network.architecture import CLASSES
from paper_lenet.studies.fig9 import behaviour, boosted, local, networks, radial, spec, squares
from paper_lenet.training.behaviour import CURVATURE, TRAINING

ROOT = Path(__file__).parents[2]
COMMITTED = spec.read(ROOT / "studies/fig9.yaml").classifiers
FIRST = 3 + CLASSES  # operations, variables, size and means of the scores


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    """Nothing is remembered of another test."""
    before = dict(behaviour._brief)
    behaviour._brief.clear()
    yield
    behaviour._brief.clear()
    behaviour._brief.update(before)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> spec.Fig9:
    return fig9_small.write_grid(tmp_path_factory.mktemp("grid") / "fig9.yaml")


def numbers(small: spec.Fig9, name: str) -> list[float]:
    """Computed anew, and not remembered."""
    behaviour._brief.clear()
    return behaviour.behaviour(small.classifiers[name], small.classifiers[name].settings)


@pytest.mark.parametrize("name", TREE)
def test_a_brief_training_has_the_same_numbers_each_time(name: str, small: spec.Fig9) -> None:
    first = numbers(small, name)
    assert numbers(small, name) == first
    assert len(first) >= FIRST and np.isfinite(first).all()
    assert first[2] > 0


@pytest.mark.parametrize("name", ["lenet", "boosted"])
def test_what_a_network_has_learned_is_seen(name: str, small: spec.Fig9) -> None:
    run = fig9_small.run(small, name)
    begun = run.kind.trains.begin(run.settings, 28, behaviour.SEED).parameters
    found = numbers(small, name)[FIRST:]
    assert len(found) >= len(begun)
    sizes = [float(np.sqrt((part.astype(float) ** 2).mean())) for part in begun.values()]
    assert not any(size in sizes for size in found if size)


def test_what_is_computed_otherwise_is_seen_where_it_is_used(
    small: spec.Fig9, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("squares", "nearest", "above")
    before = {name: numbers(small, name) for name in names}
    targets = squares.targets
    for module in (squares, local):
        monkeypatch.setattr(module, "targets", lambda labels: 1.001 * targets(labels))
    assert {name for name in names if numbers(small, name) != before[name]} == {"squares", "above"}


def test_a_training_is_remembered_by_what_decides_it(
    small: spec.Fig9, monkeypatch: pytest.MonkeyPatch
) -> None:
    each = small.classifiers["squares"]
    first = behaviour.behaviour(each, each.settings)
    entry = dataclasses.replace(each.entry, bar="", seeds=3)
    monkeypatch.delattr(behaviour, "advance")  # nothing can be trained
    again = dataclasses.replace(each, entry=entry)
    assert behaviour.behaviour(again, each.settings) is first
    with pytest.raises(NameError):
        behaviour.behaviour(each, dataclasses.replace(each.settings, decay=0.2))


def test_a_brief_training_that_diverges_has_numbers_as_well(small: spec.Fig9) -> None:
    each = small.classifiers["lenet"]
    large = dataclasses.replace(each.settings, eta=((1, 0.0005), (1, 1e30)))
    found, whole = behaviour.behaviour(each, large), numbers(small, "lenet")
    assert len(found) == len(whole) - FIRST and np.isfinite(found).all()


def test_brief_settings_are_small_and_otherwise_the_same() -> None:
    settings = networks.Settings("full", (30,), copies=3, patterns=500, mu=0.1)
    expected = dataclasses.replace(
        settings, patterns=CURVATURE, eta=tuple((1, rate) for _, rate in settings.eta)
    )
    assert behaviour.brief(settings) == expected
    assert behaviour.brief(boosted.Settings()).filtered < 100
    assert behaviour.brief(radial.Settings()).units == behaviour.UNITS
    assert behaviour.brief(local.Settings(7)) == local.Settings(7)


def test_settings_of_the_committed_classifiers_are_cut_to_settings() -> None:
    for each in COMMITTED.values():
        for settings in (each.settings, *(tried for _, _, tried in each.tried())):
            short = behaviour.brief(settings)
            assert type(short) is type(settings)
            assert getattr(short, "templates", 0) <= TRAINING
