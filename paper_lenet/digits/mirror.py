"""Files from a mirror: a URL below which they lie, each as gzip.

No server is waited for without end. It must answer within some seconds, must not be silent for as
long after that, and must keep up `SLOWEST` on the average. So a closed network costs seconds.

Whatever may wait (a search for a host's name, a connection, an answer) happens in a thread of its
own: a socket's time limit holds for each of its steps anew, and for a search not at all. Who wants
the bytes takes those that have come, or leaves the thread behind.
"""

from __future__ import annotations

import io
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException, HTTPMessage, IncompleteRead
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from paper_lenet.digits.idx import LARGEST, PIECE
from paper_lenet.digits.sources import LIMIT, Body, PassingError, SourceError

SLOWEST = 10_000  # bytes a second
AHEAD = 16  # pieces that may have come and not been taken
PASSING = (408, 425, 429, 500, 502, 503, 504)  # HTTP status codes that may be gone in a moment
BROKEN = (ConnectionResetError, ConnectionAbortedError, IncompleteRead)  # the same of connections
EXPECTED = (OSError, HTTPException, ValueError, OverflowError)  # the last of a port above 65535
TOO_LONG = f"not done within {LIMIT:g} s"


@contextmanager
def from_url(folder: str, seconds: float, end: float, name: str) -> Iterator[Body]:
    """`name` below the address `folder`, gzip.

    Args:
        folder: the address.
        seconds: after how long a silent server is given up.
        end: of the clock `time.monotonic`: when any server is.
        name: of the file.

    Raises:
        SourceError: the server does not give the file; so does reading from the body.
        PassingError: the same, but it may in a moment.

    Example:
        >>> soon = time.monotonic() + 9.0
        >>> with from_url("ftp://mirror/mnist", 1.0, soon, "train-labels-idx1-ubyte") as body:
        ...     body.file.read()
        Traceback (most recent call last):
            ...
        paper_lenet.digits.sources.SourceError: its address does not begin with https:// or http://
    """
    if not folder.startswith(("https://", "http://")):
        raise SourceError("its address does not begin with https:// or http://")
    answer = _Answer(f"{folder.rstrip('/')}/{name}.gz", seconds, end)
    try:
        size = answer.promised()
        yield Body(io.BufferedReader(answer, PIECE), size, packed=True)
    finally:
        answer.leave()


class _Answer(io.RawIOBase):
    """The body of an answer, watched for silence, slowness, too few and too many bytes."""

    def __init__(self, address: str, seconds: float, end: float) -> None:
        super().__init__()
        self._seconds, self._start, self._end = seconds, time.monotonic(), end
        # Pieces as they come; an empty one tells that the server answers, another that it is done.
        self._come: queue.Queue[bytes | Exception] = queue.Queue(AHEAD)
        self._size: int | None = None
        self._piece, self._received, self._done = b"", 0, False
        self._left = threading.Event()
        threading.Thread(target=self._receive, args=(address,), daemon=True).start()

    def promised(self) -> int | None:
        """How many bytes the server will send, as soon as it answers; `None` if it does not say."""
        self._next()
        return self._size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        if not self._piece and not self._done:
            self._piece = self._next()
            self._done = not self._piece
            self._received += len(self._piece)
            if self._done and self._received < (self._size or 0):
                raise PassingError(f"too few bytes: {self._received} of {self._size}")
            if self._received > LARGEST:
                raise SourceError(f"too many bytes: more than {LARGEST}")
            if time.monotonic() - self._start > self._seconds + self._received / SLOWEST:
                raise SourceError(f"too slow: less than {SLOWEST} bytes a second")
        count = min(len(buffer), len(self._piece))
        buffer[:count], self._piece = self._piece[:count], self._piece[count:]
        return count

    def leave(self) -> None:
        """Want no more of it: a thread that waits for room has some now, and ends."""
        self._left.set()
        while not self._come.empty():
            self._come.get_nowait()

    def _next(self) -> bytes:
        rest = self._end - time.monotonic()
        try:
            come = self._come.get(timeout=max(min(self._seconds, rest), 0))
        except queue.Empty:
            within = f"no answer for {self._seconds:g} s"
            raise SourceError(within if rest > self._seconds else TOO_LONG) from None
        if isinstance(come, Exception):
            raise _fault(come, self._seconds) from None
        return come

    def _receive(self, address: str) -> None:
        """What the thread does."""
        try:
            request = Request(address, headers={"User-Agent": "paper-lenet"})
            with build_opener(_Redirects).open(request, timeout=self._seconds) as response:
                self._size = response.length
                self._come.put(b"")
                while not self._left.is_set() and (piece := response.read1(PIECE)):
                    self._come.put(piece)
            self._come.put(b"")
        except Exception as error:
            if isinstance(error, HTTPError):
                error.close()
            self._come.put(error)


class _Redirects(HTTPRedirectHandler):
    """To the same scheme or to https, and nowhere else."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if not newurl.startswith(("https://", f"{req.type}://")):
            raise HTTPError(req.full_url, code, f"{msg}, to {newurl}", headers, fp)
        fp.close()  # or all of the answer would be read into memory
        return super().redirect_request(req, fp, code, msg, headers, newurl)

    def http_error_302(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage
    ) -> IO[bytes] | None:
        try:
            return super().http_error_302(req, fp, code, msg, headers)
        except ValueError as error:
            raise HTTPError(req.full_url, code, f"{msg}, but {error}", headers, fp) from None

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


def _fault(error: Exception, seconds: float) -> Exception:
    """What went wrong with a server, as a `SourceError`; anything else is a mistake of ours."""
    if not isinstance(error, EXPECTED):
        return error
    if isinstance(error, HTTPError):
        kind = PassingError if error.code in PASSING else SourceError
        return kind(f"HTTP {error.code} {error.reason}")
    # urllib wraps what happens before it has sent the request.
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, TimeoutError):
        return SourceError(f"no answer for {seconds:g} s")
    kind = PassingError if isinstance(cause, BROKEN) else SourceError
    return kind(getattr(cause, "strerror", None) or str(cause) or type(cause).__name__)
