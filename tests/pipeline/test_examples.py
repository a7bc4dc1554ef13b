"""The digits that the pages show."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from drawn import digits

from paper_lenet.base.files import FormatError, read_csv, write_csv
from paper_lenet.pipeline import examples


def test_the_first_digits_that_all_read_and_those_that_most_misread() -> None:
    labels = np.tile(np.arange(10, dtype=np.uint8), 8)
    times = {0: 1, 3: 0, 41: 2, 12: 5} | {index: 3 for index in range(30, 53) if index != 41}
    found = examples.chosen(labels, times)
    right, misread = found[: 10 * examples.EACH], found[10 * examples.EACH :]
    assert right == sorted(right) and misread == sorted(misread)
    assert 0 not in right and 3 in right
    assert [index for index in right if index % 10 == 0] == [10, 20, 60]  # 30 to 50 are not
    assert 12 in misread and 0 not in misread  # of 25 that somebody misreads, the rarest is left
    assert len(misread) == examples.MISREAD


def test_a_row_has_the_pixels_as_mnist_has_them(tmp_path: Path) -> None:
    drawn = digits()
    drawn.save(tmp_path / "test.safetensors")
    write_csv(tmp_path / "patterns.csv", ["index", "times"], [(4, 2)])
    examples.examples(tmp_path, tmp_path / "patterns.csv", tmp_path / "new" / "examples.csv")
    rows = read_csv(tmp_path / "new" / "examples.csv")
    assert [row["index"] for row in rows] == [*"012356789", "4"]
    assert [row["times"] for row in rows] == ["0"] * 9 + ["2"]
    four = np.frombuffer(bytes.fromhex(rows[-1]["pixels"]), np.uint8).reshape(28, 28)
    assert np.array_equal(four, drawn.cropped(28).grey[4])


@pytest.mark.parametrize("text", ["index,times\n4,two\n", "index,seeds\n4,2\n"])
def test_a_table_that_is_not_as_it_was_written_is_told(tmp_path: Path, text: str) -> None:
    digits().save(tmp_path / "test.safetensors")
    (tmp_path / "patterns.csv").write_text(text)
    with pytest.raises(FormatError, match=r"patterns\.csv: not as it was written"):
        examples.examples(tmp_path, tmp_path / "patterns.csv", tmp_path / "examples.csv")
    assert not (tmp_path / "examples.csv").exists()
