"""A baseline to hold a score against: the same table with its rows dealt out to the wrong words."""

import numpy as np

from embeddings.common import as_count
from embeddings.vectors import WordVectors


def shuffled(wv: WordVectors, limit: int, seed: int = 0) -> WordVectors:
    """The first ``limit`` rows of ``wv``, dealt out to their tokens at random: what is left of a score is chance.

    The rows are those of the table and are not copied. Their lengths and their distances stay as they are; only which
    word has which row is changed.

    Raises:
        InvalidInput: ``limit`` or ``seed`` is out of range.

    >>> table = shuffled(WordVectors.of("toy", ["cat", "dog", "cow"], np.eye(3)), 2)
    >>> sorted(table.tokens), table.matrix.shape
    (['cat', 'dog'], (2, 3))
    """
    limit = min(as_count(limit, "The limit", 1, 10**9), len(wv))
    seed = as_count(seed, "The seed", 0, 2**32 - 1)
    order = np.random.default_rng(seed).permutation(limit)
    return WordVectors.of(f"{wv.name}, shuffled", [wv.tokens[row] for row in order.tolist()], wv.matrix[:limit])
