"""What a person sees of a study, on standard error: a bar over its trainings.

Where there is no terminal (a log, CI) one line for each training that ends.
"""

from __future__ import annotations

import sys
from threading import Lock

from tqdm import tqdm

from paper_lenet.training.store import TRAINED, Finished

LAYOUT = "trainings |{bar}| {n_fmt}/{total_fmt}{postfix}, {elapsed}, {remaining} to go"


class Progress:
    """The bar, or the lines; `done` of `total` trainings are finished."""

    def __init__(self, total: int, done: int) -> None:
        self.total, self.done = total, done
        self._terminal = sys.stderr.isatty()
        self._lock, self._waiting = Lock(), -1
        self._bar = tqdm(
            total=total,
            initial=done,
            bar_format=LAYOUT,
            leave=False,
            dynamic_ncols=True,
            disable=not self._terminal,
        )
        if done:
            self._say(f"{done} of {total} trainings were done before")

    def job(self, finished: Finished) -> None:
        """One more training has ended."""
        with self._lock:
            self.done += 1
            text = f"{finished.job.name}, seed {finished.job.seed}: {_told(finished)}"
            if self._terminal:
                self._bar.set_postfix_str(text, refresh=False)
                self._bar.update()
            else:
                self._say(f"{text} ({self.done} of {self.total})")

    def waiting(self, count: int) -> None:
        """So many trainings are in the hands of other processes; told when the number changes."""
        if count != self._waiting:
            self._say(f"waiting for {count} trainings that other processes are running")
        self._waiting = count

    def close(self) -> None:
        """Take the bar away."""
        self._bar.close()

    def _say(self, line: str) -> None:
        tqdm.write(line, file=sys.stderr)


def _told(finished: Finished) -> str:
    if finished.outcome != TRAINED:
        return finished.message
    row = finished.state.rows[-1]
    return (
        f"{row.errors_on_the_fly / row.patterns:.2%} wrong on the fly, "
        f"{row.test_errors / row.test_patterns:.2%} of the test patterns, "
        f"{sum(finished.state.seconds):.0f} s"
    )
