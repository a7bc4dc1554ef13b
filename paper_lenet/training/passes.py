"""The training of one seed, pass after pass (Sections III-B and III-C, Appendix C).

Before each pass the curvature h_kk is estimated on some random patterns, and every weight gets its
step eta / (mu + h_kk) (eq. 21). Then the patterns are shown one at a time, each followed by one
update (eq. 18), and the errors are counted twice: on the fly, each pattern judged before its own
update (Fig. 5), and over all patterns after the pass.

The paper leaves open which patterns the curvature is taken from. Here they are drawn anew before
each pass, without repetition; all are taken if there are fewer. Distorted copies are drawn as the
patterns themselves are, unless curvature is that of ``originals``. Curvature estimated ``once`` is
that of the initial weights.

Everything random comes from `paper_lenet.base.streams`, so a training can go on from any finished
pass and end with the same bits.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base import streams
from paper_lenet.base.errors import PaperLenetError
from paper_lenet.digits.distort import shown
from paper_lenet.digits.patterns import Patterns
from paper_lenet.network.protocol import Learned, Trainable
from paper_lenet.network.weights import Parameters, initial_parameters
from paper_lenet.training.job import Data, Job, Row, State
from paper_lenet.training.kind import Watch

# Patterns learned in one call: what Ctrl-C waits for. The weights do not depend on it.
CHUNK = 500
# Presentations for the curvature are numbered from here on, apart from those that are learned.
ASIDE = 2**40
# A guess misses nine patterns of ten. A network that still misses so many over a window of patterns
# after a first window has not begun to learn, or has forgotten: no recipe that works comes near.
WINDOW, CHANCE = 5000, 0.85

# Makes the network that is trained, from its parameters.
Make = Callable[[Parameters], Trainable]


class Divergence(PaperLenetError, RuntimeError):  # noqa: N818 - the word for it
    """The training fails: a loss is not finite, or the errors stay at chance.

    Attributes:
        told: where and how, and nothing of what is kept.

    Example:
        >>> from paper_lenet.network.recipe import Recipe, Step
        >>> from paper_lenet.training.behaviour import brief, made
        >>> from paper_lenet.training.execution import maker
        >>> from paper_lenet.training.job import beginning
        >>> from paper_lenet.training.kind import nobody
        >>> job = Job("wild", brief(Recipe(step=Step(eta=((1, 1e10),)))), 0, "engine")
        >>> data = Data(made(96), made(32, 96), np.arange(96))
        >>> next(passes(job, data, beginning(job), maker(job), nobody))  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        paper_lenet.training.passes.Divergence: recipe wild, seed 0 diverges in pass 1 at ...
    """

    def __init__(
        self, job: Job, number: int, place: str, steps: NDArray[np.float32], cause: str
    ) -> None:
        self.told = (
            f"{job} diverges in pass {number} at {place}: {cause}; the largest step is "
            f"{steps.max():.3g}"
        )
        super().__init__(f"{self.told}. Finished passes are kept. A smaller step.eta may help")


def passes(job: Job, data: Data, state: State, make: Make, watch: Watch) -> Iterator[State]:
    """Train from `state` to the recipe's last pass, yielding the state after each pass.

    Args:
        job: what is trained.
        data: of `select`.
        state: `beginning`, or any state that an equal job yielded.
        make: gives the network from its parameters, as `execution.execution` does.
        watch: told of each chunk; what it raises ends the training.

    Raises:
        Divergence: a loss is not finite, or the errors stay at chance.

    Example:
        >>> from paper_lenet.network.recipe import Recipe
        >>> from paper_lenet.training.behaviour import brief, made
        >>> from paper_lenet.training.execution import maker
        >>> from paper_lenet.training.job import beginning
        >>> from paper_lenet.training.kind import nobody
        >>> job = Job("brief", brief(Recipe()), 0, "engine")
        >>> data = Data(made(96), made(32, 96), np.arange(96))
        >>> first, *_, last = passes(job, data, beginning(job), maker(job), nobody)
        >>> *_, again = passes(job, data, first, maker(job), nobody)  # goes on after pass 1
        >>> again.rows == last.rows, bool((again.curvature == last.curvature).all())
        (True, True)
    """
    network = make(state.parameters)
    for number in range(len(state.rows) + 1, job.recipe.step.passes + 1):
        begun = time.perf_counter()
        curvature = _curvature(job, data, network, make, number)
        if state.curvature is not None:
            curvature = _blended(curvature, state.curvature, job.recipe.step.memory)
        steps = _steps(job, curvature, number)
        learned = _learn(job, data, network, number, steps, watch)
        row = Row(
            seed=job.seed,
            number=number,
            eta=job.recipe.step.rate(number),
            loss=float(learned.loss / learned.shown),
            errors_on_the_fly=int(learned.errors),
            patterns=int(learned.shown),
            errors_after_pass=(
                _errors(job, number, network, data.training, steps)
                if job.thorough or number == job.recipe.step.passes
                else None
            ),
            test_errors=_errors(job, number, network, data.test, steps),
            test_patterns=len(data.test),
            smallest_step=float(steps.min()),
            largest_step=float(steps.max()),
        )
        seconds = time.perf_counter() - begun
        parameters = network.parameters()
        if not all(np.isfinite(part).all() for part in parameters.values()):
            raise Divergence(job, number, "its end", steps, "the weights are not finite")
        state = State(
            parameters,
            (*state.rows, row),
            (*state.seconds, seconds),
            curvature if job.recipe.step.memory else None,
        )
        yield state


def first_steps(job: Job, data: Data, make: Make) -> NDArray[np.float32]:
    """epsilon_k of every weight in pass 1, in layout order: they need no training.

    Example:
        >>> from paper_lenet.network.recipe import Recipe
        >>> from paper_lenet.training.behaviour import brief, made
        >>> from paper_lenet.training.execution import maker
        >>> job = Job("brief", brief(Recipe()), 0, "engine")
        >>> steps = first_steps(job, Data(made(96), made(32, 96), np.arange(96)), maker(job))
        >>> steps.shape, bool((steps <= 0.0005 / 0.02).all())  # eta / mu, as h_kk is not negative
        ((60000,), True)
    """
    network = make(initial_parameters(job.recipe, job.seed))
    return _steps(job, _curvature(job, data, network, make, 1), 1)


def _steps(job: Job, curvature: NDArray[np.float32], number: int) -> NDArray[np.float32]:
    """epsilon_k of every weight in pass `number` (eq. 21), in layout order, float32."""
    step, rate = job.recipe.step, job.recipe.step.rate(number)
    if step.curvature == "never":
        return np.full(len(curvature), rate, np.float32)
    with np.errstate(over="ignore"):  # a step beyond float32 is infinite, and told as a divergence
        return (rate / (step.mu + curvature.astype(np.float64))).astype(np.float32)


def _curvature(
    job: Job, data: Data, network: Trainable, make: Make, number: int
) -> NDArray[np.float32]:
    """h_kk of every weight before pass `number`, in layout order; zeros if it is not asked for."""
    step = job.recipe.step
    if step.curvature == "never":
        return np.zeros(sum(part.size for part in network.parameters().values()), np.float32)
    if step.curvature == "once":
        # Always from the initial weights, so that a resumed training finds the same.
        network, number = make(initial_parameters(job.recipe, job.seed)), 1
    copies = 0 if step.curvature == "originals" else _copies(job, number)
    items = len(data.training) * (1 + copies)
    stream = streams.key(job.seed, "curvature", number)
    sample = streams.permutation(stream, items)[: step.patterns]
    patterns, places = _shown(job, data.training, sample, ASIDE + number * step.patterns)
    return network.curvature(patterns, places)


def _blended(
    new: NDArray[np.float32], old: NDArray[np.float32], memory: float
) -> NDArray[np.float32]:
    """`memory` parts of the old curvature and the rest of the new."""
    return np.float32(memory) * old + np.float32(1 - memory) * new


def _copies(job: Job, number: int) -> int:
    """How many distorted copies of each pattern are in the training set of pass `number`."""
    how = job.recipe.presentation
    alone = how.order == "originals_first" and number <= job.recipe.step.first_schedule
    return 0 if alone else how.distorted


def _order(job: Job, number: int, count: int) -> NDArray[np.int64]:
    """The items that pass `number` shows, in order: `count` of them.

    Distorted copies make the training set larger, and a pass shows the next part of it.
    """
    how, copies = job.recipe.presentation, _copies(job, number)
    items = count * (1 + copies)
    if how.order == "file":
        order = np.arange(items)
    else:
        index = number if how.order == "reshuffled" else 0
        order = streams.permutation(streams.key(job.seed, "order", index), items)
    first = (number - 1) % (1 + copies) * count
    return order[first : first + count]


def _shown(
    job: Job, patterns: Patterns, items: NDArray[np.int64], first: int
) -> tuple[Patterns, NDArray[np.int64]]:
    """The items as `Trainable.learn` takes them; `first` numbers the presentation of the first."""
    how = job.recipe.presentation
    if not how.distorted and not how.inverted:
        return patterns, items
    return shown(patterns, items, job.seed, first, how), np.arange(len(items))


def _learn(
    job: Job,
    data: Data,
    network: Trainable,
    number: int,
    steps: NDArray[np.float32],
    watch: Watch,
) -> Learned:
    """Show every pattern once; the sums over the pass."""
    count = len(data.training)
    order = _order(job, number, count)
    loss, errors, seen = 0.0, 0, 0
    recent: deque[Learned] = deque()
    for first in range(0, count, CHUNK):
        items = order[first : first + CHUNK]
        patterns, places = _shown(job, data.training, items, (number - 1) * count + first)
        part = network.learn(patterns, places, steps)
        loss, errors, seen = loss + part.loss, errors + part.errors, seen + part.shown
        recent.append(part)
        if part.shown < len(places):
            place = _place(data, order, seen)
            raise Divergence(job, number, place, steps, "the loss is not finite")
        if _at_chance(recent, min(WINDOW, count), (number - 1) * count + seen):
            cause = f"of the last {_total(recent)} patterns {CHANCE:.0%} or more were wrong"
            raise Divergence(job, number, _place(data, order, seen - 1), steps, cause)
        watch(number, seen, count, errors)
    return Learned(loss, errors, seen)


def _place(data: Data, order: NDArray[np.int64], at: int) -> str:
    """Names the pattern at `at` in the order, its place counted from 1, its index from 0."""
    index = data.chosen[order[at] % len(data.chosen)]  # a copy counts as the pattern it is made of
    return f"place {at + 1} of {len(order)}, training pattern {index}"


def _at_chance(recent: deque[Learned], window: int, shown: int) -> bool:
    """Whether the last `window` patterns, which begin after the first `WINDOW`, were guessed.

    Only the chunks that the window touches are left in `recent`. `shown` counts all patterns since
    the first pass. A window lies within one pass, so a resumed training judges as any other.
    """
    while _total(recent) - recent[0].shown >= window:
        recent.popleft()
    if _total(recent) < window or shown - _total(recent) < WINDOW:
        return False
    return sum(part.errors for part in recent) >= CHANCE * _total(recent)


def _total(parts: deque[Learned]) -> int:
    return sum(part.shown for part in parts)


def _errors(
    job: Job, number: int, network: Trainable, patterns: Patterns, steps: NDArray[np.float32]
) -> int:
    """How many patterns the network misclassifies: the least penalty answers, ties the lower class.

    The weights may have lost their finite values in the last update of the pass; that shows here.
    """
    penalties = network.penalties(patterns)
    if not np.isfinite(penalties).all():
        cause = "the penalties are not finite"
        raise Divergence(job, number, "its end", steps, cause)
    return int(np.count_nonzero(penalties.argmin(axis=1) != patterns.labels))
