"""Watching an embedding being learned.

Ours is ``embeddings.word2vec.train`` with all its snapshots, each drawn into the fixed frame and searched for a word's
neighbours as a page would; the peer is gensim's ``Word2Vec.train`` alone, over the same sentences with the same
settings, on one thread each. They take turns in one process, and each is timed by the processor seconds of the whole
process, which other programs change less than the clock. What is learned and the speed of the language model have
their bounds in the clock's seconds.
"""

import time
from collections.abc import Callable
from statistics import median

import numpy as np

from benchmarks.figures import Figure
from embeddings import corpora, language_model, learned, word2vec
from embeddings.alignment import Frame
from embeddings.corpora import Corpus, count_vocabulary
from embeddings.neighbors import most_similar
from embeddings.word_vectors import WordVectors

ROUNDS = 3
SHARE_OF_BARE = 0.9  # of gensim's words per second
SETTINGS = {"skip_gram": True, "dimension": 50, "negative": 10, "window": 5, "sample": 1e-4, "min_count": 10}
EPOCHS = 15
ON_THE_MAP = 500
STEPS, STEPS_PER_SECOND = 300, 50
CLEAR_CLUSTERS = 0.4  # silhouette
IN_LINE_WITH_PEOPLE = 0.5  # Spearman


def measure() -> list[Figure]:
    """The cost of watching, then what each kind of training reaches, and how fast."""
    wikipedia = corpora.load("wikipedia")
    return [watching(wikipedia), *made_up_world(), similarity(wikipedia), *language_model_speed()]


def watching(corpus: Corpus) -> Figure:
    """Seconds to train on ``corpus`` while somebody looks, to those of bare gensim."""
    ours, peers = [], []
    for _ in range(ROUNDS):
        peers.append(processor_seconds(bare(corpus, epochs=2)))
        ours.append(processor_seconds(lambda: watch(corpus, epochs=2)))
    return Figure(
        f"{corpus.tokens:,} words twice through, {len(list_of_snapshots(2))} live snapshots: processor time",
        "s",
        median(ours),
        tuple(ours),
        peer="bare gensim",
        peers=median(peers),
        peers_all=tuple(peers),
        at_most_times=1 / SHARE_OF_BARE,
    )
