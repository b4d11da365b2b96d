"""Byte-pair encoding: the pieces of a word are merged, the pair of the lowest rank first."""

from collections.abc import Callable
from heapq import heapify, heappop, heappush
from typing import cast

_GONE = -1


def merge(word: bytes, rank_of: Callable[[bytes], int | None]) -> list[int]:
    """The ids of the tokens that ``word`` is made of, which are their ranks.

    Two neighbours may be merged if together they are a token. Of all such pairs the one of the lowest rank is, and of
    equal ones the first, until none is left. A heap holds the pairs, so that N bytes take N·log(N) steps.

    Args:
        word: Merges stay within it; of one byte or more.
        rank_of: Gives the rank of a token, and None for what is none; each single byte is one.

    References:
        Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units", 2016.

    >>> merge(b"abba", {b"a": 0, b"b": 1, b"ab": 2, b"ba": 3, b"bba": 4}.get)
    [2, 3]
    """
    if (whole := rank_of(word)) is not None:
        return [whole]
    ends = _merged_ends(word, rank_of)
    ids, start = [], 0
    while start < len(word):
        ids.append(cast(int, rank_of(word[start : ends[start]])))  # a piece is a single byte, or was merged as a token
        start = ends[start]
    return ids


def _merged_ends(word: bytes, rank_of: Callable[[bytes], int | None]) -> list[int]:
    """Once no more can be merged: where the piece ends that begins at each byte; ``_GONE`` where none does."""
    size = len(word)
    ends = [*range(1, size + 1), _GONE]
    starts = [_GONE, *range(size)]  # where the piece begins that ends before each byte
    pairs = [(rank, at, at + 2) for at in range(size - 1) if (rank := rank_of(word[at : at + 2])) is not None]
    heapify(pairs)
    while pairs:
        _, start, end = heappop(pairs)
        middle = ends[start]
        if middle == _GONE or ends[middle] != end:
            continue  # one of the two was merged with another meanwhile
        ends[start], ends[middle], starts[end] = end, _GONE, start
        before, after = starts[start], ends[end]
        if before != _GONE and (rank := rank_of(word[before:end])) is not None:
            heappush(pairs, (rank, before, end))
        if after != _GONE and (rank := rank_of(word[start:after])) is not None:
            heappush(pairs, (rank, start, after))
    return ends
