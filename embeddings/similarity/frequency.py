"""How often a word was read shows in its vector: rank by frequency against length, and against its neighbours.

All of it assumes that the table is in the order of frequency, as GloVe's is: the word of id 0 has rank 1.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from embeddings.common import ProgressCallback, as_count
from embeddings.numeric import pearson, spearman
from embeddings.similarity.neighbors import most_similar
from embeddings.vectors import WordVectors

MAX_BINS = 200
MAX_SAMPLE = 100_000
_LEAST_IN_A_BIN = 10  # words, so that quartiles mean something


@dataclass(frozen=True, eq=False)
class NormsByRank:
    """The length of all V rows, by their rank.

    Attributes:
        edges: int64 [B + 1], read-only: bin b holds the ranks from ``edges[b]`` to ``edges[b + 1] - 1``.
        quartiles: float32 [B, 3], read-only: lower quartile, median and upper quartile of the lengths in each bin.
        spearman: Rank correlation of rank and length over all rows; None where it is undefined, as for equal lengths.
        pearson: Correlation of the logarithm of the rank and length; None where it is undefined.
    """

    edges: NDArray[np.int64]
    quartiles: NDArray[np.float32]
    spearman: float | None
    pearson: float | None


def norms_by_rank(wv: WordVectors, bins: int = 40) -> NormsByRank:
    """Quartiles of the rows' lengths in bins of about equal width on a logarithmic axis of ranks.

    Args:
        wv: A table in the order of frequency.
        bins: At most so many, 1 to 200; fewer where a bin would hold less than 10 words.

    Raises:
        InvalidInput: ``bins`` is out of range.
    """
    bins = as_count(bins, "The number of bins", 1, MAX_BINS)
    norms = wv.norms
    ranks = np.arange(1, len(wv) + 1)
    edges = _log_edges(len(wv), bins)
    quartiles = np.array(
        [np.percentile(norms[a - 1 : b - 1], (25, 50, 75)) for a, b in pairwise(edges)],
        dtype=np.float32,
    )
    edges.flags.writeable = quartiles.flags.writeable = False
    if np.ptp(norms) <= 1e-6 * norms.max():  # equal but for rounding
        return NormsByRank(edges, quartiles, None, None)
    return NormsByRank(edges, quartiles, spearman(ranks, norms), pearson(np.log(ranks), norms))


def _log_edges(size: int, bins: int) -> NDArray[np.int64]:
    """1, then ranks about equally spaced on a logarithmic axis, then ``size + 1``."""
    edges = [1]
    for edge in np.geomspace(1, size + 1, bins + 1).round().astype(int).tolist()[1:-1]:
        if edge - edges[-1] >= _LEAST_IN_A_BIN and size + 1 - edge >= _LEAST_IN_A_BIN:
            edges.append(edge)
    return np.array([*edges, size + 1], dtype=np.int64)


@dataclass(frozen=True)
class NeighborRanks:
    """How common a word's neighbours are.

    Attributes:
        rank: The word's own rank; 1 is the most frequent.
        neighbours: ``(token, rank)``, the nearest first.
        median: Median rank of the neighbours; None when there are none.
    """

    rank: int
    neighbors: tuple[tuple[str, int], ...]
    median: float | None


def neighbor_ranks(wv: WordVectors, word: str, n: int = 10) -> NeighborRanks:
    """Ranks of the ``n`` words nearest to ``word`` by cosine: rare words' neighbours tend to be rare.

    Raises:
        UnknownToken: ``word`` is not in the table.
        InvalidInput: ``n`` is not from 1 to 1,000, or the word's vector is all zeros.
    """
    neighbors = tuple((token, wv.id(token) + 1) for token, _ in most_similar(wv, word, n=n))
    median = float(np.median([rank for _, rank in neighbors])) if neighbors else None
    return NeighborRanks(wv.id(word) + 1, neighbors, median)


@dataclass(frozen=True, eq=False)
class NeighborRankSample:
    """How common the neighbours of words all over a table are.

    Attributes:
        ranks: int64 [N], ascending, read-only: of the sampled words.
        medians: float64 [N], read-only: the median rank of each one's neighbours.
        spearman: Rank correlation of the two; None where it is undefined.
    """

    ranks: NDArray[np.int64]
    medians: NDArray[np.float64]
    spearman: float | None


def neighbor_ranks_by_rank(
    wv: WordVectors, sample: int = 200, n: int = 10, report: ProgressCallback | None = None
) -> NeighborRankSample:
    """The median rank of the ``n`` nearest of about ``sample`` words, equally spaced on a logarithmic axis of ranks.

    Args:
        wv: A table in the order of frequency, of two rows or more.
        sample: How many words are asked; those with a vector of zeros are left out.
        n: How many neighbours of each.
        report: Called as ``report(fraction, words)``; what it raises ends the work.

    Raises:
        InvalidInput: ``sample`` or ``n`` is out of range.
    """
    ids = [token_id for token_id in log_spaced_ids(len(wv), sample).tolist() if wv.inverse_norms[token_id] > 0]
    medians = []
    for done, token_id in enumerate(ids):
        if report is not None:
            report(done / len(ids), f"{done} of {len(ids)} words")
        medians.append(neighbor_ranks(wv, wv.tokens[token_id], n).median)
    ranks, of_company = np.array(ids, dtype=np.int64) + 1, np.array(medians, dtype=np.float64)
    ranks.flags.writeable = of_company.flags.writeable = False
    correlation = spearman(ranks, of_company)
    return NeighborRankSample(ranks, of_company, None if math.isnan(correlation) else correlation)


def log_spaced_ids(size: int, n: int) -> NDArray[np.int64]:
    """At most ``n`` different ids from 0 to ``size - 1``, ascending, equally spaced on a logarithmic axis of ranks.

    Both ends are among them, when n > 1. There are fewer than ``n`` where several would fall on one of the first ranks.

    Raises:
        InvalidInput: ``size`` is less than 1, or ``n`` not from 1 to 100,000.

    >>> log_spaced_ids(1_000, 4).tolist(), log_spaced_ids(3, 100).tolist()
    ([0, 9, 99, 999], [0, 1, 2])
    """
    size = as_count(size, "The number of words", 1, 10**12)
    n = as_count(n, "The number of words to sample", 1, MAX_SAMPLE)
    return np.unique(np.geomspace(1, size, n).round().astype(np.int64)) - 1
