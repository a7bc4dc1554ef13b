"""Where passes are carried out: threads of this process, processes of this machine, a cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for
from typing import Any, Protocol

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.base.machine import cores
from paper_lenet.training.kind import Advance, Job, Kind, Watch, nobody


class PoolError(PaperLenetError, RuntimeError):
    """Passes can no longer be carried out.

    Example:
        >>> from functools import partial
        >>> from paper_lenet.training.jobs import JOBS
        >>> pool = Processes("patterns", prepare=partial(os._exit, 1))  # a process that ends
        >>> future = pool.submit(JOBS, "seed 0", "state", nobody)
        >>> pool.result(future, "seed 0")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        paper_lenet.training.pool.PoolError: the process that trained seed 0 was killed; ...
        >>> pool.close(stopped=True)
    """


class Pool(Protocol):
    """What a runner asks of the place where passes are carried out.

    Example:
        >>> from dataclasses import replace
        >>> from paper_lenet.training.jobs import JOBS
        >>> counting = replace(JOBS, advance=lambda job, state, *_: Advance(state + 1, None))
        >>> pool: Pool = Threads("patterns", count=1)
        >>> future = pool.submit(counting, "job", 0, nobody)
        >>> pool.size(), pool.result(future, "job")
        (1, Advance(state=1, ending=None))
        >>> pool.close(stopped=False)
    """

    def size(self) -> int:
        """How many passes can be under way at once."""

    def submit(self, kind: Kind, job: Job, state: Any, watch: Watch) -> Future[Advance]:
        """Begin one more pass of `job`."""

    def result(self, future: Future[Advance], job: Job) -> Advance | None:
        """What came of a pass; `None` if it was lost with its worker and is to be done again."""

    def close(self, stopped: bool) -> None:
        """End; if `stopped`, passes under way are not waited for where they can be ended."""


class Threads:
    """`count` threads of this process; what the patterns are is the caller's.

    Example:
        >>> from dataclasses import replace
        >>> from paper_lenet.training.jobs import JOBS
        >>> looking = replace(JOBS, advance=lambda job, state, patterns, _: patterns[state])
        >>> pool = Threads(["a zero", "a one", "a two"], count=2)
        >>> futures = [pool.submit(looking, "job", state, nobody) for state in range(3)]
        >>> pool.size(), [pool.result(future, "job") for future in futures]
        (2, ['a zero', 'a one', 'a two'])
        >>> pool.close(stopped=False)
    """

    def __init__(self, patterns: Any, count: int) -> None:
        self._patterns, self._count = patterns, count
        self._executor = ThreadPoolExecutor(count)

    def size(self) -> int:
        """See `Pool`."""
        return self._count

    def submit(self, kind: Kind, job: Job, state: Any, watch: Watch) -> Future[Advance]:
        """See `Pool`."""
        return self._executor.submit(kind.advance, job, state, self._patterns, watch)

    def result(self, future: Future[Advance], job: Job) -> Advance | None:
        """See `Pool`."""
        return future.result()

    def close(self, stopped: bool) -> None:
        """See `Pool`: a watch that raises ends a pass."""
        self._executor.shutdown(cancel_futures=True)


class Processes:
    """One process a core: for what computes in Python, which two threads cannot do at once.

    `prepare` makes a new process ready.

    Example:
        >>> import faulthandler
        >>> from dataclasses import replace
        >>> from paper_lenet.training.jobs import JOBS
        >>> printing = replace(JOBS, advance="one more pass of {}, from {}".format)
        >>> pool = Processes("patterns", prepare=faulthandler.enable)
        >>> future = pool.submit(printing, "seed 0", "its beginning", nobody)
        >>> pool.size() > 0, pool.result(future, "seed 0")
        (True, 'one more pass of seed 0, from its beginning')
        >>> pool.close(stopped=False)
    """

    def __init__(self, patterns: Any, prepare: Callable[[], None]) -> None:
        self._patterns = patterns
        context = multiprocessing.get_context("spawn")
        self._executor = ProcessPoolExecutor(
            cores(), mp_context=context, initializer=_start, initargs=(prepare,)
        )

    def size(self) -> int:
        """See `Pool`."""
        return cores()

    def submit(self, kind: Kind, job: Job, state: Any, watch: Watch) -> Future[Advance]:
        """See `Pool`; a watch cannot look into another process."""
        return self._executor.submit(kind.advance, job, state, self._patterns, nobody)

    def result(self, future: Future[Advance], job: Job) -> Advance | None:
        """See `Pool`.

        Raises:
            PoolError: the process was killed.
        """
        try:
            return future.result()
        except BrokenProcessPool:
            raise PoolError(
                f"the process that trained {job} was killed; finished passes are kept, run it "
                "again to go on"
            ) from None

    def close(self, stopped: bool) -> None:
        """See `Pool`."""
        self._executor.shutdown(wait=not stopped, cancel_futures=True)
        if stopped:
            for process in multiprocessing.active_children():
                process.terminate()


def _start(prepare: Callable[[], None]) -> None:
    """Make a new process ready."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    end_with_parent()
    prepare()


def end_with_parent() -> None:
    """From now on this process ends when the one that started it does.

    Example:
        >>> context = multiprocessing.get_context("spawn")
        >>> with ProcessPoolExecutor(1, context, initializer=end_with_parent) as executor:
        ...     executor.submit(pow, 2, 5).result()  # of a process that cannot outlive this one
        32
    """
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)
