"""A few patterns as CSV: what is written is what is read."""

from __future__ import annotations

import numpy as np
import pytest
from drawn import digits
from hypothesis import given
from hypothesis import strategies as st

from paper_lenet.base.files import read_csv
from paper_lenet.digits import excerpt


@given(st.lists(st.integers(0, 9), min_size=1, max_size=10, unique=True), st.sampled_from([28, 32]))
def test_what_is_written_is_read(tmp_path_factory, chosen, side):
    patterns, path = digits(side), tmp_path_factory.mktemp("excerpt") / "some.csv"
    excerpt.write(path, patterns, np.array(chosen))
    found = excerpt.read(path)
    assert found.indices.tolist() == chosen
    assert (found.grey == patterns.grey[chosen]).all()
    assert [int(row["truth"]) for row in read_csv(path)] == chosen


def test_levels_are_hexadecimal_row_by_row(tmp_path):
    patterns = digits()
    patterns.grey[3, 0, :3] = (1, 2, 255)
    excerpt.write(tmp_path / "some.csv", patterns, np.array([3]))
    (row,) = read_csv(tmp_path / "some.csv")
    assert row["pixels"].startswith("0102ff00")


def test_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"some\.csv"):
        excerpt.read(tmp_path / "some.csv")
