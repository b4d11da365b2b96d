"""Character tokenizer: one token a character, its id the Unicode code point."""

from collections.abc import Sequence
from dataclasses import dataclass

from embeddings.common import as_ids, as_text
from embeddings.tokenizers.base import Encoding, as_short_text

UNICODE_CODE_POINTS = 0x110000


@dataclass(frozen=True)
class CharacterTokenizer:
    """One token a character; its id is the Unicode code point.

    >>> CharacterTokenizer().encode("né").ids
    (110, 233)
    """

    @property
    def vocabulary_size(self) -> int:
        return UNICODE_CODE_POINTS

    def encode(self, text: str) -> Encoding:
        """Tokens, ids and spans of ``text``.

        Raises:
            InvalidInput: ``text`` has more than ``MAX_CHARACTERS`` characters, or half a surrogate pair.
        """
        spans = tuple((start, start + 1) for start in range(len(as_short_text(text))))
        return Encoding(tuple(text), tuple(map(ord, text)), spans)

    def decode(self, ids: Sequence[int]) -> str:
        """The text with these code points.

        Raises:
            InvalidInput: An id is not a code point, or one of the halves of pairs that UTF-16 is made of.
        """
        return as_text("".join(map(chr, as_ids(ids, UNICODE_CODE_POINTS).tolist())))
