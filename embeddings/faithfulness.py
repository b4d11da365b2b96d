"""How far a map can be trusted: which neighbours it keeps, which it loses, and which it makes up.

Everything is computed in blocks of rows, so that memory grows with n and not with n²: 20,000 points take some
200 MB beside the input.

References:
    Venna and Kaski, "Neighborhood preservation in nonlinear projection methods", ICANN 2001, for trustworthiness and
    continuity; Shepard 1962 for the plot of distances against distances.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.checks import as_count, as_matrix
from embeddings.errors import InvalidInput
from embeddings.jobs import Report
from embeddings.metric import as_metric, compared_by

MAX_PAIRS = 250_000  # that correlations stand on: all pairs of up to 707 points, a sample of those of more
MAX_SHEPARD_PAIRS = 100_000
_PAIRS_AT_ONCE = 2_000_000  # distances in one block: 8 MB, and a few times as much on the way to them
_QUERIES_AT_ONCE = 2_048  # points whose neighbours are looked for between two reports
_ROWS_AT_ONCE = 20_000  # pairs whose vectors are taken out of the table at once


@dataclass(frozen=True)
class PointNeighbours:
    """The neighbours of one point, as rows of the table, each group nearest first.

    Attributes:
        true: Near it in the table and on the map.
        missed: Near it in the table, but not on the map.
        false: Near it on the map, but not in the table.
    """

    true: tuple[int, ...]
    missed: tuple[int, ...]
    false: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Faithfulness:
    """What a map keeps of the table it was made from; 1 is perfect in each figure.

    Attributes:
        trustworthiness: From 0 to 1: how near in the table those are that the map shows as neighbours. It falls when
            the map makes neighbours up.
        continuity: From 0 to 1: how near on the map those are that are neighbours in the table. It falls when the map
            tears neighbours apart.
        neighbour_overlap: Mean share of the k nearest in the table that are among the k nearest on the map.
        overlap_per_point: That share for each point: float32 [n], read-only.
        pearson: Correlation of the distances in the table with those on the map, over pairs of points; NaN where all
            distances are equal.
        spearman: The same for their ranks.
        pairs: How many pairs the two correlations stand on.
        n_neighbors: k.
        neighbours_in_table: The k nearest of each point, nearest first: int64 [n, k], read-only.
        neighbours_on_map: The same on the map.
    """

    trustworthiness: float
    continuity: float
    neighbour_overlap: float
    overlap_per_point: NDArray[np.float32]
    pearson: float
    spearman: float
    pairs: int
    n_neighbors: int
    neighbours_in_table: NDArray[np.int64]
    neighbours_on_map: NDArray[np.int64]

    def neighbours_of(self, point: int) -> PointNeighbours:
        """Which neighbours of the point in row ``point`` the map keeps, misses and makes up.

        Raises:
            InvalidInput: There is no such row.
        """
        point = as_count(point, "The row of the point", 0, len(self.neighbours_in_table) - 1)
        in_table, on_map = self.neighbours_in_table[point].tolist(), self.neighbours_on_map[point].tolist()
        return PointNeighbours(
            true=tuple(id for id in in_table if id in on_map),
            missed=tuple(id for id in in_table if id not in on_map),
            false=tuple(id for id in on_map if id not in in_table),
        )


@dataclass(frozen=True, eq=False)
class ShepardSample:
    """Pairs of points, for a plot of their distances on the map against those in the table.

    Attributes:
        pairs: Rows of the two points: int64 [m, 2], read-only.
        in_table: Their distance in the table, by its metric: float32 [m], read-only.
        on_map: Their distance on the map: float32 [m], read-only.
    """

    pairs: NDArray[np.int64]
    in_table: NDArray[np.float32]
    on_map: NDArray[np.float32]


def assess(
    vectors: ArrayLike,
    coordinates: ArrayLike,
    n_neighbors: int = 10,
    metric: str = "euclidean",
    seed: int = 0,
    report: Report | None = None,
) -> Faithfulness:
    """Compare a map with the table that it was made from.

    Trustworthiness is that of ``sklearn.manifold.trustworthiness``, the same in ties too, and continuity is it with
    table and map exchanged. Points lie on the map by Euclidean distance, whatever the metric of the table.

    Args:
        vectors: The table, [n, D].
        coordinates: The map, [n, k], in the same order.
        n_neighbors: How many neighbours count, from 1 to less than half the points.
        metric: Of the table: ``"euclidean"`` or ``"cosine"``.
        seed: Of the sample of pairs that the correlations of more than 707 points stand on.
        report: Called with ``(share done, words)`` several times a second. What it raises stops the work.

    Raises:
        InvalidInput: Not as many vectors as points, too few, too many neighbours, NaN, or a row of zeros where
            directions are compared.
    """
    table, on_map = _both(vectors, coordinates, metric)
    n = len(table)
    if n < 3:
        raise InvalidInput("A map can be judged from three words on: of two, each is the other's neighbour anywhere.")
    k = as_count(n_neighbors, f"For {n:,} points the number of neighbours", 1, (n - 1) // 2)
    seed = as_count(seed, "The seed", 0, 2**32 - 1)
    in_table_ids = _neighbours(table, k, _part(report, 0.0, 0.15))
    on_map_ids = _neighbours(on_map, k, _part(report, 0.15, 0.2))
    trustworthiness = _share_of_rank_kept(table, on_map_ids, _part(report, 0.2, 0.6))
    continuity = _share_of_rank_kept(on_map, in_table_ids, _part(report, 0.6, 0.95))
    overlap = (in_table_ids[:, :, None] == on_map_ids[:, None, :]).any(axis=2).mean(axis=1, dtype=np.float32)
    pairs = _pairs(n, MAX_PAIRS, seed)
    pearson, spearman = _correlations(_distances(table, pairs, metric), _distances(on_map, pairs))
    for shared in (overlap, in_table_ids, on_map_ids):
        shared.flags.writeable = False
    return Faithfulness(
        trustworthiness,
        continuity,
        float(overlap.mean(dtype=np.float64)),
        overlap,
        pearson,
        spearman,
        len(pairs),
        k,
        in_table_ids,
        on_map_ids,
    )


def shepard_sample(
    vectors: ArrayLike, coordinates: ArrayLike, n_pairs: int = 2_000, metric: str = "euclidean", seed: int = 0
) -> ShepardSample:
    """Distances of ``n_pairs`` pairs in the table and on the map: all pairs where there are no more.

    Of more, pairs are drawn at random and with replacement; the same seed draws the same.

    Raises:
        InvalidInput: As for ``assess``, or ``n_pairs`` is not from 1 to 100,000.
    """
    table, on_map = _both(vectors, coordinates, metric)
    if len(table) < 2:
        raise InvalidInput("A pair needs two points.")
    n_pairs = as_count(n_pairs, "The number of pairs", 1, MAX_SHEPARD_PAIRS)
    pairs = _pairs(len(table), n_pairs, as_count(seed, "The seed", 0, 2**32 - 1))
    sample = ShepardSample(pairs, _distances(table, pairs, metric), _distances(on_map, pairs))
    for shared in (sample.pairs, sample.in_table, sample.on_map):
        shared.flags.writeable = False
    return sample


def _both(vectors, coordinates, metric) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    vectors, coordinates = as_matrix(vectors, "The vectors"), as_matrix(coordinates, "The map")
    if len(vectors) != len(coordinates):
        raise InvalidInput(
            f"A map of {len(coordinates):,} points does not show {len(vectors):,} vectors: one place each is needed."
        )
    return compared_by(vectors, as_metric(metric)), coordinates


def _neighbours(points: NDArray[np.float32], k: int, on_block: Callable[[float], None]) -> NDArray[np.int64]:
    """The k nearest others of each, in the order in which scikit-learn finds them."""
    from sklearn.neighbors import NearestNeighbors

    n = len(points)
    search = NearestNeighbors(n_neighbors=k).fit(points)
    nearest = np.empty((n, k), dtype=np.int64)
    for start in range(0, n, _QUERIES_AT_ONCE):
        block = np.arange(start, min(start + _QUERIES_AT_ONCE, n))
        ids = search.kneighbors(points[block], k + 1, return_distance=False)
        others = ids != block[:, None]  # [rows, k + 1]
        others[others.all(axis=1), 0] = False  # as scikit-learn does where duplicates have crowded the point out
        nearest[block] = ids[others].reshape(-1, k)
        on_block((start + len(block)) / n)
    return nearest


def _share_of_rank_kept(points, ids, on_block) -> float:
    """1 where the k ``ids`` [n, k] of each point are its nearest; less, the further down its list they stand."""
    n, k = ids.shape
    too_far = 0
    rows = max(1, _PAIRS_AT_ONCE // n)
    for start in range(0, n, rows):
        block = np.arange(start, min(start + rows, n))
        distances = _distances_to_all(points, block)  # [rows, n]
        distances[np.arange(len(block)), block] = np.inf  # nobody is his own neighbour
        beyond = _ranks(distances, ids[block]) - k
        too_far += int(beyond[beyond > 0].sum())
        on_block((start + len(block)) / n)
    return 1 - too_far * 2 / (n * k * (2 * n - 3 * k - 1))


def _distances_to_all(points, block) -> NDArray[np.float32]:
    """From the rows in ``block`` to all of ``points``: float32 [rows, n], rounded as scikit-learn rounds them."""
    if points.shape[1] <= 3:  # too few columns for a product of matrices to pay
        from scipy.spatial.distance import cdist

        wide = points.astype(np.float64)
        return np.sqrt(cdist(wide[block], wide, "sqeuclidean").astype(np.float32))
    from sklearn.metrics.pairwise import euclidean_distances

    return euclidean_distances(points[block], points)


def _ranks(distances, ids) -> NDArray[np.int64]:
    """Where each of ``ids`` [rows, k] stands when its row of ``distances`` [rows, n] is sorted, from 1."""
    wanted = np.take_along_axis(distances, ids, axis=1)  # [rows, k]
    in_order = np.sort(distances, axis=1)  # without the order of ids, which takes ten times as long
    ranks = np.empty(ids.shape, dtype=np.int64)
    for row, (ascending, sought) in enumerate(zip(in_order, wanted, strict=True)):
        ranks[row] = np.searchsorted(ascending, sought, "right")
        if (ranks[row] - np.searchsorted(ascending, sought, "left") > 1).any():  # equally far: as argsort puts them
            ranks[row] = 1 + np.argsort(np.argsort(distances[row]))[ids[row]]
    return ranks


def _part(report: Report | None, first: float, last: float) -> Callable[[float], None]:
    """``report`` for one part of the work, which reaches from ``first`` to ``last``."""
    if report is None:
        return lambda share: None
    return lambda share: report(first + (last - first) * share, "Comparing the map with the table")


def _pairs(n: int, wanted: int, seed: int) -> NDArray[np.int64]:
    """All pairs of ``n`` points, [m, 2], or ``wanted`` random ones, with replacement, where there are more."""
    if n * (n - 1) // 2 <= wanted:
        return np.stack(np.triu_indices(n, 1), axis=1).astype(np.int64)
    random = np.random.default_rng(seed)
    first = random.integers(n, size=wanted)
    return np.stack([first, (first + random.integers(1, n, size=wanted)) % n], axis=1)


def _distances(points, pairs, metric="euclidean") -> NDArray[np.float32]:
    """The distance of each of ``pairs`` [m, 2]: float32 [m]. Cosine distance is 1 minus the cosine."""
    squared = np.empty(len(pairs), dtype=np.float64)
    for start in range(0, len(pairs), _ROWS_AT_ONCE):
        first, second = pairs[start : start + _ROWS_AT_ONCE].T
        apart = points[first] - points[second]  # [rows, D]
        squared[start : start + _ROWS_AT_ONCE] = np.einsum("md,md->m", apart, apart)
    return (squared / 2 if metric == "cosine" else np.sqrt(squared)).astype(np.float32)


def _correlations(in_table, on_map) -> tuple[float, float]:
    """Pearson's and Spearman's."""
    from scipy.stats import pearsonr, rankdata

    if np.ptp(in_table) == 0 or np.ptp(on_map) == 0:
        return math.nan, math.nan  # what does not vary goes along with nothing
    in_table, on_map = in_table.astype(np.float64), on_map.astype(np.float64)
    return (
        float(pearsonr(in_table, on_map).statistic),
        float(pearsonr(rankdata(in_table), rankdata(on_map)).statistic),
    )
