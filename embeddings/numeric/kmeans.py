"""k-means: groups that the vectors form by themselves, in all their dimensions and not on a map."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common import as_count, as_matrix, required
from embeddings.numeric.distance import check_metric, normalize_for_metric

MAX_CLUSTERS = 20


def kmeans_labels(vectors: ArrayLike, k: int, seed: int = 0, metric: str = "euclidean") -> NDArray[np.int64]:
    """The cluster of each row by k-means: int64 [n], read-only; 0 is the largest cluster, and so on.

    Fewer than k where fewer rows are different: equal rows are never parted.

    Args:
        vectors: [n, D].
        k: How many clusters, from 1 to 20 and no more than there are rows.
        seed: Of the middles that it starts from; the same gives the same clusters on the same machine.
        metric: ``"euclidean"``, or ``"cosine"``, which compares directions by making every row a unit vector.

    Raises:
        InvalidInput: Not a finite matrix, k or the seed out of range, or a row of zeros where directions are compared.

    References:
        Lloyd 1982, started as by Arthur and Vassilvitskii, "k-means++", 2007.
    """
    with required():
        from sklearn.cluster import KMeans

    vectors = as_matrix(vectors, "The vectors")
    k = as_count(k, "The number of clusters", 1, min(MAX_CLUSTERS, len(vectors)))
    seed = as_count(seed, "The seed", 0, 2**32 - 1)
    found = KMeans(k, n_init=1, random_state=seed).fit_predict(normalize_for_metric(vectors, check_metric(metric)))
    sizes = np.bincount(found, minlength=k)
    rank = np.empty(k, dtype=np.int64)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(k)
    labels = rank[found]
    labels.flags.writeable = False
    return labels
