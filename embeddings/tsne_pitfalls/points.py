"""What the traps draw: the reader's words, noise like them, copies of them, and points whose shape is known.

Noise like words has their mean and covariance exactly, and nothing else of theirs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.common import InvalidInput
from embeddings.tsne_pitfalls.noise import make_blobs, make_circle, make_line, matched_gaussian
from embeddings.vectors import WordVectors

MIN_WORDS, MAX_WORDS = 40, 150  # fewer have no room for perplexities, and more would keep a class waiting
COPIED_WORDS = 50  # of which copies are made
YEARS = tuple(str(year) for year in range(1900, 2010))
WORDS, NOISE, MADE = "words", "noise", "made"  # kinds
TIMES = 10  # as wide, and as far, in the traps on sizes and gaps
_BLUR = 0.045  # of the ring: enough for it to be a ring of points rather than a drawn line
_FEWEST_YEARS = 90


@dataclass(frozen=True, eq=False)
class PointSet:
    """Points that are drawn, and what is known about them.

    Attributes:
        title: What they are.
        kind: ``WORDS``, ``NOISE`` or ``MADE``.
        names: Of the points, n different ones.
        vectors: float32 [n, D], read-only.
        labels: int64 [n]: the cluster of each, or its place along a line; all 0 where neither is known.
        seeds: How many seeds it is drawn with.
        clusters: What each label stands for, where labels are clusters.
    """

    title: str
    kind: str
    names: tuple[str, ...]
    vectors: NDArray[np.float32]
    labels: NDArray[np.int64]
    seeds: int = 2
    clusters: tuple[str, ...] = ()


def words_and_noise(table: WordVectors, words: Sequence[str]) -> tuple[PointSet, PointSet]:
    """The reader's ``words``, and noise like them."""
    rows = _rows(table, words, MAX_WORDS)
    return (
        _point_set("your words", WORDS, words[:MAX_WORDS], rows),
        _noise("noise like them", len(rows), matched_gaussian(rows).vectors),
    )


def words_noise_and_clusters(table: WordVectors, words: Sequence[str]) -> tuple[PointSet, PointSet, PointSet]:
    """The same, noise drawn with one seed, and two clusters far apart."""
    of_words, noise = words_and_noise(table, words)
    made = make_blobs((60, 60), (1, 1), (0, 20))
    two = _point_set(
        "two round clusters", MADE, _numbered("point", 120), made.vectors, made.labels, 1, ("one", "other")
    )
    return of_words, _noise(noise.title, len(noise.names), noise.vectors, seeds=1), two


def two_scales(table: WordVectors, words: Sequence[str]) -> tuple[PointSet, PointSet]:
    """Two clusters, of which the second is ten times as wide: of words and themselves, and of noise like them."""

    def arrange(draw: Callable[[int], NDArray]) -> list[NDArray]:
        tight, wide = draw(0), draw(1)
        middle = wide.mean(axis=0, dtype=np.float64)
        return [(tight - middle) / TIMES + middle + 3 * _spread(wide) * _aside(wide), wide]

    return _arranged(table, words, arrange, ("drawn together", "as they are"))


def two_gaps(table: WordVectors, words: Sequence[str]) -> tuple[PointSet, PointSet]:
    """Three clusters in a row, the third ten times as far from the second as the second from the first."""

    def arrange(draw: Callable[[int], NDArray]) -> list[NDArray]:
        copies = [draw(number) for number in range(3)]
        step = 4 * _spread(copies[0]) * _aside(copies[0])
        return [copies[0], copies[1] + step, copies[2] + (1 + TIMES) * step]

    return _arranged(table, words, arrange, ("first", "second", "third"))


def ring_and_years(table: WordVectors, words: Sequence[str]) -> tuple[PointSet, ...]:
    """A ring, and the years of the last century as words, or a line where the table lacks them; noise like each."""
    round_ = make_circle(100, dimension=max(table.dimension, 2), blur=_BLUR)
    years = [year for year in YEARS if year in table]
    if len(years) >= _FEWEST_YEARS:
        along = _point_set("the years 1900 to 2009", WORDS, years, table.rows(years), np.arange(len(years)))
    else:
        straight = make_line(100, dimension=max(table.dimension, 2), blur=_BLUR)
        along = _point_set("a straight line", MADE, _numbered("point", 100), straight.vectors, straight.labels)
    return (
        _point_set("a ring", MADE, _numbered("point", 100), round_.vectors, round_.labels),
        _noise("noise like the ring", 100, matched_gaussian(round_.vectors).vectors, seeds=1),
        along,
        _noise(f"noise like {along.title}", len(along.names), matched_gaussian(along.vectors).vectors, seeds=1),
    )


def _arranged(
    table: WordVectors,
    words: Sequence[str],
    arrange: Callable[[Callable[[int], NDArray]], list[NDArray]],
    names: tuple[str, ...],
) -> tuple[PointSet, PointSet]:
    """Copies of the words, and of noise like them which is drawn anew for each copy, put where ``arrange`` says."""
    rows = _rows(table, words, COPIED_WORDS)
    copied = arrange(lambda number: rows.astype(np.float64))
    drawn = arrange(lambda number: matched_gaussian(rows, seed=number).vectors.astype(np.float64))
    labels = np.repeat(np.arange(len(copied)), len(rows))
    full = [f"{word}, {name}" for name in names for word in words[:COPIED_WORDS]]
    return (
        _point_set("your words", WORDS, full, np.concatenate(copied), labels, clusters=names),
        _point_set(
            "noise like them", NOISE, _numbered("noise", len(labels)), np.concatenate(drawn), labels, clusters=names
        ),
    )


def _rows(table: WordVectors, words: Sequence[str], limit: int) -> NDArray[np.float32]:
    if len(words) < MIN_WORDS:
        raise InvalidInput(
            f"These exercises need at least {MIN_WORDS} words; there are {len(words)}. Add some, or choose another "
            "group of words."
        )
    return table.rows(list(words[:limit]))


def _spread(rows: NDArray) -> float:
    """Root mean square distance from the middle."""
    return float(np.sqrt(((rows - rows.mean(axis=0, dtype=np.float64)) ** 2).sum(axis=1).mean()))


def _aside(rows: NDArray) -> NDArray:
    """A unit vector in the direction in which ``rows`` [n, D] spread least, where it is no part of their story."""
    return np.linalg.svd(rows - rows.mean(axis=0, dtype=np.float64), full_matrices=True)[2][-1]


def _numbered(what: str, n: int) -> list[str]:
    return [f"{what} {number}" for number in range(1, n + 1)]


def _noise(title: str, n: int, vectors: NDArray, seeds: int = 2) -> PointSet:
    return _point_set(title, NOISE, _numbered("noise", n), vectors, seeds=seeds)


def _point_set(
    title: str,
    kind: str,
    names: Sequence[str],
    vectors: NDArray,
    labels: NDArray | None = None,
    seeds: int = 2,
    clusters: tuple[str, ...] = (),
) -> PointSet:
    vectors = np.array(vectors, dtype=np.float32)
    labels = np.zeros(len(vectors), dtype=np.int64) if labels is None else np.array(labels, dtype=np.int64)
    vectors.flags.writeable = labels.flags.writeable = False
    return PointSet(title, kind, tuple(names), vectors, labels, seeds, clusters)
