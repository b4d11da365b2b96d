"""Tokens and the table of their vectors, together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from embeddings.checks import as_matrix
from embeddings.errors import InvalidInput, UnknownToken
from embeddings.vocabulary import Vocabulary


@dataclass(frozen=True, eq=False)
class WordVectors:
    """V tokens and a read-only embedding table [V, D]; row ``id(token)`` is the token's vector.

    Attributes:
        name: Where they come from.
        vocabulary: The tokens; a token's id is its row.
        matrix: float32 [V, D], read-only.

    >>> vectors = WordVectors.of("toy", ["cat", "dog"], np.eye(2))
    >>> vectors["dog"], vectors.id("dog"), "cow" in vectors, len(vectors)
    (array([0., 1.], dtype=float32), 1, False, 2)
    """

    name: str
    vocabulary: Vocabulary
    matrix: NDArray[np.float32]

    @classmethod
    def of(cls, name: str, tokens: Sequence[str], matrix: NDArray) -> "WordVectors":
        """Check ``tokens`` [V] against ``matrix`` [V, D], make the matrix read-only and put them together.

        A float32 matrix is not copied, whatever its memory order.

        Raises:
            InvalidInput: The lengths differ, the matrix is not [V, D] or not finite, or a token occurs twice.
        """
        matrix = as_matrix(matrix, "The table").view()
        if len(matrix) != len(tokens):
            raise InvalidInput(f"{len(tokens):,} tokens need a table with as many rows, not {matrix.shape}.")
        matrix.flags.writeable = False
        return cls(name, Vocabulary(tokens), matrix)

    @property
    def tokens(self) -> tuple[str, ...]:
        """The tokens, in the order of the rows."""
        return self.vocabulary.tokens

    @property
    def dimension(self) -> int:
        """D, the length of each vector."""
        return self.matrix.shape[1]

    def id(self, token: str) -> int:
        """The row of ``token``.

        Raises:
            UnknownToken: The table has no such row.
        """
        try:
            return self.vocabulary.id(token)
        except UnknownToken:
            raise UnknownToken(token, self.name) from None

    def rows(self, tokens: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of ``tokens``: float32 [N, D], a copy.

        Raises:
            UnknownToken: The table lacks one of them.
        """
        return np.ascontiguousarray(self.matrix[[self.id(token) for token in tokens]])

    @cached_property
    def inverse_norms(self) -> NDArray[np.float32]:
        """1 / the length of each row: float32 [V], read-only; 0 for a row of zeros."""
        norms = np.sqrt(np.einsum("vd,vd->v", self.matrix, self.matrix))
        inverse = np.divide(1, norms, out=np.zeros_like(norms), where=norms > 0)
        inverse.flags.writeable = False
        return inverse

    def __getitem__(self, token: str) -> NDArray[np.float32]:
        return self.matrix[self.id(token)]

    def __contains__(self, token: object) -> bool:
        return token in self.vocabulary

    def __len__(self) -> int:
        return len(self.vocabulary)
