"""What the engine's tests share: variants, synthetic patterns, and a piece of work to compare.

As a command it prints, as sorted JSON, the digests of that work; with ``--instructions`` what the
compiled update is made of (if this very process compiled it); with ``--all`` the digests of every
variant; and with ``--record`` it writes the digests to ``engine_record.json``, with which every
machine compares its own:

    python tests/engine_run.py --record
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
from pathlib import Path

import numpy as np
from drawn import digits

from paper_lenet.base import streams
from paper_lenet.digits.patterns import Patterns
from paper_lenet.engine import Engine, network
from paper_lenet.engine.general_trainer import General
from paper_lenet.network import lenets
from paper_lenet.network.architecture import Network
from paper_lenet.network.layered import Layered
from paper_lenet.network.layered_weights import initial
from paper_lenet.network.recipe import Initial, Loss, Recipe, Step
from paper_lenet.network.weights import Parameters, digest, initial_parameters

RECORD = Path(__file__).with_name("engine_record.json")
CROSS_ENTROPY = Loss(9, math.inf)
EXACT = Step(output="exact")


def _with(loss: Loss = Loss(), step: Step = Step(), **network: object) -> Recipe:  # noqa: B008
    return Recipe(network=Network(**network), loss=loss, step=step)  # type: ignore[arg-type]


# The paper's recipe, each single departure from it, and some together.
RECIPES = {
    "paper": Recipe(),
    "28 x 28": _with(input=28),
    "full C3": _with(c3="full"),
    "tanh": _with(squashing="tanh"),
    "relu": _with(squashing="relu"),
    "sum": _with(subsampling="sum"),
    "fixed average": _with(subsampling="fixed_average"),
    "max": _with(subsampling="max"),
    "trainable codes": _with(output="trainable_rbf"),
    "targets": _with(output="targets"),
    "softmax": _with(CROSS_ENTROPY, EXACT, output="softmax"),
    "eq. 8": _with(Loss(8)),
    "no half": _with(Loss(half=False)),
    "no rubbish class": _with(Loss(j=math.inf)),
    "exact curvature": _with(step=EXACT),
    "exact curvature, trainable codes": _with(step=EXACT, output="trainable_rbf"),
    "eq. 8, trainable codes, no half": _with(Loss(8, half=False), output="trainable_rbf"),
    "modern": _with(
        CROSS_ENTROPY,
        EXACT,
        input=28,
        c3="full",
        squashing="relu",
        subsampling="max",
        output="softmax",
    ),
    "four connections apart": _with(step=Step(coefficient="connections")),
    "four connections apart, sum": _with(
        Loss(8), Step(coefficient="connections"), subsampling="sum"
    ),
    "lush": _with(Loss(8), subsampling="sum", output="targets"),
    "small, pooled, exact": _with(
        Loss(j=0.5, half=False), EXACT, input=28, squashing="tanh", subsampling="fixed_average"
    ),
}


def patterns(count: int = 100, side: int = 32) -> Patterns:
    """Drawn digits, in turn; in their left halves every fourth pixel or so is noise.

    On the right there is plain background, where neighbouring units are in exactly the same state.
    """
    clean = digits(side)
    labels = np.arange(count) % 10
    words = streams.words(streams.key(0, "noise"), count * side**2).reshape(count, side, side)
    noise = (words >> np.uint64(56)).astype(np.uint8)
    noisy = (words & np.uint64(3) == 0) & (np.arange(side) < side // 2)
    grey = np.where(noisy, noise, clean.grey[labels])
    return Patterns(grey, labels.astype(np.uint8), clean.levels)


def wild(recipe: Recipe, seed: int, scale: float = 1.0) -> Parameters:
    """Initial weights, `scale` times as great, and something added so that nothing is zero."""
    result = {}
    for index, (name, part) in enumerate(initial_parameters(recipe, seed).items()):
        draws = streams.uniform(streams.key(seed, "noise", index + 1), part.size)
        added = 0.1 * (2.0 * draws - 1.0).reshape(part.shape)
        result[name] = (scale * (part + added)).astype(np.float32)
    return result


def steps(recipe: Recipe, engine: Engine, shown: Patterns) -> np.ndarray:
    """Those of the first pass (eq. 21), with the curvature on the first 20 patterns."""
    h = engine.curvature(shown, np.arange(20)).astype(np.float64)
    return (recipe.step.rate(1) / (recipe.step.mu + h)).astype(np.float32)


def work(recipe: Recipe, updates: int = 100, rounds: int = 3) -> dict[str, str]:
    """SHA-256 of what comes of `rounds` times: curvature, `updates` updates, penalties."""
    shown = patterns(100, recipe.network.input)
    engine, answers = Engine(recipe, initial_parameters(recipe, 0)), hashlib.sha256()
    for number in range(rounds):
        epsilon = steps(recipe, engine, shown)
        order = streams.permutation(streams.key(0, "order", number), len(shown))
        learned = engine.learn(shown, np.resize(order, updates), epsilon)
        for part in (epsilon, engine.penalties(shown), np.float64(learned.loss)):
            answers.update(np.ascontiguousarray(part).tobytes())
    return {"weights": digest(engine.parameters()), "answers": answers.hexdigest()}


def layered_work(layered: Layered, rounds: int = 3) -> dict[str, str]:
    """The same of another network of layers, with 100 updates a round."""
    shown, recipe = patterns(100, layered.side), Recipe()
    network, answers = General(layered, initial(layered, Initial(), 0)), hashlib.sha256()
    for number in range(rounds):
        h = network.curvature(shown, np.arange(20)).astype(np.float64)
        epsilon = (recipe.step.rate(1) / (recipe.step.mu + h)).astype(np.float32)
        order = streams.permutation(streams.key(0, "order", number), len(shown))
        learned = network.learn(shown, order, epsilon)
        for part in (epsilon, network.outputs(shown), np.float64(learned.loss)):
            answers.update(np.ascontiguousarray(part).tobytes())
    return {"weights": digest(network.parameters()), "answers": answers.hexdigest()}


# How many updates a round: the paper's network and, for other pools, outputs and starts, two more.
WORK = {"paper": 100, "modern": 20, "exact curvature, trainable codes": 20}
# Between them all kinds of layers, and full ones over pixels and over units.
LAYERED = {
    "LeNet-4": lenets.lenet_4(),
    "28x28-300-100-10": lenets.fully_connected(28, (300, 100)),
}


def works(updates: dict[str, int] = WORK) -> dict[str, dict[str, str]]:
    """`work` of these recipes, with so many updates each, and of other networks; as recorded."""
    found = {name: work(RECIPES[name], count) for name, count in updates.items()}
    return found | {name: layered_work(layered) for name, layered in LAYERED.items()}


def instructions() -> dict[str, int]:
    """How often words that tell one kind of processor from another stand in the update's code."""
    (code,) = network.learn.inspect_asm().values()
    return {
        word: code.count(word) for word in ("vfmadd", "ymm", "zmm", "fmla", "fmaf", "NRT_incref")
    }


def main() -> None:
    told = set(sys.argv[1:])
    every = dict.fromkeys(RECIPES, 20) | WORK
    answer = {"works": works(every if "--all" in told else WORK)}
    if "--record" in told:
        RECORD.write_text(
            json.dumps(answer["works"], indent=2, sort_keys=True) + "\n", newline="\n"
        )
    if "--instructions" in told:
        answer["instructions"] = instructions()
    print(json.dumps(answer, indent=2, sort_keys=True))


if __name__ == "__main__":
    main()
