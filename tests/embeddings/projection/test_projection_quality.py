import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput
from embeddings.projection.projection_quality import (
    MAX_PAIRS,
    continuity,
    distance_correlation,
    neighbor_overlap,
    neighbor_overlap_by_chance,
    neighbor_overlap_per_point,
    quality,
    shepard_medians,
    shepard_sample,
    trustworthiness,
)
from embeddings.projection.registry import project
from tests.memory import allocated


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
    from sklearn import manifold

    return manifold.trustworthiness(table, on_map, n_neighbors=k, metric=metric)


SIZES = st.tuples(st.integers(12, 60), st.integers(1, 5), st.integers(0, 2**32 - 1))


@given(SIZES)
def test_trustworthiness_is_sklearns_and_continuity_its_mirror_image(sizes):
    points, k, seed = sizes
    table, on_map = table_and_map(points, seed=seed)

    found = quality(table, on_map, k)

    assert found.trustworthiness == pytest.approx(in_sklearn(table, on_map, k), abs=1e-6)
    assert found.continuity == pytest.approx(in_sklearn(on_map, table, k), abs=1e-6)


@given(SIZES)
def test_where_many_points_are_equally_far_both_are_still_sklearns(sizes):
    points, k, seed = sizes
    table, on_map = grid_and_map(points, seed)

    found = quality(table, on_map, k)

    assert found.trustworthiness == pytest.approx(in_sklearn(table, on_map, k), abs=1e-6)
    assert found.continuity == pytest.approx(in_sklearn(on_map, table, k), abs=1e-6)


def by_definition(table, on_map, k) -> tuple[float, float, float]:
    """Trustworthiness, continuity and the overlap of neighbours, word for word as they are defined."""
    n = len(table)
    near, close = (  # each point's others in their order, by distance
        [sorted(set(range(n)) - {i}, key=lambda j, i=i, rows=rows: math.dist(rows[i], rows[j])) for i in range(n)]
        for rows in (table.tolist(), on_map.tolist())
    )
    most = n * k * (2 * n - 3 * k - 1) / 2
    made_up = sum(near[i].index(j) + 1 - k for i in range(n) for j in set(close[i][:k]) - set(near[i][:k]))
    torn = sum(close[i].index(j) + 1 - k for i in range(n) for j in set(near[i][:k]) - set(close[i][:k]))
    both = sum(len(set(near[i][:k]) & set(close[i][:k])) for i in range(n))
    return 1 - made_up / most, 1 - torn / most, both / (n * k)


@given(SIZES)
def test_each_number_of_neighbours_is_that_of_its_definition(sizes):
    points, k, seed = sizes
    table, on_map = table_and_map(points, seed=seed)

    numbers = [number(table, on_map, k) for number in (trustworthiness, continuity, neighbor_overlap)]

    assert numbers == pytest.approx(by_definition(table, on_map, k), abs=1e-6)


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
@pytest.mark.parametrize("points", [60, 1_000])
def test_each_number_by_itself_is_the_one_that_comes_with_all_the_others(points, metric):
    table, on_map = table_and_map(points)
    found = quality(table, on_map, 5, metric, seed=3)

    assert trustworthiness(table, on_map, 5, metric) == found.trustworthiness
    assert continuity(table, on_map, 5, metric) == found.continuity
    assert neighbor_overlap(table, on_map, 5, metric) == found.neighbor_overlap
    assert np.array_equal(neighbor_overlap_per_point(table, on_map, 5, metric), found.neighbor_overlap_per_point)
    assert distance_correlation(table, on_map, metric, seed=3) == found.spearman
    assert distance_correlation(table, on_map, metric, ranks=False, seed=3) == found.pearson


def test_all_numbers_at_once_look_for_the_neighbours_only_once(monkeypatch):
    from sklearn.neighbors import NearestNeighbors

    real, searches = NearestNeighbors.fit, []
    monkeypatch.setattr(NearestNeighbors, "fit", lambda *asked: searches.append(1) or real(*asked))

    quality(*table_and_map())

    assert len(searches) == 2  # in the table, and on the map


