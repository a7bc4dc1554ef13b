"""Confusion and classes, counted again one by one."""

from __future__ import annotations

import numpy as np

from paper_lenet.base.files import read_csv
from paper_lenet.network.recipe import Loss
from paper_lenet.results.answers import Answers
from paper_lenet.results.confusion import confusion, write_classes


def test_rows_are_truths_and_columns_answers():
    penalties = np.ones((4, 10), np.float32)
    penalties[range(4), [3, 3, 5, 0]] = 0
    one = Answers(0, np.array([3, 5, 5, 5]), penalties, Loss())
    counts = confusion([one, one])
    assert counts.sum() == 8
    assert (counts[3, 3], counts[5, 3], counts[5, 5], counts[5, 0]) == (2, 2, 2, 2)


def test_a_class_that_no_pattern_has_has_no_rates(tmp_path):
    penalties = np.ones((2, 10), np.float32)
    penalties[:, 1] = 0
    write_classes(tmp_path / "classes.csv", [Answers(0, np.array([1, 1]), penalties, Loss())])
    rows = read_csv(tmp_path / "classes.csv")
    assert (rows[1]["precision"], rows[1]["recall"], rows[1]["f1"]) == ("1.000000",) * 3
    assert rows[0]["patterns"] == "0"
    assert rows[0]["precision"] == rows[0]["recall"] == rows[0]["f1"] == ""
