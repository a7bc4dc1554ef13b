"""The bytes of each part by hand, the loop that moves them, and what bounds a part."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from paper_lenet.bench import kernels, memory
from paper_lenet.bench.clock import spread
from paper_lenet.bench.loops import move
from paper_lenet.engine.layout import SIZES, room
from paper_lenet.engine.parts import PARTS
from paper_lenet.network.architecture import Network
from paper_lenet.network.recipe import Recipe


def test_bytes_of_parts_by_hand() -> None:
    """Maps with their padding, from the shapes in `layout` and `state`."""
    bytes_ = memory.traffic(Recipe())
    c5, unit = 400 * 128 * 4, 128 * 4
    s4, c1 = 5 * 5 * 16 * 4, 6 * 28 * 32 * 4
    assert bytes_["C5 forward"] == (s4 + c5 + unit, 0, unit)
    assert bytes_["C5 backward"] == (unit + s4 + c5, c5, s4)
    assert bytes_["C5 backward"].read == unit + s4 + 2 * c5
    assert bytes_["C5 backward"].written == c5 + s4
    assert bytes_["C1 squashing"] == (0, c1, 0)
    assert bytes_["input"] == (32 * 32 + 4 * 256, 0, 4 * (32 * 32 + 64))
    assert bytes_[memory.WHOLE] == (sum(SIZES.values()) * 4,) * 2 + (0,)


def test_each_part_moves_something_and_the_weights_descend_once() -> None:
    bytes_ = memory.traffic(Recipe())
    assert list(bytes_) == [*PARTS, memory.WHOLE]
    assert all(part.read and part.written for part in bytes_.values())
    trained = [name for _, names, _, _ in memory.ARRAYS.values() for name in names.split()]
    assert sorted(trained) == sorted(set(SIZES) - {"CODES", "OUTB"})


def test_a_smaller_input_moves_less() -> None:
    small = memory.traffic(replace(Recipe(), network=Network(input=28)))
    whole = memory.traffic(Recipe())
    assert small["C1 forward"].read < whole["C1 forward"].read
    assert small["F6 forward"] == whole["F6 forward"]


@pytest.mark.parametrize(
    ("seen", "changed", "made"), [(320, 32, 48), (32, 320, 0), (0, 64, 16), (144, 0, 16)]
)
def test_the_loop_moves_every_float_as_often_as_it_is_told(
    seen: int, changed: int, made: int
) -> None:
    end = seen + changed + made
    array = room(end + 128)
    array[:end] = 1.0
    array[seen + changed : end] = 7.0
    move(array, seen, changed, made, 3)
    assert np.all(array[:seen] == 1.0)
    assert np.all(array[seen : seen + changed] == 4.0)  # 1 added, three times
    assert np.all(array[seen + changed : end] == 1.0)
    assert array[end:].sum() == 3 * max(0, seen - changed)  # what was not added beside


def test_works_move_the_bytes_of_each_part() -> None:
    works = memory.works(Recipe(), 2)
    assert set(works) == {f"bytes of {name}" for name in (*PARTS, memory.WHOLE)}
    assert all(work.items == 2 for work in works.values())
    works["bytes of C5 backward"].run()


def test_what_bounds_a_part() -> None:
    assert kernels.bound(3.0, 1.0, 2.0) == "memory"
    assert kernels.bound(3.0, 2.0, 1.0) == "arithmetic"
    assert kernels.bound(4.1, 2.0, 1.0) == kernels.bound(4.1, 1.0, 2.0) == "neither"
    assert kernels.bound(1.0, 0.0, 0.9) == "memory"


def test_rows_tell_both_floors_and_count_the_zeros_of_table_i() -> None:
    seconds = {part: [2e-6] * 3 for part in PARTS}
    seconds |= {f"bytes of {part}": [1.5e-6] * 3 for part in PARTS}
    rows = {row["part"]: row for row in kernels.rows(Recipe(), seconds, [3e11] * 3)}
    products = 10 * 10 * 96 * 25  # of 96 kernels, not of Table I's 60
    assert rows["C3 forward"]["at_peak_us"] == pytest.approx(2 * products / 3e11 * 1e6, rel=1e-4)
    assert rows["C3 forward"]["gflops"] == pytest.approx(2 * 10 * 10 * 60 * 25 / 2e-6 / 1e9)
    assert rows["C3 forward"]["bound"] == "arithmetic"
    assert rows["C5 backward"]["bound"] == rows["input"]["bound"] == "memory"
    assert rows["C5 backward"]["bytes_us"] == pytest.approx(1.5)
    assert spread([rows["input"]["at_peak_us"]]).median == 0.0
