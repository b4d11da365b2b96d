import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.errors import InvalidInput
from embeddings.faithfulness import MAX_PAIRS, assess, shepard_sample
from embeddings.projection import project


def table_and_map(points: int = 60, dimension: int = 6, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Random points, and a map of them that keeps two of their numbers and blurs those."""
    random = np.random.default_rng(seed)
    table = random.normal(size=(points, dimension)).astype(np.float32)
    return table, (table[:, :2] + random.normal(size=(points, 2)) / 3).astype(np.float32)


def grid_and_map(points: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Whole numbers within a small range: many points coincide, and many distances are equal."""
    random = np.random.default_rng(seed)
    return random.integers(0, 3, (points, 4)).astype(np.float32), random.integers(0, 4, (points, 2)).astype(np.float32)


def in_sklearn(table, on_map, k, metric="euclidean") -> float:
    from sklearn.manifold import trustworthiness

    return trustworthiness(table, on_map, n_neighbors=k, metric=metric)


SIZES = st.tuples(st.integers(12, 60), st.integers(1, 5), st.integers(0, 2**32 - 1))


@given(SIZES)
def test_trustworthiness_is_sklearns_and_continuity_its_mirror_image(sizes):
    points, k, seed = sizes
    table, on_map = table_and_map(points, seed=seed)

    faithfulness = assess(table, on_map, k)

    assert faithfulness.trustworthiness == pytest.approx(in_sklearn(table, on_map, k), abs=1e-6)
    assert faithfulness.continuity == pytest.approx(in_sklearn(on_map, table, k), abs=1e-6)


@given(SIZES)
def test_where_many_points_are_equally_far_both_are_still_sklearns(sizes):
    points, k, seed = sizes
    table, on_map = grid_and_map(points, seed)

    faithfulness = assess(table, on_map, k)

    assert faithfulness.trustworthiness == pytest.approx(in_sklearn(table, on_map, k), abs=1e-6)
    assert faithfulness.continuity == pytest.approx(in_sklearn(on_map, table, k), abs=1e-6)


def test_trustworthiness_of_a_map_of_words_is_sklearns(glove):
    table = np.ascontiguousarray(glove.matrix[:2_000])
    on_map = project(table).coordinates

    faithfulness = assess(table, on_map)

    assert faithfulness.trustworthiness == pytest.approx(in_sklearn(table, on_map, 10), abs=1e-6)
    assert faithfulness.continuity == pytest.approx(in_sklearn(on_map, table, 10), abs=1e-6)


def test_by_cosine_trustworthiness_is_sklearns_by_cosine():
    table, on_map = table_and_map()

    assert assess(table, on_map, 5, "cosine").trustworthiness == pytest.approx(
        in_sklearn(table, on_map, 5, "cosine"), abs=1e-6
    )


@given(SIZES)
def test_a_map_that_is_the_table_itself_is_perfect(sizes):
    points, k, seed = sizes
    table = table_and_map(points, dimension=2, seed=seed)[0]

    perfect = assess(table, 7 * table, k)

    assert (perfect.trustworthiness, perfect.continuity, perfect.neighbour_overlap) == (1, 1, 1)
    assert (perfect.pearson, perfect.spearman) == pytest.approx((1, 1))


def test_the_overlap_of_a_point_is_the_share_of_its_neighbours_that_the_map_keeps():
    table, on_map = table_and_map(40)
    faithfulness = assess(table, on_map, 8)

    for point, overlap in enumerate(faithfulness.overlap_per_point):
        nearest = [set(np.argsort(np.linalg.norm(each - each[point], axis=1))[1:9]) for each in (table, on_map)]
        assert overlap == pytest.approx(len(nearest[0] & nearest[1]) / 8)
    assert faithfulness.neighbour_overlap == pytest.approx(faithfulness.overlap_per_point.mean())


@given(SIZES)
def test_the_neighbours_of_a_point_are_kept_missed_or_made_up(sizes):
    points, k, seed = sizes
    faithfulness = assess(*table_and_map(points, seed=seed), k)

    for point in range(points):
        near = faithfulness.neighbours_of(point)
        assert len(near.true) + len(near.missed) == len(near.true) + len(near.false) == k
        assert len({point, *near.true, *near.missed, *near.false}) == 1 + 2 * k - len(near.true)
        assert len(near.true) / k == pytest.approx(faithfulness.overlap_per_point[point])


def test_neighbours_on_a_line_folded_onto_itself_are_told_true_from_false():
    line = np.arange(8.0)[:, None]
    folded = np.array([[0.5, 0], [1, 0], [2, 0], [3, 0], [3.1, 0], [2.1, 0], [1.1, 0], [0.1, 0]])

    near = assess(line, folded, 2).neighbours_of(1)

    assert (near.true, near.missed, near.false) == ((0,), (2,), (6,))


def test_a_point_that_is_not_there_has_no_neighbours():
    with pytest.raises(InvalidInput, match="The row of the point must be a whole number from 0 to 59, not 60"):
        assess(*table_and_map()).neighbours_of(60)


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_distances_correlate_as_scipy_says(metric):
    from scipy.spatial.distance import pdist
    from scipy.stats import pearsonr, spearmanr

    table, on_map = table_and_map()
    apart = pdist(table.astype(float), metric), pdist(on_map.astype(float))

    faithfulness = assess(table, on_map, metric=metric)

    assert faithfulness.pairs == 60 * 59 // 2
    assert faithfulness.pearson == pytest.approx(pearsonr(*apart).statistic, abs=1e-6)
    assert faithfulness.spearman == pytest.approx(spearmanr(*apart).statistic, abs=1e-5)


def test_of_many_points_a_seeded_sample_of_pairs_is_compared():
    from scipy.spatial.distance import pdist
    from scipy.stats import pearsonr

    table, on_map = table_and_map(1_000)
    first, again, other = (assess(table, on_map, seed=seed) for seed in (0, 0, 1))

    assert first.pairs == MAX_PAIRS
    assert first.pearson == again.pearson != other.pearson
    assert first.pearson == pytest.approx(pearsonr(pdist(table), pdist(on_map)).statistic, abs=0.01)


def test_distances_that_are_all_equal_correlate_with_nothing():
    faithfulness = assess(np.eye(6), np.random.default_rng(0).normal(size=(6, 2)), 2)

    assert math.isnan(faithfulness.pearson)
    assert math.isnan(faithfulness.spearman)


def test_memory_grows_with_the_points_and_not_with_their_pairs():
    def most_taken(points: int) -> int:
        table, on_map = table_and_map(points)
        tracemalloc.start()
        assess(table, on_map)
        taken = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return taken

    most_taken(50)  # libraries are loaded
    small, large = most_taken(2_000), most_taken(6_000)

    assert large < 100_000_000
    assert large < 2 * small  # of pairs there are nine times as many


def test_what_is_measured_cannot_be_written():
    faithfulness = assess(*table_and_map())

    for array in (
        faithfulness.overlap_per_point,
        faithfulness.neighbours_in_table,
        faithfulness.neighbours_on_map,
    ):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_whoever_watches_hears_how_far_it_is_and_can_stop_it():
    shares = []

    def report(share, words):
        shares.append(share)
        if len(shares) == 3:
            raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        assess(*table_and_map(4_000), report=report)
    assert 0 < shares[0] < shares[1] < shares[2] <= 1


def test_whoever_watches_is_asked_between_the_blocks_of_the_first_search():
    shares = []

    assess(*table_and_map(5_000), report=lambda share, words: shares.append(share))

    assert sum(share <= 0.15 for share in shares) == 3  # blocks of 2,048 points
    assert shares == sorted(shares)


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_a_shepard_sample_of_few_points_is_every_pair(metric):
    from scipy.spatial.distance import pdist

    table, on_map = table_and_map(20)

    sample = shepard_sample(table, on_map, metric=metric)

    assert sample.pairs.tolist() == [[i, j] for i in range(20) for j in range(i + 1, 20)]
    assert sample.in_table == pytest.approx(pdist(table, metric), abs=1e-5)
    assert sample.on_map == pytest.approx(pdist(on_map), abs=1e-5)


def test_a_shepard_sample_of_many_points_is_drawn_with_a_seed_and_has_no_point_with_itself():
    table, on_map = table_and_map(300)
    first, again, other = (shepard_sample(table, on_map, 500, seed=seed) for seed in (0, 0, 1))

    assert np.array_equal(first.pairs, again.pairs)
    assert not np.array_equal(first.pairs, other.pairs)
    assert first.pairs.shape == (500, 2)
    assert (first.pairs[:, 0] != first.pairs[:, 1]).all()
    i, j = first.pairs[7]
    assert first.in_table[7] == pytest.approx(np.linalg.norm(table[i] - table[j]), abs=1e-5)


@given(SIZES)
def test_pairs_are_drawn_from_all_points_alike(sizes):
    points, _, seed = sizes

    pairs = shepard_sample(*table_and_map(points, seed=seed), n_pairs=50, seed=seed).pairs

    assert 0 <= pairs.min() <= pairs.max() < points
    assert len(np.unique(pairs)) > points / 2


@pytest.mark.parametrize(
    ("table", "on_map", "k", "sentence"),
    [
        (np.eye(6), np.eye(5), 2, "A map of 5 points does not show 6 vectors"),
        (np.eye(2), np.eye(2), 1, "A map can be judged from three words on"),
        (np.eye(6), np.eye(6), 3, "For 6 points the number of neighbours must be a whole number from 1 to 2, not 3"),
        (np.eye(6), np.eye(6), 0, "For 6 points the number of neighbours must be a whole number from 1 to 2, not 0"),
        (np.eye(6), np.full((6, 2), np.nan), 2, "The map: there is NaN"),
        (np.full((6, 2), np.inf), np.eye(6), 2, "The vectors: there is NaN or too large a number"),
    ],
)
def test_what_cannot_be_compared_is_refused(table, on_map, k, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        assess(table, on_map, k)


def test_a_vector_of_zeros_has_no_cosine_to_judge_by():
    table, on_map = table_and_map()
    table[4] = 0

    with pytest.raises(InvalidInput, match="Row 5 is all zeros"):
        assess(table, on_map, metric="cosine")
    with pytest.raises(InvalidInput, match="There is no metric called 'dot'"):
        shepard_sample(table, on_map, metric="dot")


@pytest.mark.parametrize("pairs", [0, 100_001, 2.5])
def test_a_shepard_sample_of_a_senseless_size_is_refused(pairs):
    with pytest.raises(InvalidInput, match="The number of pairs must be a whole number from 1 to 100,000"):
        shepard_sample(*table_and_map(), n_pairs=pairs)
