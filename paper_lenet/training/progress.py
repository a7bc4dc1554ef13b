"""What a person sees of trainings, on standard error: one bar over the passes of all of them.

Where there is no terminal (a log, CI) one line for each pass, or for each training where passes are
many, and one a minute if nothing else is said.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from threading import Lock
from typing import Any

from paper_lenet.base import bars
from paper_lenet.base.bars import tqdm
from paper_lenet.base.words import several
from paper_lenet.training.kind import Finished, Job, Watch

LAYOUT = "{desc} |{bar}| {percentage:3.0f}%{postfix}, {elapsed}, {remaining} to go"
MINUTE = 60.0  # seconds
LINES = 500  # passes, at most, that have a line each


class Progress:
    """The bar, or the lines: `done` of `total` trainings are finished.

    Args:
        before: how many trainings were finished before.
        passes: how many passes each of the others has, by digest.
        quiet: show nothing.

    Example:
        >>> from contextlib import redirect_stderr
        >>> import numpy as np
        >>> from paper_lenet.training.job import Row, State
        >>> from paper_lenet.training.kind import DIVERGED, Ending
        >>> row = Row(0, 2, 0.0005, 0.5, 40, 1000, None, 10, 1000, 1e-4, 1e-2)
        >>> failed = Ending(DIVERGED, np.zeros(0, np.uint8), "diverges in pass 3")
        >>> with redirect_stderr(sys.stdout):  # where there is no terminal
        ...     progress = Progress(before=1, passes={"digest": 3})
        ...     progress.began("digest", "seed 0", number=1)
        ...     progress.watch("digest", "seed 0")(2, 500, 1000, 20)  # half of pass 2
        ...     progress.passed("digest", "seed 0", row)
        ...     progress.ended("digest", Finished("seed 0", State({}, (row,)), failed), seconds=9)
        ...     progress.waiting(1)
        ...     progress.close()
        1 of 2 trainings were done before
        seed 0: 1 of 3 passes were done before
        seed 0, pass 2/3: 4.00% wrong on the fly, 1.00% of the test patterns
        seed 0: diverges in pass 3, 9 s (2 of 2)
        waiting for 1 training of other processes
    """

    def __init__(self, before: int, passes: Mapping[str, int], quiet: bool = False) -> None:
        self.total, self.done = before + len(passes), before
        self._passes, self._reached = dict(passes), dict.fromkeys(passes, 0.0)
        self._quiet, self._terminal = quiet, bars.seen()
        self._lock, self._waiting, self._told = Lock(), -1, time.monotonic()
        self._bar = tqdm(
            total=sum(passes.values()),
            bar_format=LAYOUT,
            leave=False,
            dynamic_ncols=True,
            disable=quiet or not self._terminal,
        )
        self._describe()
        if before:
            self._say(f"{before} of {self.total} trainings were done before")

    def began(self, digest: str, job: Job, number: int) -> None:
        """A training begins, or goes on after `number` passes that were done before."""
        self._reach(digest, number)
        if number:
            self._say(f"{job}: {number} of {self._passes[digest]} passes were done before")

    def watch(self, digest: str, job: Job) -> Watch:
        """Shows how far a pass is."""

        def show(number: int, shown: int, patterns: int, errors: int) -> None:
            text = f"{job}, pass {number}/{self._passes[digest]}: {errors / shown:.2%} wrong"
            self._reach(digest, number - 1 + shown / patterns, text)

        return show

    def passed(self, digest: str, job: Job, row: Any) -> None:
        """A pass is finished, of which `row` is the record."""
        number = row.number
        self._reach(digest, number)
        if not self._terminal and sum(self._passes.values()) <= LINES:
            self._say(f"{job}, pass {number}/{self._passes[digest]}: {_errors(row)}")

    def ended(self, digest: str, finished: Finished, seconds: float) -> None:
        """One more training has ended."""
        self._reach(digest, self._passes[digest])
        with self._lock:
            self.done += 1
            self._describe()
        self._say(f"{finished.job}: {_told(finished)}, {seconds:.0f} s ({self._count()})")

    def waiting(self, count: int) -> None:
        """So many trainings are in the hands of other processes; told when the number changes."""
        if count != self._waiting:
            trainings = several(count, "training", "trainings")
            self._say(f"waiting for {trainings} of other processes")
        self._waiting = count

    def close(self) -> None:
        """Take the bar away."""
        self._bar.close()

    def _reach(self, digest: str, passes: float, text: str = "") -> None:
        with self._lock:
            step = passes - self._reached[digest]
            self._reached[digest] = passes
            if text:
                self._bar.set_postfix_str(text, refresh=False)
            self._bar.update(step)
            late = not self._terminal and time.monotonic() - self._told > MINUTE
        if text and late:
            share = sum(self._reached.values()) / sum(self._passes.values())
            self._say(f"{self._count()}, {share:.0%} of the passes; {text}")

    def _count(self) -> str:
        return f"{self.done} of {self.total}"

    def _describe(self) -> None:
        self._bar.set_description_str(f"{self._count()} trainings", refresh=False)

    def _say(self, line: str) -> None:
        self._told = time.monotonic()
        if not self._quiet:
            tqdm.write(line, file=sys.stderr)


def _told(finished: Finished) -> str:
    if not finished.trained:
        return finished.ending.message
    return _errors(finished.state.rows[-1])


def _errors(row: Any) -> str:
    """Errors of a pass; what is fitted at once has shown no pattern on the fly."""
    tested = f"{row.test_errors / row.test_patterns:.2%} of the test patterns"
    if not row.patterns:
        return f"{tested} wrong"
    return f"{row.errors_on_the_fly / row.patterns:.2%} wrong on the fly, {tested}"
