import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput, UnknownToken
from embeddings.tokenizers.vocabulary import Vocabulary

TOKENS = st.lists(st.text())


@given(TOKENS)
def test_tokens_are_sorted_and_each_stands_once(tokens):
    vocabulary = Vocabulary.from_tokens(tokens)

    assert list(vocabulary.tokens) == sorted(set(tokens))


@given(TOKENS)
def test_ids_run_from_zero_without_a_gap(tokens):
    vocabulary = Vocabulary.from_tokens(tokens)

    assert [vocabulary.id(token) for token in vocabulary.tokens] == list(range(len(vocabulary)))
    assert [vocabulary.token(token_id) for token_id in range(len(vocabulary))] == list(vocabulary.tokens)


@given(TOKENS, st.text())
def test_a_token_is_in_the_vocabulary_exactly_when_it_was_given(tokens, other):
    vocabulary = Vocabulary.from_tokens(tokens)

    assert (other in vocabulary) == (other in tokens)
    assert all(token in vocabulary for token in tokens)


def test_a_text_gives_its_different_words_in_lower_case():
    assert Vocabulary.from_text("The cat sat on the mat.").tokens == (".", "cat", "mat", "on", "sat", "the")


def test_tokens_given_in_an_order_keep_it():
    vocabulary = Vocabulary(["the", "a", "of"])

    assert vocabulary.tokens == ("the", "a", "of")
    assert vocabulary.id("of") == 2


def test_an_empty_text_has_an_empty_vocabulary():
    assert len(Vocabulary.from_text(" ")) == 0


def test_a_token_that_stands_twice_is_refused():
    with pytest.raises(InvalidInput, match="only once"):
        Vocabulary(["cat", "dog", "cat"])


def test_asking_for_an_unknown_token_names_it():
    with pytest.raises(UnknownToken, match="'cow' is not in this vocabulary") as caught:
        Vocabulary(["cat", "dog"]).id("cow")

    assert caught.value.token == "cow"


@pytest.mark.parametrize("token_id", [-1, 2])
def test_an_id_outside_the_vocabulary_is_refused(token_id):
    with pytest.raises(InvalidInput, match=f"^id {token_id} is outside the vocabulary: ids run from 0 to 1"):
        Vocabulary(["cat", "dog"]).token(token_id)


def test_a_vocabulary_does_not_change_with_the_list_it_was_made_from():
    tokens = ["cat", "dog"]
    vocabulary = Vocabulary(tokens)

    tokens.append("cow")

    assert len(vocabulary) == 2
    assert "cow" not in vocabulary
