"""All trainings of the tutorials on the cores of this machine, one process and one thread a core.

The unit of work is a pass: a process takes up the last state from the store, adds a pass, and puts
it back. Whatever is stopped loses the passes in progress alone.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from functools import lru_cache
from multiprocessing.connection import wait as wait_for
from pathlib import Path

from tqdm import tqdm

from paper_lenet.base.machine import cores
from paper_lenet.studies.tutorials.sets import Sets, sets
from paper_lenet.studies.tutorials.spec import Inputs
from paper_lenet.studies.tutorials.store import Run, load, save
from paper_lenet.studies.tutorials.train import (
    PassRow,
    TrainingState,
    TutorialError,
    beginning,
    one_pass,
)
from paper_lenet.training import checkpoint

LAYOUT = "passes |{bar}| {n_fmt}/{total_fmt}{postfix}, {elapsed}, {remaining} to go"


def trained(
    runs: Sequence[Run], raw: Sequence[Path], folders: Sequence[Path]
) -> list[TrainingState]:
    """The last state of every run, trained or read from the store.

    Args:
        runs: what is to be trained.
        raw: for each, the folder of its data set's four files.
        folders: for each, its folder in the store.

    Raises:
        BusyError: another process trains one of them.
        CheckpointError: a state cannot be read or written.
        KeyboardInterrupt: Ctrl-C; its text says what is kept.
        TutorialError: a training diverges, or its process was killed.
    """
    states = [load(folder) for folder in folders]
    todo = [place for place, run in enumerate(runs) if not run.finished(states[place])]
    if todo:
        with closing(_Progress(runs, states)) as progress:
            try:
                _train(runs, raw, folders, todo, progress)
            except KeyboardInterrupt:
                raise KeyboardInterrupt(
                    "interrupted; finished passes are kept, run it again to go on"
                ) from None
            except BrokenProcessPool:
                raise TutorialError(
                    "the process of a training was killed; its finished passes are kept, "
                    "run it again to go on"
                ) from None
        states = [load(folder) for folder in folders]
    return [state for state in states if state is not None]


def _train(
    runs: Sequence[Run],
    raw: Sequence[Path],
    folders: Sequence[Path],
    todo: list[int],
    progress: _Progress,
) -> None:
    """Train what is to do: as many at a time as there are cores, each to its end."""
    context = multiprocessing.get_context("spawn")
    workers = min(cores(), len(todo))
    waiting, active = list(todo), dict[Future[tuple[PassRow, bool]], int]()
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start) as pool:
        try:
            while waiting or active:
                while waiting and len(active) < workers:
                    place = waiting.pop(0)
                    active[pool.submit(add_pass, runs[place], raw[place], folders[place])] = place
                for future in wait(active, return_when=FIRST_COMPLETED).done:
                    place = active.pop(future)
                    row, finished = future.result()
                    progress.row(runs[place], row, finished)
                    if not finished:
                        waiting.insert(0, place)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.terminate()
            raise


def _start() -> None:
    """Make a new process ready: one thread, and an end with the process that started it."""
    import torch

    torch.set_num_threads(1)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def add_pass(run: Run, raw: Path, folder: Path) -> tuple[PassRow, bool]:
    """Train one more pass from the state in `folder` and put the new one there.

    Returns:
        The pass's row, and whether it was the last.

    Raises:
        BusyError: another process trains `run`.
        CheckpointError: the state cannot be read or written.
        TutorialError: the training diverges.
    """
    with checkpoint.held(folder, f"of {run}"):
        state = load(folder) or beginning(run.tutorial, run.seed)
        if run.finished(state):
            return state.rows[-1], True
        patterns = _sets(run.tutorial.inputs, run.tutorial.training.validation, raw)
        try:
            state = one_pass(run.tutorial, run.seed, patterns, state)
        except TutorialError as error:
            raise TutorialError(f"{run.name}: {error}") from None
        save(folder, state)
    return state.rows[-1], run.finished(state)


@lru_cache(maxsize=2)
def _sets(inputs: Inputs, validation: float, raw: Path) -> Sets:
    return sets(inputs, validation, raw)


class _Progress:
    """A bar over the passes, or a line each where there is no terminal."""

    def __init__(self, runs: Sequence[Run], states: Sequence[TrainingState | None]) -> None:
        self._terminal = sys.stderr.isatty()
        done = [len(state.rows) if state else 0 for state in states]
        ended = [run.finished(state) for run, state in zip(runs, states, strict=True)]
        most = [run.tutorial.training.passes for run in runs]
        total = sum(d if e else m for d, e, m in zip(done, ended, most, strict=True))
        self._bar = tqdm(
            total=total,
            initial=sum(done),
            bar_format=LAYOUT,
            leave=False,
            dynamic_ncols=True,
            disable=not self._terminal,
        )
        if any(done):
            self._say(f"{sum(done)} of at most {total} passes were done before")

    def row(self, run: Run, row: PassRow, finished: bool) -> None:
        """One more pass has ended; a finished training shows none that it did not need."""
        if finished:
            self._bar.total -= run.tutorial.training.passes - row.number
        text = (
            f"{run}, pass {row.number}/{run.tutorial.training.passes}: "
            f"{row.errors_on_the_fly / row.patterns:.2%} wrong on the fly, "
            f"{row.test_errors / row.test_patterns:.2%} of the test patterns, "
            f"{row.seconds:.0f} s"
        )
        self._bar.set_postfix_str(text, refresh=False)
        self._bar.update()
        if finished or not self._terminal:
            self._say(text)

    def close(self) -> None:
        """Take the bar away."""
        self._bar.close()

    def _say(self, line: str) -> None:
        tqdm.write(line, file=sys.stderr)
