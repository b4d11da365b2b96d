"""Three measures of nearness, and three ways to prepare the rows, over a whole table that is never copied."""

import numpy as np
from numpy.typing import NDArray

from embeddings.word_vectors import WordVectors

METRICS = ("cosine", "dot", "euclidean")
PREPARATIONS = ("raw", "centred", "unit")


def prepared(wv: WordVectors, rows: NDArray[np.float32], preparation: str) -> NDArray[np.float64]:
    """A few ``rows`` [N, D] as they are compared."""
    rows = np.asarray(rows, dtype=np.float64)
    if preparation == "centred":
        return wv.centred(rows)
    if preparation == "unit":
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.divide(rows, norms, out=np.zeros_like(rows), where=norms > 0)
    return rows


def rough_scores(wv: WordVectors, query: NDArray[np.float64], metric: str, preparation: str) -> NDArray[np.float32]:
    """A score for every row, larger is nearer, from one product with the table as it is: float32 [V].

    With m the mean row and q the prepared query, (x - m)·q = x·q - m·q; and since |x - q|² = |x|² + |q|² - 2 x·q,
    the nearest rows are those with the largest x·q - |x|² / 2.
    """
    scores = wv.matrix @ query.astype(np.float32)  # [V]
    if preparation == "centred":
        scores -= np.float32(wv.mean @ query)
    elif preparation == "unit":
        scores *= wv.inverse_norms
    if metric == "dot":
        return scores
    inverse = wv.centred_inverse_norms if preparation == "centred" else wv.inverse_norms
    if metric == "cosine":
        return scores if preparation == "unit" else scores * inverse
    if preparation == "unit":
        return scores - np.float32(0.5) * (inverse > 0)
    norms = np.divide(1, inverse, out=np.zeros_like(inverse), where=inverse > 0)
    return scores - 0.5 * norms**2


def exact_scores(rows: NDArray[np.float64], query: NDArray[np.float64], metric: str) -> NDArray[np.float64]:
    """The measure itself for a few prepared ``rows`` [N, D]."""
    if metric == "euclidean":
        return np.linalg.norm(rows - query, axis=1)
    products = rows @ query
    if metric == "dot":
        return products
    lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(query)
    return np.clip(np.divide(products, lengths, out=np.zeros_like(products), where=lengths > 0), -1, 1)
