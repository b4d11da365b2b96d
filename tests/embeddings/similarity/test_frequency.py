import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput, UnknownToken
from embeddings.similarity.frequency import log_spaced_ids, neighbor_ranks, neighbor_ranks_by_rank, norms_by_rank
from embeddings.vectors.word_vectors import WordVectors


def table_of_lengths(lengths) -> WordVectors:
    lengths = np.asarray(lengths, dtype=np.float32)
    return WordVectors.of("lengths", [str(i) for i in range(len(lengths))], np.outer(lengths, [0.6, 0.8]))


@given(st.integers(2, 3_000), st.integers(1, 200), st.integers(0, 2**32 - 1))
def test_quartiles_are_those_of_the_lengths_in_each_bin(words, bins, seed):
    lengths = np.random.default_rng(seed).lognormal(size=words).astype(np.float32)

    found = norms_by_rank(table_of_lengths(lengths), bins)

    assert (found.edges[0], found.edges[-1]) == (1, words + 1)
    assert len(found.quartiles) == len(found.edges) - 1 <= bins
    for first, after, quartiles in zip(found.edges, found.edges[1:], found.quartiles, strict=False):
        assert quartiles == pytest.approx(np.percentile(lengths[first - 1 : after - 1], (25, 50, 75)), rel=1e-5)


@given(st.integers(10, 3_000), st.integers(1, 200))
def test_no_bin_holds_too_few_words_for_quartiles(words, bins):
    assert np.diff(norms_by_rank(table_of_lengths(range(1, words + 1)), bins).edges).min() >= 10


def test_lengths_that_fall_with_rank_are_seen_as_such():
    found = norms_by_rank(table_of_lengths(20 - np.log(np.arange(1, 1_001))))

    assert found.spearman == pytest.approx(-1)
    assert found.pearson == pytest.approx(-1, abs=1e-5)


@pytest.mark.parametrize("lengths", [[3] * 50, [1], [0] * 20])
def test_equal_lengths_have_no_correlation(lengths):
    found = norms_by_rank(table_of_lengths(lengths))

    assert (found.spearman, found.pearson) == (None, None)


def test_in_glove_rarer_words_have_shorter_vectors(glove):
    found = norms_by_rank(glove)

    assert found.spearman == pytest.approx(-0.359, abs=1e-3)
    assert found.quartiles[-1, 1] < found.quartiles[5, 1]
    assert not found.quartiles.flags.writeable


@pytest.mark.parametrize("bins", [0, 201, 2.5])
def test_a_number_of_bins_out_of_range_is_refused(toy, bins):
    with pytest.raises(InvalidInput, match="The number of bins must be a whole number from 1 to 200"):
        norms_by_rank(toy, bins)


def test_neighbours_come_with_their_ranks(toy):
    found = neighbor_ranks(toy, "cat", n=3)

    assert found.rank == 1
    assert found.neighbors == (("dog", 2), ("apple", 3), ("pear", 4))
    assert found.median == 3


def test_rare_words_of_glove_have_rarer_neighbours(glove):
    medians = [neighbor_ranks(glove, word).median for word in ("the", "king", "cat", "paramecium")]

    assert medians == sorted(medians)
    assert medians[0] < 100 < 100_000 < medians[-1]


def test_a_word_alone_in_its_table_has_no_neighbours():
    assert neighbor_ranks(table_of_lengths([1]), "0").median is None


def test_an_unknown_word_is_named(toy):
    with pytest.raises(UnknownToken, match="'cow'"):
        neighbor_ranks(toy, "cow")


@given(st.integers(1, 400_000), st.integers(2, 3_000))
def test_a_sample_of_ids_rises_from_the_first_to_the_last(size, n):
    ids = log_spaced_ids(size, n)

    assert (ids[0], ids[-1]) == (0, size - 1)
    assert (np.diff(ids) > 0).all()
    assert len(ids) <= n


@given(st.integers(1_000, 400_000))
def test_every_tenfold_of_ranks_has_about_as_many_of_the_sample(size):
    ranks = log_spaced_ids(size, 31) + 1

    assert np.diff(np.log(ranks[ranks > 30])) == pytest.approx(np.log(size) / 30, rel=0.1)


@pytest.mark.parametrize(("size", "n"), [(0, 5), (5, 0), (5, 100_001)])
def test_a_sample_out_of_range_is_refused(size, n):
    with pytest.raises(InvalidInput, match="The number of words"):
        log_spaced_ids(size, n)


def test_the_company_of_sampled_words_is_that_of_each():
    wv = WordVectors.of("toy", [f"w{n}" for n in range(60)], np.random.default_rng(5).standard_normal((60, 4)))

    company = neighbor_ranks_by_rank(wv, sample=12, n=5)

    assert company.ranks.tolist() == (log_spaced_ids(60, 12) + 1).tolist()
    assert company.medians.tolist() == [neighbor_ranks(wv, f"w{rank - 1}", 5).median for rank in company.ranks]
