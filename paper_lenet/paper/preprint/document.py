"""The PDF of the preprint: it is this file or none, and it is never committed."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.base.files import file_digest

if TYPE_CHECKING:
    from pypdf import PdfReader

SHA256 = "bb8762b75a0954a90d5294bff8ffea1c395337801cd3bfb5823f318754991e79"
WHERE = "Lecun98.pdf of the public GitHub repository xPrithvi/LeNet-5"


class PreprintError(PaperLenetError, ValueError):
    """A file is not the preprint, or a figure is not drawn as it is there."""


def open_preprint(path: Path) -> PdfReader:
    """The preprint, looked at before it is believed.

    Raises:
        PreprintError: there is no such file, or it is another or a damaged one.
        OSError: it cannot be read.
        ModuleNotFoundError: pypdf is not installed; the extra ``studies`` brings it.

    Example:
        >>> from paper_lenet.base.files import write_bytes
        >>> write_bytes(Path("other.pdf"), b"another paper")
        >>> try:
        ...     open_preprint(Path("other.pdf"))
        ... except PreprintError as error:
        ...     print(str(error).rpartition(": its")[0])
        other.pdf: another file than the preprint, or a damaged one
    """
    if not path.is_file():
        raise PreprintError(f"{path}: there is no such file; the figures are in {WHERE}")
    found = file_digest(path)
    if found != SHA256:
        raise PreprintError(
            f"{path}: another file than the preprint, or a damaged one: its SHA-256 begins with "
            f"{found[:8]} and not {SHA256[:8]}; take {WHERE}"
        )
    from pypdf import PdfReader

    return PdfReader(io.BytesIO(path.read_bytes()))
