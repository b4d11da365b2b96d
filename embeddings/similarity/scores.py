"""Three measures of nearness, and three ways to prepare the rows, over a whole table that is never copied."""

import numpy as np
from numpy.typing import NDArray

from embeddings.numeric import cosines, unit_rows
from embeddings.vectors import WordVectors

METRICS = ("cosine", "dot", "euclidean")
PREPROCESSING = ("raw", "mean_centered", "unit")
_UNIT = float(np.finfo(np.float32).eps)  # what rounding takes from a product of unit vectors, for each number in them


def preprocess_rows(wv: WordVectors, rows: NDArray[np.float32], preprocessing: str) -> NDArray[np.float64]:
    """A few ``rows`` [N, D] as they are compared."""
    wide = np.asarray(rows, dtype=np.float64)
    if preprocessing == "mean_centered":
        return wv.mean_centered(wide)
    return unit_rows(wide) if preprocessing == "unit" else wide


def rounding_of_products(dimension: int) -> float:
    """The most that float32 adds to or takes from the product of two unit vectors, and of their lengths."""
    return _UNIT * (dimension + 8)


def approximate_scores(
    wv: WordVectors, query: NDArray[np.float64], metric: str, preprocessing: str
) -> tuple[NDArray[np.float32], float | NDArray[np.float32]]:
    """A score for every row, larger is nearer, from one product with the table as it is, and how far off it may be.

    With m the mean row and q the prepared query, (x - m)·q = x·q - m·q; and since |x - q|² = |x|² + |q|² - 2 x·q,
    the nearest rows are those with the largest x·q - |x|² / 2. Where rows lie much nearer to each other than to the
    origin, nearly all of that cancels out, and what is left may be nothing but float32's rounding.

    Returns:
        The scores, float32 [V], and the most that rounding may have added to or taken from each: float32 [V], or one
        number for all.

    References:
        Higham, "Accuracy and Stability of Numerical Algorithms", 2002, section 3.1, for the error of a product.
    """
    unit, length = rounding_of_products(wv.dimension), float(np.linalg.norm(query))
    scores = wv.matrix @ query.astype(np.float32)  # [V]
    if preprocessing == "unit" or (preprocessing, metric) == ("raw", "cosine"):
        scores *= wv.inverse_norms
        if metric == "euclidean":
            scores -= np.float32(0.5) * (wv.inverse_norms > 0)
        return scores, unit * (length + 1)
    off = _lengths(wv.inverse_norms)
    if preprocessing == "mean_centered":
        scores -= np.float32(wv.mean @ query)
        off = off + np.float32(np.linalg.norm(wv.mean))
    off = off * np.float32(unit * length)
    inverse = wv.centered_inverse_norms if preprocessing == "mean_centered" else wv.inverse_norms
    if metric == "cosine":
        return scores * inverse, off * inverse + np.float32(unit)
    if metric == "euclidean":
        squared = _lengths(inverse) ** 2
        return scores - np.float32(0.5) * squared, off + np.float32(unit) * squared
    return scores, off


def _lengths(inverse: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.divide(1, inverse, out=np.zeros_like(inverse), where=inverse > 0)


def exact_scores(rows: NDArray[np.float64], query: NDArray[np.float64], metric: str) -> NDArray[np.float64]:
    """The measure itself for a few prepared ``rows`` [N, D]."""
    if metric == "euclidean":
        return np.linalg.norm(rows - query, axis=1)
    return rows @ query if metric == "dot" else cosines(rows, query)
