"""Rows that lie much nearer to each other than to the origin, where float32's sums lose what tells them apart."""

import numpy as np
import pytest

from embeddings.common import no_progress
from embeddings.evaluation.batch_search import Exclusions, batch_top1
from embeddings.numeric.knn import knn_graph, knn_query
from embeddings.projection.projection_quality import quality
from embeddings.projection.registry import project
from embeddings.similarity.analogies import analogy_rankings, rank_expression
from embeddings.similarity.neighbors import most_similar, nearest
from embeddings.similarity.outliers import odd_one_out
from embeddings.vectors.word_vectors import WordVectors


def far_table(words: int, dimension: int, away: float = 10_000) -> WordVectors:
    matrix = (away + np.random.default_rng(dimension).normal(size=(words, dimension))).astype(np.float32)
    return WordVectors.of("far", [f"w{i}" for i in range(words)], matrix)


def cosines_to(table: WordVectors, query: np.ndarray) -> np.ndarray:
    rows = table.matrix.astype(np.float64)
    return rows @ query / (np.linalg.norm(rows, axis=1) * np.linalg.norm(query))


def words_of(answer) -> set[str]:
    return {word for word, _ in answer}


@pytest.mark.parametrize("shape", [(1_000, 3), (1_000, 50), (30_000, 8)])
@pytest.mark.parametrize("preparation", ["raw", "mean_centered"])
def test_the_nearest_by_distance_are_all_that_float64_finds(shape, preparation):
    table = far_table(*shape)
    rows = table.matrix.astype(np.float64)

    for i in (0, 7, shape[0] - 1):
        apart = np.linalg.norm(rows - rows[i], axis=1)
        answer = nearest(table, f"w{i}", metric="euclidean", preprocessing=preparation)

        assert words_of(answer) == {table.tokens[j] for j in np.argsort(apart)[:10]}
        assert answer[0] == (f"w{i}", pytest.approx(0, abs=1e-9))


@pytest.mark.parametrize("shape", [(1_000, 3), (1_000, 50)])
def test_the_nearest_by_angle_are_all_that_float64_finds(shape):
    table = far_table(*shape)
    best = np.argsort(-cosines_to(table, table.matrix[5].astype(np.float64)))

    found = [words_of(nearest(table, "w5")), words_of(most_similar(table, "w5", exclude_inputs=False))]

    assert found == [{table.tokens[i] for i in best[:10]}] * 2


def test_the_best_answers_to_a_sum_are_those_that_float64_finds():
    table = far_table(1_000, 20)
    units = table.matrix.astype(np.float64)
    units /= np.linalg.norm(units, axis=1, keepdims=True)
    best = np.argsort(-(units @ (units[1] - units[0] + units[2])))[:5]

    assert words_of(rank_expression(table, {"w1": 1, "w0": -1, "w2": 1}, n=5).with_inputs) == {f"w{i}" for i in best}


def test_the_best_answers_by_a_product_are_those_that_float64_finds():
    table = far_table(1_000, 20)
    units = table.matrix.astype(np.float64)
    units /= np.linalg.norm(units, axis=1, keepdims=True)
    from_a, to_b, to_c = (1 + units[:3] @ units.T) / 2
    best = np.argsort(-to_b * to_c / (from_a + 1e-6))[:100]

    rankings = analogy_rankings(table, "w0", "w1", "w2", n=100, method="3CosMul")

    assert words_of(rankings.with_inputs) == {f"w{i}" for i in best}


def test_the_best_match_of_each_of_many_queries_is_the_one_that_float64_finds():
    table = far_table(3_000, 20)
    units = table.matrix.astype(np.float64)
    units /= np.linalg.norm(units, axis=1, keepdims=True)
    products = units[:200] @ units.T
    np.fill_diagonal(products, -np.inf)

    found, scores = batch_top1(table, units[:200], 3_000, Exclusions.of([[i] for i in range(200)]), no_progress)

    assert found.tolist() == products.argmax(axis=1).tolist()
    assert scores == pytest.approx(products.max(axis=1), rel=1e-12)


def test_the_odd_one_is_the_one_that_points_elsewhere():
    matrix = 10_000 + np.array([[1, 0, 0], [2, 0, 0], [1.5, 0, 0], [0, 3, 0]])

    assert odd_one_out(WordVectors.of("far", list("abcd"), matrix), list("abcd")).word == "d"


@pytest.mark.parametrize(
    "points",
    [
        far_table(500, 20, away=1e6).matrix,
        np.concatenate([far_table(100, 20).matrix, np.full((1, 20), -1e9, dtype=np.float32)]),
        np.concatenate([far_table(100, 6, away=1e5).matrix, -far_table(100, 6, away=1e5).matrix]),
    ],
    ids=["a million away", "beside one very far", "two clouds far apart"],
)
def test_the_neighbours_of_points_are_those_of_their_differences(points):
    from scipy.spatial.distance import cdist

    apart = cdist(points.astype(np.float64), points.astype(np.float64))
    np.fill_diagonal(apart, np.inf)

    ids, distances = knn_graph(points, 5)

    assert distances == pytest.approx(np.sort(apart, axis=1)[:, :5])
    assert np.take_along_axis(apart, ids, axis=1) == pytest.approx(distances)
    assert knn_query(points, points[:9], 1)[1].tolist() == [[0]] * 9


def test_twins_are_at_distance_zero_wherever_they_lie():
    points = np.repeat(far_table(40, 20).matrix, 2, axis=0)

    assert (knn_graph(points, 3)[1][:, 0] == 0).all()


def test_the_spread_of_many_rows_is_told_beside_a_column_that_does_not_spread():
    noise = np.random.default_rng(0).normal(size=(20_000, 2))
    table = np.column_stack([np.full(20_000, 12_345.6), noise])
    variances = np.linalg.eigvalsh(np.cov(noise.astype(np.float32).astype(np.float64).T))[::-1]

    drawn = project(table, "pca")

    assert drawn.explained_variance_ratio == pytest.approx(variances / variances.sum(), abs=1e-5)
    assert quality(table[:300], drawn.coordinates[:300]).trustworthiness > 0.999
    assert np.abs(drawn.coordinates.mean(axis=0)).max() < 1e-3


def test_a_map_is_judged_the_same_wherever_its_table_lies():
    here = far_table(300, 20, away=0).matrix
    drawn = project(here, "pca").coordinates

    there = quality(here + np.float32(10_000), drawn)

    assert there.trustworthiness == pytest.approx(quality(here, drawn).trustworthiness, abs=0.005)
    assert there.pearson == pytest.approx(quality(here, drawn).pearson, abs=0.005)
