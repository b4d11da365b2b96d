"""Which words are near: exact search over a whole table by three measures, and the closest spellings."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.checks import as_choice, as_count, as_matrix
from embeddings.errors import InvalidInput, TooLarge
from embeddings.measures import METRICS, PREPARATIONS, exact_scores, prepared, rough_scores
from embeddings.ranking import largest
from embeddings.word_vectors import WordVectors

MAX_NEIGHBOURS = 1_000
MAX_PAIRS_BYTES = 256_000_000  # of a table of every pair; more cannot be looked at
_MARGIN = 100  # candidates beyond those asked for, so that float32's rounding costs none of the best its place
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
    best = largest(cosines, n + len(left_out))
    return [(wv.tokens[i], float(cosines[i])) for i in best if i not in left_out][:n]


def nearest(
    wv: WordVectors,
    word_or_vector: str | ArrayLike,
    n: int = 10,
    metric: str = "cosine",
    preparation: str = "raw",
    exclude: Sequence[str] = (),
) -> list[tuple[str, float]]:
    """The ``n`` tokens nearest to a word or a vector by one of three measures, best first.

    Both the rows and the query are prepared in the same way before they are compared. A word is not left out of its
    own answer unless ``exclude`` says so: by the dot product it may well not be its own best match.

    Args:
        wv: The vectors to search; the table is not copied.
        word_or_vector: A token, or D numbers in the table's own space.
        n: How many to return, 1 to 1,000.
        metric: ``"cosine"`` and ``"dot"`` (largest first), or ``"euclidean"`` (shortest distance first).
        preparation: ``"raw"`` rows as they are, ``"centred"`` with the table's mean row subtracted, or ``"unit"``
            scaled to length 1.
        exclude: Tokens to leave out.

    Returns:
        ``(token, score)``, computed in float64: a cosine, a dot product or a distance. The cosine beside a row of
        zeros is 0.

    Raises:
        UnknownToken: The word, or one to exclude, is not in the table.
        InvalidInput: ``n`` out of range, an unknown metric or preparation, a vector of another length, or one that
            points nowhere where a direction is needed.

    References:
        Centring: Mu and Viswanath, "All-but-the-Top: Simple and Effective Postprocessing for Word Representations",
        ICLR 2018.
    """
    n = as_count(n, "The number of neighbours", 1, MAX_NEIGHBOURS)
    metric = as_choice(metric, "The metric", METRICS)
    preparation = as_choice(preparation, "The preparation", PREPARATIONS)
    left_out = {wv.id(token) for token in ([exclude] if isinstance(exclude, str) else exclude)}
    query = prepared(wv, _query(wv, word_or_vector)[None], preparation)[0]  # [D]
    if not query.any() and (metric != "euclidean" or preparation == "unit"):
        raise InvalidInput("This vector is all zeros once prepared: it points nowhere, so nothing is near it.")
    rough = rough_scores(wv, query, metric, preparation)  # [V], float32
    candidates = largest(rough, n + len(left_out) + _MARGIN)
    scores = exact_scores(prepared(wv, wv.matrix[candidates], preparation), query, metric)
    order = np.lexsort((candidates, scores if metric == "euclidean" else -scores))
    ranked = ((candidates[i], float(scores[i])) for i in order)
    return [(wv.tokens[id], score) for id, score in ranked if id not in left_out][:n]


def _query(wv: WordVectors, word_or_vector: str | ArrayLike) -> NDArray[np.float32]:
    if isinstance(word_or_vector, str):
        return wv[word_or_vector]
    vector = as_matrix([word_or_vector], "The vector, as one row,")
    if vector.shape[1] != wv.dimension:
        raise InvalidInput(
            f"A vector to compare with {wv.name} must have {wv.dimension} numbers, not {vector.shape[1]}."
        )
    return vector[0]


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
