"""Byte-pair encoding: the pieces of a word are merged, the pair of the lowest rank first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import cast

from embeddings.common import InvalidInput

_GONE = -1
_NOT_MERGED = "No merge made {!r}: it is no token of this vocabulary, or was put there by hand."


@dataclass(frozen=True)
class MergeStep:
    """The pieces that a token consists of after one of its merges.

    Attributes:
        pieces: From left to right.
        merged: Which of them was merged last; ``None`` where all are single bytes still.
        rank: Of that piece.
    """

    pieces: tuple[bytes, ...]
    merged: int | None
    rank: int | None


@dataclass(frozen=True)
class MergeTree:
    """A token, the two tokens that it was merged from, and so on, down to single bytes.

    Attributes:
        piece: What the token stands for.
        rank: Of the token: those that were learned earlier have smaller ones.
        parts: The two that were merged; none for a single byte.
    """

    piece: bytes
    rank: int
    parts: tuple["MergeTree", ...] = ()

    @property
    def steps(self) -> tuple[MergeStep, ...]:
        """The merges in the order in which a tokenizer makes them, after a first step of single bytes."""
        pieces = {start: self.piece[start : start + 1] for start in range(len(self.piece))}
        found = [MergeStep(tuple(pieces.values()), None, None)]
        for rank, start, tree in sorted(self._merges(0), key=lambda merge: merge[:2]):
            pieces[start] = tree.piece
            del pieces[start + len(tree.parts[0].piece)]
            found.append(MergeStep(tuple(pieces.values()), list(pieces).index(start), rank))
        return tuple(found)

    def _merges(self, start: int) -> Iterator[tuple[int, int, "MergeTree"]]:
        """Rank, first byte and token of each merge, where this token begins at byte ``start``."""
        if not self.parts:
            return
        yield self.rank, start, self
        for part in self.parts:
            yield from part._merges(start)
            start += len(part.piece)


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


def undo_merges(piece: bytes, rank_of: Callable[[bytes], int | None]) -> MergeTree:
    """The merges that made the token ``piece``.

    Its two parts are what is left of it when it is merged by smaller ranks alone, and so are theirs.

    Args:
        piece: A token, of one byte or more.
        rank_of: Gives the rank of a token, and None for what is none; each single byte is one.

    Raises:
        InvalidInput: ``piece`` is no token, or was made without merges, as special tokens are.

    >>> [step.pieces for step in undo_merges(b"abb", {b"a": 0, b"b": 1, b"bb": 2, b"abb": 3}.get).steps]
    [(b'a', b'b', b'b'), (b'a', b'bb'), (b'abb',)]
    """
    rank = rank_of(piece)
    if rank is None:
        raise InvalidInput(_NOT_MERGED.format(piece.decode(errors="replace")))
    if len(piece) == 1:
        return MergeTree(piece, rank)

    def earlier(part: bytes) -> int | None:
        found = rank_of(part)
        return found if found is not None and found < rank else None

    ends = _merged_ends(piece, earlier)
    middle = ends[0]
    if middle == len(piece) or ends[middle] != len(piece):
        raise InvalidInput(_NOT_MERGED.format(piece.decode(errors="replace")))
    return MergeTree(piece, rank, tuple(undo_merges(part, rank_of) for part in (piece[:middle], piece[middle:])))


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
