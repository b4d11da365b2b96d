"""Batched top-1 cosine search with exclusions: for very many queries at once, the row that fits each best."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.common import ProgressCallback
from embeddings.numeric import unit_rows
from embeddings.similarity import rounding_of_products
from embeddings.vectors import WordVectors

# A block of scores stays in the processor's cache between the product that writes it and the maximum that reads it.
_ROWS = 1_024  # of the table
_QUERIES = 512
_FEW = 20  # where one pair in so many is wanted, they are quicker one by one than in a product of all
_EQUAL = float(np.finfo(np.float64).eps)  # for each number in a product: what differs by less is equal


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


def batch_top1(
    wv: WordVectors,
    queries: NDArray[np.float64],
    limit: int,
    excluded: Exclusions,
    report: ProgressCallback,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """For each of ``queries`` [Q, D] the row among the first ``limit`` whose unit vector has the largest dot product.

    The table is scaled to unit rows a block at a time, never as a whole, and searched in float32; whatever may be the
    best but for its rounding is compared in float64.

    Returns:
        The rows int64 [Q], and their products float64 [Q], -inf where every row is excluded. Of equal ones the first.
    """
    best = np.zeros(len(queries), dtype=np.int64)
    scores = np.full(len(queries), -np.inf)
    lengths = np.linalg.norm(queries, axis=1)
    off = rounding_of_products(wv.dimension) * (lengths + 1)
    equal = _EQUAL * (wv.dimension + 8) * lengths
    rough = queries.astype(np.float32)
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
            block = np.matmul(rough[first:last], units, out=buffer[: last - first, : stop - start])
            i, j = np.searchsorted(of_queries[here], (first, last)) + here.start
            block[of_queries[i:j] - first, rows[i:j] - start] = -np.inf
            peaks = block.max(axis=1)
            bars = np.maximum(peaks - 2 * off[first:last], scores[first:last] - off[first:last])
            open_ = np.flatnonzero((peaks >= bars) & (peaks > -np.inf))  # queries that a row of the block may answer
            if not len(open_):
                continue
            reach = block[open_] >= bars[open_, None]
            columns = np.flatnonzero(reach.any(axis=0))
            rows_here = unit_rows(wv.matrix[start + columns].astype(np.float64))
            products = _products_where(reach[:, columns], queries[first + open_], rows_here)
            found = (products >= (products.max(axis=1) - equal[first + open_])[:, None]).argmax(axis=1)
            products = products[np.arange(len(open_)), found]
            better = products > scores[first + open_] + equal[first + open_]  # of equals the first row stays
            scores[first + open_[better]] = products[better]
            best[first + open_[better]] = start + columns[found[better]]
    report(1.0, f"searched {limit:,} words")
    return best, scores


def _products_where(
    wanted: NDArray[np.bool_], queries: NDArray[np.float64], rows: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The products of ``queries`` [Q, D] with ``rows`` [R, D] that are ``wanted`` [Q, R]; -inf for the others."""
    if wanted.sum() > wanted.size / _FEW:
        return np.where(wanted, queries @ rows.T, -np.inf)
    products = np.full(wanted.shape, -np.inf)
    i, j = np.nonzero(wanted)
    products[i, j] = np.einsum("pd,pd->p", queries[i], rows[j])
    return products
