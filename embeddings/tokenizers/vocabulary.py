"""The vocabulary: every different token, sorted, numbered from zero."""

from collections.abc import Iterable, Sequence

import numpy as np

from embeddings.common import InvalidInput, UnknownToken
from embeddings.tokenizers.word_split import split_words


class Vocabulary:
    """Tokens and their ids 0 ... V-1. Immutable.

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
        self.tokens = tuple(tokens)
        self._ids = dict(zip(self.tokens, range(len(self.tokens)), strict=True))
        if len(self._ids) != len(self.tokens):
            raise InvalidInput("Each token may stand in a vocabulary only once.")

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
        try:
            return self._ids[token]
        except (KeyError, TypeError):  # a list, for one, can be no key
            raise UnknownToken(token) from None

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
        return isinstance(token, str) and token in self._ids

    def __len__(self) -> int:
        return len(self.tokens)
