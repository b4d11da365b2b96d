"""A whole table on one map."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from embeddings.errors import InvalidInput, UnknownToken
from embeddings.faithfulness import assess
from embeddings.whole_table import MAX_DRAWN, density, drawn_ids, nearer_on_map, place_all, trust_of_sample
from embeddings.word_vectors import WordVectors


@pytest.fixture(scope="module")
def small():
    rows = np.random.default_rng(0).standard_normal((500, 6)) * [5, 4, 3, 2, 1, 0.5]
    return WordVectors.of("small", [f"w{i}" for i in range(500)], rows)


def test_all_words_lie_where_scikit_learn_puts_them(small):
    whole, peer = place_all(small), PCA(2).fit_transform(small.matrix)
    signs = np.sign((whole.coordinates * peer).sum(axis=0))
    assert np.abs(whole.coordinates - peer * signs).max() < 1e-3


def test_other_components_can_be_drawn_and_say_what_they_hold(small):
    whole = place_all(small, components=(3, 2))
    assert whole.components == (3, 2)
    assert whole.explained == pytest.approx((whole.spectrum[2], whole.spectrum[1]))
    assert whole.coordinates.var(axis=0)[0] < whole.coordinates.var(axis=0)[1]


def test_the_work_can_be_watched_and_stopped(small):
    class Enough(Exception):
        pass

    def stop(share, words):
        raise Enough

    with pytest.raises(Enough):
        place_all(small, report=stop)


def test_a_component_that_is_not_there_is_refused(small):
    with pytest.raises(InvalidInput, match="no component 7"):
        place_all(small, components=(1, 7))


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
    assert drawn_ids(100, 5).tolist() == [0, 1, 2, 3, 4]
    drawn = drawn_ids(10_000, 50, "random", seed=3)
    assert drawn.tolist() == drawn_ids(10_000, 50, "random", seed=3).tolist()
    assert len(set(drawn.tolist())) == 50
    assert drawn.mean() > 3_000


def test_no_more_are_drawn_than_there_are():
    assert drawn_ids(3, 50, "random").tolist() == [0, 1, 2]


@pytest.mark.parametrize("arguments", [(0, 5), (5, 0), (5, MAX_DRAWN + 1), (5, 5, "alphabet"), (5, 5, "random", -1)])
def test_what_cannot_be_drawn_is_refused(arguments):
    with pytest.raises(InvalidInput):
        drawn_ids(*arguments)


def test_words_that_lie_nearer_are_counted():
    table = WordVectors.of("t", ["a", "b", "c", "d"], [[3, 0, 1], [3, 0, 1.1], [-3, 1, 0], [0, -2, 0]])
    whole = place_all(table)
    ((nearest, nearer),) = nearer_on_map(table, whole, "a", n=1)
    assert (nearest, nearer) == ("b", 0)


def test_an_unknown_word_is_named(small):
    with pytest.raises(UnknownToken):
        nearer_on_map(small, place_all(small), "nowhere")


def test_a_map_of_another_table_is_refused(small, glove):
    with pytest.raises(InvalidInput, match="shows 500 words"):
        nearer_on_map(glove, place_all(small), "king")


def test_trust_is_measured_on_a_seeded_sample(glove):
    whole = place_all(glove)
    trust, again, other = (trust_of_sample(glove, whole, n=200, seed=seed) for seed in (1, 1, 2))
    ids = drawn_ids(len(glove), 200, "random", seed=1)

    expected = assess(glove.matrix[ids], whole.coordinates[ids], seed=1)

    assert trust.trustworthiness == again.trustworthiness == expected.trustworthiness
    assert other.trustworthiness != trust.trustworthiness


def test_two_words_cannot_be_judged():
    two = WordVectors.of("two", ["a", "b"], np.array([[0.0, 1], [1, 0]]))

    assert trust_of_sample(two, place_all(two)) is None