NUMBERS = (quality, trustworthiness, continuity, neighbor_overlap, neighbor_overlap_per_point)


def test_trustworthiness_of_a_map_of_words_is_sklearns(glove):
    table = np.ascontiguousarray(glove.matrix[:2_000])
    on_map = project(table).coordinates

    found = quality(table, on_map)

    assert found.trustworthiness == pytest.approx(in_sklearn(table, on_map, 10), abs=1e-6)
    assert found.continuity == pytest.approx(in_sklearn(on_map, table, 10), abs=1e-6)


def test_by_cosine_trustworthiness_is_sklearns_by_cosine():
    table, on_map = table_and_map()

    assert quality(table, on_map, 5, "cosine").trustworthiness == pytest.approx(
        in_sklearn(table, on_map, 5, "cosine"), abs=1e-6
    )


@given(SIZES)
def test_a_map_that_is_the_table_itself_is_perfect(sizes):
    points, k, seed = sizes
    table = table_and_map(points, dimension=2, seed=seed)[0]

    perfect = quality(table, 8 * table, k)  # a power of two, so that nothing is rounded

    assert (perfect.trustworthiness, perfect.continuity, perfect.neighbor_overlap) == (1, 1, 1)
    assert (perfect.pearson, perfect.spearman) == pytest.approx((1, 1))


def test_the_overlap_of_a_point_is_the_share_of_its_neighbours_that_the_map_keeps():
    table, on_map = table_and_map(40)
    found = quality(table, on_map, 8)

    for point, overlap in enumerate(found.neighbor_overlap_per_point):
        nearest = [set(np.argsort(np.linalg.norm(each - each[point], axis=1))[1:9]) for each in (table, on_map)]
        assert overlap == pytest.approx(len(nearest[0] & nearest[1]) / 8)
    assert found.neighbor_overlap == pytest.approx(found.neighbor_overlap_per_point.mean())


@given(SIZES)
def test_the_neighbours_of_a_point_are_kept_missed_or_made_up(sizes):
    points, k, seed = sizes
    found = quality(*table_and_map(points, seed=seed), k)

    for point in range(points):
        near = found.neighbors_of(point)
        assert len(near.kept) + len(near.missed) == len(near.kept) + len(near.false) == k
        assert len({point, *near.kept, *near.missed, *near.false}) == 1 + 2 * k - len(near.kept)
        assert len(near.kept) / k == pytest.approx(found.neighbor_overlap_per_point[point])


def test_neighbours_on_a_line_folded_onto_itself_are_told_true_from_false():
    line = np.arange(8.0)[:, None]
    folded = np.array([[0.5, 0], [1, 0], [2, 0], [3, 0], [3.1, 0], [2.1, 0], [1.1, 0], [0.1, 0]])

    near = quality(line, folded, 2).neighbors_of(1)

    assert (near.kept, near.missed, near.false) == ((0,), (2,), (6,))


def test_a_point_that_is_not_there_has_no_neighbours():
    with pytest.raises(InvalidInput, match="The row of the point must be a whole number from 0 to 59, not 60"):
        quality(*table_and_map()).neighbors_of(60)


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_distances_correlate_as_scipy_says(metric):
    from scipy.spatial.distance import pdist
    from scipy.stats import pearsonr, spearmanr

    table, on_map = table_and_map()
    apart = pdist(table.astype(float), metric), pdist(on_map.astype(float))

    found = quality(table, on_map, metric=metric)

    assert found.pairs == 60 * 59 // 2
    assert found.pearson == pytest.approx(pearsonr(*apart).statistic, abs=1e-6)
    assert found.spearman == pytest.approx(spearmanr(*apart).statistic, abs=1e-5)


def test_of_many_points_a_seeded_sample_of_pairs_is_compared():
    from scipy.spatial.distance import pdist
    from scipy.stats import pearsonr

    table, on_map = table_and_map(1_000)
    first, again, other = (quality(table, on_map, seed=seed) for seed in (0, 0, 1))

    assert first.pairs == MAX_PAIRS
    assert first.pearson == again.pearson != other.pearson
    assert first.pearson == pytest.approx(pearsonr(pdist(table), pdist(on_map)).statistic, abs=0.01)


