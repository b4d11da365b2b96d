"""A handful of words seen together: which does not belong, and the order that shows who belongs with whom."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common import InvalidInput, as_matrix, as_words, required
from embeddings.numeric import optimal_leaf_ordering, pairwise_cosines, unit_rows
from embeddings.vectors import WordVectors

MAX_TO_CLUSTER = 300  # rows; more make no picture
MAX_ODD = 1_000


@dataclass(frozen=True)
class OddOneOut:
    """The word that belongs least to the others.

    Attributes:
        word: The odd one.
        mean_cosines: Each word, in the order given, with the mean of its cosines to the other words.
    """

    word: str
    mean_cosines: tuple[tuple[str, float], ...]


def odd_one_out(wv: WordVectors, words: Sequence[str]) -> OddOneOut:
    """The word with the lowest mean cosine to the others.

    gensim's ``doesnt_match`` takes the word with the lowest cosine to the mean of all the unit vectors u. That is the
    same word: u · Σ u' = 1 + the sum of the cosines to the others, so both put the words in the same order. Of equals
    the first given is taken.

    Args:
        wv: Where the vectors are.
        words: At least three different tokens.

    Raises:
        UnknownToken: One is not in the table.
        InvalidInput: Fewer than three, one given twice, or more than 1,000.
    """
    words = as_words(words, "The words", at_least=3)
    if len(words) > MAX_ODD:
        raise InvalidInput(f"Give at most {MAX_ODD:,} words, not {len(words):,}.")
    means = mean_cosines(wv.rows(words))
    return OddOneOut(words[int(means.argmin())], tuple(zip(words, map(float, means), strict=True)))


def mean_cosines(vectors: ArrayLike) -> NDArray[np.float64]:
    """The mean of the cosines of each row of ``vectors`` [N, D] with all the others: float64 [N].

    Raises:
        InvalidInput: Not a finite matrix, or fewer than two rows.

    >>> mean_cosines([[1, 0], [1, 0], [0, 1]]).tolist()
    [0.5, 0.5, 0.0]
    """
    cosines = pairwise_cosines(_several_rows(vectors))  # [N, N]
    np.fill_diagonal(cosines, 0)
    return cosines.sum(axis=1) / (len(cosines) - 1)


def mean_cosine(vectors: ArrayLike) -> float:
    """The mean cosine of all pairs of different rows of ``vectors`` [N, D]: the sum of ``column_contributions``.

    Raises:
        InvalidInput: Not a finite matrix, or fewer than two rows.

    >>> round(mean_cosine([[1, 0], [1, 0], [0, 1]]), 6)
    0.333333
    """
    return float(column_contributions(vectors).sum())


def seriate(vectors: ArrayLike) -> list[int]:
    """An order of the rows of ``vectors`` [N, D] in which like stands beside like.

    Average linkage on 1 - cosine, then the order of the tree's leaves in which neighbours differ least; of it and its
    reverse, the one that starts with the earlier row. A row of zeros is at distance 1 from all.

    Returns:
        The N row numbers.

    Raises:
        InvalidInput: Not a finite matrix, or more than 300 rows.

    References:
        Bar-Joseph, Gifford and Jaakkola, "Fast optimal leaf ordering for hierarchical clustering", Bioinformatics 2001.
    """
    with required():
        from scipy.cluster.hierarchy import linkage
        from scipy.spatial.distance import squareform

    vectors = as_matrix(vectors, "The vectors")
    if len(vectors) > MAX_TO_CLUSTER:
        raise InvalidInput(f"At most {MAX_TO_CLUSTER} rows can be put in order, not {len(vectors):,}.")
    if len(vectors) == 1:
        return [0]
    distances = 1 - pairwise_cosines(vectors.astype(np.float64))
    np.fill_diagonal(distances, 0)
    pairs = squareform(distances, checks=False)  # [N (N - 1) / 2]
    order = optimal_leaf_ordering(linkage(pairs, method="average")[:, :2].astype(int), distances)
    return order if order[0] < order[-1] else order[::-1]


def column_contributions(vectors: ArrayLike) -> NDArray[np.float64]:
    """How much each of the D columns adds to the rows' mean cosine: float64 [D].

    The cosine of two rows is a sum over columns, u · u' = Σ u_d u'_d for unit rows u. Its mean over all pairs of
    different rows is the sum of these D numbers: large where the rows agree on a clear value, about 0 where all are
    near 0, negative where they pull apart.

    Args:
        vectors: [N, D], at least two rows.

    Raises:
        InvalidInput: Not a finite matrix, or fewer than two rows.
    """
    units = unit_rows(_several_rows(vectors))
    n = len(units)
    return (units.sum(axis=0) ** 2 - (units**2).sum(axis=0)) / (n * (n - 1))


def _several_rows(vectors: ArrayLike) -> NDArray[np.float64]:
    rows = as_matrix(vectors, "The vectors").astype(np.float64)
    if len(rows) < 2:
        raise InvalidInput("At least two rows are needed to see where they agree.")
    return rows


def columns_by_contribution(vectors: ArrayLike) -> list[int]:
    """The D columns of ``vectors`` [N, D] from those on which the rows agree most to those on which they differ.

    Sorted by ``column_contributions``, equal ones in their order.

    Raises:
        InvalidInput: Not a finite matrix, or fewer than two rows.
    """
    return np.argsort(-column_contributions(vectors), kind="stable").tolist()
