"""Byte-level byte pairs, with a small vocabulary; the real one is compared with transformers' beside the model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput
from embeddings.tokenizers.byte_level import _BYTE_OF, ByteLevelTokenizer

LEARNED = ("c a", "ca t", "Ġ cat", "Ġ Ġ")
TOKENIZER = ByteLevelTokenizer([*_BYTE_OF, *(merge.replace(" ", "") for merge in LEARNED)], LEARNED)


def test_pairs_are_merged_within_words_that_begin_with_their_space():
    assert TOKENIZER.encode("cat cat").tokens == ("cat", " cat")
    assert TOKENIZER.encode("cat cat").spans == ((0, 3), (3, 7))


def test_digits_stand_alone():
    assert TOKENIZER.encode("cat42").tokens == ("cat", "4", "2")


def test_a_part_of_a_character_is_shown_as_its_bytes_and_has_the_span_of_the_whole():
    encoding = TOKENIZER.encode("é")
    assert encoding.tokens == ("⟨C3⟩", "⟨A9⟩")
    assert encoding.spans == ((0, 1), (0, 1))


def test_names_are_as_people_read_them_and_all_different():
    names = TOKENIZER.names
    assert len(set(names)) == len(names) == TOKENIZER.vocabulary_size
    shown = dict(zip(TOKENIZER.tokens, names, strict=True))
    assert (shown[" cat"], shown["cat"], shown["  "], shown["4"]) == ("cat", "##cat", "␣␣", "4")
    assert shown["⟨00⟩"] == "⟨00⟩"
    assert all(name.isprintable() for name in names)


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_every_text_is_read_back(text):
    assert TOKENIZER.decode(TOKENIZER.encode(text).ids) == text


def test_special_tokens_in_a_text_are_plain_text():
    assert TOKENIZER.encode("<|im_end|>").tokens == tuple("<|im_end|>")


def test_what_is_no_text_or_no_id_is_refused():
    with pytest.raises(InvalidInput, match="half of a pair"):
        TOKENIZER.encode("\ud83d")
    with pytest.raises(InvalidInput, match="outside the vocabulary"):
        TOKENIZER.decode([TOKENIZER.vocabulary_size])
