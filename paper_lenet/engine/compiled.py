"""Where compiled kernels are kept between runs, so that they are never stale.

Numba looks only at a function's own file to tell whether its machine code is still good; after an
edit of `simd` the kernels built on it would run as they were. So they live in a folder named by a
digest of all the engine's files and of the versions of Numba and llvmlite, under
``$PAPER_LENET_CACHE``, or else ``paper_lenet`` in the user's cache folder.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

import llvmlite
import numba


def digest() -> str:
    """SHA-256 of the engine's files and of the compiler's versions, hexadecimal."""
    total = hashlib.sha256(f"{numba.__version__} {llvmlite.__version__}".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def folder() -> Path:
    """The folder for the engine as it is now; a temporary one where it cannot be written."""
    home = os.environ.get("PAPER_LENET_CACHE")
    user = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    result = Path(home or Path(user) / "paper_lenet") / f"engine-{digest()[:16]}"
    try:
        result.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=result):
            return result
    except OSError as error:
        print(f"paper-lenet: compiled kernels are not kept: {error}", file=sys.stderr)
        temporary = tempfile.mkdtemp(prefix="paper-lenet-")
        atexit.register(shutil.rmtree, temporary, ignore_errors=True)
        return Path(temporary)
