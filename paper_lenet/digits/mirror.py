"""Files from a mirror: a URL below which they lie, each as gzip.

No server is waited for without end. It must answer within some seconds, must not be silent for as
long after that, and must keep up `SLOWEST` on the average. So a closed network costs seconds.
"""

from __future__ import annotations

import io
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPException, HTTPResponse
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from paper_lenet.digits.body import Body, PassingError, SourceError
from paper_lenet.digits.idx import LARGEST

SLOWEST = 10_000  # bytes a second
PASSING = (408, 425, 429, 500, 502, 503, 504)  # HTTP status codes that may be gone in a moment


@contextmanager
def from_url(folder: str, seconds: float, name: str) -> Iterator[Body]:
    """`name` below the address `folder`, gzip, given up after `seconds` of silence.

    Raises:
        SourceError: the server does not give the file.
        PassingError: the same, but it may in a moment.
    """
    if not folder.startswith(("https://", "http://")):
        raise SourceError("its address does not begin with https:// or http://")
    request = Request(f"{folder}/{name}.gz", headers={"User-Agent": "paper-lenet"})
    with _faults(seconds):
        response = _within(seconds, lambda: urlopen(request, timeout=seconds))
    with closing(response):
        size = response.length
        yield Body(io.BufferedReader(_Answer(response, seconds)), size, packed=True)


def _within(seconds: float, call: Callable[[], HTTPResponse]) -> HTTPResponse:
    """`call()`, given up after `seconds`.

    A socket's own time limit holds for each of a host's addresses anew and not at all for the
    search for its name, so the call runs in a thread that can be left behind.
    """
    outcome: queue.SimpleQueue[HTTPResponse | Exception] = queue.SimpleQueue()

    def run() -> None:
        try:
            outcome.put(call())
        except Exception as error:
            outcome.put(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        result = outcome.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(result, Exception):
        raise result
    return result


class _Answer(io.RawIOBase):
    """The body of an answer, watched for silence, slowness, too few and too many bytes."""

    def __init__(self, response: HTTPResponse, seconds: float) -> None:
        super().__init__()
        self._response, self._seconds = response, seconds
        self._promised, self._received = response.length, 0
        self._start = time.monotonic()

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        """Take the next bytes, as many as are there, and say how many; none is the end."""
        with _faults(self._seconds):
            piece = self._response.read1(len(buffer))
        self._received += len(piece)
        if not piece and self._received < (self._promised or 0):
            raise PassingError(f"too few bytes: {self._received} of {self._promised}")
        if self._received > LARGEST:
            raise SourceError(f"too many bytes: more than {LARGEST}")
        if time.monotonic() - self._start > self._seconds + self._received / SLOWEST:
            raise SourceError(f"too slow: less than {SLOWEST} bytes a second")
        buffer[: len(piece)] = piece
        return len(piece)


@contextmanager
def _faults(seconds: float) -> Iterator[None]:
    """What goes wrong with a server, as a `SourceError`."""
    try:
        yield
    except HTTPError as error:
        error.close()
        kind = PassingError if error.code in PASSING else SourceError
        raise kind(f"HTTP {error.code} {error.reason}") from None
    except (OSError, HTTPException, ValueError) as error:
        # urlopen wraps what happens before it has sent the request.
        cause = error.reason if isinstance(error, URLError) else error
        if isinstance(cause, TimeoutError):
            raise SourceError(f"no answer for {seconds:g} s") from None
        passing = isinstance(cause, (HTTPException, ConnectionResetError, ConnectionAbortedError))
        kind = PassingError if passing else SourceError
        raise kind(getattr(cause, "strerror", None) or str(cause)) from None
