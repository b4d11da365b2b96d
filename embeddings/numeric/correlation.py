"""Correlation of two rows of numbers: of the numbers themselves (Pearson's), and of their ranks (Spearman's)."""

import math

import numpy as np
from numpy.typing import ArrayLike

from embeddings.common import required


def pearson(x: ArrayLike, y: ArrayLike) -> float:
    """Pearson's correlation of ``x`` [n] and ``y`` [n], from -1 to 1: whether they lie on a line.

    Computed in float64. NaN where one of them does not vary, or there are fewer than two: it goes along with nothing.

    References:
        Pearson 1895, by ``scipy.stats.pearsonr``.

    >>> round(pearson([1, 2, 3, 4], [1, 4, 9, 16]), 2)
    0.98
    """
    with required():
        from scipy.stats import pearsonr

    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return math.nan
    return float(pearsonr(x, y).statistic)


def spearman(x: ArrayLike, y: ArrayLike) -> float:
    """Spearman's rank correlation of ``x`` [n] and ``y`` [n], from -1 to 1: whether one rises wherever the other does.

    Pearson's of their ranks, of which equal numbers share the mean. NaN as of ``pearson``.

    References:
        Spearman 1904, by ``scipy.stats.rankdata``.

    >>> round(spearman([1, 2, 3, 4], [1, 4, 9, 16]), 2)
    1.0
    """
    with required():
        from scipy.stats import rankdata

    return pearson(rankdata(np.asarray(x, dtype=np.float64)), rankdata(np.asarray(y, dtype=np.float64)))
