"""A vocabulary that can be looked through: what its tokens are, and which of them are found."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput
from embeddings.sources import load, open_smollm, smollm_tokenizer
from embeddings.tokenizers import KINDS, SPECIAL, TokenIndex, tokenizer
from embeddings.tokenizers.pieces import Pieces
from embeddings.tokenizers.token_index import DIGITS, OTHER, PART, SCRIPTS, SIGNS

WORDS = ["cat", " cat", "Cat", "ж", "猫", "3", "!", "  ", "\U0001e900"]
OPENED = {
    "gpt-4o": lambda: tokenizer("gpt-4o"),
    "wordpiece": lambda: tokenizer("wordpiece"),
    "word": lambda: tokenizer("word", load().vocabulary),
    "smollm": lambda: smollm_tokenizer(open_smollm()),
}
SIZES = {"gpt-4o": 200_019, "wordpiece": 30_522, "word": 400_000, "smollm": 49_152}


def of(*tokens: str | bytes, special: tuple[int, ...] = (), **options) -> TokenIndex:
    data = [token.encode() if isinstance(token, str) else token for token in tokens]
    return TokenIndex.of(Pieces.of(data, frozenset(special), **options))


@pytest.fixture(scope="module")
def indexes() -> dict[str, TokenIndex]:
    return {name: TokenIndex.of(opened().pieces()) for name, opened in OPENED.items()}


def test_a_token_is_of_the_script_of_its_first_letter():
    kinds = [of(*WORDS).kind(token_id) for token_id in range(len(WORDS))]
    assert kinds == ["Latin", "Latin", "Latin", "Cyrillic", "Han", DIGITS, SIGNS, SIGNS, OTHER]
    assert of("3жa").kind(0) == "Cyrillic"


def test_parts_of_characters_are_counted_by_bytes_and_shown_by_them():
    index = of(b"\xf0\x9f", b"\xff", b"\xfe\xff", b" \xd0", "a")
    assert [index.kind(token_id) for token_id in range(5)] == [PART, PART, PART, PART, "Latin"]
    assert index.lengths.tolist() == [2, 1, 2, 1, 1]
    assert [index.token(token_id) for token_id in (0, 1, 4)] == ["⟨F0 9F⟩", "⟨FF⟩", "a"]


def test_bytes_of_two_tokens_make_no_character_together():
    assert of(b"\xd0", b"\xb6").kinds.tolist() == [KINDS.index(PART)] * 2


def test_a_length_leaves_out_the_space_before_a_word_and_the_mark_inside_one():
    assert of(" cat", "cat", " ", "   ").lengths.tolist() == [3, 3, 1, 3]
    pieces = of("cat", "##s", "##", inside=b"##", spaced=False)
    assert pieces.lengths.tolist()[:2] == [3, 1]
    assert pieces.begins_word.tolist()[:2] == [True, False]


def test_tokens_are_found_by_what_stands_in_them_sign_by_sign():
    index = of(*WORDS, "a.c", "a*c", "[a]")
    assert index.find("cat").tolist() == [0, 1]
    assert index.find(" cat").tolist() == [1]
    assert index.find("a.c").tolist() == [9]
    assert index.find(".*").tolist() == index.find("[a-z]").tolist() == index.find("(").tolist() == []
    assert index.find("").tolist() == list(range(len(index)))


def test_what_is_asked_for_is_asked_together():
    index = of(*WORDS)
    assert index.find(kind="Latin", begins_word=True).tolist() == [1]
    assert index.find("cat", shortest=3, longest=3, begins_word=False).tolist() == [0]
    assert index.find("cat", longest=2).tolist() == []


def test_special_tokens_begin_no_word_and_an_id_without_a_token_is_empty():
    index = of("a", "<|end|>", "", special=(1, 2))
    assert [index.kind(token_id) for token_id in (1, 2)] == [SPECIAL, SPECIAL]
    assert not index.begins_word[1:].any()
    assert index.token(2) == ""


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text": "\ud800"}, "half of a pair"),
        ({"kind": "Klingon"}, "The script must be one of"),
        ({"shortest": -1}, "The shortest length"),
        ({"longest": 1.5}, "The longest length"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(wrong, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        of("a").find(**wrong)


def test_an_id_outside_and_an_empty_vocabulary_are_refused():
    with pytest.raises(InvalidInput, match="The id must be a whole number from 0 to 0"):
        of("a").token(1)
    with pytest.raises(InvalidInput, match="at least one token"):
        of()


@given(st.lists(st.text("ab", max_size=5), min_size=1, max_size=8), st.text("ab", max_size=4))
def test_what_is_found_stands_within_one_token(tokens, part):
    assert of(*tokens).find(part).tolist() == [at for at, token in enumerate(tokens) if part in token]


@given(st.lists(st.binary(min_size=1, max_size=6), min_size=1, max_size=8), st.binary(max_size=2))
def test_any_bytes_are_indexed_and_found(tokens, part):
    index = of(*tokens)
    assert index.lengths.min() >= 0
    assert all(index.token(token_id) for token_id in range(len(tokens)))
    try:
        text = part.decode()
    except UnicodeDecodeError:
        return
    assert index.find(text).tolist() == [at for at, token in enumerate(tokens) if part in token]


@pytest.mark.parametrize("name", OPENED)
def test_the_real_vocabularies_have_all_their_tokens(indexes, name):
    index = indexes[name]
    assert len(index) == SIZES[name] == len(index.find())
    assert not index.kinds.flags.writeable
    assert index.find(kind=SPECIAL).size == {"gpt-4o": 21, "wordpiece": 999, "word": 0, "smollm": 17}[name]


@pytest.mark.parametrize("name", OPENED)
def test_kinds_and_lengths_of_real_tokens_are_those_that_python_finds(indexes, name):
    index = indexes[name]
    for token_id in np.random.default_rng(0).choice(len(index), 300, replace=False).tolist():
        data = index.pieces.strings[token_id].removeprefix(index.pieces.inside)
        try:
            text = data.decode()
        except UnicodeDecodeError:
            continue
        bare = text[1:] if text.startswith(" ") and text.strip() and not text.startswith("  ") else text
        assert index.lengths[token_id] == len(bare), text
        letters = [letter for letter in text if unicodedata.category(letter).startswith("L")]
        if letters and index.kind(token_id) in SCRIPTS and index.kind(token_id) != "Han":
            names = " ".join(unicodedata.name(letter, "") for letter in text)
            assert index.kind(token_id).upper() in names, text


def test_king_has_its_spellings_in_the_order_of_their_ids(indexes):
    found = [indexes["smollm"].token(token_id) for token_id in indexes["smollm"].find("king", longest=4).tolist()]
    assert {" king", "king"} <= set(found)
    assert indexes["wordpiece"].token(int(indexes["wordpiece"].find("##king")[0])).startswith("##king")
