"""Which words are near: exact search over a whole table by three measures, and the closest spellings."""

from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common import InvalidInput, TooLarge, as_choice, as_count, as_list, as_matrix, as_text, required
from embeddings.numeric import best, pairwise_cosines
from embeddings.similarity.scores import METRICS, PREPROCESSING, approximate_scores, exact_scores, preprocess_rows
from embeddings.vectors import WordVectors

MAX_NEIGHBORS = 1_000
MAX_PAIRS_BYTES = 256_000_000  # of a table of every pair; more cannot be looked at
MAX_SPELLED = 100  # characters; what is longer is no misspelt word, and comparing it would keep everybody waiting


def most_similar(
    wv: WordVectors,
    positive: str | Sequence[str],
    negative: str | Sequence[str] = (),
    n: int = 10,
    exclude_inputs: bool = True,
) -> list[tuple[str, float]]:
    """The ``n`` tokens whose vectors point most nearly the way of ``positive`` minus ``negative``.

    The query is the mean of the unit vectors, negative ones with a minus, as in gensim's ``KeyedVectors.most_similar``;
    every row of the table is compared with it.

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
    n = as_count(n, "The number of neighbours", 1, MAX_NEIGHBORS)
    positive, negative = as_list(positive, "The words"), as_list(negative, "The words to move away from")
    if not positive and not negative:
        raise InvalidInput("Give at least one word to find neighbours of.")
    ids = [wv.id(token) for token in positive + negative]
    signs = np.array([1] * len(positive) + [-1] * len(negative))
    query = signs @ preprocess_rows(wv, wv.matrix[ids], "unit")  # [D]
    if not wv.inverse_norms[ids].any():
        raise InvalidInput("The vectors of these words are all zeros: they point nowhere, so nothing is near them.")
    left_out = set(ids) if exclude_inputs else set()
    ranked = by_cosine(wv, query, n + len(left_out))
    return [(wv.tokens[token_id], score) for token_id, score in ranked if token_id not in left_out][:n]


def by_cosine(wv: WordVectors, query: NDArray[np.floating], n: int) -> list[tuple[int, float]]:
    """The ``n`` rows with the largest cosine to ``query`` [D]: ``(row, cosine)`` in float64, best first.

    Raises:
        InvalidInput: Nothing is left of a sum that is to be compared.
    """
    length = np.linalg.norm(query)
    if not length > 1e-6:
        raise InvalidInput("These words cancel each other out; nothing is left to compare with.")
    return _ranked(wv, query.astype(np.float64) / length, n, "cosine", "raw")


def _ranked(
    wv: WordVectors, query: NDArray[np.float64], n: int, metric: str, preprocessing: str
) -> list[tuple[int, float]]:
    """``(row, score)``, best first, of the ``n`` nearest; a score is larger the nearer."""
    sign = -1 if metric == "euclidean" else 1

    def exact(ids: NDArray[np.int64]) -> NDArray[np.float64]:
        return sign * exact_scores(preprocess_rows(wv, wv.matrix[ids], preprocessing), query, metric)

    return best(*approximate_scores(wv, query, metric, preprocessing), n, exact)


def nearest(
    wv: WordVectors,
    word_or_vector: str | ArrayLike,
    n: int = 10,
    metric: str = "cosine",
    preprocessing: str = "raw",
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
        preprocessing: ``"raw"`` rows as they are, ``"mean_centered"`` with the table's mean row subtracted, or
            ``"unit"``, scaled to length 1.
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
    n = as_count(n, "The number of neighbours", 1, MAX_NEIGHBORS)
    metric = as_choice(metric, "The metric", METRICS)
    preprocessing = as_choice(preprocessing, "The preparation", PREPROCESSING)
    left_out = {wv.id(token) for token in as_list(exclude, "The words to leave out")}
    query = preprocess_rows(wv, _query(wv, word_or_vector)[None], preprocessing)[0]  # [D]
    if not query.any() and (metric != "euclidean" or preprocessing == "unit"):
        raise InvalidInput("This vector is all zeros once prepared: it points nowhere, so nothing is near it.")
    ranked = _ranked(wv, query, n + len(left_out), metric, preprocessing)
    return [
        (wv.tokens[token_id], abs(score) if metric == "euclidean" else score)
        for token_id, score in ranked
        if token_id not in left_out
    ][:n]


def cosines_with(wv: WordVectors, word: str, others: Sequence[str]) -> NDArray[np.float32]:
    """The cosine of ``word`` with each of ``others``: float32 [N], computed in float64; 0 beside a row of zeros.

    Raises:
        UnknownToken: One of the words is not in the table.

    >>> cosines_with(WordVectors.of("toy", ["up", "right", "both"], np.array([[0, 2], [1, 0], [3, 3]])), "up", ["both"])
    array([0.70710677], dtype=float32)
    """
    rows, query = (preprocess_rows(wv, wv.rows(words), "raw") for words in (others, [word]))  # [N, D], [1, D]
    return exact_scores(rows, query[0], "cosine").astype(np.float32)


def _query(wv: WordVectors, word_or_vector: str | ArrayLike) -> NDArray[np.float32]:
    if isinstance(word_or_vector, str):
        return wv[word_or_vector]
    vector = as_matrix(cast(ArrayLike, [word_or_vector]), "The vector, as one row,")
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
    return pairwise_cosines(_for_pairs(vectors).astype(np.float64)).astype(np.float32)


def distances(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Euclidean distance of every pair of rows: ``vectors`` [N, D] to float32 [N, N].

    Raises:
        InvalidInput: ``vectors`` is not a finite matrix.
        TooLarge: There are too many pairs; nothing is allocated.
    """
    with required():
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

    None for what has a digit in it, or is longer than ``MAX_SPELLED`` or than any token by more than two letters: that
    is compared with nothing. Letters inserted, dropped, replaced or swapped count one each (optimal string alignment
    distance). Assumes that the table is in the order of frequency, as GloVe's is.
    """
    with required():
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

    if len(as_text(word)) > MAX_SPELLED or any(character.isdigit() for character in word):
        return []  # the nearest number is not what was meant
    word, allowed = word.lower(), min(2, len(word) // 2)  # two changes make any word of a two-letter one
    pool = wv.common_tokens
    if len(word) > max(map(len, pool)) + allowed:
        return []
    found = process.extract(word, pool, scorer=OSA.distance, score_cutoff=allowed, limit=50)
    found.sort(key=lambda match: (match[1], match[2]))  # (token, distance, rank)
    return [token for token, _, _ in found[:n]]
