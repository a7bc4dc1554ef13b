"""Where compiled kernels are kept between runs, so that they are never stale.

Numba looks only at a function's own file to tell whether its machine code is still good; after an
edit of `simd` the kernels built on it would run as they were. So they live in a folder named by a
digest of all the engine's files and of all that decides what these become: the versions of Python,
Numba and llvmlite, the processor, and Numba's switches. It lies under ``$PAPER_LENET_CACHE``, or
else in ``paper_lenet`` in the user's cache folder, and has a folder for each copy of the package.
Of both kinds the last eight used are kept, for thirty days without use.

Where they cannot be kept (a full disk, no home, a folder of another user), a line says so, and each
process compiles its own.
"""

from __future__ import annotations

import hashlib
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import llvmlite
import numba
from filelock import FileLock
from numba.core.registry import cpu_target

from paper_lenet.base.errors import PaperLenetError, tell
from paper_lenet.engine import kept

SWITCHES = ("BOUNDSCHECK", "DEBUGINFO_DEFAULT", "LOOP_VECTORIZE", "OPT", "SLP_VECTORIZE")

Call = tuple[Any, tuple[Any, ...]]  # a kernel, and arguments with which it does nothing

_compiling = threading.Lock()


class CompileError(PaperLenetError, RuntimeError):
    """The engine cannot be compiled."""


def digest() -> str:
    """SHA-256 of the engine's files and of what makes machine code of them, hexadecimal."""
    switches = [f"{name}={getattr(numba.config, name, None)}" for name in SWITCHES]
    machine = cpu_target.target_context.codegen().magic_tuple()
    versions = numba.__version__, llvmlite.__version__, sys.implementation.cache_tag
    total = hashlib.sha256(repr((versions, machine, switches)).encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def folder() -> Path:
    """The folder for the engine as it is now; it need not be there.

    Raises:
        OSError: there is no home to put it in.
    """
    return _place() / f"engine-{digest()[:16]}"


def ready(calls: Sequence[Call]) -> None:
    """Compile each kernel by its call, or take what is kept. Says so if it takes long.

    Args:
        calls: of kernels from one file, for the only types of arguments that they will have.

    Raises:
        CompileError: Numba is told not to compile.
    """
    if numba.config.DISABLE_JIT:
        raise CompileError(
            "NUMBA_DISABLE_JIT is set, and the engine is nothing without compiling; unset it, or "
            "take the trainer reference"
        )
    with _compiling:
        if all(kernel.signatures for kernel, _ in calls):
            return
        try:
            place = folder()
            kept.make_private(place)
            with FileLock(place / "lock"):
                _load_or_compile(calls, place)
        except (OSError, NotImplementedError) as error:  # the latter of a disk without locks
            tell(f"compiled kernels are not kept: {error}")
            _compile(calls)


def _place() -> Path:
    home = os.environ.get("PAPER_LENET_CACHE")
    if home:
        return Path(home)
    user = os.environ.get("XDG_CACHE_HOME")
    try:
        return Path(user or Path.home() / ".cache") / "paper_lenet"
    except RuntimeError as error:  # neither HOME nor such a user
        raise OSError(str(error)) from None


def _load_or_compile(calls: Sequence[Call], place: Path) -> None:
    with _numbas_folder(place):
        for kernel, _ in calls:
            kernel.enable_caching()
    own = Path(calls[0][0].stats.cache_path)
    for used in (place, own):
        os.utime(used)
    if kept.believed(own):
        _call(calls)
        return
    tell(f"compiling the engine, about ten seconds; once for this copy of it, kept in {own}")
    _call(calls)
    kept.seal(own)
    with suppress(OSError):  # what is another user's, or is removed by one more process, may stay
        with FileLock(place.parent / "lock"):
            kept.tidy(place.parent.glob("engine-" + "[0-9a-f]" * 16))
        kept.tidy(place.glob("*/"))


def _compile(calls: Sequence[Call]) -> None:
    """Compile what is not yet, for this process alone."""
    if not all(kernel.signatures for kernel, _ in calls):
        tell("compiling the engine, about ten seconds, for this process alone")
    for call in calls:
        try:
            _call([call])
        except OSError:  # told already: Numba compiles first and then fails to write
            _call([call])


def _call(calls: Sequence[Call]) -> None:
    for kernel, arguments in calls:
        kernel(*arguments)


@contextmanager
def _numbas_folder(folder: Path) -> Iterator[None]:
    """Numba keeps what is declared now in `folder` and nowhere else, whatever the environment."""
    wanted = {"CACHE_DIR": str(folder), "CACHE_LOCATOR_CLASSES": "UserProvidedCacheLocator"}
    before = {name: getattr(numba.config, name, "") for name in wanted}
    try:
        vars(numba.config).update(wanted)
        yield
    except RuntimeError as error:  # it cannot be written to
        raise OSError(str(error)) from None
    finally:
        vars(numba.config).update(before)
