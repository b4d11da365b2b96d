"""Clusters in all dimensions."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from embeddings.common.errors import InvalidInput
from embeddings.numeric.kmeans import kmeans_labels


def blobs(sizes=(30, 20, 10), D=8):
    random = np.random.default_rng(0)
    middles = 20 * np.eye(len(sizes), D)
    truth = np.repeat(np.arange(len(sizes)), sizes)
    return middles[truth] + random.standard_normal((len(truth), D)), truth


def test_groups_far_apart_are_found_the_largest_first():
    vectors, truth = blobs()
    assert kmeans_labels(vectors, 3).tolist() == truth.tolist()


def test_the_same_seed_gives_the_same_clusters():
    vectors = np.random.default_rng(1).standard_normal((200, 5))
    assert kmeans_labels(vectors, 7, seed=4).tolist() == kmeans_labels(vectors, 7, seed=4).tolist()


def test_by_cosine_length_does_not_matter():
    vectors, _ = blobs()
    longer = vectors * np.random.default_rng(2).uniform(1, 50, (len(vectors), 1))
    assert (
        adjusted_rand_score(kmeans_labels(vectors, 3, metric="cosine"), kmeans_labels(longer, 3, metric="cosine")) == 1
    )


@pytest.mark.parametrize("k", [0, 21, 61, True, 2.0])
def test_a_number_of_clusters_out_of_range_is_refused(k):
    with pytest.raises(InvalidInput, match="number of clusters"):
        kmeans_labels(blobs()[0], k)


def test_a_row_of_zeros_has_no_direction():
    with pytest.raises(InvalidInput, match="all zeros"):
        kmeans_labels(np.array([[0.0, 0], [1, 0]]), 1, metric="cosine")


def test_equal_rows_are_one_cluster_however_many_are_asked_for():
    vectors = np.repeat(np.eye(3), [5, 4, 2], axis=0)
    assert kmeans_labels(vectors, 6).tolist() == [0] * 5 + [1] * 4 + [2] * 2
