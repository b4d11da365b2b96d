import numpy as np
import pytest
import torch

from embeddings.common.errors import InvalidInput
from embeddings.transformer.contextual import STAGES, contextual_similarity, examples, measure_examples
from embeddings.transformer.minilm import CLS, SEP, MiniLM


@pytest.fixture(scope="module")
def minilm():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield MiniLM.load()
    torch.set_num_threads(threads)


def test_one_row_of_the_table_becomes_two_vectors(minilm):
    found = contextual_similarity("river bank", "bank loan", "bank", minilm)

    assert len(found.cosines) == len(STAGES) == 8
    assert found.cosines[0] == pytest.approx(1)
    assert all(cosine < 0.99 for cosine in found.cosines[1:])
    assert found.places == (2, 1)


def test_the_cosines_are_those_of_the_hidden_states(minilm):
    a, b = (
        minilm.hidden_states([CLS, *minilm.tokenizer.encode(text).ids, SEP])[:, place]
        for text, place in (("river bank", 2), ("bank loan", 1))
    )
    expected = (a * b).sum(axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)

    assert contextual_similarity("river bank", "bank loan", "bank", minilm).cosines[1:] == pytest.approx(expected)


def test_the_same_sentence_twice_stays_one_vector(minilm):
    found = contextual_similarity("The river bank.", "the RIVER bank.", "Bank", minilm)

    assert found.cosines == pytest.approx([1] * 8)


def test_a_word_of_several_pieces_is_followed_as_their_mean(minilm):
    found = contextual_similarity("These embeddings are small", "Learn embeddings", "embeddings", minilm)

    assert found.pieces == ("em", "##bed", "##ding", "##s")
    assert found.places == (2, 2)
    assert found.cosines[0] == pytest.approx(1)


@pytest.mark.parametrize("sentence", ["He likes banks", "An embankment", "", "A bankful of coins"])
def test_a_sentence_without_the_word_is_refused(minilm, sentence):
    with pytest.raises(InvalidInput, match="does not have 'bank' as a word of its own"):
        contextual_similarity("river bank", sentence, "bank", minilm)


def test_a_word_without_letters_and_a_sentence_without_end_are_refused(minilm):
    with pytest.raises(InvalidInput, match="Give a word"):
        contextual_similarity("river bank", "bank loan", "  ", minilm)
    with pytest.raises(InvalidInput, match="at most 2,000"):
        contextual_similarity("bank " * 500, "bank loan", "bank", minilm)


def test_the_first_example_is_the_one_whose_senses_part_furthest(minilm):
    measured = measure_examples(minilm)

    assert measured[0].example == examples()[0]
    assert [each.gap for each in measured] == sorted((each.gap for each in measured), reverse=True)
    assert "bank" in {example.word for example in examples()}


def test_in_the_first_example_the_other_sense_is_further_than_another_sentence_of_the_same(minilm):
    first = measure_examples(minilm, examples()[:1])[0]

    assert first.same_sense.cosines[-1] > first.other_sense.cosines[-1] + 0.2
