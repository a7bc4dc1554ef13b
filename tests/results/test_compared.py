"""Two sides of a comparison, on made-up trainings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from made_up_study import ALL, Made, errors, write

from paper_lenet.base.statistics import mcnemar
from paper_lenet.results import compared
from paper_lenet.results.compared import ComparisonError, Pattern, Side
from paper_lenet.results.trainings import read_study

Seeds = Mapping[int, Made | None]


def sides(folder: Path, one: Seeds, other: Seeds) -> tuple[Side, Side]:
    write(folder / "s", {"one": one, "other": other}, {"other": {"step.mu": 0.03}})
    runs = read_study(folder / "s")
    truth = dict.fromkeys(range(20_000), 1)
    first, second = (Side(name, "", run, truth, {}) for name, run in runs.items())
    return first, second


def test_what_differs_is_named_with_both_values(tmp_path: Path) -> None:
    first, second = sides(tmp_path, {0: errors(1)}, {0: errors(1)})
    recipe = [("step.mu", "0.02", "0.03")]
    assert compared.parameters(first, second) == recipe
    known = replace(first, settings={"train.seeds": "2", "data.name": '"mnist"'})
    assert compared.parameters(known, second) == recipe, "nothing is known of the other"
    other = replace(second, settings={"train.seeds": "3", "data.name": '"mnist"', "new": "1"})
    more = [("train.seeds", "2", "3"), ("new", "", "1")]
    assert compared.parameters(known, other) == recipe + more


def test_patterns_stand_with_the_side_that_misreads_them_more(tmp_path: Path) -> None:
    # Of two networks, and of four: pattern 7 by one half of both.
    first = {0: Made({1: 5, 7: 2}), 1: Made({1: 3})}
    second = {0: Made({7: 2, 9: 4}), 1: Made({7: 2, 9: 0}), 2: Made({9: 0}), 3: Made({1: 0})}
    ours, theirs = compared.apart(*sides(tmp_path, first, second))
    assert ours == [Pattern(1, 1, 3, 2, 1)]
    assert theirs == [Pattern(9, 1, 0, 0, 3)]


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ({0: errors(14), 1: errors(24)}, "+2.00 (+2.00 to +2.00, 2 seeds in common): they differ"),
        (
            {0: errors(8), 1: errors(22)},
            "+0.00 (-12.71 to +12.71, 2 seeds in common): no difference is shown",
        ),
        ({0: errors(14), 7: errors(1)}, f"McNemar's p = {mcnemar(4, 0):.2g}; one seed says little"),
        ({7: errors(1)}, "no seed in common, so the difference is not tested"),
    ],
)
def test_the_upshot_claims_no_more_than_is_shown(second: Seeds, said: str, tmp_path: Path) -> None:
    first, other = sides(tmp_path, {0: errors(10), 1: errors(20)}, second)
    told = compared.upshot(first, other)
    assert told.startswith("test error 7.50% (one, n = 2), ")
    assert told.endswith(said)


def test_quantities_are_those_of_the_last_pass(tmp_path: Path) -> None:
    one, other = Made({0: 1}, (90, 50), (9, 1)), Made({0: 1, 1: 1}, (90, 70), (9, 2))
    test, training, _ = compared.quantities(*sides(tmp_path, {3: one}, {3: other, 4: other}))
    assert (test.first.mean, test.second.mean, test.second.n) == (0.5, 1.0, 2)
    assert training.difference is not None and training.difference.mean == 2.0


def test_other_test_patterns_are_not_compared(tmp_path: Path) -> None:
    first, second = sides(tmp_path, {0: errors(1)}, {0: Made({0: 3}, patterns=ALL)})
    with pytest.raises(ComparisonError, match=r"not tested on the same patterns \(200 and 10000\)"):
        compared.check(first, second)
    with pytest.raises(ComparisonError, match="one and one were not tested"):
        compared.check(first, replace(first, truth={0: 2}))
    compared.check(first, first)
