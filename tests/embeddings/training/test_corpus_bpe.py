"""Byte pairs learned from a corpus."""

import pytest

from embeddings.common.errors import InvalidInput
from embeddings.tokenizers import train_bpe
from embeddings.training.corpora import load
from embeddings.training.corpus_bpe import corpus_merges


def test_the_merges_are_those_of_its_sentences_a_line_each():
    text = "\n".join(map(" ".join, load("made-up-world").sentences))
    found = corpus_merges("made-up-world", 30)
    assert found.training == train_bpe(text, 30)
    assert text.startswith(found.beginning)
    assert len(found.beginning) == 1_000


def test_it_says_how_far_it_is_from_the_first_sentence_to_the_last_merge():
    told = []
    corpus_merges("made-up-world", 100, lambda fraction, message="": told.append((fraction, message)))
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] <= 0.2 < fractions[-1] < 1
    assert told[-1][1] == "80 of 100 pairs merged"


def test_an_unknown_corpus_is_refused():
    with pytest.raises(InvalidInput, match="There is no corpus called 'moon'"):
        corpus_merges("moon", 5)
