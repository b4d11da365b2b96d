"""Groups that the vectors fall into by themselves, found in all their dimensions and not on a map."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.checks import as_count, as_matrix
from embeddings.metric import as_metric, compared_by

MAX_CLUSTERS = 20


def clusters(vectors: ArrayLike, k: int, seed: int = 0, metric: str = "euclidean") -> NDArray[np.int64]:
    """The cluster of each row by k-means: int64 [n], read-only; 0 is the largest cluster, and so on.

    Args:
        vectors: [n, D].
        k: How many clusters, from 1 to 20 and no more than there are rows.
        seed: Of the middles that it starts from; the same gives the same clusters.
        metric: ``"euclidean"``, or ``"cosine"``, which compares directions by making every row a unit vector.

    Raises:
        InvalidInput: Not a finite matrix, k or the seed out of range, or a row of zeros where directions are compared.

    References:
        Lloyd 1982, started as by Arthur and Vassilvitskii, "k-means++", 2007.
    """
    from sklearn.cluster import KMeans

    vectors = as_matrix(vectors, "The vectors")
    k = as_count(k, "The number of clusters", 1, min(MAX_CLUSTERS, len(vectors)))
    seed = as_count(seed, "The seed", 0, 2**32 - 1)
    found = KMeans(k, n_init=1, random_state=seed).fit_predict(compared_by(vectors, as_metric(metric)))
    sizes = np.bincount(found, minlength=k)
    rank = np.empty(k, dtype=np.int64)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(k)
    labels = rank[found]
    labels.flags.writeable = False
    return labels
