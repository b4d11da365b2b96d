"""The tokens of a vocabulary as bytes, in the order of their ids."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from embeddings.tokenizers.byte_strings import ByteStrings


@dataclass(frozen=True, eq=False)
class Pieces:
    """What a vocabulary of V tokens consists of.

    Attributes:
        strings: The bytes of each token.
        special: Ids of tokens that no text is cut into, such as ``[CLS]``, and of those that are not used.
        spaced: Whether the space before a word belongs to its token.
        inside: What is written before a token that goes on inside a word; ``##`` in WordPiece, mostly nothing.
    """

    strings: ByteStrings
    special: frozenset[int] = frozenset()
    spaced: bool = True
    inside: bytes = b""

    @classmethod
    def of(cls, tokens: Iterable[bytes], special: frozenset[int], spaced: bool = True, inside: bytes = b"") -> "Pieces":
        """Put ``tokens`` [V], in the order of their ids, into one buffer."""
        data, ends = bytearray(), array("Q")
        for token in tokens:
            data += token
            ends.append(len(data))
        return cls(ByteStrings(bytes(data), ends), special, spaced, inside)


class HasPieces(Protocol):
    """A tokenizer whose vocabulary can be listed."""

    def pieces(self) -> Pieces: ...
