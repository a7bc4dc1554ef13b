"""The IDX format, in which MNIST (Section III-A) is distributed: reading and writing.

A file is a big-endian header and the values in C order::

    00 00 | type code | number of dimensions | size of each dimension, 4 bytes each | values

Here a value is an unsigned byte (type code 08), and a file has one dimension (labels) or three
(images); or, in a file whose name has ``idx2-int``, values are whole numbers of four bytes (0c) in
two dimensions (labels with their origin). Everything else is refused, with the file's name and the
fault.

The header says how long the file must be, so a reader never unpacks more than one byte beyond that,
and never more than `LARGEST`, however much a compressed file would give; nor does it go on with
compressed bytes that unpack to nothing.
"""

from __future__ import annotations

import io
import math
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from paper_lenet.base.errors import PaperLenetError
from paper_lenet.base.files import write_bytes

TYPES = {
    0x08: "unsigned byte",
    0x09: "signed byte",
    0x0B: "short",
    0x0C: "int",
    0x0D: "float",
    0x0E: "double",
}
# Bytes of values: 20 times what MNIST's 60,000 images take. A header could promise 2^96.
LARGEST = 1 << 30
PIECE = 1 << 16
IDLE = 1 << 20  # compressed bytes that may unpack to nothing: names and comments of gzip's header


class IdxError(PaperLenetError, ValueError):
    """A file is not IDX as it is read here; the message names the file and the fault.

    Example:
        >>> list(pieces(io.BytesIO(b"IDX"), "labels"))
        Traceback (most recent call last):
            ...
        paper_lenet.digits.idx.IdxError: labels: truncated: 3 bytes, an IDX file has at least 9
    """


class _Kind(NamedTuple):
    """What a file holds.

    Attributes:
        code: of its values' type.
        size: bytes a value.
        dimensions: how many there may be.
        meant: which files have how many.
    """

    code: int
    size: int
    dimensions: tuple[int, ...]
    meant: str


BYTES = _Kind(0x08, 1, (1, 3), "labels have 1, images 3")
INTS = _Kind(0x0C, 4, (2,), "labels with their origin have 2")


class Readable(Protocol):
    """Anything to read bytes from.

    Example:
        >>> class Letters:
        ...     def read(self, size=-1, /):
        ...         return b"a" * size
        >>> next(pieces(Letters(), "it"))
        Traceback (most recent call last):
            ...
        paper_lenet.digits.idx.IdxError: it: wrong magic number 0x61616161: IDX begins with 0x0000
    """

    def read(self, size: int = -1, /) -> bytes:
        """The next `size` bytes, fewer only at the end.

        Example:
            >>> file = unpacked(io.BytesIO(zlib.compress(b"digits", wbits=31)))
            >>> file.read(4), file.read(4), file.read(4)
            (b'digi', b'ts', b'')
        """


def read_idx(path: Path) -> NDArray[np.uint8]:
    """The array in the IDX file at `path`, gzip if its name ends in ``.gz``.

    Returns:
        (N,) labels or (N, rows, columns) images, uint8.

    Raises:
        IdxError: the file cannot be read or is malformed.

    Example:
        >>> path = Path("labels-idx1-ubyte")
        >>> write_idx(path, np.array([7, 2, 1], np.uint8))
        >>> read_idx(path)
        array([7, 2, 1], dtype=uint8)
    """
    shape, values = _read(path)
    return np.frombuffer(values, np.uint8).reshape(shape)


def read_ints(path: Path) -> NDArray[np.int64]:
    """The numbers in the file at `path`, whose name has ``idx2-int``, gzip if it ends in ``.gz``.

    Returns:
        (N, columns), int64.

    Raises:
        IdxError: the file cannot be read or is malformed.

    Example:
        >>> path = Path("some-idx2-int")
        >>> write_bytes(path, bytes.fromhex("00000c02 00000001 00000002 00000007 fffffffe"))
        >>> read_ints(path)
        array([[ 7, -2]])
    """
    shape, values = _read(path)
    return np.frombuffer(values, ">i4").reshape(shape).astype(np.int64)


def _read(path: Path) -> tuple[tuple[int, ...], bytearray]:
    try:
        with path.open("rb") as file:
            parts = pieces(file, str(path), packed=path.suffix == ".gz")
            return _shape(next(parts), str(path)), bytearray().join(parts)
    except OSError as error:
        raise IdxError(f"{path}: cannot be read: {error.strerror or error}") from None


def write_idx(path: Path, array: NDArray[np.uint8]) -> None:
    """Write labels (N,) or images (N, rows, columns), uint8, to `path`, not compressed.

    A reader never sees half a file.

    Raises:
        IdxError: the array does not fit the format.

    Example:
        >>> path = Path("images-idx3-ubyte")
        >>> write_idx(path, np.zeros((2, 28, 28), np.uint8))
        >>> read_idx(path).shape
        (2, 28, 28)
    """
    if array.dtype != np.uint8 or array.ndim not in BYTES.dimensions:
        raise IdxError(f"{path}: {array.ndim} dimensions of {array.dtype}, not 1 or 3 of uint8")
    content = as_idx(array)
    _shape(content[: 4 + 4 * array.ndim], str(path))
    write_bytes(path, content)


