"""The best of very many scores, without sorting them all."""

import numpy as np
from numpy.typing import NDArray

_BLOCK = 200  # scores summarised by one maximum; the best n lie in the n best blocks


def largest(scores: NDArray[np.floating], n: int) -> NDArray[np.int64]:
    """Indices of the ``n`` largest of ``scores`` [V], largest first, equal ones in their order.

    >>> largest(np.array([3.0, 9.0, 3.0, 5.0]), 3).tolist()
    [1, 3, 0]
    """
    n = min(n, len(scores))
    whole = len(scores) // _BLOCK * _BLOCK
    candidates = np.arange(len(scores))
    if n < len(scores) // _BLOCK:
        peaks = scores[:whole].reshape(-1, _BLOCK).max(axis=1)
        bar = np.partition(peaks, -n)[-n]  # at least n scores reach it
        blocks = np.flatnonzero(peaks >= bar)
        inside = (blocks[:, None] * _BLOCK + np.arange(_BLOCK)).ravel()
        candidates = np.concatenate([inside, np.arange(whole, len(scores))])
    bar = np.partition(scores[candidates], -n)[-n]
    best = candidates[scores[candidates] >= bar]
    return best[np.lexsort((best, -scores[best]))][:n]
