"""What each variant of the network, the loss and the presentation costs at batch 1."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.bench.clock import Seconds, Work, alternate, ratios, spread
from paper_lenet.bench.workloads import learn
from paper_lenet.digits.distort import Presentation, shown
from paper_lenet.digits.patterns import Patterns
from paper_lenet.engine import Engine
from paper_lenet.network.architecture import Network
from paper_lenet.network.recipe import Loss, Recipe, Step
from paper_lenet.network.weights import initial_parameters

PAPER = "the paper"
RATE = 1e-5  # of every weight: nothing diverges


def variants() -> dict[str, Recipe]:
    """The paper's recipe, and what the studies change in it, one thing at a time."""
    base = Recipe()
    entropy = Loss(9, math.inf)
    networks = {
        "28×28 input": Network(input=28),
        "full C3": Network(c3="full"),
        "sum in place of average": Network(subsampling="sum"),
        "fixed average": Network(subsampling="fixed_average"),
        "maximum": Network(subsampling="max"),
        "plain tanh": Network(squashing="tanh"),
        "ReLU": Network(squashing="relu"),
        "trainable codes": Network(output="trainable_rbf"),
        "ten targets, no F6": Network(output="targets"),
    }
    others = {
        "softmax": replace(
            base, network=Network(output="softmax"), loss=entropy, step=Step(output="exact")
        ),
        "loss of eq. 8": replace(base, loss=Loss(8)),
        "exact curvature": replace(base, step=Step(output="exact")),
        "connections apart in the curvature": replace(base, step=Step(coefficient="connections")),
        "curvature once": replace(base, step=Step(curvature="once")),
        "one rate for all": replace(base, step=Step(curvature="never")),
        "inverted pixels": replace(base, presentation=Presentation(inverted=0.1)),
        "distorted patterns": replace(base, presentation=Presentation(distorted=9)),
    }
    return {
        PAPER: base,
        **{name: replace(base, network=network) for name, network in networks.items()},
        **others,
    }


def works(recipe: Recipe, patterns: Patterns, count: int) -> tuple[Work, Work]:
    """`count` updates, and the curvature of as many patterns, shown as the recipe says."""
    network, how = recipe.network, recipe.presentation
    if network.input != patterns.grey.shape[1]:
        patterns = patterns.cropped(network.input)
    engine = Engine(recipe, initial_parameters(recipe, 0))
    steps = np.full(len(engine.places), RATE, np.float32)
    order = streams.key(0, "order")
    items = streams.permutation(order, len(patterns) * (1 + how.distorted))[:count]

    def present() -> tuple[Patterns, NDArray[np.int64]]:
        if how.inverted or how.distorted:
            return shown(patterns, items, 0, 0, how), np.arange(len(items))
        return patterns, items

    return (
        Work(lambda: learn(engine, *present(), steps), len(items)),
        Work(lambda: engine.curvature(*present()), len(items)),
    )


def measure(patterns: Patterns, rounds: Iterable[int], count: int) -> list[dict[str, Any]]:
    """The rows of `rows`, from `count` updates of each variant a round."""
    both: dict[str, Work] = {}
    for name, recipe in variants().items():
        both[f"{name}, update"], both[f"{name}, curvature"] = works(recipe, patterns, count)
    return rows(alternate(both, rounds))


def rows(seconds: Seconds) -> list[dict[str, Any]]:
    """One row a variant.

    `times` is its update over the paper's, round by round; `pass_seconds` is worked out: the
    updates of a pass and the curvature, which is spread over the passes if it is taken once.
    """
    result = []
    for name, recipe in variants().items():
        updates = seconds[f"{name}, update"]
        update, curvature = spread(updates), spread(seconds[f"{name}, curvature"])
        result.append(
            {
                "variant": name,
                "us": update.median * 1e6,
                "us_least": update.least * 1e6,
                "us_greatest": update.greatest * 1e6,
                "times": spread(ratios(updates, seconds[f"{PAPER}, update"])).median,
                "curvature_us": curvature.median * 1e6,
                "pass_seconds": pass_seconds(recipe, update.median, curvature.median),
            }
        )
    return result


def pass_seconds(recipe: Recipe, update: float, curvature: float) -> float:
    """Seconds of one pass without its evaluation, from those of an update and of a curvature."""
    step = recipe.step
    often = step.estimates / step.passes
    return recipe.presentation.patterns * update + often * step.patterns * curvature
