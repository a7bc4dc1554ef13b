"""The factory of executions: a trainer's name in, a network that can be trained out."""

from __future__ import annotations

from functools import partial

from paper_lenet.network.protocol import Execution
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import Parameters
from paper_lenet.training.job import Job
from paper_lenet.training.passes import Make


def maker(job: Job) -> Make:
    """What makes the network of `job` from its parameters."""
    return partial(execution, job.trainer, job.recipe)


def execution(trainer: str, recipe: Recipe, parameters: Parameters) -> Execution:
    """The execution named `trainer`, ``engine`` or ``reference``, starting from `parameters`."""
    if trainer == "engine":
        from paper_lenet.engine import Engine

        return Engine(recipe, parameters)
    from paper_lenet.training.reference import Reference

    return Reference(recipe, parameters)
