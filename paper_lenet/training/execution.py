"""The factory of executions: a trainer's name in, a network that can be trained out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from paper_lenet.network.protocol import Execution, check_trainer
from paper_lenet.network.recipe import Recipe
from paper_lenet.network.weights import Parameters
from paper_lenet.training.job import Job


def maker(job: Job) -> Callable[[Parameters], Execution]:
    """What makes the network of `job` from its parameters.

    Example:
        >>> from paper_lenet.training.behaviour import made
        >>> from paper_lenet.training.job import beginning
        >>> job = Job("paper", Recipe(), 0, "engine")
        >>> network = maker(job)(beginning(job).parameters)
        >>> network.penalties(made(3)).shape
        (3, 10)
    """
    return partial(execution, job.trainer, job.recipe, device=job.device, learns=True)


def execution(
    trainer: str,
    recipe: Recipe,
    parameters: Parameters,
    device: str = "cpu",
    learns: bool = False,
) -> Execution:
    """The execution named `trainer`, ``engine`` or ``reference``, starting from `parameters`.

    Args:
        trainer: which of the two.
        recipe: names the network, the loss and what the curvature starts from.
        parameters: of that network; they are copied.
        device: where the reference computes, as PyTorch names it.
        learns: whether it will be trained: then the engine compiles at once what that needs.

    Raises:
        RecipeError: there is no such trainer, or no such device for it; or the parameters are not
            those of the network.

    Example:
        >>> from paper_lenet.network.weights import pretrained
        >>> parameters = pretrained().parameters
        >>> network = execution("reference", Recipe(), parameters)
        >>> found = network.parameters()
        >>> all((found[name] == part).all() for name, part in parameters.items())
        True
    """
    check_trainer(trainer, device)
    if trainer == "engine":
        from paper_lenet.engine import Engine

        return Engine(recipe, parameters, learns)
    from paper_lenet.training.reference import Reference

    return Reference(recipe, parameters, device=device)
