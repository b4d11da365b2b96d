import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput, UnknownToken
from embeddings.training import corpus_tokens
from embeddings.training.corpora import count_vocabulary, of_text, of_toy_corpus
from embeddings.training.corpus_tokens import END, KINDS, UNKNOWN, character_count, fit, table_rows

WORLD = of_toy_corpus(size=300)


def fitted(corpus=WORLD, kind="word", min_count=1, bpe_vocab_size=200):
    return fit(corpus, kind, min_count=min_count, bpe_vocab_size=bpe_vocab_size, report=lambda fraction, words: None)


@pytest.mark.parametrize("kind", KINDS)
def test_the_ids_of_the_corpus_are_read_back_as_its_sentences(kind):
    tokenizer, ids = fitted(kind=kind)
    assert tokenizer.decode(ids.tolist()).strip().split("\n") == [" ".join(sentence) for sentence in WORLD.sentences]
    assert ids.min() >= 0
    assert ids.max() < len(tokenizer.vocabulary)


@given(st.lists(st.sampled_from(WORLD.sentences), max_size=3), st.sampled_from(KINDS))
def test_text_of_the_corpus_goes_there_and_back(sentences, kind):
    tokenizer, _ = fitted(kind=kind)
    text = "\n".join(" ".join(sentence) for sentence in sentences)
    assert tokenizer.decode(tokenizer.encode(text)) == text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("min_count", [1, 2, 5])
def test_a_table_has_as_many_rows_as_are_told_before_it_is_made(kind, min_count):
    tokenizer, _ = fitted(kind=kind, min_count=min_count)
    count = count_vocabulary(WORLD, 1)
    characters = character_count(count.vocabulary.tokens)
    rows = table_rows(kind, count.counts, characters, min_count=min_count, bpe_vocab_size=200)
    assert rows == len(tokenizer.vocabulary)


def test_rare_words_share_one_token_and_new_ones_too():
    tokenizer, ids = fitted(of_text("a b a b a b c d"), min_count=2)
    assert set(tokenizer.vocabulary.tokens) == {"a", "b", UNKNOWN, END}
    assert tokenizer.decode(ids.tolist()) == "a b a b a b <unk> <unk>\n"
    assert tokenizer.encode("zebra") == [tokenizer.vocabulary.id(UNKNOWN)]


def test_without_rare_words_a_new_one_is_unknown():
    with pytest.raises(UnknownToken, match="zebra"):
        fitted()[0].encode("zebra")


@pytest.mark.parametrize("kind", ["character", "byte-pair"])
def test_a_character_that_the_corpus_lacks_is_named(kind):
    with pytest.raises(UnknownToken, match="Ω"):
        fitted(kind=kind)[0].encode("the Ω")


def test_byte_pairs_merge_up_to_the_size_that_was_asked_for():
    assert len(fitted(kind="byte-pair", bpe_vocab_size=200)[0].vocabulary) == 200
    assert " the" in fitted(kind="byte-pair", bpe_vocab_size=200)[0].vocabulary
    assert len(fitted(kind="byte-pair", bpe_vocab_size=20_000)[0].vocabulary) < 1_000  # no more to merge


def test_byte_pairs_of_the_same_corpus_are_the_same():
    assert fitted(kind="byte-pair")[0].vocabulary.tokens == fitted(kind="byte-pair")[0].vocabulary.tokens


def test_byte_pairs_hold_other_scripts_byte_by_byte():
    tokenizer, ids = fitted(of_text("日本 語日 本語 日本語\n" * 3), kind="byte-pair", bpe_vocab_size=50)
    assert tokenizer.decode(ids.tolist()) == "日本 語日 本語 日本語\n" * 3


@pytest.mark.parametrize(("kind", "bpe_vocab_size"), [("syllable", 200), ("byte-pair", 10)])
def test_what_there_is_not_is_refused(kind, bpe_vocab_size):
    with pytest.raises(InvalidInput):
        fitted(kind=kind, bpe_vocab_size=bpe_vocab_size)


def test_a_vocabulary_of_byte_pairs_smaller_than_the_alphabet_is_refused_with_what_would_do():
    corpus = of_text(" ".join(map(chr, range(0x4E00, 0x4E80))))
    with pytest.raises(
        InvalidInput, match=r"different bytes, and each is a token. Choose a vocabulary of (\d+) or more"
    ):
        fitted(corpus, kind="byte-pair", bpe_vocab_size=50)


def test_words_have_no_more_rows_than_there_may_be(monkeypatch):
    monkeypatch.setattr(corpus_tokens, "MAX_WORDS", 10)
    assert len(fitted()[0].vocabulary) == 10
