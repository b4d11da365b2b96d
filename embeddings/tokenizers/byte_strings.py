"""Many short strings of bytes in one buffer, found by content."""

from array import array
from collections.abc import Iterator
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

_HASH_BITS = 64
_BLOCK = 4_096  # strings that are taken out of the buffer together
_SIGN_FOR = MappingProxyType(str.maketrans({" ": "␣", "\n": "⏎", "\t": "⇥", "\r": "↵"}))


class ByteStrings:
    """N strings of bytes, numbered 0 ... N-1. Immutable.

    As Python's objects in a list and a dictionary each would take some 140 bytes; here it is its own length and 12 to
    20. A string is found in less than a microsecond: strings lie in buckets by the upper bits of their hash, and those
    of one bucket, about one, stand side by side in ``_order``.

    Attributes:
        has_duplicates: Whether a string stands there twice.

    >>> strings = ByteStrings(b"catcow", [3, 6])
    >>> strings.find(b"cow"), strings.find(b"dog"), strings[0], len(strings)
    (1, None, b'cat', 2)
    """

    def __init__(self, data: bytes, ends: ArrayLike) -> None:
        """Cut ``data`` into strings.

        Args:
            data: All strings, one after the other.
            ends: int [N]: where each ends and the next begins.
        """
        offsets = np.concatenate([[0], np.asarray(ends, dtype=np.int64)])
        self._data, self._offsets = data, _packed(offsets)
        hashes = np.fromiter(map(hash, self), dtype=np.int64, count=len(self))
        order = np.argsort(hashes)
        bits = max(1, len(self).bit_length())
        self._shift, self._half = _HASH_BITS - bits, 1 << (bits - 1)
        counts = np.bincount((hashes >> self._shift) + self._half, minlength=1 << bits)
        self._starts, self._order = _packed(np.concatenate([[0], np.cumsum(counts)])), _packed(order)
        self.has_duplicates = self._stands_twice(order[_equal_to_the_next(hashes[order])])

    def __reduce__(self) -> tuple[type["ByteStrings"], tuple[bytes, NDArray[np.int64]]]:
        """Built anew in another process, whose hashes are others."""
        return ByteStrings, (self._data, np.asarray(self._offsets[1:], dtype=np.int64))

    @property
    def nbytes(self) -> int:
        """Bytes of memory that it takes."""
        return len(self._data) + sum(each.itemsize * len(each) for each in (self._offsets, self._starts, self._order))

    def find(self, string: bytes) -> int | None:
        """The number of ``string``; None if it is not there."""
        bucket = (hash(string) >> self._shift) + self._half
        for number in self._order[self._starts[bucket] : self._starts[bucket + 1]]:
            if self._data[self._offsets[number] : self._offsets[number + 1]] == string:
                return number
        return None

    def holding(self, part: bytes) -> NDArray[np.int64]:
        """The numbers of all strings in which ``part`` stands, in their order: int64 [n].

        The whole buffer is looked through at once; what would begin in one string and end in another is left out.

        >>> strings = ByteStrings(b"catcow", [3, 6])
        >>> strings.holding(b"c").tolist(), strings.holding(b"tc").tolist()
        ([0, 1], [])
        """
        if not part:
            return np.arange(len(self))
        data = np.frombuffer(self._data, dtype=np.uint8)
        starts = np.flatnonzero(data[: max(0, len(data) - len(part) + 1)] == part[0])
        for place, byte in enumerate(part[1:], 1):
            starts = starts[data[starts + place] == byte]
        offsets = np.frombuffer(self._offsets, dtype=self._offsets.typecode).astype(np.int64)
        owners = np.searchsorted(offsets, starts, side="right") - 1
        return np.unique(owners[starts + len(part) <= offsets[owners + 1]])

    def block(self, start: int, stop: int) -> tuple[bytes, list[int]]:
        """The strings from ``start`` up to ``stop``, one after the other, and where each begins and the last ends."""
        offsets = self._offsets[start : stop + 1]
        first = offsets[0]
        return self._data[first : offsets[-1]], [offset - first for offset in offsets]

    def __getitem__(self, number: int) -> bytes:
        return self._data[self._offsets[number] : self._offsets[number + 1]]

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self), _BLOCK):
            data, offsets = self.block(start, start + _BLOCK)
            yield from (data[begin:end] for begin, end in pairwise(offsets))

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def _stands_twice(self, numbers: NDArray[np.int64]) -> bool:
        """Whether two of the strings with these ``numbers``, whose hashes are equal, are."""
        return len({self[number] for number in numbers.tolist()}) < len(numbers)


def readable(data: bytes) -> str:
    """The text that ``data`` is in UTF-8; as its bytes, ``⟨F0 9F⟩``, where it is none that can be printed.

    Spaces and line breaks can be: see ``drawn``.
    """
    text = piece_text(data)
    return text if drawn(text).isprintable() and text else _as_bytes(data)


def piece_text(piece: bytes) -> str:
    """The text that ``piece`` is in UTF-8; a part of a character as its bytes.

    >>> piece_text(b" cat"), piece_text(b"\\xf0\\x9f")
    (' cat', '⟨F0 9F⟩')
    """
    try:
        return piece.decode()
    except UnicodeDecodeError:
        return _as_bytes(piece)


def _as_bytes(data: bytes) -> str:
    return f"⟨{data.hex(' ').upper()}⟩"


def drawn(text: str) -> str:
    """``text`` with its spaces and line breaks as signs.

    >>> drawn(" king")
    '␣king'
    """
    return text.translate(_SIGN_FOR)


def _packed(numbers: NDArray[np.int64]) -> array:
    """The same ``numbers``; one of an array is read several times as quickly as one of NumPy's."""
    packed = array("I" if numbers.max(initial=0) < 1 << 32 else "Q")
    packed.frombytes(numbers.astype(packed.typecode).tobytes())
    return packed


def _equal_to_the_next(hashes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where in sorted ``hashes`` one stands beside its equal."""
    same = np.flatnonzero(hashes[1:] == hashes[:-1])
    return np.union1d(same, same + 1)
