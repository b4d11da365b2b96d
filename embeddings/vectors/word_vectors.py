"""Tokens and the table of their vectors, together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from embeddings.common import InvalidInput, UnknownToken, as_matrix
from embeddings.tokenizers import Vocabulary

_COMMON = 50_000  # tokens; rarer ones are seldom what was meant
_BLOCK = 4_096  # rows


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
    def tokens(self) -> Sequence[str]:
        """The tokens, in the order of the rows; a part of them, as ``tokens[:10]``, is a tuple."""
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

    @property
    def norms(self) -> NDArray[np.float32]:
        """The length of each row: float32 [V]."""
        return np.divide(1, self.inverse_norms, out=np.zeros_like(self.inverse_norms), where=self.inverse_norms > 0)

    def norm(self, token: str) -> float:
        """The length of the vector of ``token``.

        Raises:
            UnknownToken: The table has no such row.

        >>> WordVectors.of("toy", ["cat", "dog"], np.array([[3, 4], [0, 0]])).norm("cat")
        5.0
        """
        inverse = self.inverse_norms[self.id(token)]
        return float(1 / inverse) if inverse else 0.0

    @cached_property
    def common_tokens(self) -> tuple[str, ...]:
        """The first 50,000 tokens, unpacked for a search by spelling: in most tables the most frequent."""
        return tuple(self.tokens[:_COMMON])

    @cached_property
    def mean(self) -> NDArray[np.float64]:
        """The mean row: float64 [D], read-only."""
        mean = self.matrix.mean(axis=0, dtype=np.float64)
        mean.flags.writeable = False
        return mean

    def mean_centered(self, rows: NDArray[np.floating]) -> NDArray[np.float64]:
        """``rows`` [N, D] less the mean row; differences that are nothing but rounding of the mean become 0."""
        rows = rows - self.mean
        rows[np.abs(rows) <= 1e-12 * np.abs(self.mean)] = 0
        return rows

    @cached_property
    def centered_inverse_norms(self) -> NDArray[np.float32]:
        """1 / the distance of each row from the mean row: float32 [V], read-only; 0 for a row that is the mean."""
        norms = np.empty(len(self.matrix))
        for start in range(0, len(norms), _BLOCK):  # in blocks, so that the table is not copied
            rows = self.mean_centered(self.matrix[start : start + _BLOCK])
            norms[start : start + _BLOCK] = np.sqrt(np.einsum("vd,vd->v", rows, rows))
        inverse = np.divide(1, norms, out=np.zeros_like(norms), where=norms > 0).astype(np.float32)
        inverse.flags.writeable = False
        return inverse

    def __getitem__(self, token: str) -> NDArray[np.float32]:
        return self.matrix[self.id(token)]

    def __contains__(self, token: object) -> bool:
        return token in self.vocabulary

    def __len__(self) -> int:
        return len(self.vocabulary)
