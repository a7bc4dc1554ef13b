"""What a build takes over from the one before, so that one with no change takes seconds.

Sphinx reads a page anew if its text has changed, or a file that its parts have noted. It does not
know of the code by which pages are made, nor of how the build before ended: it remembers a page
that it read with a warning, but not the warning, and the next build would pass. So what it
remembers is taken over only from a build of the same code that came to its end without a warning.

Names and titles of a page stand in others: if its text has changed, all are written. If a file that
it shows has, it is written alone.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from . import said
from .timed import shown

MARK = "made-by"  # beside what Sphinx remembers


def made_by(source: Path) -> str:
    """SHA-256 of all that every page is made by, hexadecimal: code, settings, what is installed.

    Of the pages themselves, of their translations, and of the benchmark's files, it has the names
    alone.
    """
    installed = sorted(f"{each.name} {each.version}" for each in distributions())
    total = hashlib.sha256(repr((sys.version, installed)).encode())
    for path in _files(source):
        page = path.suffix in (".md", ".po") and path.is_relative_to(source)
        page = page and path.stem not in (said.DOMAIN, said.THEME)
        content = b"" if page else path.read_bytes()
        total.update(str(path).encode() + b"\0" + hashlib.sha256(content).digest())
    total.update(repr(shown(source.parent)).encode())  # a page notes those that are there
    return total.hexdigest()


def _files(source: Path) -> Iterator[Path]:
    root = source.parent
    yield from (path for path in (root / "params.yaml", root / "dvc.yaml") if path.is_file())
    for folder in (source, root / "paper_lenet"):
        for path in sorted(folder.rglob("*")):
            made = path.suffix == ".mo" or {"_build", "__pycache__"}.intersection(path.parts)
            if not made and path.is_file():
                yield path


def take_over(app: Sphinx, config: Config) -> None:
    """Forget the build before, unless it ended well and was of the same code."""
    mark, now = app.doctreedir / MARK, made_by(app.srcdir)
    if not mark.is_file() or mark.read_bytes() != now.encode():
        (app.doctreedir / ENV_PICKLE_FILENAME).unlink(missing_ok=True)
    mark.unlink(missing_ok=True)

    def remember(app: Sphinx, error: Exception | None) -> None:
        if error is None and app._warncount == 0:
            mark.write_bytes(now.encode())

    app.connect("build-finished", remember)


def write_all(app: Sphinx, env: BuildEnvironment, read: list[str]) -> None:
    """Have all pages written if the text of one has changed."""
    read_at = {name: 1000 * env.all_docs.get(name, 0) for name in read}
    if any(_changed(app, env, name) > time for name, time in read_at.items()):
        app.connect("env-updated", lambda app, env: env.found_docs)


def _changed(app: Sphinx, env: BuildEnvironment, name: str) -> int:
    """When the text of a page, or its translation, was changed last, in nanoseconds."""
    texts = (env.doc2path(name), said.catalogue(app.srcdir, app.config.language, name))
    return max(path.stat().st_mtime_ns for path in map(Path, texts) if path.is_file())


def setup(app: Sphinx) -> None:
    """Connect before Sphinx loads what it remembers, and before it reads pages."""
    app.connect("config-inited", take_over)
    app.connect("env-before-read-docs", write_all)
