"""How far digits are recognised, by brute force over all amounts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from paper_lenet.base.statistics import over_seeds
from paper_lenet.studies.recognised import WRONG, Counted, counted, edge, means

ERRORS = st.dictionaries(
    st.integers(-5, 5), st.sampled_from([0.0, WRONG, WRONG + 0.1, 90.0]), min_size=1
)


@given(ERRORS, st.sampled_from([-1, 1]))
def test_edge_is_the_last_amount_before_the_first_that_is_misread(
    errors: dict[int, float], side: int
) -> None:
    errors = {0: 1.0} | errors
    curve = {float(amount): over_seeds([error]) for amount, error in errors.items()}
    outwards = [amount for amount in range(0, 6 * side, side) if amount in errors]
    wrong = [amount for amount in outwards if errors[amount] > WRONG]
    right = [amount for amount in outwards if not wrong or side * amount < side * wrong[0]]
    expected = (right[-1] if right else None, wrong[0] if wrong else None)
    assert edge(curve, 0.0, side) == expected


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
        0.5: over_seeds([5.0, 15.0]),
        1.0: over_seeds([1.0, 1.5, 2.0]),
    }
    assert found["scale", "inverted"] == {0.5: over_seeds([0.5, 0.5])}
