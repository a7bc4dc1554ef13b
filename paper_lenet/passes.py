"""The training of one seed, pass after pass (Sections III-B and III-C, Appendix C).

Before each pass the curvature h_kk is estimated on some random patterns, and every weight gets its
step eta / (mu + h_kk) (eq. 21). Then the patterns are shown one at a time, each followed by one
update (eq. 18), and the errors are counted twice: on the fly, each pattern judged before its own
update (Fig. 5), and over all patterns after the pass.

The paper leaves open which patterns the curvature is taken from. Here they are drawn anew before
each pass, without repetition; all are taken if there are fewer. Curvature estimated ``once`` is
that of the initial weights.

Everything random comes from `paper_lenet.streams`, so a training can go on from any finished pass
and end with the same bits.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from paper_lenet import streams
from paper_lenet.execution import Execution, Learned, execution
from paper_lenet.job import Data, Job, Row, State
from paper_lenet.patterns import Patterns
from paper_lenet.weights import initial_parameters

# Patterns learned in one call: what Ctrl-C waits for. The weights do not depend on it.
CHUNK = 500
# A guess misses nine patterns of ten. A network that still misses so many over a window of patterns
# after a first window has not begun to learn, or has forgotten: no recipe that works comes near.
WINDOW, CHANCE = 5000, 0.85

# Called after each chunk with the pass, how many of its patterns were shown, errors among them.
Watch = Callable[[int, int, int], None]


class Divergence(RuntimeError):  # noqa: N818 - the word for it
    """The training fails: a loss is not finite, or the errors stay at chance."""

    def __init__(
        self, job: Job, number: int, place: str, steps: NDArray[np.float32], cause: str
    ) -> None:
        super().__init__(
            f"{job} diverges in pass {number} at {place}: {cause}; the largest step is "
            f"{steps.max():.3g}. Finished passes are kept. A smaller step.eta may help"
        )


def passes(job: Job, data: Data, state: State, watch: Watch) -> Iterator[State]:
    """Train from `state` to the recipe's last pass, yielding the state after each pass.

    Args:
        job: what is trained.
        data: of `select`.
        state: `beginning`, or any state that an equal job yielded.
        watch: told of each chunk; what it raises ends the training.

    Raises:
        Divergence: a loss is not finite, or the errors stay at chance.
    """
    network = execution(job.trainer, job.recipe, state.parameters)
    for number in range(len(state.rows) + 1, job.recipe.step.passes + 1):
        begun = time.perf_counter()
        steps = _steps(job, data, network, number)
        learned = _learn(job, data, network, number, steps, watch)
        row = Row(
            seed=job.seed,
            number=number,
            eta=job.recipe.step.rate(number),
            loss=float(learned.loss / learned.shown),
            errors_on_the_fly=int(learned.errors),
            patterns=int(learned.shown),
            errors_after_pass=_errors(job, number, network, data.training, steps),
            test_errors=_errors(job, number, network, data.test, steps),
            test_patterns=len(data.test),
            smallest_step=float(steps.min()),
            largest_step=float(steps.max()),
        )
        seconds = time.perf_counter() - begun
        state = State(network.parameters(), (*state.rows, row), (*state.seconds, seconds))
        yield state


def _steps(job: Job, data: Data, network: Execution, number: int) -> NDArray[np.float32]:
    """epsilon_k of every weight in pass `number` (eq. 21), in layout order, float32."""
    step = job.recipe.step
    rate = step.rate(number)
    if step.curvature == "never":
        count = sum(part.size for part in network.parameters().values())
        return np.full(count, rate, np.float32)
    if step.curvature == "once":
        # Always from the initial weights, so that a resumed training finds the same.
        initial = initial_parameters(job.recipe, job.seed)
        network, number = execution(job.trainer, job.recipe, initial), 1
    stream = streams.key(job.seed, "curvature", number)
    sample = streams.permutation(stream, len(data.training))[: step.patterns]
    curvature = network.curvature(data.training, sample).astype(np.float64)
    return (rate / (step.mu + curvature)).astype(np.float32)


def _order(job: Job, number: int, count: int) -> NDArray[np.int64]:
    """The order in which pass `number` shows its `count` patterns."""
    how = job.recipe.presentation.order
    if how == "file":
        return np.arange(count)
    index = number if how == "reshuffled" else 0
    return streams.permutation(streams.key(job.seed, "order", index), count)


def _chunk(data: Data, order: NDArray[np.int64], first: int) -> tuple[Patterns, NDArray[np.int64]]:
    """The patterns shown from place `first` of the order on, as `Execution.learn` takes them."""
    return data.training, order[first : first + CHUNK]


def _learn(
    job: Job,
    data: Data,
    network: Execution,
    number: int,
    steps: NDArray[np.float32],
    watch: Watch,
) -> Learned:
    """Show every pattern once; the sums over the pass."""
    count = len(data.training)
    order = _order(job, number, count)
    loss, errors, shown = 0.0, 0, 0
    recent: deque[Learned] = deque()
    for first in range(0, count, CHUNK):
        patterns, places = _chunk(data, order, first)
        part = network.learn(patterns, places, steps)
        loss, errors, shown = loss + part.loss, errors + part.errors, shown + part.shown
        recent.append(part)
        if part.shown < len(places):
            place = _place(data, order, shown)
            raise Divergence(job, number, place, steps, "the loss is not finite")
        if _at_chance(recent, min(WINDOW, count), (number - 1) * count + shown):
            cause = f"of the last {_shown(recent)} patterns {CHANCE:.0%} or more were wrong"
            raise Divergence(job, number, _place(data, order, shown - 1), steps, cause)
        watch(number, shown, errors)
    return Learned(loss, errors, shown)


def _place(data: Data, order: NDArray[np.int64], at: int) -> str:
    """Names the pattern at `at` in the order, its place counted from 1, its index from 0."""
    return f"place {at + 1} of {len(order)}, training pattern {data.chosen[order[at]]}"


def _at_chance(recent: deque[Learned], window: int, shown: int) -> bool:
    """Whether the last `window` patterns, which begin after the first `WINDOW`, were guessed.

    Only the chunks that the window touches are left in `recent`. `shown` counts all patterns since
    the first pass. A window lies within one pass, so a resumed training judges as any other.
    """
    while _shown(recent) - recent[0].shown >= window:
        recent.popleft()
    if _shown(recent) < window or shown - _shown(recent) < WINDOW:
        return False
    return sum(part.errors for part in recent) >= CHANCE * _shown(recent)


def _shown(parts: deque[Learned]) -> int:
    return sum(part.shown for part in parts)


def _errors(
    job: Job, number: int, network: Execution, patterns: Patterns, steps: NDArray[np.float32]
) -> int:
    """How many patterns the network misclassifies: the least penalty answers, ties the lower class.

    The weights may have lost their finite values in the last update of the pass; that shows here.
    """
    penalties = network.penalties(patterns)
    if not np.isfinite(penalties).all():
        cause = "the penalties are not finite"
        raise Divergence(job, number, "its end", steps, cause)
    return int(np.count_nonzero(penalties.argmin(axis=1) != patterns.labels))
