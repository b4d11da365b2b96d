"""Sources that are fetched, through the catalogue, from a server on the loopback."""

import numpy as np
import pytest

from embeddings import sources
from embeddings.common.errors import SourceUnavailable
from embeddings.sources import gensim_data
from embeddings.sources.minilm_table import MiniLMTable
from tests.loopback import MINILM, TWITTER

MODEL = f"hf:{MINILM}"


@pytest.fixture
def twitter(server, glove, monkeypatch):
    server.offer_twitter(glove)
    monkeypatch.setenv("GENSIM_DATA_ENDPOINT", server.url)
    return server


@pytest.fixture
def minilm(server, monkeypatch):
    server.offer_minilm()
    monkeypatch.setenv("HF_ENDPOINT", server.url)
    return server


def test_a_table_is_fetched_when_asked_to_and_then_is_local(twitter, glove):
    vectors = sources.load(TWITTER, fetch=True)

    assert vectors.tokens == glove.tokens[:50]
    assert (vectors.matrix == glove.matrix[:50, :25]).all()
    assert sources.find(TWITTER).local
    assert len(sources.load(TWITTER, max_rows=5)) == 5


def test_fetching_says_how_far_it_is_and_gives_the_entry(twitter):
    fractions = []

    source = sources.fetch(TWITTER, lambda fraction, words: fractions.append(fraction))

    assert source.local
    assert fractions[-1] == 1


def test_the_catalogue_asks_nobody(twitter, minilm):
    catalogue = sources.catalogue()

    assert [source.name for source in catalogue[:2]] == [sources.DEFAULT, sources.MINILM]
    assert len(catalogue) == 3 + len(gensim_data.PUBLISHED)
    assert twitter.asked == []


def test_a_model_of_the_hub_shows_its_sizes_before_it_is_fetched(minilm):
    source = sources.find(MODEL)

    assert (source.words, source.dimension, source.local) == (30_522, 384, False)
    assert source.download_bytes == 30_522 * 384 * 4 + 466_247
    assert minilm.sent < 20_000


def test_a_model_of_the_hub_is_fetched_once_and_then_read_without_network(minilm):
    with pytest.raises(SourceUnavailable, match="Fetch it first"):
        sources.load(MODEL)
    assert minilm.asked == []

    sources.fetch(MODEL)
    asked = len(minilm.asked)
    vectors = sources.load(MODEL, max_rows=3)

    assert len(minilm.asked) == asked
    assert vectors.tokens == ("[PAD]", "[unused0]", "[unused1]")
    assert np.array_equal(vectors.matrix, MiniLMTable.of_minilm().rows([0, 1, 2]))
