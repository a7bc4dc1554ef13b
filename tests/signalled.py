"""The command ``paper-lenet``, to which a signal comes once it has said something.

    SAID="seed 0, pass 2/6" SIGNAL=SIGKILL SECONDS=0.1 python tests/signalled.py train

sends it so many seconds after that line on standard error. It sends the signal to itself: another
process might be too late on a crowded machine. Without ``SAID`` none comes.
"""

from __future__ import annotations

import os
import signal
import sys
from threading import Timer

from paper_lenet import cli


def listen() -> None:
    """Have the signal sent, as the environment says."""
    text, write = os.environ.get("SAID"), sys.stderr.write
    if text is None:
        return
    number, seconds = signal.Signals[os.environ["SIGNAL"]], float(os.environ["SECONDS"])
    line = ""

    def heard(part: str) -> int:
        nonlocal line
        count = write(part)
        line += part
        if text in line and line.endswith("\n"):
            sys.stderr.write = write  # type: ignore[method-assign]
            sys.stderr.flush()
            if seconds:
                Timer(seconds, os.kill, (os.getpid(), number)).start()
            else:
                os.kill(os.getpid(), number)
        line = line.rpartition("\n")[2]
        return count

    sys.stderr.write = heard  # type: ignore[method-assign]


if __name__ == "__main__":
    listen()
    sys.exit(cli.main())
