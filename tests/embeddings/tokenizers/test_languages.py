"""One sentence in a dozen languages, and its price in tokens."""

import pytest

from embeddings.common.errors import InvalidInput
from embeddings.tokenizers import ARTICLE_1, language_prices, tokenizer
from embeddings.tokenizers.languages import Translation


def test_there_are_a_dozen_different_languages_with_english_first():
    assert len({each.language for each in ARTICLE_1}) == len({each.text for each in ARTICLE_1}) == 12
    assert ARTICLE_1[0].language == "English"


def test_a_price_is_counted_and_compared_with_the_first():
    own = [Translation("a", "ab"), Translation("b", "abcd")]
    prices = language_prices(tokenizer("character"), own)
    assert [(price.tokens, price.premium, price.unknown) for price in prices] == [(2, 1, 0), (4, 2, 0)]


def test_byte_pairs_lose_nothing_and_no_language_is_cheaper_than_english():
    prices = language_prices(tokenizer("gpt-4o"))
    assert all(price.unknown == 0 and price.premium >= 1 for price in prices)


def test_word_pieces_lose_what_their_vocabulary_lacks():
    lost = {price.language: price.unknown for price in language_prices(tokenizer("wordpiece"))}
    assert lost["English"] == lost["German"] == lost["Swahili"] == 0
    assert any(lost.values())


def test_half_a_character_is_refused():
    with pytest.raises(InvalidInput, match="half of a pair"):
        language_prices(tokenizer("character"), [Translation("a", "\ud800")])
