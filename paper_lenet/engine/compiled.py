"""Where compiled kernels are kept between runs, so that they are never stale.

Numba looks only at a function's own file to tell whether its machine code is still good; after an
edit of `simd` the kernels built on it would run as they were. So they live in a folder named by a
digest of all the engine's files and of all that decides what these become: the versions of Python,
Numba and llvmlite, the processor, and Numba's switches. Copies of the package with the same engine
share it. It lies under ``$PAPER_LENET_CACHE``, or else in ``paper_lenet`` in the user's cache
folder. The last eight used are kept, for thirty days without use.

Where they cannot be kept (a full disk, no home, a folder of another user), a line says so, and each
process compiles its own.
"""

from __future__ import annotations

import hashlib
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import llvmlite
import numba
from filelock import FileLock
from numba.core.caching import NullCache
from numba.core.registry import cpu_target

from paper_lenet.base.errors import PaperLenetError, tell
from paper_lenet.engine import kept

# The engine's files as they are imported: what is compiled later is made of these, whatever an edit
# has made of the files since.
_SOURCES = {path.name: path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))}
SWITCHES = ("BOUNDSCHECK", "DEBUGINFO_DEFAULT", "LOOP_VECTORIZE", "OPT", "SLP_VECTORIZE")

Call = tuple[Any, tuple[Any, ...]]  # a kernel, and arguments with which it does nothing

_compiling = threading.Lock()


class CompileError(PaperLenetError, RuntimeError):
    """The engine cannot be compiled."""


def sources() -> str:
    """SHA-256 of the engine's files, their names and bytes, as they were imported; hexadecimal.

    Example:
        >>> from unittest.mock import patch
        >>> before = sources()
        >>> with patch.dict(_SOURCES, {"simd.py": b"edited"}):
        ...     sources() == before
        False
    """
    total = hashlib.sha256()
    for name, content in _SOURCES.items():
        total.update(name.encode() + b"\0" + content + b"\0")
    return total.hexdigest()


def digest() -> str:
    """SHA-256 of `sources` and of what makes machine code of them, hexadecimal.

    Example:
        >>> from unittest.mock import patch
        >>> before = digest()
        >>> with patch.object(numba.config, "OPT", 0):  # other machine code
        ...     digest() == before
        False
    """
    switches = [f"{name}={getattr(numba.config, name, None)}" for name in SWITCHES]
    machine = cpu_target.target_context.codegen().magic_tuple()
    versions = numba.__version__, llvmlite.__version__, sys.implementation.cache_tag
    return hashlib.sha256(repr((sources(), versions, machine, switches)).encode()).hexdigest()


def folder() -> Path:
    """The folder for the engine as it is now; it need not be there.

    Raises:
        OSError: there is no home to put it in.

    Example:
        >>> from unittest.mock import patch
        >>> with patch.dict(os.environ, {"PAPER_LENET_CACHE": "kernels"}):
        ...     print(folder().parent)
        kernels
    """
    return _place() / f"engine-{digest()[:16]}"


def ready(calls: Sequence[Call], what: str = "the engine") -> None:
    """Compile each kernel by its call, or take what is kept. Says so if it takes long.

    What is kept is read at once, and becomes machine code when the kernel is first called.

    Args:
        calls: of the engine's kernels, for the only types of arguments that they will have.
        what: is compiled, and how long that takes, in words.

    Raises:
        CompileError: Numba is told not to compile.

    Example:
        >>> from unittest.mock import patch
        >>> from paper_lenet.engine.kernel import kernel
        >>> @kernel
        ... def double(x):
        ...     return 2 * x
        >>> with patch.dict(os.environ, {"PAPER_LENET_CACHE": "kernels"}):
        ...     ready([(double, (1.0,))])
        >>> [path.name for path in Path("kernels").rglob("*.kernel")]
        ['paper_lenet.engine.compiled.double.kernel']
        >>> with patch.object(numba.config, "DISABLE_JIT", 1):
        ...     ready([(double, (1.0,))])  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        paper_lenet.engine.compiled.CompileError: NUMBA_DISABLE_JIT is set, ...
    """
    if numba.config.DISABLE_JIT:
        raise CompileError(
            "NUMBA_DISABLE_JIT is set, and the engine is nothing without compiling; unset it, or "
            "take the trainer reference"
        )
    with _compiling:
        calls = _missing(calls)
        if not calls:
            return
        try:
            place = folder()
            kept.make_private(place)
            with FileLock(place / "lock"):
                _load_or_compile(calls, place, what)
        except (OSError, NotImplementedError) as error:  # the latter of a disk without locks, too
            tell(f"compiled kernels are not kept: {error}")
            _compile(_missing(calls), what)


def _missing(calls: Sequence[Call]) -> list[Call]:
    """The calls of kernels that are neither compiled nor read."""
    return [
        (kernel, arguments)
        for kernel, arguments in calls
        if not kernel.signatures and getattr(kernel._cache, "code", None) is None
    ]


def _place() -> Path:
    home = os.environ.get("PAPER_LENET_CACHE")
    if home:
        return Path(home)
    user = os.environ.get("XDG_CACHE_HOME")
    try:
        return Path(user or Path.home() / ".cache") / "paper_lenet"
    except RuntimeError as error:  # neither HOME nor such a user
        raise OSError(str(error)) from None


def _load_or_compile(calls: Sequence[Call], place: Path, what: str) -> None:
    os.utime(place)
    for kernel, arguments in calls:
        name = f"{kernel.py_func.__module__}.{kernel.py_func.__qualname__}.kernel"
        kernel._cache = kept.Kept(place / name, tuple(map(kernel.typeof_pyval, arguments)))
    missing = _missing(calls)
    if not missing:
        return
    tell(f"compiling {what}; once for all copies of it, kept in {place}")
    for kernel, arguments in missing:
        kernel(*arguments)
    with suppress(OSError), FileLock(place.parent / "lock"):  # others may remove the same
        kept.tidy(place.parent.glob("engine-" + "[0-9a-f]" * 16))


def _compile(calls: Sequence[Call], what: str) -> None:
    """Compile for this process alone."""
    if calls:
        tell(f"compiling {what}; for this process alone")
    for kernel, arguments in calls:
        kernel._cache = NullCache()
        kernel(*arguments)
