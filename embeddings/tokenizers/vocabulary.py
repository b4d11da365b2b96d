"""The vocabulary: every different token, sorted, numbered from zero."""

from collections.abc import Iterable, Sequence

import numpy as np

from embeddings.common import InvalidInput, UnknownToken
from embeddings.tokenizers.packed_tokens import PackedTokens
from embeddings.tokenizers.word_split import split_words

_PACKED_FROM = 10_000  # tokens; fewer take little memory, and a tuple and a dictionary answer a little faster


class Vocabulary:
    """Tokens and their ids 0 ... V-1. Immutable.

    Attributes:
        tokens: In the order of their ids: a tuple, of many tokens a ``PackedTokens``, which reads the same.

    >>> vocabulary = Vocabulary.from_text("The cat sat on the mat")
    >>> vocabulary.tokens
    ('cat', 'mat', 'on', 'sat', 'the')
    >>> vocabulary.id("mat"), vocabulary.token(4), len(vocabulary)
    (1, 'the', 5)
    """

    def __init__(self, tokens: Sequence[str]):
        """Number ``tokens`` in the order given.

        Raises:
            InvalidInput: A token occurs twice.
        """
        self.tokens, self._ids = _numbered(tokens)

    @classmethod
    def from_tokens(cls, tokens: Iterable[str]) -> "Vocabulary":
        """The different ``tokens``, sorted by code point: a to z, and letters with accents after z."""
        return cls(sorted(set(tokens)))

    @classmethod
    def from_text(cls, text: str) -> "Vocabulary":
        """The different words of ``text``, sorted alphabetically."""
        return cls.from_tokens(split_words(text))

    def id(self, token: str) -> int:
        """The id of ``token``.

        Raises:
            UnknownToken: It is not in the vocabulary.
        """
        token_id = self._ids.get(token) if isinstance(token, str) else None
        if token_id is None:
            raise UnknownToken(token)
        return token_id

    def token(self, token_id: int) -> str:
        """The token with this id.

        Raises:
            InvalidInput: ``token_id`` is not a whole number in 0 ... V-1; the ``None`` of an unknown word is none.
        """
        if (
            isinstance(token_id, bool)
            or not isinstance(token_id, (int, np.integer))
            or not 0 <= token_id < len(self.tokens)
        ):
            raise InvalidInput(f"id {token_id} is outside the vocabulary: ids run from 0 to {len(self) - 1:,}.")
        return self.tokens[token_id]

    def __contains__(self, token: object) -> bool:
        return isinstance(token, str) and self._ids.get(token) is not None

    def __len__(self) -> int:
        return len(self.tokens)


def _numbered(tokens: Sequence[str]) -> tuple[Sequence[str], dict[str, int] | PackedTokens]:
    """The tokens as they are kept, and what finds the id of one.

    Raises:
        InvalidInput: A token occurs twice.
    """
    kept: tuple[str, ...] | PackedTokens
    ids: dict[str, int] | PackedTokens
    if isinstance(tokens, PackedTokens) or len(tokens) >= _PACKED_FROM:
        kept = ids = tokens if isinstance(tokens, PackedTokens) else PackedTokens.of(tokens)
        twice = ids.has_duplicates
    else:
        kept = tuple(tokens)
        ids = dict(zip(kept, range(len(kept)), strict=True))
        twice = len(ids) < len(kept)
    if twice:
        raise InvalidInput("Each token may stand in a vocabulary only once.")
    return kept, ids
