"""Lengths of a table's rows: the longest, the shortest, and those that training hardly touched."""

import re
from dataclasses import dataclass

import numpy as np

from embeddings.common import InvalidInput, as_count
from embeddings.vectors import WordVectors

UNUSED = "[unused"  # what BERT's vocabulary calls the rows that it keeps free
_MARK = re.compile(r"\[[A-Z]+\]")  # of BERT's vocabulary, such as [MASK]: no word of a text
_NEARLY_ALL = 0.99


@dataclass(frozen=True)
class UnusedRows:
    """What tells rows that no text ever used from the others.

    Attributes:
        count: How many there are.
        length: Their mean length.
        other_length: The mean length of all other rows.
        as_short: The ordinary tokens whose rows are no longer than 99% of the unused ones, the shortest first; marks
            of the vocabulary's own, such as ``[MASK]``, are none.
    """

    count: int
    length: float
    other_length: float
    as_short: tuple[str, ...]


def longest_rows(vectors: WordVectors, n: int = 10) -> list[tuple[str, float]]:
    """The ``n`` tokens with the longest rows, the longest first, each with its length.

    Raises:
        InvalidInput: ``n`` is not a count.

    >>> longest_rows(WordVectors.of("toy", ["a", "b", "c"], np.array([[3, 4], [0, 1], [0, 2]])), 2)
    [('a', 5.0), ('c', 2.0)]
    """
    return _by_length(vectors, n, -1)


def shortest_rows(vectors: WordVectors, n: int = 10) -> list[tuple[str, float]]:
    """The ``n`` tokens with the shortest rows, the shortest first, each with its length.

    Raises:
        InvalidInput: ``n`` is not a count.
    """
    return _by_length(vectors, n, 1)


def unused_rows(vectors: WordVectors) -> UnusedRows:
    """The rows that BERT's vocabulary keeps free, beside the others.

    Raises:
        InvalidInput: The table has no such rows.
    """
    unused = np.array([token.startswith(UNUSED) for token in vectors.tokens])
    if not unused.any() or unused.all():
        raise InvalidInput(f"{vectors.name} has no tokens beside such as {UNUSED}0].")
    lengths = vectors.norms
    ordinary = ~unused & np.array([_MARK.fullmatch(token) is None for token in vectors.tokens])
    order = np.flatnonzero(ordinary)[np.argsort(lengths[ordinary], kind="stable")]
    short = order[lengths[order] <= np.quantile(lengths[unused], _NEARLY_ALL)]
    return UnusedRows(
        int(unused.sum()),
        float(lengths[unused].mean()),
        float(lengths[~unused].mean()),
        tuple(vectors.tokens[each] for each in short.tolist()),
    )


def _by_length(vectors: WordVectors, n: int, sign: int) -> list[tuple[str, float]]:
    lengths = vectors.norms
    order = np.argsort(sign * lengths, kind="stable")[: as_count(n, "n", 1, len(vectors))]
    return [(vectors.tokens[each], round(float(lengths[each]), 6)) for each in order.tolist()]