def as_idx(array: NDArray[np.uint8]) -> bytes:
    """The bytes of the file that holds labels (N,) or images (N, rows, columns), uint8.

    Example:
        >>> as_idx(np.array([7, 2], np.uint8)).hex(" ")
        '00 00 08 01 00 00 00 02 07 02'
    """
    header = struct.pack(f">HBB{array.ndim}I", 0, BYTES.code, array.ndim, *array.shape)
    return header + array.tobytes()


def pieces(file: Readable, name: str, packed: bool = False) -> Iterator[bytes]:
    """The unpacked bytes of an IDX file: its header, then its values piece by piece.

    Whoever takes the last piece knows that the file is whole.

    Args:
        file: where the bytes come from.
        name: what error messages call it.
        packed: whether the bytes are gzip.

    Raises:
        IdxError: the bytes are malformed.

    Example:
        >>> file = io.BytesIO(as_idx(np.array([7, 2], np.uint8)))
        >>> [piece.hex(" ") for piece in pieces(file, "labels-idx1-ubyte")]
        ['00 00 08 01 00 00 00 02', '07 02']
    """
    source = unpacked(file) if packed else file
    try:
        header = _header(source, name)
        yield header
        yield from _values(source, name, math.prod(_shape(header, name)), _kind(name).size)
    except EOFError:
        raise IdxError(f"{name}: truncated: the compressed bytes end too early") from None
    except zlib.error as error:
        why = str(error).rpartition(": ")[2]  # after "Error -3 while decompressing data"
        fault = "not gzip" if why == "incorrect header check" else f"damaged gzip ({why})"
        raise IdxError(f"{name}: {fault}") from None


def unpacked(file: Readable) -> io.BufferedReader:
    """What the gzip bytes of `file` unpack to, to be read piece by piece.

    Reading raises an EOFError where `file` ends too early, and zlib.error where it is damaged.

    Example:
        >>> import gzip
        >>> unpacked(io.BytesIO(gzip.compress(b"values"))).read()
        b'values'
    """
    return io.BufferedReader(_Unpacked(file))


class _Unpacked(io.RawIOBase):
    """One gzip member and nothing after it; never more in memory than is asked for."""

    def __init__(self, file: Readable) -> None:
        super().__init__()
        self._file, self._zip, self._idle = file, zlib.decompressobj(wbits=31), 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        while not self._zip.eof:
            packed = self._zip.unconsumed_tail or self._file.read(PIECE)
            piece = self._zip.decompress(packed, len(buffer))
            if piece:
                self._idle = 0
                buffer[: len(piece)] = piece
                return len(piece)
            if not packed:
                raise EOFError
            self._idle += len(packed)
            if self._idle > IDLE:
                raise zlib.error("a megabyte of it unpacks to nothing")
        if self._zip.unused_data or self._file.read(1):
            raise zlib.error("it goes on after its end")
        return 0


def _kind(name: str) -> _Kind:
    return INTS if "idx2-int" in Path(name).name else BYTES


def _header(file: Readable, name: str) -> bytes:
    """The bytes before the values."""
    kind = _kind(name)
    magic = file.read(4)
    if len(magic) < 4:
        raise IdxError(f"{name}: truncated: {len(magic)} bytes, an IDX file has at least 9")
    zero, code, dimensions = struct.unpack(">HBB", magic)
    if zero != 0:
        hint = "; gzip, whose name must end in .gz" if magic[:2] == b"\x1f\x8b" else ""
        raise IdxError(f"{name}: wrong magic number 0x{magic.hex()}: IDX begins with 0x0000{hint}")
    if code != kind.code:
        found, wanted = (
            f"0x{each:02x} ({TYPES.get(each, 'unknown')})" for each in (code, kind.code)
        )
        raise IdxError(f"{name}: wrong type code {found}, not {wanted}")
    if dimensions not in kind.dimensions:
        raise IdxError(f"{name}: wrong dimensions: {dimensions}; {kind.meant}")
    sizes = file.read(4 * dimensions)
    if len(sizes) < 4 * dimensions:
        raise IdxError(f"{name}: truncated: the header has {4 + len(sizes)} bytes")
    return magic + sizes


def _shape(header: bytes, name: str) -> tuple[int, ...]:
    """The shape that a header promises, if a file of that size is wanted."""
    shape = struct.unpack(f">{header[3]}I", header[4:])
    if not 0 < math.prod(shape) * _kind(name).size <= LARGEST:
        sizes = " x ".join(map(str, shape))
        raise IdxError(f"{name}: wrong dimensions: {sizes} is not between 1 and {LARGEST} values")
    return shape


def _values(file: Readable, name: str, count: int, size: int) -> Iterator[bytes]:
    """Exactly so many values of `size` bytes each, and then the end."""
    left = count * size
    while left:
        piece = file.read(min(left, PIECE))
        if not piece:
            raise IdxError(f"{name}: truncated: {count - -(-left // size)} of {count} values")
        left -= len(piece)
        yield piece
    if file.read(1):
        raise IdxError(f"{name}: trailing bytes after the {count} values of its header")
