"""Stage ``touch``: what the page "Touch it" needs and no other stage keeps.

- ``passes.safetensors``: one network before its training and after each pass, (passes + 1, ...) an
  array, rounded to so few steps that the page stays small (`network.rounded`).
- ``touch.json``: what the network misreads before it has learned; how many test digits the rubbish
  class of eq. 9 calls no digit; and how it reads narrow ones, with how many it was trained on.

The training is that of stage ``train`` once more, and must end with its bits.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.files import fixed, write_json, write_tensors
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.params import Params
from paper_lenet.network.rounded import rounded
from paper_lenet.network.weights import Parameters, Trained, digest, load
from paper_lenet.pipeline.networks import StageError, evaluate, existing, load_patterns
from paper_lenet.results.answers import Answers, posterior
from paper_lenet.training.execution import maker
from paper_lenet.training.job import Job, beginning, select
from paper_lenet.training.passes import passes
from paper_lenet.training.progress import Progress

SEED = 0
KEY = "steps"
BITS, BITS_OF_MANY = 12, 8  # as `rounded` takes them
NARROW, INK, ONE = 9, 63, 1  # pixels, a grey level, and the class that is narrow by itself


def touch(params: Params, processed: Path, models: Path, results: Path) -> None:
    """Train one seed again, keep its passes, and count what the page tells.

    Args:
        params: all parameters.
        processed: folder of ``train.safetensors`` and ``test.safetensors``.
        models: the trained networks.
        results: folder for both files.

    Raises:
        StageError: the training does not end with the bits of the trained network.
        Divergence: it fails.
    """
    path = existing(models / f"seed-{SEED:02d}.safetensors", "train")
    trained = load(path)
    training, test = (load_patterns(params, processed, name) for name in ("train", "test"))
    states = _trained(params, training, test)
    if digest(states[-1]) != digest(trained.parameters):
        raise StageError(f"{path}: trained again it ends with other bits; run the stage train")
    arrays, steps = rounded(states, BITS, BITS_OF_MANY)
    write_tensors(results / "passes.safetensors", arrays, {KEY: steps})
    first = evaluate(Trained(states[0], trained.recipe, SEED, trained.scale), test)
    tree = {"untrained_errors": first.errors} | told(evaluate(trained, test), training, test)
    write_json(results / "touch.json", tree)


def _trained(params: Params, training: Patterns, test: Patterns) -> list[Parameters]:
    """The parameters before the first pass and after each."""
    name, how = params.train.recipe, params.train
    job = Job(name, params.recipe, SEED, how.trainer, thorough=False, device=how.device)
    begun, data = beginning(job), select(params.recipe, training, test)
    result = [begun.parameters]
    with closing(Progress(0, {name: params.recipe.step.passes})) as bar:
        for state in passes(job, data, begun, maker(job), bar.watch(name, job)):
            result.append(state.parameters)
            bar.passed(name, job, state.rows[-1])
    return result


def told(answers: Answers, training: Patterns, test: Patterns) -> dict[str, Any]:
    """What the page tells of the network's answers to the test patterns.

    Returns:
        ``denied``: test digits that the rubbish class calls no digit, by whether the nearest class
        is ``right`` or ``wrong``; ``narrow``: of digits other than 1 that are at most `NARROW`
        pixels wide their share in the training set, their number in the test set, and the error
        rate on them and on all, in percent.
    """
    wrong = answers.answers != test.labels
    shares = posterior(answers.penalties, answers.loss)
    denied = 1.0 - shares.sum(axis=1) > shares.max(axis=1)
    narrow = narrow_ones(test)
    shown = narrow_ones(training).sum() / (training.labels != ONE).sum()
    rates = (wrong[narrow].mean() if narrow.any() else np.nan, wrong.mean())
    return {
        "denied": {"right": int((denied & ~wrong).sum()), "wrong": int((denied & wrong).sum())},
        "narrow": {
            "pixels": NARROW,
            "training_percent": fixed(100 * float(shown), 2),
            "test": int(narrow.sum()),
            "error_percent": fixed(100 * float(rates[0]), 2),
            "all_error_percent": fixed(100 * float(rates[1]), 2),
        },
    }


def narrow_ones(patterns: Patterns) -> NDArray[np.bool_]:
    """Which are no 1 and at most `NARROW` pixels wide, (N,)."""
    inked = patterns.grey.max(axis=1) > INK
    columns = inked.shape[1]
    width = columns - inked.argmax(axis=1) - inked[:, ::-1].argmax(axis=1)
    result: NDArray[np.bool_] = (width <= NARROW) & (patterns.labels != ONE)
    return result
