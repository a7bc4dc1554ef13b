"""How far digits are recognised, by brute force over all amounts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper_lenet.base.statistics import over_seeds
from paper_lenet.studies.recognised import WRONG, Counted, counted, limit, means

ERRORS = st.dictionaries(
    st.integers(-5, 5), st.sampled_from([0.0, WRONG, WRONG + 0.1, 90.0]), min_size=1
)


@given(ERRORS, st.sampled_from([-1, 1]))
def test_limit_is_the_last_of_many_amounts_before_the_first_that_is_misread(
    errors: dict[int, float], side: int
) -> None:
    errors = {0: 1.0} | errors
    curve = {float(amount): over_seeds([error]) for amount, error in errors.items()}
    amounts = sorted(errors)
    outwards = np.linspace(0, max(amounts) if side > 0 else min(amounts), 5001)
    wrong = np.interp(outwards, amounts, [errors[each] for each in amounts]) > WRONG + 1e-9
    end = wrong.argmax() - 1 if wrong.any() else len(wrong) - 1
    expected = outwards[end] if end >= 0 else 0.0
    assert limit(curve, 0.0, side) == pytest.approx(expected, abs=2e-3)


def test_limit_lies_where_the_mean_error_passes_a_tenth() -> None:
    errors_at = {-2: 50, -1: 8, 0: 1, 1: 4, 2: 16}
    curve = {float(amount): over_seeds([value]) for amount, value in errors_at.items()}
    assert limit(curve, 0, 1) == pytest.approx(1.5)
    assert limit(curve, 0, -1) == pytest.approx(-1 - 2 / 42)
    good = {0.0: over_seeds([1]), 1.0: over_seeds([2])}
    assert (limit(good, 0, -1), limit(good, 0, 1)) == (0, 1)
    assert limit({0.0: over_seeds([11]), 1.0: over_seeds([2])}, 0, 1) == 0


def test_means_are_over_the_seeds_of_each_network_and_amount() -> None:
    heading = ("network", "seed", "transformation", "amount", "errors", "patterns")
    cells = [("paper", 0, "scale", 0.5, 10, 200), ("paper", 1, "scale", 0.5, 30, 200)]
    cells += [("inverted", seed, "scale", 0.5, 1, 200) for seed in (0, 1)]
    cells += [("paper", seed, "scale", 1, 2 + seed, 200) for seed in (0, 1, 2)]
    rows = [counted({k: str(v) for k, v in zip(heading, row, strict=True)}) for row in cells]
    assert rows[0] == Counted("paper", 0, "scale", 0.5, 10, 200)
    found = means(rows)
    assert found.keys() == {("scale", "paper"), ("scale", "inverted")}
    assert found["scale", "paper"] == {
        0.5: over_seeds([5.0, 15.0], floor=0),
        1.0: over_seeds([1.0, 1.5, 2.0], floor=0),
    }
    assert found["scale", "inverted"] == {0.5: over_seeds([0.5, 0.5], floor=0)}
