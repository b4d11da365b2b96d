"""The order of a vocabulary's ids: by the alphabet, by how often a token was read, or by the order of merges?"""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from embeddings.common import as_count
from embeddings.numeric import spearman
from embeddings.tokenizers.token_index import KINDS, SPECIAL, TokenIndex

ORDERS = ALPHABET, FREQUENCY, MERGES = ("by the alphabet", "by how often they were read", "in the order of merges")
NONE = "in none of these orders"
MAX_BINS = 1_000
_SAMPLE = 2_000  # tokens, evenly spread over the ids, for which two earlier ones are looked for
_WORDS = 10_000  # evenly spread, too, that are looked up in the reference
_FEWEST = 30  # shared words that say something of an order
_FEWEST_IN_A_BIN = 5
_NEARLY_ALL, _CLEAR = 0.99, 0.5  # of a share, and of a rank correlation


@dataclass(frozen=True)
class TokenOrder:
    """What was measured of the order of a vocabulary.

    Attributes:
        alphabetical: ``alphabetical_share``.
        built: ``share_built_from_earlier``.
        sample: Of how many tokens.
        shared: How many of its words, evenly spread over the ids, the reference has too.
        frequency: ``frequency_correlation`` over these; NaN where they are too few.
    """

    alphabetical: float
    built: float
    sample: int
    shared: int
    frequency: float

    @property
    def name(self) -> str:
        """Which of ``ORDERS`` that is, or ``NONE``."""
        if self.alphabetical >= _NEARLY_ALL:
            return ALPHABET
        if self.built >= _NEARLY_ALL:
            return MERGES
        return FREQUENCY if self.frequency >= _CLEAR else NONE


def measure_order(index: TokenIndex, reference: TokenIndex) -> TokenOrder:
    """Measure the order of ``index`` in three ways.

    Args:
        index: The vocabulary.
        reference: Another one, whose words stand in the order of how often they were read.
    """
    ids, places = _shared_words(index, reference)
    sample = min(_SAMPLE, len(_longer(index)))
    built, frequency = share_built_from_earlier(index, sample), frequency_correlation(ids, places)
    return TokenOrder(alphabetical_share(index), built, sample, len(ids), frequency)


def alphabetical_share(index: TokenIndex) -> float:
    """Of two tokens with ids that follow each other, how often the second comes later in the alphabet, from 0 to 1.

    By code points, as a vocabulary is sorted. 1 where it is, and about 0.5 where the order has nothing to do with it;
    NaN for a single token.
    """
    ordinary = index.kinds != KINDS.index(SPECIAL)
    both = ordinary[:-1] & ordinary[1:]
    rises = np.fromiter((a < b for a, b in pairwise(index.pieces.strings)), bool, len(both))
    return float(rises[both].mean()) if both.any() else math.nan


def share_built_from_earlier(index: TokenIndex, sample: int = _SAMPLE) -> float:
    """How many tokens are two tokens of smaller ids put together, from 0 to 1.

    1 where each token but the first ones was made by a merge of two that were there before: then the ids are the order
    of the merges.

    Args:
        index: The vocabulary.
        sample: At most so many tokens of two characters or more are looked at, evenly spread over their ids.

    Raises:
        InvalidInput: ``sample`` is negative, or beyond ten million.
    """
    longer = _longer(index)
    count = min(len(longer), as_count(sample, "The sample", 0, 10_000_000))
    return sum(_is_built(index, token_id) for token_id in _evenly(longer, count)) / max(1, count)


def _longer(index: TokenIndex) -> NDArray[np.int64]:
    """The ids of what could be two tokens put together."""
    return np.flatnonzero((index.lengths >= 2) & (index.kinds != KINDS.index(SPECIAL)))


def _evenly(ids: NDArray[np.int64], count: int) -> list[int]:
    """``count`` of ``ids``, evenly spread from the first to the last."""
    return ids[np.linspace(0, len(ids) - 1, count).round().astype(np.int64)].tolist() if count else []


