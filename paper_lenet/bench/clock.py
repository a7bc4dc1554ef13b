"""Seconds, measured in alternation: what is compared meets the same minutes of the same machine."""

from __future__ import annotations

import signal
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

Seconds = dict[str, list[float]]


class Work(NamedTuple):
    """Something to time: `run` does `items` of it. What `prepare` does first is not timed."""

    run: Callable[[], object]
    items: int
    prepare: Callable[[], object] = lambda: None


class Spread(NamedTuple):
    """Of one value measured in several rounds."""

    median: float
    least: float
    greatest: float


def alternate(
    works: Mapping[str, Work],
    rounds: Iterable[int],
    clock: Callable[[], float] = time.perf_counter,
) -> Seconds:
    """Seconds for one item of each work, one value a round.

    Every work runs once before the first round, so that what is prepared on first use does not
    count. In each round all of them run, in every second one backwards: what drifts (heat, other
    programs) meets all alike.

    Args:
        works: by name.
        rounds: 0, 1, 2, ...
        clock: tells the seconds.
    """
    for work in works.values():
        work.prepare()
        with heard():
            work.run()
    seconds: Seconds = {name: [] for name in works}
    for number in rounds:
        for name in list(works)[:: -1 if number % 2 else 1]:
            works[name].prepare()
            begun = clock()
            works[name].run()
            seconds[name].append((clock() - begun) / works[name].items)
    return seconds


@contextmanager
def heard() -> Iterator[None]:
    """Ctrl-C is heard at the end: while LLVM compiles, an exception would be lost in its calls.

    Raises:
        KeyboardInterrupt: it was pressed.
    """
    main = threading.current_thread() is threading.main_thread()
    if not main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    pressed: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if pressed:
        raise KeyboardInterrupt


def spread(values: Sequence[float]) -> Spread:
    """Median, least and greatest, to five digits."""
    return Spread(*(float(f"{part:.5g}") for part in _three(values)))


def summary(values: Sequence[float]) -> dict[str, float]:
    """`spread` as it stands in a file."""
    return spread(values)._asdict()


def _three(values: Sequence[float]) -> tuple[float, float, float]:
    return statistics.median(values), min(values), max(values)


def ratios(above: Sequence[float], below: Sequence[float]) -> list[float]:
    """Round by round, so that a slow minute is in both or in neither."""
    return [a / b for a, b in zip(above, below, strict=True)]


def rates(seconds: Sequence[float], amount: float = 1.0) -> list[float]:
    """How much is done in a second, if `amount` is done in each of these times."""
    return [amount / part for part in seconds]
