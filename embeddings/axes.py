"""Axes of meaning: a direction from some words to their opposites, on which other words find their place."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.checks import as_matrix, as_words
from embeddings.errors import InvalidInput
from embeddings.word_vectors import WordVectors

NEARLY_PARALLEL = 0.95  # poles closer than this leave a step between them that is shorter than a third of a unit


@dataclass(frozen=True, eq=False)
class Axis:
    """A direction from one set of words to another.

    Attributes:
        low: The words at its low end.
        high: The words at its high end.
        direction: float64 [D], from the low pole to the high one, of length 1; read-only.
        midpoint: float64 [D], halfway between the poles; read-only.
        half_length: Half the distance of the poles, which therefore lie at ``-half_length`` and ``half_length``.
        pole_cosine: Cosine of the two poles.
    """

    low: tuple[str, ...]
    high: tuple[str, ...]
    direction: NDArray[np.float64]
    midpoint: NDArray[np.float64]
    half_length: float
    pole_cosine: float

    @property
    def nearly_parallel(self) -> bool:
        """Whether the poles point so nearly the same way (cosine above 0.95) that the axis rests on small differences.

        Opposites are used in the same sentences, so high cosines are usual: man and woman have 0.89 in GloVe 6B 50d.
        """
        return self.pole_cosine > NEARLY_PARALLEL


def axis(wv: WordVectors, low: str | Sequence[str], high: str | Sequence[str]) -> Axis:
    """The axis from the words ``low`` to the words ``high``; each pole is the mean of its words' unit vectors.

    Raises:
        UnknownToken: A word is not in the table.
        InvalidInput: A pole has no words or only rows of zeros, a word stands in both, or the poles coincide.

    References:
        An, Kwak and Ahn, "SemAxis: A Lightweight Framework to Characterize Domain-Specific Word Semantics Beyond
        Sentiment", ACL 2018. Kozlowski, Taddy and Evans, "The Geometry of Culture", American Sociological Review 2019.
        Gender: Bolukbasi, Chang, Zou, Saligrama and Kalai, "Man is to Computer Programmer as Woman is to Homemaker?
        Debiasing Word Embeddings", NIPS 2016. Size, danger: Grand, Blank, Pereira and Fedorenko, "Semantic projection
        recovers rich human knowledge of multiple object features from word embeddings", Nature Human Behaviour 2022.

    >>> vectors = WordVectors.of("toy", ["small", "big"], np.array([[1, 0], [0, 1]]))
    >>> size = axis(vectors, "small", "big")
    >>> place(size, [[0, 5], [3, 3]]).round(2)
    array([0.71, 0.  ], dtype=float32)
    """
    low, high = as_words(low, "The low pole"), as_words(high, "The high pole")
    shared = sorted(set(low) & set(high))
    if shared:
        raise InvalidInput(f"{shared[0]!r} stands at both ends of the axis; let it stand at one.")
    start, end = _pole(wv, low), _pole(wv, high)
    step = end - start
    length = float(np.linalg.norm(step))
    if length < 1e-6:
        raise InvalidInput("Both poles have the same vector, so there is no direction from one to the other.")
    direction, midpoint = step / length, (start + end) / 2
    direction.flags.writeable = midpoint.flags.writeable = False
    return Axis(low, high, direction, midpoint, length / 2, _cosine(start, end))


def place(axis: Axis, vectors: ArrayLike) -> NDArray[np.float32]:
    """Where ``vectors`` [N, D] lie along the axis: float32 [N].

    The cosine of each vector with the axis, as in SemAxis, less that of the midpoint: so 0 is halfway between the
    poles, which lie at ``-axis.half_length`` and ``axis.half_length``. The shift is the same for all, and leaves
    their order and their differences as they are. A row of zeros counts as the origin.

    Raises:
        InvalidInput: Not a finite matrix, or of another dimension than the axis.
    """
    vectors = _of_its_dimension(axis, vectors)
    norms = np.sqrt(np.einsum("nd,nd->n", vectors, vectors))
    products = vectors @ axis.direction.astype(np.float32)  # [N]
    cosines = np.divide(products, norms, out=np.zeros_like(products), where=norms > 0)
    return cosines - np.float32(axis.midpoint @ axis.direction)


def place_on(axes: Sequence[Axis], vectors: ArrayLike) -> NDArray[np.float32]:
    """Where ``vectors`` [N, D] lie along each of ``axes``: float32 [N, k]; see ``place``."""
    return np.stack([place(each, vectors) for each in axes], axis=1)


def explained(axis: Axis, vectors: ArrayLike) -> float:
    """The share, 0 to 1, of the variance of the unit ``vectors`` [N, D] that lies along the axis.

    A direction taken at random holds 1 / D of it on average.

    Raises:
        InvalidInput: Not a finite matrix, of another dimension than the axis, or vectors that all point the same way.
    """
    vectors = _of_its_dimension(axis, vectors).astype(np.float64)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    units = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0)
    centred = units - units.mean(axis=0)
    total = float((centred**2).sum())
    if total < 1e-12 * len(units):
        raise InvalidInput("All these vectors point the same way, so there is no variance to explain. Add words.")
    return min(1.0, float(((centred @ axis.direction) ** 2).sum()) / total)


def angle(first: Axis, second: Axis) -> float:
    """The angle between two axes in degrees: 90 when they say unrelated things, 0 the same, 180 the opposite.

    Raises:
        InvalidInput: They come from tables of different dimension.
    """
    if first.direction.shape != second.direction.shape:
        raise InvalidInput("These axes come from tables of different dimension; take both from one table.")
    return math.degrees(math.acos(_cosine(first.direction, second.direction)))


def _pole(wv: WordVectors, words: tuple[str, ...]) -> NDArray[np.float64]:
    ids = [wv.id(word) for word in words]
    pole = (wv.matrix[ids].astype(np.float64) * wv.inverse_norms[ids, None]).mean(axis=0)
    if np.linalg.norm(pole) < 1e-6:
        raise InvalidInput(f"The vectors of {', '.join(words)} leave no direction: a pole needs one.")
    return pole


def _of_its_dimension(axis: Axis, vectors: ArrayLike) -> NDArray[np.float32]:
    vectors = as_matrix(vectors, "The vectors")
    if vectors.shape[1] != len(axis.direction):
        raise InvalidInput(f"This axis has {len(axis.direction)} dimensions, and the vectors {vectors.shape[1]}.")
    return vectors


def _cosine(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    cosine = float(first @ second) / float(np.linalg.norm(first) * np.linalg.norm(second))
    return max(-1.0, min(1.0, cosine))
