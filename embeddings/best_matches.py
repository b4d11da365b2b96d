"""For very many queries at once, the row of a table that fits each best."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.word_vectors import WordVectors

# A block of scores stays in the processor's cache between the product that writes it and the maximum that reads it.
_ROWS = 1_024  # of the table
_QUERIES = 512


@dataclass(frozen=True, eq=False)
class Exclusions:
    """Rows that may not be the answer to a query.

    Attributes:
        rows: int64 [E].
        queries: int64 [E]; ``rows[i]`` may not answer query ``queries[i]``.
    """

    rows: NDArray[np.int64]
    queries: NDArray[np.int64]

    @classmethod
    def of(cls, rows_of_each: Iterable[Iterable[int]]) -> "Exclusions":
        """From the rows that are excluded for query 0, for query 1, and so on."""
        pairs = [(row, query) for query, rows in enumerate(rows_of_each) for row in rows]
        rows, queries = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        return cls(rows, queries)


def best_matches(
    wv: WordVectors,
    queries: NDArray[np.float32],
    limit: int,
    excluded: Exclusions,
    report: Callable[[float, str], object],
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """For each of ``queries`` [Q, D] the row among the first ``limit`` whose unit vector has the largest dot product.

    The table is scaled to unit rows a block at a time, never as a whole.

    Returns:
        The rows int64 [Q], and their products float32 [Q], -inf where every row is excluded.
    """
    best = np.zeros(len(queries), dtype=np.int64)
    scores = np.full(len(queries), -np.inf, dtype=np.float32)
    order = np.lexsort((excluded.queries, excluded.rows // _ROWS))
    order = order[excluded.rows[order] < limit]
    rows, of_queries = excluded.rows[order], excluded.queries[order]
    buffer = np.empty((_QUERIES, _ROWS), dtype=np.float32)
    for start in range(0, limit, _ROWS):
        report(start / limit, f"searched {start:,} of {limit:,} words")
        stop = min(start + _ROWS, limit)
        units = np.ascontiguousarray((wv.matrix[start:stop] * wv.inverse_norms[start:stop, None]).T)  # [D, rows]
        here = slice(*np.searchsorted(rows // _ROWS, (start // _ROWS, start // _ROWS + 1)))  # exclusions in the block
        for first in range(0, len(queries), _QUERIES):
            last = min(first + _QUERIES, len(queries))
            block = np.matmul(queries[first:last], units, out=buffer[: last - first, : stop - start])
            i, j = np.searchsorted(of_queries[here], (first, last)) + here.start
            block[of_queries[i:j] - first, rows[i:j] - start] = -np.inf
            found = block.argmax(axis=1)
            products = block[np.arange(last - first), found]
            better = products > scores[first:last]  # of equals the first row stays
            scores[first:last][better] = products[better]
            best[first:last][better] = start + found[better]
    report(1.0, f"searched {limit:,} words")
    return best, scores
