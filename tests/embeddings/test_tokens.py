from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings import sources
from embeddings.errors import InvalidInput
from embeddings.tokens import CharacterTokenizer, Encoding, WordTokenizer, tokenizer, words
from embeddings.vocabulary import Vocabulary

UNICODE = st.text(st.characters())  # surrogates included
SENTENCES = st.text(st.sampled_from("aZé0_'’- .,!?\n\t猫ßİ😀"))


@given(UNICODE)
def test_characters_put_together_again_are_the_text(text):
    characters = CharacterTokenizer()

    assert characters.decode(characters.encode(text).ids) == text


@given(UNICODE)
def test_each_character_stands_for_itself_at_its_own_place(text):
    encoding = CharacterTokenizer().encode(text)

    assert encoding.tokens == tuple(text[start:end] for start, end in encoding.spans)
    assert encoding.spans == tuple((i, i + 1) for i in range(len(text)))
    assert all(0 <= id < CharacterTokenizer().vocabulary_size for id in encoding.ids)


def test_a_character_id_is_its_code_point():
    assert CharacterTokenizer().encode("Aé猫").ids == (65, 233, 29483)


@pytest.mark.parametrize("id", [-1, 0x110000, 2**70])
def test_a_character_id_outside_unicode_is_refused(id):
    with pytest.raises(InvalidInput, match=r"^Character ids run from 0 to 1,114,111\.$"):
        CharacterTokenizer().decode([65, id])


@given(st.one_of(UNICODE, SENTENCES))
def test_each_words_span_cuts_it_from_the_text(text):
    encoding = WordTokenizer(Vocabulary.from_text(text)).encode(text)

    assert tuple(normalize("NFC", text[start:end].lower()) for start, end in encoding.spans) == encoding.tokens


@given(st.one_of(UNICODE, SENTENCES))
def test_words_leave_out_nothing_but_white_space(text):
    encoding = WordTokenizer(Vocabulary.from_text(text)).encode(text)

    edges = [0, *(edge for span in encoding.spans for edge in span), len(text)]
    between = [text[end:start] for end, start in zip(edges[::2], edges[1::2], strict=True)]

    assert edges == sorted(edges)
    assert all(start < end for start, end in encoding.spans)
    assert not "".join(between).strip()


@given(SENTENCES)
def test_a_texts_own_vocabulary_knows_all_its_words(text):
    vocabulary = Vocabulary.from_text(text)

    encoding = WordTokenizer(vocabulary).encode(text)

    assert tuple(vocabulary.token(id) for id in encoding.ids) == encoding.tokens == tuple(words(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The cat sat.", ["the", "cat", "sat", "."]),
        ("Don't; it’s well-known!", ["don't", ";", "it’s", "well-known", "!"]),
        ("'quoted' - and -- dashed-", ["'", "quoted", "'", "-", "and", "-", "-", "dashed", "-"]),
        ("Straße in MÜNCHEN, 東京 3.14", ["straße", "in", "münchen", ",", "東京", "3.14"]),
        ("10,000 of 3., 5,x", ["10,000", "of", "3", ".", ",", "5", ",", "x"]),
        ("cafe\u0301 שָׁלוֹם हिन्दी", ["caf\u00e9", "שָׁלוֹם", "हिन्दी"]),
        ("👩‍👩‍👧👍🏽🇰🇪 1️⃣", ["👩‍👩‍👧", "👍🏽", "🇰🇪", "1️⃣"]),
        (" \n\t", []),
    ],
)
def test_a_text_is_cut_where_a_reader_would_cut_it(text, expected):
    assert words(text) == expected


def test_a_word_outside_the_vocabulary_keeps_its_place_without_an_id():
    encoding = WordTokenizer(Vocabulary.from_text("the cat sat")).encode("The dog sat")

    assert encoding == Encoding(("the", "dog", "sat"), (2, None, 1), ((0, 3), (4, 7), (8, 11)))


def test_words_are_decoded_with_a_space_between():
    words_known = WordTokenizer(Vocabulary.from_text("the cat sat"))

    assert words_known.decode([2, 0, 1]) == "the cat sat"
    assert words_known.vocabulary_size == 3


def test_decoding_a_word_id_that_is_not_there_is_refused():
    with pytest.raises(InvalidInput, match="outside the vocabulary"):
        WordTokenizer(Vocabulary.from_text("the cat sat")).decode([0, 3])


def test_a_tokenizer_is_found_by_name():
    vocabulary = Vocabulary.from_text("the cat sat")

    assert tokenizer("word", vocabulary) == WordTokenizer(vocabulary)
    assert tokenizer("character") == CharacterTokenizer()


def test_the_word_tokenizer_knows_the_bundled_tables_words_unless_told_others(glove, monkeypatch):
    monkeypatch.setattr(sources, "load", {sources.DEFAULT: glove}.get)

    word_tokenizer = tokenizer("word")

    assert word_tokenizer.vocabulary_size == 400_000
    assert word_tokenizer.encode("The King").ids == (glove.id("the"), glove.id("king"))


def test_an_unknown_tokenizer_is_refused_with_the_names_there_are():
    with pytest.raises(InvalidInput, match=r"'sentence'.*: word, character, gpt-4o, wordpiece\.$"):
        tokenizer("sentence")


@pytest.mark.parametrize(
    ("text", "tokens", "spans"),
    [
        ("Don't", ("do", "n't"), ((0, 2), (2, 5))),
        ("the cat’s", ("the", "cat", "'s"), ((0, 3), (4, 7), (7, 9))),
        ("they'll", ("they", "'ll"), ((0, 4), (4, 7))),
        ("dog-house’s", ("dog", "-", "house", "'s"), ((0, 3), (3, 4), (4, 9), (9, 11))),
    ],
)
def test_a_word_known_only_in_parts_becomes_these(glove, text, tokens, spans):
    encoding = WordTokenizer(glove.vocabulary).encode(text)

    assert (encoding.tokens, encoding.spans) == (tokens, spans)
    assert None not in encoding.ids


@pytest.mark.parametrize("text", ["cat's", "zzqx's", "'s", "İ's", "cat-it", "-"])
def test_a_word_stays_whole_where_the_vocabulary_does_not_know_all_parts(text):
    encoding = WordTokenizer(Vocabulary(["cat", "it"])).encode(text)

    assert "".join(encoding.tokens) == text.lower()
    assert None in encoding.ids
