"""Figs. 11 and 12: what is counted from the layers."""

from __future__ import annotations

from made_up_study import drawn

from paper_lenet.paper import numbers
from paper_lenet.studies import costs
from paper_lenet.studies.study import Folders


def test_costs_are_counted_from_the_layers(tmp_path):
    folders = Folders("invariance", tmp_path)
    folders.results().mkdir(parents=True)
    costs.analyse(folders)
    found = costs.counts()
    # C1, C3, C5, F6 and the output without biases, and one product a subsampling unit.
    by_hand = 28 * 28 * 6 * 25 + 100 * 60 * 25 + 120 * 400 + 84 * 120 + 840 + 1176 + 400
    assert found["multiplications"] == by_hand
    assert found["connections and parameters"] == (
        numbers.TOTAL.connections + numbers.TOTAL.parameters
    )
    assert drawn(folders.figures) == ["fig11", "fig12"]
