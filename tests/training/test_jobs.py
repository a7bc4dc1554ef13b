"""A job's digest is of what decides its result, and of what the code does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_training import small_recipe

from paper_lenet.training import jobs
from paper_lenet.training.job import Job

JOB = Job("small", small_recipe(), 3, "engine")


@pytest.fixture(autouse=True)
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "behaviour", lambda recipe, trainer: "some bits")


def test_digest_is_of_recipe_seed_trainer_and_data() -> None:
    other = replace(JOB.recipe, step=replace(JOB.recipe.step, mu=0.03))
    several = [
        JOB,
        replace(JOB, seed=4),
        replace(JOB, trainer="reference"),
        replace(JOB, recipe=other),
    ]
    digests = [jobs.digest(job, ["a", "b"]) for job in several]
    digests += [jobs.digest(JOB, ["a", "c"]), jobs.digest(JOB, ["b", "a"])]
    assert len(set(digests)) == 6
    # The name under which a recipe stands decides nothing.
    assert jobs.digest(replace(JOB, name="twin"), ["a", "b"]) == digests[0]


def test_digest_is_of_what_the_code_does(monkeypatch: pytest.MonkeyPatch) -> None:
    before = jobs.digest(JOB, [])
    monkeypatch.setattr(jobs, "behaviour", lambda recipe, trainer: "other bits")
    assert jobs.digest(JOB, []) != before
