"""Small PDFs of known pictures and paths, for the readers of the preprint."""

from __future__ import annotations

import io

import numpy as np
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject

from paper_lenet.paper.preprint.page import Page, read_page


def document(content: str, pictures: dict[str, np.ndarray] | None = None, cut: int = 0) -> bytes:
    """A PDF of one page with this content stream.

    Args:
        content: operators.
        pictures: grey levels by the name that ``/NAME Do`` draws.
        cut: how many of each picture's bytes are left out at its end.
    """
    writer = PdfWriter()
    page = writer.add_blank_page(612, 792)
    objects = DictionaryObject()
    for name, grey in (pictures or {}).items():
        objects[NameObject(f"/{name}")] = writer._add_object(_picture(grey, cut))
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): objects})
    stream = DecodedStreamObject()
    stream.set_data(content.encode("ascii"))
    page[NameObject("/Contents")] = writer._add_object(stream)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def drawn(content: str, pictures: dict[str, np.ndarray] | None = None, cut: int = 0) -> Page:
    """The page of that document, as it is read."""
    return read_page(PdfReader(io.BytesIO(document(content, pictures, cut))).pages[0])


def _picture(grey: np.ndarray, cut: int) -> DecodedStreamObject:
    stream = DecodedStreamObject()
    stream.set_data(grey.tobytes()[: grey.size - cut])
    stream[NameObject("/Subtype")] = NameObject("/Image")
    stream[NameObject("/ColorSpace")] = NameObject("/DeviceGray")
    numbers = {"/Height": grey.shape[0], "/Width": grey.shape[1], "/BitsPerComponent": 8}
    for name, number in numbers.items():
        stream[NameObject(name)] = NumberObject(number)
    return stream
