"""A stream of bytes, unpacked if it is packed, that stops where the limits are."""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from embeddings.common import InvalidInput, TooLarge
from embeddings.formats.limits import FileLimits

BLOCK = 1 << 20  # bytes read at once, and parsed at once
BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # some editors put it first
_GZIP = b"\x1f\x8b"
_DAMAGED = (gzip.BadGzipFile, zipfile.BadZipFile, zlib.error)


class BrokenOff(Exception):
    """The packed stream ends too early or is damaged; the reader knows in which line."""


class InputStream:
    """A binary stream, plain or gzip, read forwards only and never beyond its limits.

    Attributes:
        name: What to call it in messages.
        limits: What may be read of it.
    """

    def __init__(self, stream: BinaryIO, name: str, limits: FileLimits):
        self.name, self.limits = name, limits.for_now()
        front = _Front(stream, name, limits.max_file_bytes)
        self._fault: str | None = None
        try:
            packed = front.starts_with(_GZIP)
        except (*_DAMAGED, EOFError):
            packed, self._fault = False, "its zip packing is damaged."
        # read1 gives all there is before it finds a stream cut off, read would lose it
        self._read = gzip.GzipFile(fileobj=cast(BinaryIO, front), mode="rb").read1 if packed else front.read
        self._packing = "gzip" if packed else "zip"
        self._what = f"{name}, unpacked," if packed else name
        self._ahead = b""
        self._count = 0
        self._ended = self._fault is not None

    def read(self, count: int) -> bytes:
        """The next ``count`` bytes, fewer only at the end.

        Raises:
            BrokenOff: Nothing more can be unpacked.
            TooLarge: The stream goes on beyond its limits.
        """
        self._fill(count)
        if count and not self._ahead and self._fault:
            raise BrokenOff(self._fault)
        taken, self._ahead = self._ahead[:count], self._ahead[count:]
        return taken

    def peek(self, count: int) -> bytes:
        """The next ``count`` bytes, which stay to be read."""
        self._fill(count)
        return self._ahead[:count]

    def _fill(self, count: int) -> None:
        pieces, size = [self._ahead], len(self._ahead)
        while size < count and not self._ended:
            piece = self._next(count - size)
            pieces.append(piece)
            size += len(piece)
        self._ahead = b"".join(pieces)

    def _next(self, count: int) -> bytes:
        try:
            piece = self._read(count)
        except EOFError:
            piece, self._fault = b"", f"its {self._packing} packing has no end. It was probably not copied whole."
        except _DAMAGED:
            piece, self._fault = b"", f"its {self._packing} packing is damaged."
        self._ended = not piece
        self._count += len(piece)
        if self._count > self.limits.max_decompressed_bytes:
            raise TooLarge.beyond(self._what, self.limits.max_decompressed_bytes)
        return piece


class _Front:
    """The stream as it comes, whose first bytes can be looked at, and whose bytes are counted."""

    def __init__(self, stream: BinaryIO, name: str, allowed: int | None):
        self._stream, self._name, self._allowed = stream, name, allowed
        self._seen = b""
        self._count = 0

    def starts_with(self, magic: bytes) -> bool:
        while len(self._seen) < len(magic) and (piece := self._stream.read(len(magic) - len(self._seen))):
            self._seen += piece
        return self._seen == magic

    def read(self, count: int) -> bytes:
        piece = self._seen or self._stream.read(count)
        piece, self._seen = piece[:count], piece[count:]
        self._count += len(piece)
        if self._allowed is not None and self._count > self._allowed:
            raise TooLarge.beyond(self._name, self._allowed)
        return piece


def longest_line(limits: FileLimits) -> int:
    """Bytes of a line with a word and a vector, at the most."""
    return 10_000 + 40 * limits.max_dimensions


def line_blocks(source: InputStream, strip: bytes = b"\r") -> Iterator[tuple[int, list[bytes]]]:
    """Lines without their ends, many at once, each block with the number of its first line, counted from 1.

    Lines end at a line feed alone, so that a word may hold any other space. Empty lines at the very end are left out.

    Args:
        source: What to read.
        strip: Bytes that are taken off each line's end.

    Raises:
        InvalidInput: The stream breaks off, or a line is empty or endless.
        TooLarge: The stream goes on beyond its limits.
    """
    longest = longest_line(source.limits)
    number, empty, rest, more = 1, None, b"", True
    while more:
        try:
            piece = source.read(BLOCK)
        except BrokenOff as fault:
            raise InvalidInput(f"{source.name} breaks off in line {number:,}: {fault}") from None
        more = bool(piece)
        whole, ended, rest = (rest + piece).rpartition(b"\n") if more else (rest, rest, b"")
        if len(rest) > longest:
            raise InvalidInput(
                f"{source.name} has too long a line for a word and its vector, after line {number - 1:,}."
            )
        if not ended:
            continue
        if not whole.strip(b"\n" + strip):
            empty = empty or number
            number += whole.count(b"\n") + 1
            continue
        lines = [line.rstrip(strip) for line in whole.split(b"\n")]
        if number == 1:
            lines[0] = lines[0].removeprefix(BYTE_ORDER_MARK)
        full = len(lines)
        while full and not lines[full - 1]:
            full -= 1
        if empty or b"" in lines[:full]:
            raise InvalidInput(f"Line {empty or number + lines.index(b''):,} of {source.name} is empty. Take it out.")
        if full < len(lines):
            empty = number + full
        yield number, lines[:full]
        number += len(lines)
