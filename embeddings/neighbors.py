"""Which words are near: exact cosine search over a whole table, and the closest spellings."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings.checks import as_count, as_matrix
from embeddings.errors import InvalidInput, TooLarge
from embeddings.word_vectors import WordVectors

_BLOCK = 200  # rows summarised by one maximum; a table's best n lie in the n best blocks
MAX_NEIGHBOURS = 1_000
MAX_PAIRS_BYTES = 256_000_000  # of a table of every pair; more cannot be looked at
_SPELLING_POOL = 100_000  # the most frequent words; rarer ones are seldom what was meant


def most_similar(
    wv: WordVectors,
    positive: str | Sequence[str],
    negative: str | Sequence[str] = (),
    n: int = 10,
    exclude_inputs: bool = True,
) -> list[tuple[str, float]]:
    """The ``n`` tokens whose vectors point most nearly the way of ``positive`` minus ``negative``.

    The query is the mean of the unit vectors, negative ones with a minus, as in gensim's
    ``KeyedVectors.most_similar``; every row of the table is compared with it.

    Args:
        wv: The vectors to search.
        positive: A token or several.
        negative: A token or several to move away from.
        n: How many to return, 1 to 1,000.
        exclude_inputs: Leave the input tokens out of the answer.

    Returns:
        ``(token, cosine)``, best first.

    Raises:
        UnknownToken: An input is not in the table.
        InvalidInput: No input, ``n`` out of range, or inputs that cancel out.
    """
    n = as_count(n, "The number of neighbours", 1, MAX_NEIGHBOURS)
    positive = [positive] if isinstance(positive, str) else list(positive)
    negative = [negative] if isinstance(negative, str) else list(negative)
    if not positive and not negative:
        raise InvalidInput("Give at least one word to find neighbours of.")
    ids = [wv.id(token) for token in positive + negative]
    signs = np.array([1] * len(positive) + [-1] * len(negative), dtype=np.float32)
    query = (signs * wv.inverse_norms[ids]) @ wv.matrix[ids]  # [D]
    length = np.linalg.norm(query)
    if not wv.inverse_norms[ids].any():
        raise InvalidInput("The vectors of these words are all zeros: they point nowhere, so nothing is near them.")
    if not length > 1e-6:
        raise InvalidInput("These words cancel each other out; nothing is left to compare with.")
    cosines = wv.matrix @ (query / length)  # [V]
    cosines *= wv.inverse_norms
    left_out = set(ids) if exclude_inputs else set()
    best = _largest(cosines, n + len(left_out))
    return [(wv.tokens[i], float(cosines[i])) for i in best if i not in left_out][:n]


def cosine_similarities(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cosine of every pair of rows: ``vectors`` [N, D] to float32 [N, N]; 0 beside a row of zeros.

    Raises:
        InvalidInput: ``vectors`` is not a finite matrix.
        TooLarge: There are too many pairs; nothing is allocated.
    """
    vectors = _for_pairs(vectors)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    units = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0)
    return np.clip(units @ units.T, -1, 1)  # [N, N]


def distances(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Euclidean distance of every pair of rows: ``vectors`` [N, D] to float32 [N, N].

    Raises:
        InvalidInput: ``vectors`` is not a finite matrix.
        TooLarge: There are too many pairs; nothing is allocated.
    """
    from scipy.spatial.distance import cdist

    vectors = _for_pairs(vectors)
    return cdist(vectors, vectors).astype(np.float32)


def _for_pairs(vectors: NDArray) -> NDArray[np.float32]:
    vectors = as_matrix(vectors, "The vectors")
    needed = len(vectors) ** 2 * 8  # float64, as the distances are until the end
    if needed > MAX_PAIRS_BYTES:
        raise TooLarge(f"A table of all pairs of {len(vectors):,} vectors", needed, MAX_PAIRS_BYTES)
    return vectors


def closest_spellings(wv: WordVectors, word: str, n: int = 3) -> list[str]:
    """Up to ``n`` tokens that differ from ``word`` by at most two letters, the nearest and most frequent first.

    None for what has a digit in it. Letters inserted, dropped, replaced or swapped count one each (optimal string
    alignment distance).
    Assumes that the table is in the order of frequency, as GloVe's is.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    if any(character.isdigit() for character in word):
        return []  # the nearest number is not what was meant
    allowed = min(2, len(word) // 2)  # two changes make any word of a two-letter one
    found = process.extract(
        word.lower(), wv.tokens[:_SPELLING_POOL], scorer=OSA.distance, score_cutoff=allowed, limit=50
    )
    found.sort(key=lambda match: (match[1], match[2]))  # (token, distance, rank)
    return [token for token, _, _ in found[:n]]


def _largest(scores: NDArray[np.float32], n: int) -> NDArray[np.int64]:
    """Indices of the ``n`` largest of ``scores`` [V], largest first, equal ones in their order."""
    n = min(n, len(scores))
    whole = len(scores) // _BLOCK * _BLOCK
    candidates = np.arange(len(scores))
    if n < len(scores) // _BLOCK:
        peaks = scores[:whole].reshape(-1, _BLOCK).max(axis=1)
        bar = np.partition(peaks, -n)[-n]  # at least n scores reach it
        blocks = np.flatnonzero(peaks >= bar)
        inside = (blocks[:, None] * _BLOCK + np.arange(_BLOCK)).ravel()
        candidates = np.concatenate([inside, np.arange(whole, len(scores))])
    bar = np.partition(scores[candidates], -n)[-n]
    best = candidates[scores[candidates] >= bar]
    return best[np.lexsort((best, -scores[best]))][:n]
