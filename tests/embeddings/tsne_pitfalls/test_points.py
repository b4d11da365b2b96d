import numpy as np
import pytest

from embeddings.tsne_pitfalls.points import (
    MADE,
    ring_and_years,
    two_gaps,
    two_scales,
    words_and_noise,
    words_noise_and_clusters,
)
from embeddings.vectors.word_vectors import WordVectors


@pytest.fixture
def table() -> WordVectors:
    """200 made-up words of 6 numbers, in two lumps."""
    random = np.random.default_rng(0)
    rows = random.exponential(size=(200, 6)) + 3 * random.integers(0, 2, size=(200, 1))
    return WordVectors.of("made up", [f"w{number}" for number in range(200)], rows.astype(np.float32))


def test_noise_beside_words_has_their_mean_and_covariance(table):
    words, noise = words_and_noise(table, table.tokens[:100])

    assert np.array_equal(words.vectors, table.matrix[:100])
    assert noise.vectors.mean(axis=0) == pytest.approx(words.vectors.mean(axis=0), abs=1e-5)
    assert np.cov(noise.vectors.T) == pytest.approx(np.cov(words.vectors.T), abs=1e-4)
    assert not np.allclose(noise.vectors, words.vectors, atol=0.1)


def test_more_words_than_a_class_can_wait_for_are_cut(table):
    words, noise = words_and_noise(table, table.tokens)

    assert words.names == tuple(table.tokens[:150])
    assert len(noise.names) == len(noise.vectors) == 150


@pytest.mark.parametrize("make", [words_and_noise, words_noise_and_clusters, two_scales, two_gaps, ring_and_years])
def test_every_point_has_a_name_of_its_own_and_a_label_and_none_can_be_changed(make, table):
    for point_set in make(table, table.tokens[:60]):
        assert len(set(point_set.names)) == len(point_set.names) == len(point_set.vectors) == len(point_set.labels)
        assert point_set.vectors.dtype == np.float32
        assert not point_set.vectors.flags.writeable
        assert not point_set.labels.flags.writeable


def test_the_wide_cluster_is_the_words_themselves_and_the_tight_one_a_tenth_of_them(table):
    words, noise = two_scales(table, table.tokens[:50])
    tight, wide = (words.vectors[words.labels == label] for label in (0, 1))

    assert wide == pytest.approx(table.matrix[:50], abs=1e-5)
    assert np.ptp(wide, axis=0) / np.ptp(tight, axis=0) == pytest.approx([10] * 6, rel=1e-3)
    assert words.clusters == noise.clusters == ("drawn together", "as they are")


def test_the_third_copy_stands_ten_times_as_far(table):
    for point_set in two_gaps(table, table.tokens[:50]):
        first, second, third = (point_set.vectors[point_set.labels == label].mean(axis=0) for label in range(3))
        assert np.linalg.norm(third - second) == pytest.approx(10 * np.linalg.norm(second - first), rel=0.01)


def test_copies_of_noise_are_drawn_anew(table):
    _, noise = two_gaps(table, table.tokens[:50])
    first, second = (noise.vectors[noise.labels == label] for label in (0, 1))

    assert not np.allclose(first - first.mean(axis=0), second - second.mean(axis=0), atol=0.1)


def test_a_table_without_years_shows_a_straight_line(table):
    ring, _, line, _ = ring_and_years(table, ())

    assert (ring.kind, line.kind, line.title) == (MADE, MADE, "a straight line")
    assert line.labels.tolist() == list(range(100))


def test_a_table_with_years_shows_them_in_their_order(glove):
    years = ring_and_years(glove, ())[2]

    assert years.names[:2] == ("1900", "1901")
    assert np.array_equal(years.vectors[1], glove["1901"])
