"""Synthetic points whose shape is known, to see what a map makes of it: noise, clusters, a line, a ring.

A map of real words can't be checked by eye, since nobody knows how they truly lie; a map of these can. Everything is
drawn by NumPy's generator from a seed, and the same seed draws the same points, but for rounding.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common import InvalidInput, as_count, as_matrix

DIMENSION = 50  # that of the bundled word vectors
MAX_POINTS = 10_000
_LARGEST_SEED = 2**32 - 1


@dataclass(frozen=True, eq=False)
class LabeledPoints:
    """Points and what is known about them.

    Attributes:
        vectors: float32 [n, D], read-only.
        labels: int64 [n], read-only: the cluster of each, or its place along the line or ring; all 0 for noise.
    """

    vectors: NDArray[np.float32]
    labels: NDArray[np.int64]


def matched_gaussian(vectors: ArrayLike, seed: int = 0) -> LabeledPoints:
    """As many normally distributed points as ``vectors`` [n, D] has, with exactly its mean and covariance.

    What can be told from means, variances and correlations alone is the same for both; whatever else the vectors
    have, their clusters for one, is not there. Noise drawn with these parameters would come near them; this noise is
    drawn so that it meets them.

    Raises:
        InvalidInput: Fewer than two vectors, NaN, or a seed out of range.
    """
    vectors = as_matrix(vectors, "The vectors").astype(np.float64)
    if len(vectors) < 2:
        raise InvalidInput("The spread of less than two vectors is not known.")
    mean = vectors.mean(axis=0)
    _, lengths, axes = np.linalg.svd(vectors - mean, full_matrices=False)  # [r], [r, D]
    kept = lengths > lengths[0] * max(vectors.shape) * np.finfo(float).eps  # the others are of no certain direction
    random = _generator(seed).normal(size=vectors.shape)
    # Columns at right angles to each other and to the constant one: their mean is 0 and their covariance the identity.
    # They are those nearest to the random ones (the polar decomposition's), and turn with the axes as these do:
    # whichever of the possible axes another processor finds, with other signs for one, the noise is the same.
    left, _, right = np.linalg.svd((random - random.mean(axis=0)) @ axes[kept].T, full_matrices=False)
    return _points(mean + (left @ right * lengths[kept]) @ axes[kept], np.zeros(len(vectors)))


def make_blobs(
    sizes: Sequence[int], spreads: Sequence[float], places: Sequence[float], seed: int = 0, dimension: int = DIMENSION
) -> LabeledPoints:
    """Round normally distributed clusters in a row.

    Args:
        sizes: How many points each has.
        spreads: Standard deviation of each, in every direction.
        places: Where along the first axis the middle of each lies.
        seed: Of the points.
        dimension: D.

    Raises:
        InvalidInput: Not as many spreads and places as sizes, or one out of range.
    """
    if not len(sizes) == len(spreads) == len(places) or not len(sizes):
        raise InvalidInput("Each cluster needs a size, a spread and a place.")
    total = sum(as_count(size, "The size of a cluster", 1, MAX_POINTS) for size in sizes)
    as_count(total, "The number of points", 1, MAX_POINTS)
    if not min(spreads) >= 0:
        raise InvalidInput("The spread of a cluster cannot be less than 0.")
    labels = np.repeat(np.arange(len(sizes)), sizes)
    vectors = _generator(seed).normal(size=(total, _dimension(dimension))) * np.repeat(spreads, sizes)[:, None]
    vectors[:, 0] += np.repeat(places, sizes)
    return _points(vectors, labels)


def make_line(n: int, seed: int = 0, dimension: int = DIMENSION, blur: float = 0.001) -> LabeledPoints:
    """``n`` points evenly along a straight line of length 1 in a random direction, each off it by ``blur`` in all.

    Raises:
        InvalidInput: An argument out of range.
    """
    along = np.linspace(0, 1, as_count(n, "The number of points", 2, MAX_POINTS))
    return _curve(along[:, None], seed, dimension, blur)


def make_circle(n: int, seed: int = 0, dimension: int = DIMENSION, blur: float = 0.001) -> LabeledPoints:
    """``n`` points evenly around a circle of length 1 in a random plane, each off it by ``blur`` in all.

    Raises:
        InvalidInput: An argument out of range.
    """
    angles = np.arange(as_count(n, "The number of points", 3, MAX_POINTS)) * (2 * np.pi / n)
    return _curve(np.stack([np.cos(angles), np.sin(angles)], axis=1) / (2 * np.pi), seed, dimension, blur)


def _curve(places: NDArray[np.float64], seed: int, dimension: int, blur: float) -> LabeledPoints:
    """``places`` [n, k] turned into a random direction of ``dimension`` dimensions, blurred; labels in order."""
    n, flat = places.shape
    if not 0 <= blur <= 1:
        raise InvalidInput(f"The blur must be from 0 to 1, not {blur!r}.")
    random = _generator(seed)
    plane, upper = np.linalg.qr(random.normal(size=(_dimension(dimension), flat)))  # [D, k], [k, k]
    plane *= np.sign(np.diag(upper))  # which makes it the only one there is
    off = random.normal(size=(n, dimension)) * (blur / np.sqrt(dimension))
    return _points(places @ plane.T + off, np.arange(n))


def _generator(seed: int) -> np.random.Generator:
    return np.random.default_rng(as_count(seed, "The seed", 0, _LARGEST_SEED))


def _dimension(dimension: int) -> int:
    return as_count(dimension, "The dimension", 2, 10_000)


def _points(vectors: NDArray, labels: NDArray) -> LabeledPoints:
    points = LabeledPoints(vectors.astype(np.float32), labels.astype(np.int64))
    points.vectors.flags.writeable = points.labels.flags.writeable = False
    return points
