from collections import Counter

import pytest

from embeddings.common.errors import InvalidInput
from embeddings.training import toy_corpus


def test_the_same_seed_writes_the_same_sentences_and_another_writes_others():
    assert toy_corpus.sentences(200, seed=3) == toy_corpus.sentences(200, seed=3)
    assert toy_corpus.sentences(200, seed=3) != toy_corpus.sentences(200, seed=4)


def test_every_word_of_the_ground_truth_is_written_often():
    counts = Counter(word for sentence in toy_corpus.sentences() for word in sentence)
    truth = [word for words in toy_corpus.toy_categories().values() for word in words]
    assert len(truth) == len(set(truth))
    assert min(counts[word] for word in truth) >= 50


def test_no_slot_of_the_grammar_is_left_open():
    assert not [word for sentence in toy_corpus.sentences(5_000) for word in sentence if not word.isalpha()]


def test_sums_are_true():
    number = {word: value for value, word in enumerate(toy_corpus.NUMBERS, 1)}
    sums = [s for s in toy_corpus.sentences(5_000) if s[1:2] == ("plus",)]
    assert len(sums) > 100
    assert all(number[a] + number[b] == number[total] for a, _, b, _, total in sums)


def test_pronouns_agree():
    for words in toy_corpus.sentences(5_000):
        if "says" in words:
            she = words[1] in {she for _, she, *_ in toy_corpus.ROYALTY + toy_corpus.PEOPLE}
            assert words[4] == ("she" if she else "he")


def test_analogies_are_of_words_of_the_world_and_of_four_different_ones():
    truth = {word for words in toy_corpus.toy_categories().values() for word in words}
    for section, analogies in toy_corpus.analogies().items():
        assert len(set(analogies)) == len(analogies) > 10, section
        assert all(len(set(words)) == 4 and set(words) <= truth for words in analogies)


@pytest.mark.parametrize("size", [0, -1, toy_corpus.MAX_SENTENCES + 1, 1.5])
def test_a_size_out_of_range_is_refused(size):
    with pytest.raises(InvalidInput, match="number of sentences"):
        toy_corpus.sentences(size)
