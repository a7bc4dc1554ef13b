"""Rejection (Section III-D) by brute force, and beside Fig. 10."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from made_up_study import drawn

from paper_lenet.network.recipe import Loss
from paper_lenet.results.answers import Answers
from paper_lenet.studies import rejection
from paper_lenet.studies.study import Folders


def test_rejection_by_brute_force():
    draw = np.random.default_rng(5)
    truth = draw.integers(0, 10, 60)
    penalties = draw.uniform(0, 30, (60, 10)).astype(np.float32)
    penalties[np.arange(50), truth[:50]] = 0
    network = Answers(0, truth, penalties, Loss())
    wrong = network.answers != truth
    for goal, of_all in ((5.0, False), (5.0, True), (0.0, False)):
        for rejected in range(61):
            kept = np.argsort(network.gap, kind="stable")[rejected:]
            base = 60 if of_all else max(1, len(kept))
            if 100 * wrong[kept].sum() / base <= goal:
                break
        assert rejection.needed(network, goal, of_all) == pytest.approx(100 * rejected / 60)
    first, *_, last = rejection.curves([network])
    assert float(first[2]) == pytest.approx(100 * wrong.mean(), abs=1e-4)
    assert float(last[2]) == pytest.approx(100 * rejection.errors_left(network)[6] / 54, abs=1e-4)


def test_rejection_is_laid_beside_fig10(tmp_path):
    truth = np.arange(200) % 10
    penalties = np.ones((200, 10), np.float32)
    penalties[np.arange(200), truth] = 0
    penalties[:4] = penalties[:4, ::-1] / 2
    networks = [dataclasses.replace(Answers(0, truth, penalties, Loss()), seed=s) for s in (0, 1)]
    folders = Folders("invariance", tmp_path)
    for folder in (folders.trained(), folders.results()):
        folder.mkdir(parents=True)
    rejection.measure(networks, folders.trained())
    rejection.analyse(folders)
    tree = json.loads((folders.results() / "rejection.json").read_text())
    # Four of 200 are wrong, with the smallest gaps; one may stay.
    assert tree["accepted"]["mean"] == 2.0
    assert tree["of_all"]["mean"] == 1.5
    assert (tree["seeds"], tree["others"]) == (2, len(rejection.others()))
    assert drawn(folders.figures) == ["fig10", "rejection"]
