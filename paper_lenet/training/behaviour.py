"""What the code does, as a digest: the bits of brief trainings on patterns made from streams.

A result depends on what the code does and not on how it is written. So what is kept of a training,
and what is said to be out of date, goes by the bits that the same code gives for the same recipe in
a fraction of a second. An edit that changes no bit changes no digest, on any machine and under any
Python; an edit of the distortions changes the digests of recipes that distort, and no others.

A recipe is trained twice, each time on few patterns:

- from its initial weights, each block of its schedule one pass long: layers, loss, curvature and
  its memory, orders, distortions and noise, which patterns are taken and which kept apart;
- in its last pass, from large weights, as if all passes before had been: where units are
  saturated, and after so many presentations that a training at chance is given up
  (`passes.WINDOW`).

What happens only for rarer states than these is not seen. The pipeline, which is trained anew by
``make reproduce``, therefore depends on the sources as well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np

from paper_lenet.base import streams
from paper_lenet.digits.distort import Presentation
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.network.architecture import CLASSES
from paper_lenet.network.recipe import Recipe
from paper_lenet.training.execution import maker
from paper_lenet.training.job import Data, Job, Row, State, beginning, select
from paper_lenet.training.kind import nobody
from paper_lenet.training.passes import WINDOW, Divergence, passes

SEED = 0
TRAINING, TEST, APART = 96, 32, 16  # patterns: shown in a pass, tested, kept apart if a recipe does
MOST = 4 * TRAINING  # patterns of the last pass
CURVATURE = 24  # patterns, at most, that the curvature is estimated on
LARGE = 3.0  # by what the initial weights are multiplied for the last pass
LAST_CURVATURE = 0.5  # of every weight in the pass before it
SCALE = -0.1, 1.175
INSIDE = slice(2, 30)  # of the padded field, where the images of 28 x 28 stand


@cache
def behaviour(recipe: Recipe, trainer: str) -> str:
    """SHA-256, hexadecimal, of the bits of brief trainings of `recipe`.

    Args:
        recipe: any; its patterns, passes and patterns for the curvature are made few.
        trainer: ``engine``, the same digest on every machine, or ``reference``, whose digest is
            that of this machine.

    Example:
        >>> plain = behaviour(Recipe(), "engine")
        >>> stronger, once = Presentation(strength=2.0), Presentation(strength=2.0, distorted=1)
        >>> behaviour(Recipe(presentation=stronger), "engine") == plain  # nothing is distorted
        True
        >>> behaviour(Recipe(presentation=once), "engine") == plain
        False
    """
    total = hashlib.sha256()
    for job, count, state in _first(recipe, trainer), _last(recipe, trainer):
        for piece in _bits(job, select(job.recipe, made(count), made(TEST, count)), state):
            total.update(piece)
    return total.hexdigest()


def made(count: int, first: int = 0) -> Patterns:
    """Patterns that can be learned: ten coarse prototypes, each shown with noise of its own.

    Args:
        count: how many.
        first: the number of the first; equal numbers give equal patterns.

    Returns:
        (count, 32, 32), padded as digits are.

    Example:
        >>> patterns = made(20)
        >>> patterns.grey.shape, patterns.labels[:3]
        ((20, 32, 32), array([0, 1, 2], dtype=uint8))
    """
    labels = np.arange(first, first + count) % CLASSES
    prototypes = [streams.words(streams.key(label, "behaviour"), 49) for label in range(CLASSES)]
    grey = np.zeros((count, 32, 32), np.uint8)
    for index, label in enumerate(labels):
        own = streams.words(streams.key(first + index, "behaviour", 1), 28 * 28)
        coarse = (prototypes[label] >> np.uint64(56)).reshape(7, 7).repeat(4, 0).repeat(4, 1)
        mixed = (3 * coarse + (own >> np.uint64(56)).reshape(28, 28)) // np.uint64(4)
        grey[index, INSIDE, INSIDE] = mixed.astype(np.uint8)
    return Patterns(grey, labels.astype(np.uint8), grey_scale(*SCALE))


Beginning = tuple[Job, int, State]  # what is trained, on how many patterns, from which state


def _first(recipe: Recipe, trainer: str) -> Beginning:
    """From the initial weights, each block of the schedule one pass."""
    job = Job("brief", brief(recipe), SEED, trainer, thorough=False)
    return job, TRAINING, beginning(job)


def _last(recipe: Recipe, trainer: str) -> Beginning:
    """The last pass alone, with large weights, after `WINDOW` presentations where it can be."""
    passes = recipe.step.passes
    count = max(TRAINING, min(-(-WINDOW // max(1, passes - 1)), MOST))
    short = brief(recipe, count)
    job = Job("brief", replace(short, step=replace(short.step, eta=recipe.step.eta)), SEED, trainer)
    large = {
        name: part if name == "output.codes" else np.float32(LARGE) * part
        for name, part in beginning(job).parameters.items()
    }
    curvature = None
    if passes > 1 and recipe.step.memory:
        curvature = np.full(sum(part.size for part in large.values()), LAST_CURVATURE, np.float32)
    # Passes that have been, of which nothing is known.
    rows = tuple(
        Row(SEED, number, 0.0, 0.0, 0, 1, 0, 0, 1, 0.0, 0.0) for number in range(1, passes)
    )
    return job, count, State(large, rows, (0.0,) * len(rows), curvature)


def brief(recipe: Recipe, count: int = TRAINING) -> Recipe:
    """`recipe` for `count` patterns, with one pass for each block of its schedule.

    Example:
        >>> brief(Recipe()).step.passes, len(Recipe().step.eta)
        (5, 5)
    """
    how = recipe.presentation
    whole = Presentation().patterns
    apart = APART if how.held_out else 0
    part = count - apart if how.patterns + how.held_out >= whole else count // 2
    presentation = replace(how, patterns=part, held_out=apart)
    eta = tuple((1, rate) for _, rate in recipe.step.eta)
    step = replace(recipe.step, eta=eta, patterns=min(recipe.step.patterns, CURVATURE))
    return replace(recipe, presentation=presentation, step=step)


def _bits(job: Job, data: Data, state: State) -> Iterator[bytes]:
    """All that a training leaves after each pass, and its answers at the end."""
    try:
        for state in passes(job, data, state, maker(job), nobody):  # noqa: B020 - the last one stays
            yield repr(tuple(state.rows[-1])).encode()
            yield from (np.ascontiguousarray(part).tobytes() for part in state.parameters.values())
            yield b"" if state.curvature is None else state.curvature.tobytes()
    except Divergence as error:
        yield str(error).removeprefix(str(job)).encode()
    network = maker(job)(state.parameters)
    yield network.penalties(data.test).tobytes()
