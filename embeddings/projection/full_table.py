"""PCA of a full table: the place of every word, how densely they lie, and which of them are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common import InvalidInput, ProgressCallback, as_choice, as_count, as_matrix, no_progress
from embeddings.numeric import axes_of, chosen_components, covariance_of
from embeddings.projection.projection_quality import ProjectionQuality, quality
from embeddings.similarity import most_similar
from embeddings.vectors import WordVectors

MAX_DRAWN = 99_999  # beyond it, pointing at single points grows slow
QUALITY_SAMPLE = 2_000  # words of the sample that trust is measured on
WAYS = ("frequency", "random")
SIDE = 200  # cells of the density's grid, each way
_BLOCK = 20_000  # rows
_PLACING = 0.7  # share of the progress; the rest is measuring how far the map can be trusted
_SIDES = (10, 1_000)


@dataclass(frozen=True, eq=False)
class FullMap:
    """Every word of a table on two of its principal components.

    Attributes:
        coordinates: float32 [V, 2], read-only.
        components: Which two, counted from 1.
        explained_variance_ratio: Share of the spread along each.
        all_variance_ratios: Share of the spread along every component, D numbers.
    """

    coordinates: NDArray[np.float32]
    components: tuple[int, int]
    explained_variance_ratio: tuple[float, ...]
    all_variance_ratios: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class MeasuredFullMap:
    """A map of the full table, and its quality.

    Attributes:
        whole: The map.
        quality: How far it can be trusted, on a sample; ``None`` of less than three words, and until it is measured.
    """

    whole: FullMap
    quality: ProjectionQuality | None


@dataclass(frozen=True, eq=False)
class Density:
    """How many points lie in each cell of a square grid that holds them all.

    Attributes:
        counts: int64 [side, side], read-only; the lowest row first.
        low: The grid's lower left corner: float64 [2].
        size: Length of its side.
    """

    counts: NDArray[np.int64]
    low: NDArray[np.float64]
    size: float


def project_full_table(
    wv: WordVectors, components: Sequence[int] = (1, 2), report: ProgressCallback | None = None
) -> FullMap:
    """Every row of the table on two of its principal components, block by block: no copy of the table is made.

    Args:
        wv: The table.
        components: Two different ones, counted from 1.
        report: Called with ``(share done, words)`` for each block; what it raises ends the work.

    Raises:
        InvalidInput: The table has no such components.
    """
    V, D = wv.matrix.shape
    chosen = chosen_components(tuple(components), 2, (V, D))

    def spreading(start: int) -> None:
        if report is not None:
            report(0.6 * start / V, f"Where do they spread? {start:,} of {V:,} words")

    axes = axes_of(wv.mean, covariance_of(wv.matrix, wv.mean, spreading), 2, chosen)
    coordinates = np.empty((V, 2), dtype=np.float32)
    for start in range(0, V, _BLOCK):
        coordinates[start : start + _BLOCK] = axes.transform(wv.matrix[start : start + _BLOCK])
        if report is not None:
            report(0.6 + 0.4 * start / V, f"Placing them: {start:,} of {V:,} words")
    coordinates.flags.writeable = False
    first, second = (index + 1 for index in chosen)
    return FullMap(coordinates, (first, second), axes.explained_variance_ratio, axes.all_variance_ratios)


def density(coordinates: ArrayLike, side: int = SIDE) -> Density:
    """Count points [n, 2] in ``side`` × ``side`` square cells; each point is in exactly one.

    Raises:
        InvalidInput: Not a finite [n, 2], or ``side`` is not from 10 to 1,000.
    """
    points = as_matrix(coordinates, "The map")
    if points.shape[1] != 2:
        raise InvalidInput(f"A picture of the density needs two coordinates a point, not {points.shape[1]}.")
    side = as_count(side, "The number of cells", *_SIDES)
    low, high = points.min(axis=0).astype(np.float64), points.max(axis=0).astype(np.float64)
    size = float((high - low).max()) or 1.0
    low = (low + high - size) / 2
    cells = np.clip(((points - low) / size * side).astype(np.int64), 0, side - 1)  # [n, 2]
    counts = np.bincount(cells[:, 1] * side + cells[:, 0], minlength=side * side).reshape(side, side)
    counts.flags.writeable = False
    return Density(counts, low, size)


def sample_ids(V: int, limit: int, by: str = "frequency", seed: int = 0) -> NDArray[np.int64]:
    """Which of ``V`` words are drawn as points: ids, ascending, int64.

    Args:
        V: How many words there are.
        limit: At most so many, 1 to 99,999.
        by: ``"frequency"`` takes the first rows, which in most tables are the most frequent words; ``"random"`` draws
            them with equal chances and without replacement.
        seed: Of the draw.

    Raises:
        InvalidInput: An argument out of range.
    """
    V, limit = as_count(V, "The number of words", 1, 10**9), as_count(limit, "The number of points", 1, MAX_DRAWN)
    by = as_choice(by, "The way of choosing", WAYS)
    seed = as_count(seed, "The seed", 0, 2**32 - 1)
    if by == "frequency" or limit >= V:
        return np.arange(min(limit, V))
    return np.sort(np.random.default_rng(seed).choice(V, limit, replace=False))


def sampled_quality(
    wv: WordVectors, whole: FullMap, n: int = QUALITY_SAMPLE, seed: int = 0, report: ProgressCallback | None = None
) -> ProjectionQuality | None:
    """How far the map can be trusted, on ``n`` words drawn at random: their neighbours among each other.

    Among so few, neighbours lie further apart than in the whole table, so the whole keeps less than the sample.

    Args:
        wv: The table.
        whole: Its map.
        n: How many words; all where the table has no more.
        seed: Of the draw.
        report: As ``quality`` takes it.

    Returns:
        By 10 neighbours, or by fewer where the table is that small; ``None`` for a table of less than three words.

    Raises:
        InvalidInput: An argument out of range, or the map is another table's.
    """
    _refuse_another(wv, whole)
    ids = sample_ids(len(wv), n, "random", seed)
    if len(ids) < 3:
        return None
    return quality(wv.matrix[ids], whole.coordinates[ids], min(10, (len(ids) - 1) // 2), seed=seed, report=report)


def measured_full_map(
    wv: WordVectors, components: tuple[int, int] = (1, 2), report: ProgressCallback | None = None
) -> MeasuredFullMap:
    """The map of the full table, measured by ``sampled_quality``; the map is handed out before it is measured.

    Args:
        wv: The table.
        components: As ``project_full_table`` takes them.
        report: As work is given it.

    Raises:
        InvalidInput: As ``project_full_table``.
    """
    report = report or no_progress

    def placing(share: float, words: str = "", snapshot: Any = None, /) -> None:
        report(_PLACING * share, words)

    def measuring(share: float, words: str = "", snapshot: Any = None, /) -> None:
        report(_PLACING + (1 - _PLACING) * share, words, seen)

    whole = project_full_table(wv, components, placing)
    seen = MeasuredFullMap(whole, None)
    measuring(0, "Comparing the map with the table")
    return MeasuredFullMap(whole, sampled_quality(wv, whole, report=measuring))


def rank_on_map(wv: WordVectors, whole: FullMap, word: str, n: int = 10) -> list[tuple[str, int]]:
    """The ``n`` nearest words by cosine in all dimensions, each with how many others lie nearer on the map.

    Raises:
        UnknownToken: The table lacks the word.
        InvalidInput: ``n`` is out of range, or the map is another table's.
    """
    _refuse_another(wv, whole)
    here = whole.coordinates[wv.id(word)]
    apart = np.square(whole.coordinates - here).sum(axis=1)  # [V]
    apart[wv.id(word)] = np.inf
    return [(token, int((apart < apart[wv.id(token)]).sum())) for token, _ in most_similar(wv, word, n=n)]


def _refuse_another(wv: WordVectors, whole: FullMap) -> None:
    if len(whole.coordinates) != len(wv):
        raise InvalidInput(f"This map shows {len(whole.coordinates):,} words, and the table has {len(wv):,}.")
