import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput, UnknownToken
from embeddings.common.memory import held_bytes
from embeddings.sources import load
from embeddings.tokenizers import byte_strings
from embeddings.tokenizers.packed_tokens import PackedTokens
from embeddings.tokenizers.vocabulary import Vocabulary

ANY_TEXT = st.text(st.characters(codec=None) | st.sampled_from("\ud800\udc00"))  # halves of characters among it


@given(st.lists(ANY_TEXT), ANY_TEXT, st.slices(6))
def test_packed_tokens_read_as_a_tuple_does(tokens, other, some):
    packed = PackedTokens.of(tokens)

    assert (len(packed), list(packed), packed[some]) == (len(tokens), tokens, tuple(tokens[some]))
    assert [packed[i] for i in range(-len(tokens), len(tokens))] == tokens * 2
    assert (other in packed, None in packed) == (other in tokens, False)
    assert (packed == tuple(tokens), packed == tuple(tokens[1:]), packed == 7) == (True, not tokens, False)
    assert hash(packed) == hash(tuple(tokens))
    assert packed.has_duplicates == (len(set(tokens)) < len(tokens))


@given(st.lists(ANY_TEXT, unique=True), ANY_TEXT)
def test_a_packed_token_is_found_at_its_place(tokens, other):
    packed = PackedTokens.of(tokens)

    assert [packed.get(token) for token in tokens] == list(range(len(tokens)))
    assert packed.get(other) == (tokens.index(other) if other in tokens else None)


@pytest.mark.parametrize("index", [3, -4])
def test_beyond_the_last_packed_token_there_is_none(index):
    with pytest.raises(IndexError):
        PackedTokens.of(["a", "b", "c"])[index]


def test_tokens_of_one_hash_are_told_apart(monkeypatch):
    monkeypatch.setattr(byte_strings, "hash", lambda string: 7, raising=False)
    packed = PackedTokens.of(["cat", "dog", "cow"])

    assert [packed.get(token) for token in ("cat", "dog", "cow", "hen")] == [0, 1, 2, None]
    assert not packed.has_duplicates
    assert PackedTokens.of(["cat", "dog", "cat"]).has_duplicates


def test_a_vocabulary_answers_the_same_packed_or_not():
    tokens = [f"word{number}" for number in np.random.default_rng(0).permutation(12_000)]
    large = Vocabulary(tokens)

    assert isinstance(large.tokens, PackedTokens)
    assert isinstance(Vocabulary(tokens[:100]).tokens, tuple)
    assert [large.id(token) for token in tokens] == list(range(len(tokens)))
    assert (large.token(11_999), "word12000" in large, ["word1"] in large) == (tokens[-1], False, False)
    with pytest.raises(UnknownToken, match="'word12000'"):
        large.id("word12000")
    with pytest.raises(InvalidInput, match="only once"):
        Vocabulary([*tokens, "word7"])


def test_the_words_of_glove_take_a_tenth_of_what_they_took():
    assert held_bytes(load().vocabulary, sys.maxsize) < 11_000_000
