"""Compiled kernels in files: believed only as they were written, and their folders not for ever.

Numba's own files are named and stamped by where a source lies, so that each copy of the package
would compile its own. Ours have nothing of the copy in them. Numba also believes what it reads, and
a file that is cut ends in an error of its own or in a crash: ours begin with the SHA-256 of the
rest.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from numba.core.caching import NullCache
from numba.core.compiler import CompileResult
from numba.core.runtime import rtsys
from numba.core.serialize import dumps

from paper_lenet.base.errors import tell
from paper_lenet.base.files import write_bytes

MOST, DAYS = 8, 30  # folders that are kept beside each other, and for how long without use


class Kept(NullCache):
    """The file of one kernel, which Numba asks before it compiles, and hands what it compiled.

    Attributes:
        path: of the file.
        types: Numba's, of the arguments for which it is kept; for others it is not asked.
        code: its content if it is whole, until Numba has asked for it; else None.

    Example:
        >>> from numba import njit
        >>> double = njit(lambda x: 2 * x)
        >>> double(1.5)
        3.0
        >>> path, types = Path("double.kernel"), double.signatures[0]
        >>> Kept(path, types).save_overload(types, double.overloads[types])
        >>> Kept(path, types).load_overload(types, double.targetctx).entry_point(21.0)
        42.0
        >>> write_bytes(path, path.read_bytes()[:-1])
        >>> Kept(path, types).code is None, path.exists()
        (True, False)
    """

    def __init__(self, path: Path, types: tuple[Any, ...]) -> None:
        """Read the file if there is one; a damaged one is told, and removed.

        Raises:
            OSError: it cannot be read.
        """
        self.path, self.types, self.code = path, types, None
        if path.exists():
            content = path.read_bytes()
            seal = hashlib.sha256(content[32:]).digest()
            if content[:32] == seal:
                self.code = content[32:]
            else:
                tell(f"a kept kernel is damaged, and removed: {path}")
                path.unlink(missing_ok=True)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """What was compiled for arguments of these types, or None.

        Numba's own would first load all that it needs to compile, which takes longer than the rest.
        """
        if self.code is None or sig != self.types:
            return None
        code, self.code = self.code, None
        rtsys.initialize(target_context)  # what arrays are counted by
        return CompileResult._rebuild(target_context, *pickle.loads(code))

    def save_overload(self, sig: Any, data: Any) -> None:
        """Write what was compiled, if for these types.

        Raises:
            OSError: it cannot be written.
            NotImplementedError: it has addresses of this process in it.
        """
        if sig != self.types:
            return
        if data.library.has_dynamic_globals:
            raise NotImplementedError(f"{self.path.name} has addresses of this process in it")
        # Numba's annotation has the paths of this copy.
        code = dumps(data._replace(type_annotation="")._reduce())
        write_bytes(self.path, hashlib.sha256(code).digest() + code)


def make_private(folder: Path) -> None:
    """Make the folder if missing; what is in it will be run.

    Raises:
        OSError: it cannot be made, or another user owns it or may write to it.

    Example:
        >>> make_private(Path("kernels"))
        >>> Path("kernels").chmod(0o777)
        >>> make_private(Path("kernels"))
        Traceback (most recent call last):
            ...
        PermissionError: other users may write to kernels
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.stat()
    if hasattr(os, "geteuid") and found.st_uid != os.geteuid():
        raise PermissionError(f"{folder} belongs to another user")
    if found.st_mode & 0o022:
        raise PermissionError(f"other users may write to {folder}")


def tidy(folders: Iterable[Path]) -> None:
    """Of folders beside each other keep the last `MOST` used, none longer than `DAYS` unused.

    Example:
        >>> for name in ("new", "old"):
        ...     Path(name).mkdir()
        >>> os.utime("old", (0, 0))
        >>> tidy([Path("new"), Path("old")])
        >>> Path("new").exists(), Path("old").exists()
        (True, False)
    """
    used = sorted(((path.stat().st_mtime, path) for path in folders), reverse=True)
    for place, (when, path) in enumerate(used):
        if place >= MOST or time.time() - when > DAYS * 86400:
            shutil.rmtree(path, ignore_errors=True)  # what cannot be removed does no harm
