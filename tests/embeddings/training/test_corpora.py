from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput, TooLarge
from embeddings.training import corpora
from embeddings.training.corpora import (
    LONGEST_SENTENCE,
    Corpus,
    count_vocabulary,
    load,
    of_file,
    of_text,
    of_toy_corpus,
)


class Enough(Exception):
    """Raised by a watcher to stop."""


def stop_at(call: int):
    """A watcher that stops the work when it is called for the ``call``-th time, and not before."""
    calls = iter(range(1, call + 1))

    def report(fraction, words):
        if next(calls) == call:
            raise Enough(words)

    return report


@pytest.fixture(scope="module")
def wikipedia():
    return load("wikipedia")


@pytest.mark.parametrize("name", ["made-up-world", "news"])
def test_a_corpus_knows_its_size_and_can_be_read_twice(name):
    pytest.importorskip("gensim")
    corpus = load(name)
    assert corpus.tokens == sum(map(len, corpus.sentences)) == sum(map(len, corpus.sentences))


def test_the_catalogue_is_true_to_what_it_lists(wikipedia):
    pytest.importorskip("gensim")
    for entry in corpora.catalogue():
        corpus = wikipedia if entry.name == "wikipedia" else load(entry.name)
        assert (corpus.name, corpus.licence) == (entry.name, entry.licence)
        assert corpus.tokens == pytest.approx(entry.tokens, rel=0.01)


def test_wikipedia_is_what_gensims_wikicorpus_reads(wikipedia):
    pytest.importorskip("gensim")
    from gensim.corpora import WikiCorpus
    from gensim.test.utils import datapath

    dump = datapath("enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2")
    articles = WikiCorpus(dump, processes=1, dictionary={}).get_texts()
    assert [t for article in articles for t in article] == [t for part in wikipedia.sentences for t in part]
    assert max(map(len, wikipedia.sentences)) <= LONGEST_SENTENCE


def test_an_unknown_corpus_is_refused_with_the_names_there_are():
    with pytest.raises(InvalidInput, match="made-up-world, wikipedia, news"):
        load("brown")


def test_own_text_becomes_a_sentence_a_line():
    corpus = of_text("The cat sat.\n\nA dog ran")
    assert corpus.sentences == (("the", "cat", "sat", "."), ("a", "dog", "ran"))
    assert corpus.tokens == 7


def test_a_long_line_is_cut_between_words():
    corpus = of_text("word " * 10_000)
    assert corpus.tokens == 10_000
    assert set(sum(corpus.sentences, ())) == {"word"}


@pytest.mark.parametrize("text", ["", "   \n ", "word"])
def test_text_of_no_word_or_one_is_refused(text):
    with pytest.raises(InvalidInput, match="nothing stands beside another"):
        of_text(text)


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0", bytes(range(128, 256)), b"a\0b c", b"\x01\x02\x03 abc"])
def test_binary_data_is_refused(content):
    with pytest.raises(InvalidInput, match=r"binary data"):
        of_file(content)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_corpus_or_a_sentence(content):
    try:
        assert of_file(content).tokens >= 2
    except InvalidInput as error:
        assert str(error).endswith(".")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_read_in_the_encoding_that_it_names(encoding):
    assert of_file("naïve cats".encode(encoding)).sentences == (("naïve", "cats"),)


def test_a_file_of_50_mb_is_refused_unread():
    with pytest.raises(TooLarge, match="50 MB"):
        of_file(bytes(50_000_000))
    with pytest.raises(TooLarge, match="10 MB"):
        of_text("é" * 6_000_000)


def test_half_a_character_gets_a_sentence():
    with pytest.raises(InvalidInput, match="Character 3 is half of a pair"):
        of_text("a \ud83d b")


def test_a_tenth_has_a_tenth_of_the_tokens_from_the_start():
    corpus = of_toy_corpus(size=500)
    tenth = corpus.part(0.1)
    assert tenth.tokens == round(corpus.tokens / 10)
    assert tenth.sentences[:40] == corpus.sentences[:40]
    for share in (0, 1.1, float("nan")):
        with pytest.raises(InvalidInput, match="share"):
            corpus.part(share)


@given(st.lists(st.sampled_from("abcdef"), min_size=20, max_size=80), st.integers(1, 5))
def test_the_vocabulary_holds_what_occurs_often_enough_the_most_frequent_first(tokens, min_count):
    corpus = Corpus.of("x", "X", [tokens], "", "")
    expected = {token: n for token, n in Counter(tokens).items() if n >= min_count}
    if len(expected) < 2:
        return
    count = count_vocabulary(corpus, min_count)
    assert dict(zip(count.vocabulary.tokens, count.counts, strict=True)) == expected
    assert (np.diff(count.counts) <= 0).all()
    assert (count.words, count.tokens) == (len(set(tokens)), len(tokens))
    assert count.kept == pytest.approx(sum(expected.values()) / len(tokens))


def test_a_vocabulary_of_one_is_refused():
    with pytest.raises(InvalidInput, match="Only 1 of 1 words"):
        count_vocabulary(of_text("the the the the the"), min_count=1)


def test_a_streamed_corpus_is_read_like_any_other(tmp_path):
    file = tmp_path / "text8"
    file.write_text("anarchism originated as a term " * 500)
    sentences = list(corpora.of_text8(file).sentences)
    assert [len(sentence) for sentence in sentences] == [1_000, 1_000, 500]
    assert count_vocabulary(corpora.of_text8(file)).counts.tolist() == [500] * 5


@pytest.mark.parametrize("name", ["wikipedia", "news"])
def test_reading_stops_when_the_watcher_says_so(name):
    pytest.importorskip("gensim")
    with pytest.raises(Enough, match="Reading"):
        load(name, stop_at(3))


def test_reading_ones_own_text_and_counting_stop_when_the_watcher_says_so():
    with pytest.raises(Enough, match="Reading your text"):
        of_text("a b\n" * 10, report=stop_at(5))
    with pytest.raises(Enough, match="Counting"):
        count_vocabulary(of_toy_corpus(30_000), report=stop_at(5))
    with pytest.raises(Enough, match="Taking a part"):
        of_toy_corpus(30_000).part(0.9, stop_at(3))


@pytest.mark.parametrize("length", [5, 1_000])
def test_reports_are_as_far_apart_in_tokens_whether_sentences_are_short_or_long(length):
    told = []
    corpus = Corpus.of("x", "X", [["a", "b", "c", "d", "e"] * (length // 5)] * (200_000 // length), "", "")
    count_vocabulary(corpus, report=lambda fraction, words: told.append(fraction))
    assert told == [0, 0.25, 0.5, 0.75]


@pytest.mark.parametrize("min_count", [1, 5, 100])
def test_what_a_least_count_leaves_is_what_the_count_of_the_words_says(min_count):
    corpus = corpora.of_toy_corpus(size=600)
    everything, kept = (corpora.count_vocabulary(corpus, least) for least in (1, min_count))

    assert corpora.vocabulary_size(everything.counts, min_count) == len(kept.vocabulary)
    assert corpora.token_coverage(everything.counts, min_count) == kept.counts.sum() / corpus.tokens
