"""Every axis of the posterior and every group of summaries has a name to be drawn."""

from __future__ import annotations

from pathlib import Path

import yaml

from paper_lenet.studies.posterior import labels
from paper_lenet.studies.posterior.summaries import GROUPS

GRID = Path(__file__).resolve().parents[2] / "studies/round_0.yaml"


def test_axes_of_the_committed_prior_are_named_apart() -> None:
    keys = yaml.safe_load(GRID.read_text(encoding="utf-8"))["prior"]
    names = [labels.axis(key) for key in keys]
    assert len(keys) > 5
    assert len(set(names)) == len(names)
    assert set(names).isdisjoint(keys)


def test_an_axis_without_a_name_is_called_by_its_key() -> None:
    assert labels.axis("step.mu") == "step.mu"


def test_groups_of_summaries_are_those_that_are_weighed() -> None:
    assert set(labels.GROUPS) == {*GROUPS, "all"}
