"""The layer list against the numbers that the paper prints (Section II-B, Fig. 2, Table I)."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections import Counter
from importlib.resources import files

import numpy as np
import pytest

from paper_lenet.network.architecture import (
    TABLE_I,
    Network,
    all_codes,
    codes,
    fan_in,
    layers,
    parameter_shapes,
    squashing,
)

VARIANTS = [
    Network(*choice)
    for choice in itertools.product(
        (28, 32),
        ("table", "full"),
        ("scaled_tanh",),
        ("average", "sum", "fixed_average", "max"),
        ("rbf", "trainable_rbf", "targets", "softmax"),
    )
]

# Table I as the paper sets it: rows are S2 maps, columns C3 maps.
MARKS = """
X . . . X X X . . X X X X . X X
X X . . . X X X . . X X X X . X
X X X . . . X X X . . X . X X X
. X X X . . X X X X . . X . X X
. . X X X . . X X X X . X X . X
. . . X X X . . X X X X . X X X
"""

# Hamming distances between the codes of 0 to 9, computed apart from this project's code.
HAMMING = """
 0 42 30 29 18 30 22 40 26 28
42  0 30 35 50 32 44 28 50 42
30 30  0 33 34 20 36 32 34 32
29 35 33  0 29 29 25 27 21 29
18 50 34 29  0 34 20 50 20 30
30 32 20 29 34  0 26 34 28 24
22 44 36 25 20 26  0 46 12 26
40 28 32 27 50 34 46  0 40 34
26 50 34 21 20 28 12 40  0 18
28 42 32 29 30 24 26 34 18  0
"""


def test_connections_match_paper():
    """Section II-B layer by layer; C3 and the total as the preprint prints them."""
    counted = {layer.name: layer.connections for layer in layers()}
    assert counted == {
        "input": 0,
        "C1": 122_304,
        "S2": 5_880,
        "C3": 151_600,
        "S4": 2_000,
        "C5": 48_120,
        "F6": 10_164,
        "output": 840,
    }
    assert sum(counted.values()) == 340_908


def test_the_journals_total_is_its_slip_in_c3_carried_through():
    total = sum(layer.connections for layer in layers())
    c3 = next(layer.connections for layer in layers() if layer.name == "C3")
    assert total - c3 + 156_000 == 345_308


def test_parameters_are_60000():
    counted = {layer.name: layer.parameters for layer in layers()}
    assert counted == {
        "input": 0,
        "C1": 156,
        "S2": 12,
        "C3": 1_516,
        "S4": 32,
        "C5": 48_120,
        "F6": 10_164,
        "output": 0,
    }
    assert sum(counted.values()) == 60_000


def test_shapes_match_figure_2():
    assert [(layer.name, layer.shape) for layer in layers()] == [
        ("input", (1, 32, 32)),
        ("C1", (6, 28, 28)),
        ("S2", (6, 14, 14)),
        ("C3", (16, 10, 10)),
        ("S4", (16, 5, 5)),
        ("C5", (120, 1, 1)),
        ("F6", (84,)),
        ("output", (10,)),
    ]
    assert [layer.units for layer in layers()] == [1024, 4704, 1176, 1600, 400, 120, 84, 10]


def test_table_1_matches_its_second_transcription():
    marks = [row.split() for row in MARKS.split("\n") if row]
    columns = tuple(
        tuple(source for source in range(6) if marks[source][column] == "X") for column in range(16)
    )
    assert columns == TABLE_I


def test_table_1_is_as_the_text_describes_it():
    """Six contiguous triples, six contiguous quadruples, three discontinuous ones, all six."""

    def contiguous(sources: tuple[int, ...]) -> bool:
        chosen = set(sources)
        return any({(first + k) % 6 for k in range(len(chosen))} == chosen for first in range(6))

    assert [len(row) for row in TABLE_I] == [3] * 6 + [4] * 9 + [6]
    assert [contiguous(row) for row in TABLE_I] == [True] * 12 + [False] * 3 + [True]
    assert len(set(TABLE_I)) == 16
    assert all(tuple(sorted(row)) == row for row in TABLE_I)


def test_table_1_has_60_kernels_and_uses_every_map_ten_times():
    kernels = Network().kernels
    assert len(set(kernels)) == len(kernels) == 60
    assert Counter(source for _, source in kernels) == dict.fromkeys(range(6), 10)
    assert len(Network(c3="full").kernels) == 96


def test_c3_connections_are_its_units_windows_one_by_one():
    """Brute force: every unit of every map lists its inputs and its bias."""
    count = 0
    for sources in TABLE_I:
        for row, column in itertools.product(range(10), range(10)):
            inputs = {
                (j, row + dr, column + dc) for j in sources for dr in range(5) for dc in range(5)
            }
            assert all(r < 14 and c < 14 for _, r, c in inputs)
            count += len(inputs) + 1
    assert count == 151_600


@pytest.mark.parametrize("network", VARIANTS, ids=str)
def test_parameter_shapes_add_up_to_the_layers_counts(network):
    counted: Counter[str] = Counter()
    for name, shape in parameter_shapes(network).items():
        counted[name.split(".")[0]] += math.prod(shape)
    expected = {layer.name: layer.parameters for layer in layers(network) if layer.parameters}
    assert counted == expected


def test_departures_change_the_counts_as_they_must():
    def total(network: Network) -> int:
        return sum(layer.parameters for layer in layers(network))

    paper = Network()
    assert total(dataclasses.replace(paper, c3="full")) == 60_000 + 36 * 25
    assert total(dataclasses.replace(paper, input=28)) == 60_000 - 120 * 16 * 9
    assert total(dataclasses.replace(paper, subsampling="max")) == 60_000 - 12 - 32
    assert total(dataclasses.replace(paper, output="trainable_rbf")) == 60_000 + 840
    assert total(dataclasses.replace(paper, output="softmax")) == 60_000 + 850
    assert total(dataclasses.replace(paper, output="targets")) == 60_000 - 10_164 + 1_210


def test_fan_in_is_a_units_number_of_inputs():
    fan = fan_in()
    assert fan == {
        "C1": (25,) * 6,
        "C3": (75,) * 6 + (100,) * 9 + (150,),
        "C5": (400,) * 120,
        "F6": (120,) * 84,
    }
    assert sum(fan["C3"]) + 16 == 1_516
    assert fan_in(Network(input=28))["C5"] == (256,) * 120
    assert fan_in(Network(output="targets"))["output"] == (120,) * 10
    assert fan_in(Network(output="softmax"))["output"] == (84,) * 10


def test_squashing_is_eq_6_element_by_element():
    total = np.linspace(-6, 6, 41)
    expected = [1.7159 * math.tanh(2 / 3 * a) for a in total]
    np.testing.assert_allclose(squashing(total), expected, rtol=1e-15)
    single = squashing(np.float32(0.5))
    assert (single.dtype, single.shape) == (np.float64, ())
    assert single == squashing(np.full((2, 3), 0.5))[1, 2]


def test_codes_of_all_printable_characters_are_read():
    everything = all_codes()
    assert list(everything) == [chr(code) for code in range(32, 128)]
    assert {len(code) for code in everything.values()} == {84}
    assert set(everything[" "]) == {-1}
    stroke = [row for row in range(12) if row not in (7, 10, 11)]
    bitmap = np.array(everything["!"]).reshape(12, 7)
    assert np.argwhere(bitmap == 1).tolist() == [
        [row, column] for row in stroke for column in (3, 4)
    ]


def test_codes_are_ten_distinct_rows_of_84_signs():
    code = np.array(codes())
    assert code.shape == (10, 84)
    assert set(code.flat) == {-1, 1}
    assert len({tuple(row) for row in code}) == 10


def test_codes_have_the_papers_hamming_distances():
    code = np.array(codes())
    expected = np.array([row.split() for row in HAMMING.strip().split("\n")], int)
    assert ((code[:, None] != code[None]).sum(2) == expected).all()


def test_codes_have_the_papers_numbers_of_positive_components():
    code = np.array(codes())
    assert (code > 0).sum(1).tolist() == [35, 27, 33, 32, 41, 35, 39, 25, 43, 39]


def test_codes_are_upright_bitmaps():
    """0, 2, 4 and 5 have a bar above; only 4 reaches the lowest two rows."""
    bitmaps = np.array(codes()).reshape(10, 12, 7) > 0
    bar = np.array([False, True, True, True, True, True, False])
    assert [digit for digit in (0, 2, 4, 5) if (bitmaps[digit, 0] == bar).all()] == [0, 2, 4, 5]
    assert not bitmaps[[0, 2, 4, 5], 1].any()
    assert [digit for digit in range(10) if bitmaps[digit, 10:].any()] == [4]


def test_codes_are_the_f6_states_of_the_network_of_1998():
    """Fig. 13 draws F6 for nine inputs, read as five 4s, three 3s and an 8; white is +1 or -1."""
    with files("paper_lenet.paper").joinpath("data/fig13_states.npz").open("rb") as file:
        states = np.load(file)["f6_unpaired"].reshape(9, 84)
    rows = {tuple(row): digit for digit, row in enumerate(codes())}
    signs = np.where(states > 127, -1, 1)  # ink is positive
    assert Counter(rows.get(tuple(row)) for row in signs.tolist()) == {4: 5, 3: 3, 8: 1}
