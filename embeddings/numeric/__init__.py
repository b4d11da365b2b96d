"""Numerical methods: arrays in, arrays out."""

from embeddings.numeric.correlation import pearson, spearman
from embeddings.numeric.differences import largest_difference, nonzero_rows
from embeddings.numeric.distance import (
    check_metric,
    cosine,
    cosines,
    mean_cosine,
    normalize_for_metric,
    pairwise_cosines,
    unit_rows,
)
from embeddings.numeric.kmeans import MAX_CLUSTERS, kmeans_labels
from embeddings.numeric.knn import knn_graph, knn_query, knn_sklearn
from embeddings.numeric.pca import (
    PCA,
    axes_of,
    chosen_components,
    covariance_of,
    explained_variance,
    fit_pca,
)
from embeddings.numeric.seriation import optimal_leaf_ordering
from embeddings.numeric.silhouettes import silhouette, silhouette_samples
from embeddings.numeric.top_k import best

__all__ = [
    "MAX_CLUSTERS",
    "PCA",
    "axes_of",
    "best",
    "check_metric",
    "chosen_components",
    "cosine",
    "cosines",
    "covariance_of",
    "explained_variance",
    "fit_pca",
    "kmeans_labels",
    "knn_graph",
    "knn_query",
    "knn_sklearn",
    "largest_difference",
    "mean_cosine",
    "nonzero_rows",
    "normalize_for_metric",
    "optimal_leaf_ordering",
    "pairwise_cosines",
    "pearson",
    "silhouette",
    "silhouette_samples",
    "spearman",
    "unit_rows",
]
