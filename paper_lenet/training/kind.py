"""What a runner and a store must know of a kind of training; it goes on pass by pass.

There are three kinds: jobs of the paper's network (`training.jobs`), networks of tutorials
(`studies.tutorials`), and the other classifiers of Fig. 9 (`studies.fig9.runs`). A pass starts from
a state and ends in one, and everything random in it comes from streams. So a training may stop
after any pass and go on elsewhere with the same bits: on another thread, in another process, on
another machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.errors import listed

TRAINED, DIVERGED = "trained", "diverged"

# Called now and then in a pass with its number, how many patterns were shown of how many, and the
# errors among them; what it raises ends the pass.
Watch = Callable[[int, int, int, int], None]


class Job(Protocol):
    """One training: `str` names it, as in ``recipe paper, seed 3``.

    Example:
        >>> from paper_lenet.network.recipe import Recipe
        >>> from paper_lenet.training import job
        >>> one: Job = job.Job("paper", Recipe(), 3, "engine")
        >>> one.name, one.seed, str(one)
        ('paper', 3, 'recipe paper, seed 3')
    """

    @property
    def name(self) -> str:
        """Of its run."""

    @property
    def seed(self) -> int:
        """Of its streams."""


class Ending(NamedTuple):
    """How a training ended.

    Attributes:
        outcome: ``trained`` or ``diverged``.
        answers: (N,), uint8, the class answered to each test pattern; (0,) if it diverged.
        message: how it diverged, from ``diverges in pass`` on; empty if it did not.

    Example:
        >>> from paper_lenet.network.recipe import Recipe, Step
        >>> from paper_lenet.training import behaviour, job, jobs, selection
        >>> wild = behaviour.brief(Recipe(step=Step(eta=((1, 1e10),))))
        >>> one = job.Job("wild", wild, 0, "engine")
        >>> patterns = selection.Selection(behaviour.made(96), behaviour.made(32, 96))
        >>> ending = jobs.advance(one, job.beginning(one), patterns, nobody).ending
        >>> ending.outcome, len(ending.answers), ending.message.startswith("diverges in pass 1")
        ('diverged', 0, True)
    """

    outcome: str
    answers: NDArray[np.uint8]
    message: str = ""


class Advance(NamedTuple):
    """The state after one more pass, and how the training ended, if it did.

    Example:
        >>> from paper_lenet.network.recipe import Recipe, Step
        >>> from paper_lenet.training import behaviour, job, jobs, selection
        >>> one = job.Job("two", behaviour.brief(Recipe(step=Step().first(3))), 0, "engine")
        >>> patterns = selection.Selection(behaviour.made(96), behaviour.made(32, 96))
        >>> first = jobs.advance(one, job.beginning(one), patterns, nobody)  # of two passes
        >>> first.ending, jobs.advance(one, first.state, patterns, nobody).ending.outcome
        (None, 'trained')
    """

    state: Any
    ending: Ending | None


class Finished(NamedTuple):
    """A job with no pass left, the state after its last finished pass, and how it ended.

    Example:
        >>> import numpy as np
        >>> Finished("job", "state", Ending(TRAINED, np.zeros(3, np.uint8))).trained
        True
    """

    job: Any
    state: Any
    ending: Ending

    @property
    def trained(self) -> bool:
        """Whether it did not diverge."""
        return self.ending.outcome == TRAINED


class Kept(NamedTuple):
    """A state as it is kept in a file: arrays by name, and what else it holds as JSON has it.

    Example:
        >>> import numpy as np
        >>> Kept({"C1.bias": np.zeros(6, np.float32)}, {})
        Kept(C1.bias)
    """

    tensors: dict[str, NDArray[Any]]
    note: dict[str, Any]

    def __repr__(self) -> str:
        return f"Kept({listed(self.tensors)})"


@dataclass(frozen=True)
class Kind:
    """How trainings of one kind go on.

    Attributes:
        digest: of a job and the SHA-256 of its files of patterns, the SHA-256 of all that decides
            the result.
        begin: the state before the first pass.
        advance: one more pass of a job, from a state, on patterns; a function that can be sent to
            another process.
        passes: how many passes a job has at most.
        rows: the records of the passes that a state has behind it.
        seconds: how long those took together.
        pack: a state as it is kept.
        unpack: of a job, the state that was packed; what it raises (`KeyError`, `TypeError`,
            `ValueError`) says that it was not, or not one of that job.

    Example:
        >>> from paper_lenet.network.recipe import Recipe
        >>> from paper_lenet.training.job import Job
        >>> from paper_lenet.training.jobs import JOBS
        >>> job = Job("paper", Recipe(), 0, "engine")
        >>> state = JOBS.begin(job)
        >>> JOBS.passes(job) - len(JOBS.rows(state)), JOBS.seconds(state)
        (20, 0.0)
        >>> JOBS.unpack(job, JOBS.pack(state))
        State(60,000 parameters, 0 passes)
    """

    digest: Callable[[Any, Sequence[str]], str]
    begin: Callable[[Any], Any]
    advance: Callable[[Any, Any, Any, Watch], Advance]
    passes: Callable[[Any], int]
    rows: Callable[[Any], Sequence[Any]]
    seconds: Callable[[Any], float]
    pack: Callable[[Any], Kept]
    unpack: Callable[[Any, Kept], Any]


def nobody(number: int, shown: int, patterns: int, errors: int) -> None:
    """A `Watch` for a training that nobody watches.

    Example:
        >>> watch: Watch = nobody
        >>> watch(1, 500, 60000, 37)  # it raises nothing, so the pass goes on
    """
