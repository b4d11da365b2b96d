"""The tokens of a large vocabulary, in one buffer in place of an object for each."""

from array import array
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import overload

from numpy.typing import ArrayLike

from embeddings.tokenizers.byte_strings import ByteStrings

_ENCODING, _HALVES = "utf-8", "surrogatepass"  # a token that was read may hold half a character
_BLOCK = 256  # tokens that are read together


class PackedTokens(Sequence[str]):
    """V tokens in the order of their ids, in UTF-8; each becomes a Python string when it is asked for. Immutable.

    GloVe's 400,000 take 8 MB; as a tuple and a dictionary they took 110.

    >>> tokens = PackedTokens.of(["cat", "dog"])
    >>> tokens.get("dog"), tokens.get("cow"), tokens[0], tokens[:2], "cat" in tokens
    (1, None, 'cat', ('cat', 'dog'), True)
    """

    def __init__(self, text: bytes, ends: ArrayLike) -> None:
        """Cut ``text`` into tokens.

        Args:
            text: All tokens in UTF-8, one after the other.
            ends: int [V]: the byte where each ends and the next begins.
        """
        self._strings = ByteStrings(text, ends)

    @classmethod
    def of(cls, tokens: Sequence[str]) -> "PackedTokens":
        """Pack ``tokens`` [V], in their order."""
        text, ends = bytearray(), array("Q")
        for token in tokens:  # one by one, so that they are not in memory once more
            text += token.encode(_ENCODING, _HALVES)
            ends.append(len(text))
        return cls(bytes(text), ends)

    @property
    def strings(self) -> ByteStrings:
        """The tokens in UTF-8, not copied."""
        return self._strings

    @property
    def has_duplicates(self) -> bool:
        """Whether a token stands there twice."""
        return self._strings.has_duplicates

    @property
    def nbytes(self) -> int:
        """Bytes of memory that they take."""
        return self._strings.nbytes

    def get(self, token: str) -> int | None:
        """The id of ``token``; None if it is not there."""
        return self._strings.find(token.encode(_ENCODING, _HALVES))

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...

    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        ids = range(len(self))[index]
        if isinstance(ids, int):
            return self._strings[ids].decode(_ENCODING, _HALVES)
        if ids.step == 1:
            return tuple(chain.from_iterable(self._blocks(ids.start, ids.stop)))
        return tuple(self[token_id] for token_id in ids)

    def __contains__(self, token: object) -> bool:
        return isinstance(token, str) and self.get(token) is not None

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self._blocks(0, len(self)))

    def __len__(self) -> int:
        return len(self._strings)

    def __eq__(self, other: object) -> bool:
        """Whether ``other`` holds the same tokens, as a tuple or packed."""
        if not isinstance(other, (PackedTokens, tuple)):
            return NotImplemented
        return len(self) == len(other) and all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def _blocks(self, start: int, stop: int) -> Iterator[list[str]]:
        for begin in range(start, stop, _BLOCK):
            yield self._block(begin, min(begin + _BLOCK, stop))

    def _block(self, start: int, stop: int) -> list[str]:
        data, offsets = self._strings.block(start, stop)
        if data.isascii():  # whose bytes are its characters: cut as a text, twice as fast
            text = data.decode()
            return [text[begin:end] for begin, end in pairwise(offsets)]
        return [data[begin:end].decode(_ENCODING, _HALVES) for begin, end in pairwise(offsets)]
