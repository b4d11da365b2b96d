"""What is said of a cut: its lengths, what is unknown, and what comes back."""

import pytest

from embeddings.tokenizers import Vocabulary, characters_per_token, read_back, tokenizer, unknown_tokens

TEXT = "the cat sees a zyx 😀"


def test_words_that_the_vocabulary_lacks_are_unknown_and_do_not_come_back():
    words = tokenizer("word", Vocabulary.from_text("the cat sees a dog"))
    encoding = words.encode(TEXT)

    assert unknown_tokens(encoding) == encoding.ids.count(None) > 0
    assert read_back(words, encoding) == words.decode([i for i in encoding.ids if i is not None])
    assert "zyx" not in read_back(words, encoding)


def test_byte_pairs_know_everything_and_give_the_very_text_back():
    pairs = tokenizer("gpt-4o")
    encoding = pairs.encode(TEXT)

    assert unknown_tokens(encoding) == 0
    assert read_back(pairs, encoding) == TEXT
    assert characters_per_token(TEXT, encoding) * len(encoding.tokens) == pytest.approx(len(TEXT))


def test_word_pieces_have_a_token_for_what_is_unknown():
    assert unknown_tokens(tokenizer("wordpiece").encode("a ☃ cat")) == 1


def test_of_no_token_there_is_no_average():
    characters = tokenizer("character")

    assert characters_per_token("", characters.encode("")) == 0
