"""LeNet-1, LeNet-4 and the fully connected networks against what was printed of them."""

from __future__ import annotations

import pytest

from paper_lenet.network import lenets
from paper_lenet.network.layered import connections, parameters
from paper_lenet.paper import classifiers

PRINTED = {one.name: one for one in classifiers.CLASSIFIERS}


def test_lenet_1_has_the_counts_of_1989():
    assert connections(lenets.lenet_1()) == classifiers.CONNECTIONS_1989.value
    assert parameters(lenets.lenet_1()) == classifiers.PARAMETERS_1989.value


@pytest.mark.parametrize(
    ("name", "side", "hidden"),
    [
        ("[deslant] 20x20-300-10", 20, (300,)),
        ("28x28-1000-10", 28, (1000,)),
        ("28x28-300-100-10", 28, (300, 100)),
        ("28x28-500-150-10", 28, (500, 150)),
    ],
)
def test_fully_connected_networks_have_the_printed_counts(name, side, hidden):
    network = lenets.fully_connected(side, hidden)
    assert round(connections(network), -3) == 1000 * PRINTED[name].operations
    assert round(parameters(network), -3) == 1000 * PRINTED[name].variables


def test_the_reading_of_lenet_4_is_the_nearest_in_connections():
    wanted = 1000 * PRINTED["LeNet-4"].operations
    off = {reading: abs(connections(reading.network()) - wanted) for reading in lenets.readings()}
    nearest = min(off, key=off.__getitem__)
    chosen = lenets.lenet_4()
    assert list(off.values()).count(off[nearest]) == 1
    assert (chosen.side, sum(map(len, lenets.TABLE_LENET_4))) == nearest
    assert connections(chosen) == connections(nearest.network())


def test_no_reading_of_lenet_4_has_as_few_parameters_as_printed():
    least = min(parameters(reading.network()) for reading in lenets.readings())
    printed = classifiers.LENET_4_PARAMETERS
    assert least > printed.value + printed.unit


def test_the_maps_of_lenet_4_differ_and_see_about_as_many():
    table = lenets.TABLE_LENET_4
    assert len(set(table)) == len(table) == 16
    seen = [sum(source in row for row in table) for source in range(lenets.SEEN)]
    assert max(seen) - min(seen) <= 2
