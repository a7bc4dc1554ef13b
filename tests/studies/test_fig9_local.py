"""Local learning against ridge regression of a library, one test pattern at a time."""

from __future__ import annotations

import numpy as np
import pytest
from few import few, wrong
from sklearn.linear_model import Ridge

from paper_lenet.base.errors import RecipeError
from paper_lenet.digits.patterns import Patterns
from paper_lenet.studies.fig9 import local, neighbours, squares
from paper_lenet.studies.fig9.classifier import Sets


def by_ridge(sets: Sets, k: int, decay: float) -> np.ndarray:
    """The library's fit to the k nearest, found one by one."""
    templates, result = squares.flat(sets.training), []
    for pattern in squares.flat(sets.test):
        nearest = np.argsort(((templates - pattern) ** 2).sum(axis=1), kind="stable")[:k]
        wanted = np.where(sets.labels[nearest][:, None] == np.arange(10), 1.0, -1.0)
        model = Ridge(alpha=decay * k).fit(templates[nearest], wanted)
        result.append(model.predict(pattern[None])[0])
    return np.array(result)


@pytest.mark.parametrize(("k", "decay"), [(2, 1.0), (25, 0.01), (100, 1e-4), (300, 0.1)])
def test_outputs_are_those_of_ridge_regression(
    mnist: tuple[Patterns, Patterns], k: int, decay: float
) -> None:
    sets, truth = few(mnist, "reduced")
    found = local.fit(local.Settings(k, decay), sets, 0)
    assert np.allclose(found.scores, by_ridge(sets, k, decay), atol=1e-5)
    assert wrong(found, truth) < 0.35


def test_all_templates_are_neighbours_where_k_is_more(mnist: tuple[Patterns, Patterns]) -> None:
    sets, _ = few(mnist, "reduced")
    most, more = (local.fit(local.Settings(k), sets, 0) for k in (300, 5000))
    assert np.allclose(most.scores, more.scores, atol=1e-6)


def test_patterns_are_fitted_in_their_order_over_blocks(
    mnist: tuple[Patterns, Patterns], monkeypatch: pytest.MonkeyPatch
) -> None:
    sets, _ = few(mnist, "reduced")
    whole = local.fit(local.Settings(20), sets, 0)
    monkeypatch.setattr(neighbours, "BLOCK", 7)
    assert np.allclose(local.fit(local.Settings(20), sets, 0).scores, whole.scores, atol=1e-6)


def test_states_of_a_network_are_patterns_as_well() -> None:
    generator = np.random.default_rng(0)
    states = generator.normal(size=(90, 1, 12)).astype(np.float32)
    sets = Sets(states[:60], (np.arange(60) % 10).astype(np.uint8), states[60:])
    found = local.fit(local.Settings(15, 0.1), sets, 0)
    assert np.allclose(found.scores, by_ridge(sets, 15, 0.1), atol=1e-5)
    assert found.variables == 60 * 12
    # The search; then 15 neighbours: their products, factors, ten systems, and the pattern.
    fitting = 15 * 15 * 12 + 15**3 // 3 + 10 * 15 * 15 + 15 * (12 + 10)
    assert found.operations == 60 * 12 + fitting


def test_what_all_neighbours_are_is_answered() -> None:
    """Equal targets need no weights: the biases say them."""
    generator = np.random.default_rng(1)
    pattern, templates = generator.normal(size=8), generator.normal(size=(5, 8))
    wanted = np.tile(np.where(np.arange(10) == 3, 1.0, -1.0), (5, 1))
    assert np.allclose(local.local_outputs(pattern, templates, wanted, 0.1), wanted[0])


@pytest.mark.parametrize("settings", [{"k": 1}, {"k": 20_000}, {"decay": 0.0}, {"decay": -1.0}])
def test_what_cannot_be_fitted_is_refused(settings: dict[str, float]) -> None:
    with pytest.raises(RecipeError, match=r"^(k|decay): .* is not between"):
        local.Settings(**settings)  # type: ignore[arg-type]
