import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.numeric import knn
from embeddings.numeric.knn import knn_graph, knn_query, knn_sklearn

SIZES = st.tuples(st.integers(5, 40), st.sampled_from([2, 8]), st.integers(1, 4), st.integers(0, 2**32 - 1))


def all_distances(one, other) -> np.ndarray:
    return np.linalg.norm(one[:, None].astype(float) - other, axis=2)


@given(SIZES)
def test_the_nearest_others_are_found_nearest_first(sizes):
    points, dimension, k, seed = sizes
    vectors = np.random.default_rng(seed).normal(size=(points, dimension)).astype(np.float32)

    ids, distances = knn_graph(vectors, k)

    apart = all_distances(vectors, vectors) + np.diag([np.inf] * points)
    assert np.array_equal(ids, np.argsort(apart, axis=1)[:, :k])
    assert distances == pytest.approx(np.sort(apart, axis=1)[:, :k], abs=1e-5)


@given(SIZES)
def test_of_points_that_coincide_each_is_a_neighbour_of_the_others_but_not_of_itself(sizes):
    points, dimension, k, seed = sizes
    vectors = np.random.default_rng(seed).integers(0, 2, size=(points, dimension)).astype(np.float32)

    ids, distances = knn_graph(vectors, k)

    apart = all_distances(vectors, vectors) + np.diag([np.inf] * points)
    assert (ids != np.arange(points)[:, None]).all()
    assert all(len(set(row)) == k for row in ids.tolist())
    assert distances == pytest.approx(np.sort(apart, axis=1)[:, :k], abs=1e-5)


@given(SIZES)
def test_points_nearest_to_others_are_found(sizes):
    points, dimension, k, seed = sizes
    random = np.random.default_rng(seed)
    vectors, queries = random.normal(size=(points, dimension)), random.normal(size=(3, dimension))

    ids, distances = knn_query(vectors, queries, k)

    assert np.array_equal(ids, np.argsort(all_distances(queries, vectors), axis=1)[:, :k])
    assert distances == pytest.approx(np.sort(all_distances(queries, vectors), axis=1)[:, :k], abs=1e-5)


def test_in_small_blocks_the_answer_is_the_same_and_can_be_watched(monkeypatch):
    vectors, shares = np.random.default_rng(0).normal(size=(50, 6)), []
    whole = knn_graph(vectors, 4)
    monkeypatch.setattr(knn, "_PAIRS_AT_ONCE", 50 * 20)

    in_blocks = knn_graph(vectors, 4, shares.append)

    assert np.array_equal(whole[0], in_blocks[0])
    assert shares == [0.4, 0.8, 1.0]


@pytest.mark.parametrize("dimension", [2, 8, 60])
def test_in_scikit_learns_order_ties_too_are_those_of_scikit_learn(dimension, monkeypatch):
    from sklearn.neighbors import NearestNeighbors

    points = np.random.default_rng(0).integers(0, 2, size=(50, dimension)).astype(np.float32)
    shares: list[float] = []
    monkeypatch.setattr(knn, "_QUERIES_AT_ONCE", 20)

    found = knn_sklearn(points, 4, shares.append)

    expected = NearestNeighbors(n_neighbors=4).fit(points).kneighbors(return_distance=False)
    assert np.array_equal(found, expected)
    assert shares == [0.4, 0.8, 1.0]
