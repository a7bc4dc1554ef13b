"""Files of patterns: the same bytes, and one line for what is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from drawn import digits
from safetensors.numpy import save_file

from paper_lenet.digits.patterns import Patterns, PatternsError


def test_patterns_come_back_as_they_were(tmp_path: Path) -> None:
    path, again = tmp_path / "deep" / "a", tmp_path / "again"
    digits().save(path)
    back = Patterns.load(path)
    for one, other in ((back.grey, digits().grey), (back.labels, digits().labels)):
        assert one.dtype == np.uint8 and np.array_equal(one, other)
    assert back.levels.dtype == np.float32 and np.array_equal(back.levels, digits().levels)
    back.save(again)
    assert again.read_bytes() == path.read_bytes()


def test_what_is_no_file_of_patterns_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "test.safetensors"
    with pytest.raises(PatternsError, match=r"test\.safetensors: no patterns .* stage preprocess"):
        Patterns.load(path)
    digits().save(path)
    whole = path.read_bytes()
    save_file({"grey": digits().grey}, path)
    others = path.read_bytes()
    for content in (whole[:-100], whole[:50], b"", b"no arrays", others):
        path.write_bytes(content)
        with pytest.raises(PatternsError, match="no patterns") as told:
            Patterns.load(path)
        assert str(told.value).startswith(f"{path}: ")
        assert "\n" not in str(told.value)
