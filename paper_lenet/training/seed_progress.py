"""What a person sees of a training, on standard error.

On a terminal one bar for each seed that is running, with the errors on the fly so far, and one line
for each that is done. Elsewhere (a log, CI) one line a pass.
"""

from __future__ import annotations

import sys

from tqdm import tqdm

from paper_lenet.training.job import Job, Row, State

LAYOUT = "{desc} |{bar}| {percentage:3.0f}%{postfix}, {elapsed}, {remaining} to go, {rate_fmt}"


class Progress:
    """The bar, or the lines, of one job."""

    def __init__(self, job: Job, patterns: int, state: State) -> None:
        self._name = f"seed {job.seed}"
        self._passes, self._patterns = job.recipe.step.passes, patterns
        self._terminal = sys.stderr.isatty()
        self._bar = tqdm(
            total=self._passes * patterns,
            initial=len(state.rows) * patterns,
            desc=self._name,
            unit=" patterns",
            unit_scale=True,
            bar_format=LAYOUT,
            leave=False,
            dynamic_ncols=True,
            disable=not self._terminal,
        )
        if state.rows:
            done = len(state.rows)
            self._say(f"{self._name}: {done} of {self._passes} passes were done before")

    def chunk(self, number: int, shown: int, errors: int) -> None:
        """Show that pass `number` has shown so many patterns and missed so many of them."""
        self._bar.set_description_str(f"{self._name}, pass {number}/{self._passes}", refresh=False)
        self._bar.set_postfix_str(f"{errors / shown:.2%} wrong", refresh=False)
        self._bar.update((number - 1) * self._patterns + shown - self._bar.n)

    def row(self, row: Row) -> None:
        """Say what a finished pass gave; on a terminal the last one only."""
        if self._terminal and row.number < self._passes:
            return
        self._say(
            f"{self._name}, pass {row.number}/{self._passes}: "
            f"{row.errors_on_the_fly / row.patterns:.2%} wrong on the fly, "
            f"{row.test_errors / row.test_patterns:.2%} of the test patterns"
        )

    def close(self) -> None:
        """Take the bar away."""
        self._bar.close()

    def _say(self, line: str) -> None:
        tqdm.write(line, file=sys.stderr)
