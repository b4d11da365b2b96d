"""Top k: the best of very many scores, without sorting them all."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_BLOCK = 10_000  # rows that are scored exactly at once
_ROWS = 100  # the scores are laid out in as many rows, and the best n lie in the n columns of the best maxima


def top_k(scores: NDArray[np.floating], n: int) -> NDArray[np.int64]:
    """Indices of the ``n`` largest of ``scores`` [V], largest first, equal ones in their order.

    >>> top_k(np.array([3.0, 9.0, 3.0, 5.0]), 3).tolist()
    [1, 3, 0]
    """
    n = min(n, len(scores))
    width = len(scores) // _ROWS
    candidates = np.arange(len(scores)) if n >= width else _in_best_columns(scores, n, width)
    among = scores[candidates]
    reach = among >= np.partition(among, -n)[-n]
    best, among = candidates[reach], among[reach]
    return best[np.lexsort((best, -among))][:n]


def best(
    rough: NDArray[np.floating],
    rounding: float | NDArray[np.floating],
    n: int,
    exact: Callable[[NDArray[np.int64]], NDArray[np.float64]],
) -> list[tuple[int, float]]:
    """The ``n`` with the largest scores, from scores that rounding has moved: ``(index, exact score)``, largest first.

    Args:
        rough: Scores [V].
        rounding: The most by which each may be off, [V] or one number for all. Whatever can be among the best is
            scored exactly.
        n: How many.
        exact: From some indices, ascending, to their scores. Of equal ones the first comes first.
    """
    rounding = np.broadcast_to(rounding, rough.shape)
    candidates = np.flatnonzero(rough + rounding >= _reached_by(rough - rounding, n))
    blocks = (candidates[start : start + _BLOCK] for start in range(0, len(candidates), _BLOCK))
    scores = np.concatenate([exact(block) for block in blocks])
    order = np.lexsort((candidates, -scores))[:n]
    return [(int(candidates[i]), float(scores[i])) for i in order]


def _reached_by(scores: NDArray[np.floating], n: int) -> float:
    """The score that ``n`` of them reach."""
    return float(scores[top_k(scores, n)[-1]])


def _in_best_columns(scores: NDArray[np.floating], n: int, width: int) -> NDArray[np.int64]:
    """Indices of all scores that can be among the ``n`` largest, and of some more.

    Maxima down the columns are taken a whole row at a time, which is several times as fast as along short rows.
    """
    whole = _ROWS * width
    peaks = scores[:whole].reshape(_ROWS, width).max(axis=0)
    columns = np.flatnonzero(peaks >= np.partition(peaks, -n)[-n])  # at least n scores reach that bar
    inside = np.arange(0, whole, width)[:, None] + columns
    return np.concatenate([inside.ravel(), np.arange(whole, len(scores))])
