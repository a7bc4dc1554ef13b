"""The runner: every training of the pipeline and of the studies, wherever it is carried out.

The unit of work is a pass (`kind`). What the store has is read; what it has not is trained, pass by
pass, as many at a time as the pool takes, and kept after each. A training that another process
holds is left to it, and read when that has finished, or taken up if it was given up.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack, closing
from dataclasses import dataclass, field

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.training.holding import BusyError
from paper_lenet.training.kind import Advance, Finished, Job, Watch
from paper_lenet.training.pool import Pool
from paper_lenet.training.progress import Progress
from paper_lenet.training.store import Store

SECONDS = 2.0  # between two looks at jobs that other processes hold


class Stopped(Exception):  # noqa: N818 - it is not an error
    """The run is ending, and a pass with it.

    Example:
        >>> from paper_lenet.network.recipe import Recipe
        >>> from paper_lenet.training.behaviour import brief, made
        >>> from paper_lenet.training.job import Job
        >>> from paper_lenet.training.jobs import JOBS
        >>> from paper_lenet.training.selection import Selection
        >>> def watch(number, shown, patterns, errors):
        ...     raise Stopped
        >>> job = Job("brief", brief(Recipe()), 0, "engine")
        >>> JOBS.advance(job, JOBS.begin(job), Selection(made(96), made(32, 96)), watch)
        Traceback (most recent call last):
            ...
        paper_lenet.training.runner.Stopped
    """


class DivergedError(PaperLenetError, RuntimeError):
    """A training diverged where all are needed.

    Example:
        >>> from paper_lenet.network.recipe import Recipe, Step
        >>> from paper_lenet.training.behaviour import brief, made
        >>> from paper_lenet.training.single import train
        >>> wild = brief(Recipe(step=Step(eta=((1, 1e10),))))
        >>> train(wild, (made(96), made(32, 96)), progress=False)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        paper_lenet.training.runner.DivergedError: recipe given, seed 0 diverges in pass 1 ...
    """


def trained(
    jobs: Sequence[Job], store: Store, pool: Pool, all_needed: bool = False
) -> list[Finished]:
    """Every job, trained or read from the store, in the order of `jobs`.

    Args:
        jobs: what is to be trained; equal ones are trained once.
        store: of their kind.
        pool: carries out the passes; it is closed at the end.
        all_needed: whether a training that diverges ends the run.

    Raises:
        CheckpointError: what is kept cannot be read or written.
        DivergedError: a training diverged, and all are needed.
        KeyboardInterrupt: Ctrl-C; its text says what is kept.

    Example:
        >>> from pathlib import Path
        >>> from paper_lenet.network.recipe import Recipe
        >>> from paper_lenet.training.behaviour import brief, made
        >>> from paper_lenet.training.job import Job
        >>> from paper_lenet.training.jobs import JOBS
        >>> from paper_lenet.training.pool import Threads
        >>> from paper_lenet.training.selection import Selection
        >>> jobs = [Job(name, brief(Recipe()), 0, "engine") for name in ("paper", "twin")]
        >>> pool = Threads(Selection(made(96), made(32, 96)), count=2)
        >>> paper, twin = trained(jobs, Store(Path("kept"), JOBS, ["a", "b"]), pool)
        >>> str(twin.job), twin.state is paper.state  # equal jobs are trained once
        ('recipe twin, seed 0', True)
    """
    digests = [store.digest(job) for job in jobs]
    wanted = dict(zip(digests, jobs, strict=True))
    results = {
        digest: done
        for digest, job in wanted.items()
        if (done := store.load(job, digest)) is not None
    }
    for done in results.values() if all_needed else ():
        _expect_trained(done)
    missing = {digest: job for digest, job in wanted.items() if digest not in results}
    passes = {digest: store.kind.passes(job) for digest, job in missing.items()}
    stopped = True
    with closing(Progress(len(results), passes)) as progress:
        run = _Run(store, pool, progress, results, all_needed)
        try:
            run.all(missing)
            stopped = False
        except KeyboardInterrupt:
            raise KeyboardInterrupt(
                f"interrupted; {progress.done} of {progress.total} trainings are finished and "
                "kept, and the finished passes of others; run it again to go on"
            ) from None
        finally:
            run.stop.set()
            pool.close(stopped)
            run.release()
    return [results[digest]._replace(job=job) for digest, job in zip(digests, jobs, strict=True)]


@dataclass
class _Run:
    """One run; what is held is let go by `release`."""

    store: Store
    pool: Pool
    progress: Progress
    results: dict[str, Finished]
    all_needed: bool
    stop: threading.Event = field(default_factory=threading.Event)
    held: dict[str, ExitStack] = field(default_factory=dict)

    def all(self, missing: dict[str, Job]) -> None:
        """Train what is missing, until nothing is."""
        while missing:
            before = len(self.results)
            self._sweep(missing)
            missing = {name: job for name, job in missing.items() if name not in self.results}
            if missing and len(self.results) == before:
                self.progress.waiting(len(missing))
                threading.Event().wait(SECONDS)

    def release(self) -> None:
        """Let go of all that is held."""
        for stack in self.held.values():
            stack.close()

    def _sweep(self, missing: dict[str, Job]) -> None:
        """Train every missing job to its end; those that another process holds are left out."""
        queue, active = deque(missing), dict[Future[Advance], str]()
        while queue or active:
            while queue and len(active) < self.pool.size():
                digest = queue.popleft()
                if self._take(digest, missing[digest]):
                    state = self.store.state(missing[digest], digest)
                    number = len(self.store.kind.rows(state))
                    self.progress.began(digest, missing[digest], number)
                    active[self._submit(digest, missing[digest], state)] = digest
            for future in wait(active, return_when=FIRST_COMPLETED).done if active else ():
                digest = active.pop(future)
                advance = self.pool.result(future, missing[digest])
                if advance is None:
                    advance = Advance(self.store.state(missing[digest], digest), None)
                elif not self._kept(digest, missing[digest], advance):
                    continue
                active[self._submit(digest, missing[digest], advance.state)] = digest

    def _take(self, digest: str, job: Job) -> bool:
        """Hold a job; not if another process does, or has just finished it."""
        stack = ExitStack()
        try:
            stack.enter_context(self.store.hold(job, digest))
        except BusyError:
            return False
        self.held[digest] = stack
        done = self.store.load(job, digest)
        if done is not None:
            self._end(digest, done)
        return done is None

    def _submit(self, digest: str, job: Job, state: object) -> Future[Advance]:
        return self.pool.submit(self.store.kind, job, state, self._watch(digest, job))

    def _watch(self, digest: str, job: Job) -> Watch:
        show = self.progress.watch(digest, job)

        def watch(number: int, shown: int, patterns: int, errors: int) -> None:
            if self.stop.is_set():
                raise Stopped
            show(number, shown, patterns, errors)

        return watch

    def _kept(self, digest: str, job: Job, advance: Advance) -> bool:
        """Keep a pass; whether there is a further one."""
        self.store.save(digest, advance)
        if advance.ending is None:
            self.progress.passed(digest, job, self.store.kind.rows(advance.state)[-1])
            return True
        self._end(digest, Finished(job, advance.state, advance.ending))
        return False

    def _end(self, digest: str, finished: Finished) -> None:
        self.results[digest] = finished
        self.held.pop(digest).close()
        self.progress.ended(digest, finished, self.store.kind.seconds(finished.state))
        if self.all_needed:
            _expect_trained(finished)


def _expect_trained(finished: Finished) -> None:
    if not finished.trained:
        raise DivergedError(f"{finished.job} {finished.ending.message}")
