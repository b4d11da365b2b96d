"""Axes of meaning: a direction from some words to their opposites, on which other words find their place."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common import InvalidInput, as_matrix, as_words
from embeddings.numeric import cosine, cosines, unit_rows
from embeddings.vectors import WordVectors

NEARLY_PARALLEL = 0.95  # poles closer than this leave a step between them that is shorter than a third of a unit
SPREAD_OVER_CHANCE = 2  # times what a random direction holds; words that spread less hardly differ along an axis
NEARLY_UNRELATED = 30  # degrees from 90; axes nearer to a right angle than this say mostly different things


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


def semantic_axis(wv: WordVectors, low: str | Sequence[str], high: str | Sequence[str]) -> Axis:
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
    >>> size = semantic_axis(vectors, "small", "big")
    >>> project_onto(size, [[0, 5], [3, 3]]).round(2)
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
    return Axis(low, high, direction, midpoint, length / 2, pole_cosine(wv, low, high))


def pole_cosine(wv: WordVectors, low: str | Sequence[str], high: str | Sequence[str]) -> float:
    """The cosine of the two poles of an axis, each the mean of its words' unit vectors.

    Raises:
        UnknownToken: A word is not in the table.
        InvalidInput: A pole has no words, or none but rows of zeros.

    >>> vectors = WordVectors.of("toy", ["small", "big", "large"], np.array([[1, 0], [0, 1], [3, 0]]))
    >>> pole_cosine(vectors, "small", "big"), pole_cosine(vectors, "small", "large")
    (0.0, 1.0)
    """
    return cosine(*(_pole(wv, as_words(words, "A pole")) for words in (low, high)))


def project_onto(axis: Axis, vectors: ArrayLike) -> NDArray[np.float32]:
    """Where ``vectors`` [N, D] lie along the axis: float32 [N].

    The cosine of each vector with the axis, as in SemAxis, less that of the midpoint: so 0 is halfway between the
    poles, which lie at ``-axis.half_length`` and ``axis.half_length``. The shift is the same for all, and leaves
    their order and their differences as they are. A row of zeros counts as the origin.

    Raises:
        InvalidInput: Not a finite matrix, or of another dimension than the axis.
    """
    vectors = _of_its_dimension(axis, vectors)
    return cosines(vectors, axis.direction.astype(np.float32)) - np.float32(axis.midpoint @ axis.direction)


def project_onto_axes(axes: Sequence[Axis], vectors: ArrayLike) -> NDArray[np.float32]:
    """Where ``vectors`` [N, D] lie along each of ``axes``: float32 [N, k]; see ``project_onto``."""
    return np.stack([project_onto(each, vectors) for each in axes], axis=1)


def variance_on_axis(axis: Axis, vectors: ArrayLike) -> float:
    """The share, 0 to 1, of the variance of the unit ``vectors`` [N, D] that lies along the axis.

    A direction taken at random holds ``variance_by_chance`` of it on average.

    Raises:
        InvalidInput: Not a finite matrix, of another dimension than the axis, or vectors that all point the same way.
    """
    units = unit_rows(_of_its_dimension(axis, vectors).astype(np.float64))
    centred = units - units.mean(axis=0)
    total = float((centred**2).sum())
    if total < 1e-12 * len(units):
        raise InvalidInput("All these vectors point the same way, so there is no variance to explain. Add words.")
    return min(1.0, float(((centred @ axis.direction) ** 2).sum()) / total)


def variance_by_chance(dimension: int) -> float:
    """The share, 0 to 1, of the variance of vectors that a direction taken at random holds on average: 1 / D.

    >>> variance_by_chance(50)
    0.02
    """
    return 1 / dimension


def holds_little(axis: Axis, vectors: ArrayLike) -> bool:
    """Whether ``vectors`` [N, D] spread along the axis less than ``SPREAD_OVER_CHANCE`` times what chance gives.

    Raises:
        InvalidInput: As ``variance_on_axis`` says.
    """
    return variance_on_axis(axis, vectors) < SPREAD_OVER_CHANCE * variance_by_chance(len(axis.direction))


def count_leaning(axis: Axis, vectors: ArrayLike) -> int:
    """How many of ``vectors`` [N, D] stand more than halfway from the middle of the axis to one of its ends.

    Raises:
        InvalidInput: Not a finite matrix, or of another dimension than the axis.

    >>> axis = semantic_axis(WordVectors.of("toy", ["small", "big"], np.array([[1, 0], [0, 1]])), "small", "big")
    >>> count_leaning(axis, [[0, 5], [3, 3], [1, 0]])
    2
    """
    return int((abs(project_onto(axis, vectors)) > axis.half_length / 2).sum())


def angle(first: Axis, second: Axis) -> float:
    """The angle between two axes in degrees: 90 when they say unrelated things, 0 the same, 180 the opposite.

    Raises:
        InvalidInput: They come from tables of different dimension.
    """
    if first.direction.shape != second.direction.shape:
        raise InvalidInput("These axes come from tables of different dimension; take both from one table.")
    return math.degrees(math.acos(cosine(first.direction, second.direction)))


def _pole(wv: WordVectors, words: tuple[str, ...]) -> NDArray[np.float64]:
    pole = unit_rows(wv.rows(words).astype(np.float64)).mean(axis=0)
    if np.linalg.norm(pole) < 1e-6:
        raise InvalidInput(f"The vectors of {', '.join(words)} leave no direction: a pole needs one.")
    return pole


def _of_its_dimension(axis: Axis, vectors: ArrayLike) -> NDArray[np.float32]:
    vectors = as_matrix(vectors, "The vectors")
    if vectors.shape[1] != len(axis.direction):
        raise InvalidInput(f"This axis has {len(axis.direction)} dimensions, and the vectors {vectors.shape[1]}.")
    return vectors