def test_distances_that_are_all_equal_correlate_with_nothing():
    found = quality(np.eye(6), np.random.default_rng(0).normal(size=(6, 2)), 2)

    assert math.isnan(found.pearson)
    assert math.isnan(found.spearman)


def test_memory_grows_with_the_points_and_not_with_their_pairs():
    def max_taken(points: int) -> int:
        table, on_map = table_and_map(points)
        return allocated(lambda: lambda: quality(table, on_map))

    small, large = max_taken(2_000), max_taken(6_000)

    assert large < 100_000_000
    assert large < 2 * small  # of pairs there are nine times as many


def test_what_is_measured_cannot_be_written():
    found = quality(*table_and_map())

    for array in (
        found.neighbor_overlap_per_point,
        found.neighbors_high,
        found.neighbors_low,
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
        quality(*table_and_map(4_000), report=report)
    assert 0 < shares[0] < shares[1] < shares[2] <= 1


def test_whoever_watches_is_asked_between_the_blocks_of_the_first_search():
    shares = []

    quality(*table_and_map(5_000), report=lambda share, words: shares.append(share))

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


@pytest.mark.parametrize("number", NUMBERS)
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
def test_what_cannot_be_compared_is_refused(number, table, on_map, k, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        number(table, on_map, k)


def test_distances_that_cannot_be_compared_are_refused():
    for table, on_map, sentence in (
        (np.eye(6), np.eye(5), "A map of 5 points does not show 6 vectors"),
        (np.eye(2), np.eye(2), "A map can be judged from three words on"),
        (np.eye(6), np.full((6, 2), np.nan), "The map: there is NaN"),
    ):
        with pytest.raises(InvalidInput, match=sentence):
            distance_correlation(table, on_map)
    with pytest.raises(InvalidInput, match="The seed must be a whole number from 0"):
        distance_correlation(np.eye(6), np.eye(6), seed=-1)


def test_a_vector_of_zeros_has_no_cosine_to_judge_by():
    table, on_map = table_and_map()
    table[4] = 0

    with pytest.raises(InvalidInput, match="Row 5 is all zeros"):
        quality(table, on_map, metric="cosine")
    with pytest.raises(InvalidInput, match="There is no metric called 'dot'"):
        shepard_sample(table, on_map, metric="dot")


@pytest.mark.parametrize("pairs", [0, 100_001, 2.5])
def test_a_shepard_sample_of_a_senseless_size_is_refused(pairs):
    with pytest.raises(InvalidInput, match="The number of pairs must be a whole number from 1 to 100,000"):
        shepard_sample(*table_and_map(), n_pairs=pairs)


def test_what_chance_keeps_is_what_maps_at_random_keep_on_average():
    table, _ = table_and_map(40)
    random = np.random.default_rng(0)

    kept = [neighbor_overlap(table, random.normal(size=(40, 2)), 5) for _ in range(200)]

    assert np.mean(kept) == pytest.approx(neighbor_overlap_by_chance(40, 5), abs=0.01)
    with pytest.raises(InvalidInput, match="The number of neighbours must be a whole number from 1 to 39, not 40"):
        neighbor_overlap_by_chance(40, 40)


def test_the_line_through_a_shepard_plot_is_the_median_of_each_bin_with_enough_pairs():
    in_table = np.concatenate([np.full(9, 0.5), np.full(3, 1.5), np.full(6, 2.5), [0, 3]])
    on_map = np.concatenate([np.arange(9), np.full(3, 50), np.arange(6), [4, 2.5]])

    middles, medians = shepard_medians(in_table, on_map, bins=3)

    assert middles.tolist() == [0.5, 2.5]  # the three pairs between are too few
    assert medians.tolist() == [4, 2.5]
    with pytest.raises(InvalidInput, match="The number of bins must be a whole number from 1 to 1,000, not 0"):
        shepard_medians(in_table, on_map, bins=0)
