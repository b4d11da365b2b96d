"""Silhouettes: how much nearer points lie to their own group than to the next."""

import numpy as np
from numpy.typing import NDArray

from embeddings.common import required


def silhouette_samples(points: NDArray, labels: NDArray, metric: str = "euclidean") -> NDArray[np.float64]:
    """The silhouette of each of ``points`` [n, D], from -1 to 1: float64 [n].

    With a the mean distance to its own group and b that to the nearest other, (b - a) / max(a, b). All are NaN where
    there are fewer than two groups, or no group of two points; that of a point in no group is NaN too.

    Args:
        points: Finite.
        labels: Integers [n], of the groups; -1 for what is in none, which does not count for the others.
        metric: ``"euclidean"`` or ``"cosine"``.

    References:
        Rousseeuw, "Silhouettes", 1987, by ``sklearn.metrics.silhouette_samples``.

    >>> silhouette_samples(np.array([[0.0], [1.0], [4.0], [5.0]]), np.array([0, 0, 1, 1])).round(2).tolist()
    [0.78, 0.71, 0.71, 0.78]
    """
    with required():
        from sklearn import metrics

    found, member = np.full(len(points), np.nan), labels >= 0
    if 2 <= len(np.unique(labels[member])) < member.sum():
        found[member] = metrics.silhouette_samples(points[member].astype(np.float64), labels[member], metric=metric)
    return found


def silhouette(points: NDArray, labels: NDArray, metric: str = "euclidean") -> float:
    """The mean silhouette of ``points`` [n, D]: 1 for groups far apart, 0 for none at all; NaN for fewer than two.

    Args:
        points, labels, metric: As for ``silhouette_samples``; points in no group, of label -1, are left out.

    >>> round(silhouette(np.array([[0.0], [1.0], [4.0], [5.0], [9.0]]), np.array([0, 0, 1, 1, -1])), 2)
    0.75
    """
    return float(silhouette_samples(points, labels, metric)[labels >= 0].mean()) if (labels >= 0).any() else np.nan
