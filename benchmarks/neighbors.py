"""The ten nearest neighbours of a word among the 400,000 of GloVe 6B 50d, and among as many of 300 numbers.

Ours is ``embeddings.similarity.most_similar``, the peer gensim's ``KeyedVectors.most_similar`` with its norms filled
beforehand, over the same vectors in the row by row order in which gensim keeps them. Both answer for the same 50
words, from the most frequent to the rarest, in one process, and must give the same answers: by turns, each for all 50
words, as a program uses one of the two. "Taking turns word by word" is harder: each query finds the caches full of the
other's table, and waits for memory. The figure on one thread is the steadier one where other programs keep a core busy.
The table of 300 dimensions holds random numbers in the column order of the bundled one; which numbers they are does not
change how long the search takes.
"""

import time
from collections.abc import Callable
from statistics import median

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.figures import Figure
from embeddings import sources
from embeddings.similarity import most_similar
from embeddings.vectors import WordVectors

WORDS = 50
ROUNDS = 7  # each word is asked for this often on both sides
ROUNDS_OVER_WIDE = 3  # six times as many numbers to read
AT_MOST_TIMES = 0.5  # at least twice as fast
AT_MOST_TIMES_OVER_WIDE = 1.0  # no slower: reading the table takes nearly all the time on both sides


def measure() -> list[Figure]:
    """Time the same queries on both sides, first as both run by default, then on one thread."""
    glove = over(sources.load(), ROUNDS, AT_MOST_TIMES)
    return glove + over(wide_table(), ROUNDS_OVER_WIDE, AT_MOST_TIMES_OVER_WIDE)


def over(table: WordVectors, rounds: int, at_most_times: float) -> list[Figure]:
    """The figures for one table."""
    keyed_vectors = as_gensim_keeps_them(table)
    words = varied_words(table)
    for word in words:  # also the warm-up of both
        check_same(word, most_similar(table, word), keyed_vectors.most_similar(word))
    what = f"one query over {len(table):,} x {table.dimension}, {WORDS} words, {rounds} times each"
    sides = (lambda word: most_similar(table, word)), keyed_vectors.most_similar
    by_default = compare(what, sides, [words] * rounds, at_most_times=at_most_times)
    mixed = compare(f"{what}, taking turns word by word", sides, [[word] for word in words] * rounds)
    with threadpool_limits(1):
        return [by_default, mixed, compare(f"{what}, one thread", sides, [words] * rounds)]


def compare(what: str, sides: tuple[Callable, Callable], turns: list[list[str]], **bound) -> Figure:
    """Medians over all queries; in each turn one side answers for all of its words, then the other."""
    ours, peers = [], []
    for words in turns:
        for side, taken in zip(sides, (ours, peers), strict=True):
            taken += [milliseconds(lambda side=side, word=word: side(word)) for word in words]
    return Figure(
        what, "ms", median(ours), tuple(ours), peer="gensim", peers=median(peers), peers_all=tuple(peers), **bound
    )


def wide_table(words: int = 400_000, dimension: int = 300) -> WordVectors:
    """Random numbers in the size of the larger published tables, 480 MB, in column order."""
    columns = np.random.default_rng(0).standard_normal((dimension, words), dtype=np.float32)
    return WordVectors.of("random", [f"word{i}" for i in range(words)], columns.T)


def as_gensim_keeps_them(table: WordVectors):
    """gensim's KeyedVectors with the rows of ``table``, ready for queries."""
    from gensim.models import KeyedVectors

    keyed_vectors = KeyedVectors(table.dimension)
    keyed_vectors.add_vectors(list(table.tokens), np.ascontiguousarray(table.matrix))
    keyed_vectors.fill_norms()
    if len(keyed_vectors) != len(table) or not keyed_vectors.vectors.flags.c_contiguous:
        raise RuntimeError("gensim does not hold the whole table row by row, so that the comparison would not be fair.")
    return keyed_vectors


def varied_words(table: WordVectors) -> list[str]:
    """Words from all over the table, denser among the frequent ones."""
    return [table.tokens[round(token_id)] for token_id in np.geomspace(10, len(table) - 1, WORDS)]


def check_same(word: str, ours: list[tuple[str, float]], peers: list[tuple[str, float]]) -> None:
    """Stop unless both found neighbours with the same cosines; equally near words may stand in either order."""
    close = np.allclose([cosine for _, cosine in ours], [cosine for _, cosine in peers], atol=1e-5)
    if not close or [token for token, _ in ours[:3]] != [token for token, _ in peers[:3]]:
        raise RuntimeError(f"The answers for {word!r} differ: {ours} and {peers}.")


def milliseconds(call: Callable[[], object]) -> float:
    """How long one ``call`` takes."""
    started = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - started)
