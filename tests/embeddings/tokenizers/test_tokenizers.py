from unicodedata import normalize

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput
from embeddings.tokenizers.base import MAX_CHARACTERS
from embeddings.tokenizers.characters import CharacterTokenizer
from embeddings.tokenizers.registry import TOKENIZERS, tokenizer
from embeddings.tokenizers.vocabulary import Vocabulary
from embeddings.tokenizers.word_split import composed, split_words
from embeddings.tokenizers.words import Encoding, WordTokenizer
from tests.embeddings.tokenizers.hard_texts import HARD_TEXTS, milliseconds

UNICODE = st.text()
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
    assert all(0 <= token_id < CharacterTokenizer().vocabulary_size for token_id in encoding.ids)


def test_a_character_id_is_its_code_point():
    assert CharacterTokenizer().encode("Aé猫").ids == (65, 233, 29483)


@pytest.mark.parametrize("token_id", [-1, 0x110000, 2**70])
def test_a_character_id_outside_unicode_is_refused(token_id):
    with pytest.raises(InvalidInput, match=r"ids run from 0 to 1,114,111\.$"):
        CharacterTokenizer().decode([65, token_id])


def test_half_a_character_has_no_id_that_is_read_back():
    with pytest.raises(InvalidInput, match="Character 2 is half of a pair"):
        CharacterTokenizer().decode([65, 0xD800])


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

    assert tuple(vocabulary.token(token_id) for token_id in encoding.ids) == encoding.tokens == tuple(split_words(text))


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
    assert split_words(text) == expected


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


def test_the_word_tokenizer_asks_for_a_vocabulary():
    with pytest.raises(InvalidInput, match=r"needs a vocabulary, such as Vocabulary\.from_text"):
        tokenizer("word")


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


@given(st.text(st.sampled_from("🇩🇪a1' \r\n\u0301\u200d\u0600👩❤\ufe0f\u093e\u1100"), max_size=30))
def test_signs_are_those_that_unicode_says_a_reader_sees(text):
    signs = regex.compile(r"\w+(?:['’\-]\w+|(?<=\d)[.,](?=\d)\w+)*|(?!\s)\X")  # \X: UAX 29, counted from the start
    assert split_words(text) == [normalize("NFC", sign.lower()) for sign in signs.findall(text)]


@given(st.text(st.sampled_from("aeσ가ᄀ가क\u0301\u0323\u0315\u0344\u093c\u09c7\u09be ."), max_size=30))
def test_a_text_is_composed_as_unicode_says(text):
    assert composed(text) == normalize("NFC", text)


@pytest.mark.parametrize("marks", [29, 30])
def test_rows_of_thirty_marks_and_fewer_are_composed_as_unicode_says(marks):
    text = ("o" + ("\u0301\u0323" * 15)[:marks] + "x") * 100
    assert composed(text) == normalize("NFC", text)


def test_more_marks_in_a_row_are_put_in_order_thirty_at_a_time():
    above, below = "\u0301", "\u0323"
    expected = "\u1ecd" + below * 14 + above * 15 + (below * 15 + above * 15) * 2 + below + above * 2
    assert composed("o" + (above + below) * 46 + above) == expected


@pytest.fixture(scope="module")
def four_tokenizers() -> dict:
    return {name: tokenizer(name, Vocabulary(["a", "the"])) for name in TOKENIZERS}


@pytest.mark.parametrize("text", HARD_TEXTS.values(), ids=HARD_TEXTS)
@pytest.mark.parametrize("name", TOKENIZERS)
def test_the_longest_text_of_any_script_is_cut_in_time_that_grows_with_its_length(four_tokenizers, name, text):
    full = (text * MAX_CHARACTERS)[:MAX_CHARACTERS]
    cut = four_tokenizers[name].encode

    encoding, taken = milliseconds(lambda: cut(full))

    assert not encoding.spans or encoding.spans[-1][1] > MAX_CHARACTERS - 20  # white space has no token, for one
    assert taken < 3_000  # of processor time; a tenth of it is usual, and the square of the length takes minutes


@pytest.mark.parametrize("name", TOKENIZERS)
def test_a_text_too_long_to_be_cut_is_refused(four_tokenizers, name):
    with pytest.raises(InvalidInput, match="has 1,000,000 characters; at most 100,000"):
        four_tokenizers[name].encode("a" * 1_000_000)


@pytest.mark.parametrize("name", TOKENIZERS)
@pytest.mark.parametrize(
    "ids", [[-1], [2**31], [2**63], [2**64], [-(2**70)], [True], [0, True], [None], [0.5], ["0"], [[0]], 0, None, "0"]
)
def test_what_is_no_id_is_refused(four_tokenizers, name, ids):
    with pytest.raises(InvalidInput):
        four_tokenizers[name].decode(ids)


@pytest.mark.parametrize("name", TOKENIZERS)
def test_every_id_of_a_vocabulary_is_read_or_refused_with_a_sentence(four_tokenizers, name):
    def refused_among(ids: range) -> list[int]:
        try:
            assert isinstance(four_tokenizers[name].decode(list(ids)), str)
        except InvalidInput:
            middle = len(ids) // 2
            return refused_among(ids[:middle]) + refused_among(ids[middle:]) if middle else list(ids)
        return []

    refused = refused_among(range(four_tokenizers[name].vocabulary_size))
    halves, gaps = list(range(0xD800, 0xE000)), [199_998, *range(200_000, 200_018)]
    assert refused == {"character": halves, "gpt-4o": gaps}.get(name, [])
