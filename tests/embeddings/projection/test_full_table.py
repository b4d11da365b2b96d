"""A whole table on one map."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from embeddings.common.errors import InvalidInput, UnknownToken
from embeddings.projection.full_table import (
    MAX_DRAWN,
    density,
    project_full_table,
    rank_on_map,
    sample_ids,
    sampled_quality,
)
from embeddings.projection.projection_quality import quality
from embeddings.vectors.word_vectors import WordVectors


@pytest.fixture(scope="module")
def small():
    rows = np.random.default_rng(0).standard_normal((500, 6)) * [5, 4, 3, 2, 1, 0.5]
    return WordVectors.of("small", [f"w{i}" for i in range(500)], rows)


def test_all_words_lie_where_scikit_learn_puts_them(small):
    whole, peer = project_full_table(small), PCA(2).fit_transform(small.matrix)
    signs = np.sign((whole.coordinates * peer).sum(axis=0))
    assert np.abs(whole.coordinates - peer * signs).max() < 1e-3


def test_other_components_can_be_drawn_and_say_what_they_hold(small):
    whole = project_full_table(small, components=(3, 2))
    assert whole.components == (3, 2)
    assert whole.explained_variance_ratio == pytest.approx((whole.all_variance_ratios[2], whole.all_variance_ratios[1]))
    assert whole.coordinates.var(axis=0)[0] < whole.coordinates.var(axis=0)[1]


def test_the_work_can_be_watched_and_stopped(small):
    class Enough(Exception):
        pass

    def stop(share, words):
        raise Enough

    with pytest.raises(Enough):
        project_full_table(small, report=stop)


def test_a_component_that_is_not_there_is_refused(small):
    with pytest.raises(InvalidInput, match="no component 7"):
        project_full_table(small, components=(1, 7))


@given(st.integers(0, 1_000), st.integers(10, 60))
def test_every_point_is_counted_once(seed, side):
    points = np.random.default_rng(seed).standard_cauchy((300, 2)).clip(-1e6, 1e6)
    grid = density(points, side)
    assert grid.counts.sum() == 300
    assert grid.counts.shape == (side, side)


def test_a_cell_counts_the_points_within_it():
    grid = density([[0, 0], [0.01, 0.01], [1, 1]], side=10)
    assert (grid.counts[0, 0], grid.counts[9, 9], grid.counts.sum()) == (2, 1, 3)


def test_one_place_for_all_is_one_full_cell():
    assert density(np.ones((7, 2))).counts.max() == 7


def test_the_most_frequent_are_the_first_rows_and_a_random_draw_is_seeded():
    assert sample_ids(100, 5).tolist() == [0, 1, 2, 3, 4]
    drawn = sample_ids(10_000, 50, "random", seed=3)
    assert drawn.tolist() == sample_ids(10_000, 50, "random", seed=3).tolist()
    assert len(set(drawn.tolist())) == 50
    assert drawn.mean() > 3_000


def test_no_more_are_drawn_than_there_are():
    assert sample_ids(3, 50, "random").tolist() == [0, 1, 2]


@pytest.mark.parametrize("arguments", [(0, 5), (5, 0), (5, MAX_DRAWN + 1), (5, 5, "alphabet"), (5, 5, "random", -1)])
def test_what_cannot_be_drawn_is_refused(arguments):
    with pytest.raises(InvalidInput):
        sample_ids(*arguments)


def test_words_that_lie_nearer_are_counted():
    table = WordVectors.of("t", ["a", "b", "c", "d"], [[3, 0, 1], [3, 0, 1.1], [-3, 1, 0], [0, -2, 0]])
    whole = project_full_table(table)
    ((nearest, nearer),) = rank_on_map(table, whole, "a", n=1)
    assert (nearest, nearer) == ("b", 0)


def test_an_unknown_word_is_named(small):
    with pytest.raises(UnknownToken):
        rank_on_map(small, project_full_table(small), "nowhere")


def test_a_map_of_another_table_is_refused(small, glove):
    with pytest.raises(InvalidInput, match="shows 500 words"):
        rank_on_map(glove, project_full_table(small), "king")


def test_trust_is_measured_on_a_seeded_sample(glove):
    whole = project_full_table(glove)
    trust, again, other = (sampled_quality(glove, whole, n=200, seed=seed) for seed in (1, 1, 2))
    ids = sample_ids(len(glove), 200, "random", seed=1)

    expected = quality(glove.matrix[ids], whole.coordinates[ids], seed=1)

    assert trust.trustworthiness == again.trustworthiness == expected.trustworthiness
    assert other.trustworthiness != trust.trustworthiness


def test_two_words_cannot_be_judged():
    two = WordVectors.of("two", ["a", "b"], np.array([[0.0, 1], [1, 0]]))

    assert sampled_quality(two, project_full_table(two)) is None
