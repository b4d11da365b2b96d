"""The order of a vocabulary's ids, measured."""

import numpy as np
import pytest

from embeddings.common.errors import InvalidInput
from embeddings.sources import load, open_smollm, smollm_tokenizer
from embeddings.tokenizers import (
    ALPHABET,
    FREQUENCY,
    KINDS,
    MERGES,
    SPECIAL,
    TokenIndex,
    Vocabulary,
    measure_order,
    profile_by_id,
    tokenizer,
)
from embeddings.tokenizers.pieces import Pieces
from embeddings.tokenizers.token_order import (
    NONE,
    alphabetical_share,
    frequency_correlation,
    share_built_from_earlier,
)
from embeddings.training import EXAMPLE


def of(*tokens: str, special: tuple[int, ...] = (), **options) -> TokenIndex:
    return TokenIndex.of(Pieces.of([token.encode() for token in tokens], frozenset(special), **options))


@pytest.fixture(scope="module")
def indexes() -> dict[str, TokenIndex]:
    opened = {
        "small": tokenizer("word", Vocabulary.from_text(EXAMPLE)),
        "GloVe": tokenizer("word", load().vocabulary),
        "BERT": tokenizer("wordpiece"),
        "GPT-4o": tokenizer("gpt-4o"),
        "SmolLM2": smollm_tokenizer(open_smollm()),
    }
    return {name: TokenIndex.of(each.pieces()) for name, each in opened.items()}


def test_a_sorted_list_is_alphabetical_and_its_reverse_is_not():
    assert alphabetical_share(of("a", "b", "c")) == 1
    assert alphabetical_share(of("c", "b", "a")) == 0
    assert alphabetical_share(of("z", "a", "b", special=(0,))) == 1
    assert np.isnan(alphabetical_share(of("a")))


def test_a_token_is_built_where_its_two_parts_have_smaller_ids():
    assert share_built_from_earlier(of("a", "b", "ab", "aba")) == 1
    assert share_built_from_earlier(of("ab", "a", "b", "aba")) == 0.5
    assert share_built_from_earlier(of("a", "##b", "ab", inside=b"##", spaced=False)) == 1
    assert share_built_from_earlier(of("a", "b")) == 0  # there is nothing that could be


def test_too_few_words_say_nothing_of_frequency():
    few, many = np.arange(29), np.arange(30)
    assert np.isnan(frequency_correlation(few, few))
    assert frequency_correlation(many, many) == pytest.approx(1)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("small", ALPHABET), ("GloVe", FREQUENCY), ("BERT", FREQUENCY), ("GPT-4o", MERGES), ("SmolLM2", MERGES)],
)
def test_only_the_small_vocabulary_is_sorted_by_the_alphabet(indexes, name, expected):
    order = measure_order(indexes[name], indexes["BERT" if name == "GloVe" else "GloVe"])
    assert order.name == expected
    assert (order.alphabetical == 1) if name == "small" else (0.4 < order.alphabetical < 0.7)


def test_every_merge_of_smollm_comes_after_its_parts(indexes):
    assert share_built_from_earlier(indexes["SmolLM2"], len(indexes["SmolLM2"])) == 1


def test_a_shuffled_vocabulary_has_none_of_these_orders(indexes):
    tokens = list(indexes["BERT"].pieces.strings)
    shuffled = [tokens[at] for at in np.random.default_rng(0).permutation(len(tokens))]
    index = TokenIndex.of(Pieces.of(shuffled, frozenset(), spaced=False, inside=b"##"))
    assert measure_order(index, indexes["GloVe"]).name == NONE


def test_the_profile_has_each_token_once(indexes):
    profile = profile_by_id(indexes["BERT"], indexes["GloVe"])
    counts = profile.shares * np.diff(profile.edges)[:, None]
    assert counts.sum(axis=0) == pytest.approx(np.bincount(indexes["BERT"].kinds, minlength=len(KINDS)))
    assert profile.shares[0, KINDS.index(SPECIAL)] == 1
    assert np.isnan(profile.mean_lengths[0])
    assert not profile.shares.flags.writeable


def test_early_merges_are_short(indexes):
    for name in ("GPT-4o", "SmolLM2"):
        lengths = profile_by_id(indexes[name], indexes["GloVe"]).mean_lengths
        assert lengths[0] < lengths[-2] - 1


def test_a_small_vocabulary_has_a_bin_for_each_token_and_bins_have_bounds():
    profile = profile_by_id(of("a", "bb"), of("bb"))
    assert profile.edges.tolist() == [0, 1, 2]
    assert np.isnan(profile.median_places).all()
    with pytest.raises(InvalidInput, match="The number of bins"):
        profile_by_id(of("a"), of("a"), bins=0)


def test_words_further_on_are_rarer_where_the_order_is_that_of_frequency(indexes):
    places = profile_by_id(indexes["BERT"], indexes["GloVe"], bins=10).median_places
    known = places[np.isfinite(places)]
    assert len(known) >= 8
    assert known[0] < known[len(known) // 2] < known[-1]