def _is_built(index: TokenIndex, token_id: int) -> bool:
    """Whether some two tokens of smaller ids are this one, put together."""
    strings, inside = index.pieces.strings, index.pieces.inside
    whole = strings[token_id]
    start = len(inside) if whole.startswith(inside) else 0
    for cut in range(start + 1, len(whole)):
        left = strings.find(whole[:cut])
        if left is None or left >= token_id:
            continue
        right = strings.find(inside + whole[cut:])
        if right is not None and right < token_id:
            return True
    return False


def frequency_correlation(ids: NDArray[np.int64], places: NDArray[np.int64]) -> float:
    """Rank correlation of the ``ids`` [n] of words and their ``places`` [n] by frequency; NaN for less than 30 words.

    References:
        Spearman 1904.
    """
    return spearman(ids, places) if len(ids) >= _FEWEST else math.nan


def _shared_words(index: TokenIndex, reference: TokenIndex) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The ids of words in small letters that ``index`` shares with ``reference``, in both: int64 [n] each."""
    few, many = sorted((index, reference), key=len)  # each word of the smaller one is looked up in the other
    space = b" " if many.pieces.spaced else b""
    pairs = []
    words = few.find(kind="Latin", shortest=2, begins_word=True)
    for token_id in _evenly(words, min(_WORDS, len(words))):
        word = few.pieces.strings[token_id].strip()
        place = many.pieces.strings.find(space + word) if word.islower() else None
        if place is not None:
            pairs.append((token_id, place) if few is index else (place, token_id))
    ids, places = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return ids, places


@dataclass(frozen=True, eq=False)
class IdProfile:
    """What stands where in the order of ids, which are cut into B bins.

    Attributes:
        edges: int64 [B + 1], read-only: bin b holds the ids from ``edges[b]`` to ``edges[b + 1] - 1``.
        mean_lengths: float64 [B], read-only: the mean length of its tokens that are not special; NaN where all are.
        median_places: float64 [B], read-only: the median place of its words in the reference; NaN where there are fewer
            than five of them.
        shares: float64 [B, K], read-only: how many of its tokens are of each of ``KINDS``; a row's sum is 1.
    """

    edges: NDArray[np.int64]
    mean_lengths: NDArray[np.float64]
    median_places: NDArray[np.float64]
    shares: NDArray[np.float64]


def profile_by_id(index: TokenIndex, reference: TokenIndex, bins: int = 50) -> IdProfile:
    """Lengths, places and kinds of the tokens in ``bins`` of about equal size, or in fewer where tokens are few.

    Args:
        index: The vocabulary.
        reference: Another one, whose words stand in the order of how often they were read.
        bins: At most so many, 1 to 1,000.

    Raises:
        InvalidInput: ``bins`` is not from 1 to 1,000.
    """
    bins = min(as_count(bins, "The number of bins", 1, MAX_BINS), len(index))
    edges = np.linspace(0, len(index), bins + 1).round().astype(np.int64)
    bin_of = np.repeat(np.arange(bins), np.diff(edges))  # [V]
    counts = np.zeros((bins, len(KINDS)))
    np.add.at(counts, (bin_of, index.kinds), 1)
    ordinary = index.kinds != KINDS.index(SPECIAL)
    sums = np.bincount(bin_of, weights=index.lengths * ordinary, minlength=bins)
    numbers = np.bincount(bin_of, weights=ordinary, minlength=bins)
    means = np.divide(sums, numbers, out=np.full(bins, np.nan), where=numbers > 0)
    shares = counts / counts.sum(axis=1, keepdims=True)
    arrays = edges, means, _median_places(index, reference, bin_of), shares
    for array in arrays:
        array.flags.writeable = False
    return IdProfile(*arrays)


def _median_places(index: TokenIndex, reference: TokenIndex, bin_of: NDArray[np.int64]) -> NDArray[np.float64]:
    """The median place in ``reference`` of the words in each bin: float64 [B]; ``bin_of`` [V] says which it is."""
    ids, places = _shared_words(index, reference)
    bins = bin_of[ids]
    medians = np.full(bin_of[-1] + 1, np.nan)
    for at in np.flatnonzero(np.bincount(bins, minlength=len(medians)) >= _FEWEST_IN_A_BIN).tolist():
        medians[at] = np.median(places[bins == at])
    return medians
