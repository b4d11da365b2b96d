"""Six traps of reading t-SNE: what a map seems to say and does not, decided from what is measured on it.

A trap makes point sets, draws each at several perplexities and seeds, and measures the same on every map as on
the points themselves. What happens is not written down but decided from those numbers, so that a reader may take other
words and another seed.

References:
    Wattenberg, Viégas and Johnson, "How to Use t-SNE Effectively", Distill 2016, which these follow.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.common import InvalidInput, ProgressCallback, as_count
from embeddings.numeric import silhouette
from embeddings.projection import estimate_seconds, max_perplexity, project, quality
from embeddings.tsne_pitfalls import points
from embeddings.tsne_pitfalls.measures import (
    aspect_ratio,
    count_mst_clusters,
    disparity,
    gap_ratio,
    mst_cluster_labels,
    ring_score,
    spread_ratio,
)
from embeddings.tsne_pitfalls.points import PointSet
from embeddings.vectors import WordVectors

SMALL, LARGE = 2, 30  # perplexities; the larger one is less where there are few points
MAX_SEED = 9_999
_SEEDS = 3  # of the trap on seeds
_NEIGHBORS = 10  # that the figures of trust count
SEVERAL = 3  # times as far as it is: from here on "several times"
_MORE_THAN_DRAWING = 1.5  # times the time that the drawing takes: measuring, and starting anew for each map


@dataclass(frozen=True)
class Trap:
    """One question about what a map shows; its words are the lesson's.

    Attributes:
        name: What ``trap`` takes.
        verdicts: What may come out, in a few words each.
        measured: What the numbers of a map are, in words; the first is the one that the question is about.
        make: The point sets, from a table and words of it.
        measure: The numbers of a point set's places, be they its vectors or a map; the first map of the same row is
            given too.
        decide: Which of the verdicts it is, from the maps of the point set that the question is about, one row of them
            a seed: an index.
        target: Which point set the question is about: an index.
        varies: What changes from column to column: "perplexity" or "seed".
        of_words: Whether the reader's words have a part in it.
    """

    name: str
    verdicts: tuple[str, ...]
    measured: tuple[str, ...]
    make: Callable[[WordVectors, Sequence[str]], tuple[PointSet, ...]]
    measure: Callable[[PointSet, NDArray, NDArray], tuple[float, ...]]
    decide: Callable[[Sequence[Sequence["TrapMap"]]], int]
    target: int = 0
    varies: str = "perplexity"
    of_words: bool = True


@dataclass(frozen=True)
class Cell:
    """One place in the grid of a trap.

    Attributes:
        row, column: Where.
        point_set: The index of the point set that is drawn there.
        perplexity, seed: With what.
    """

    row: int
    column: int
    point_set: int
    perplexity: int
    seed: int

    @property
    def options(self) -> Mapping[str, Any]:
        """What ``project`` is given beside the vectors."""
        # From random places, as a seed has little to say when maps start from PCA.
        return MappingProxyType({"method": "tsne", "perplexity": self.perplexity, "seed": self.seed, "init": "random"})


@dataclass(frozen=True, eq=False)
class TrapMap:
    """One map of the grid, measured.

    Attributes:
        cell: Where it stands and how it was drawn.
        coordinates: float32 [n, 2], read-only.
        trustworthiness, neighbor_overlap: As ``quality`` gives them, for 10 neighbours.
        numbers: What the trap measures on it.
    """

    cell: Cell
    coordinates: NDArray[np.float32]
    trustworthiness: float
    neighbor_overlap: float
    numbers: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Grid:
    """A finished grid.

    Attributes:
        maps: All of them, row by row.
        reference_values: What the trap measures on the vectors of each point set.
    """

    maps: tuple[TrapMap, ...]
    reference_values: tuple[tuple[float, ...], ...]

    def of(self, point_set: int, column: int | None = None, number: int = 0) -> list[float]:
        """What was measured on the maps of a point set in ``column``, or in all; unknown numbers are left out."""
        found = [
            each.numbers[number]
            for each in self.maps
            if each.cell.point_set == point_set and column in (None, each.cell.column)
        ]
        return [value for value in found if not math.isnan(value)]

    @property
    def perplexities(self) -> tuple[int, int]:
        """The smallest and the largest."""
        used = [each.cell.perplexity for each in self.maps]
        return min(used), max(used)


def traps() -> tuple[Trap, ...]:
    """Every trap there is, in the order of a lesson."""
    return (_PERPLEXITY, _SIZES, _GAPS, _NOISE, _LINES, _SEED)


def trap(name: str) -> Trap:
    """The trap called ``name``.

    Raises:
        InvalidInput: There is none.
    """
    for each in traps():
        if each.name == name:
            return each
    raise InvalidInput(f"There is no trap called {name!r}. There are: {', '.join(each.name for each in traps())}.")


def perplexities(n: int) -> tuple[int, int, int]:
    """A small, a middle and a large perplexity for ``n`` points.

    >>> perplexities(150), perplexities(76), perplexities(40)
    ((2, 8, 30), (2, 7, 25), (2, 5, 13))
    """
    large = min(LARGE, max_perplexity(n))
    return SMALL, round(math.sqrt(SMALL * large)), large


def cells(trap: Trap, point_sets: Sequence[PointSet], seed: int = 0) -> tuple[Cell, ...]:
    """The grid of ``trap``, row by row: what is drawn where, and with which perplexity and seed.

    Raises:
        InvalidInput: A seed out of range.
    """
    seed = as_count(seed, "The seed", 0, MAX_SEED)
    settings = perplexities(min(len(point_set.vectors) for point_set in point_sets))
    if trap.varies == "seed":
        rows = [
            [(number, each, seed + step) for step in range(_SEEDS)]
            for number in range(len(point_sets))
            for each in settings[1:]
        ]
    else:
        rows = [
            [(number, each, seed + step) for each in settings]
            for number in range(len(point_sets))
            for step in range(point_sets[number].seeds)
        ]
    return tuple(Cell(row, column, *each) for row, line in enumerate(rows) for column, each in enumerate(line))


def draw(
    trap: Trap, point_sets: Sequence[PointSet], seed: int = 0, report: ProgressCallback | None = None
) -> tuple[TrapMap, ...]:
    """Every map of ``trap``, measured; on one machine the same point sets and seed give the same.

    Args:
        trap: Which.
        point_sets: What it made.
        seed: The first of those in the grid, 0 to 9999.
        report: Called with ``(share done, words, maps so far)``, several times a second. What it raises stops the work.
    """
    grid = cells(trap, point_sets, seed)
    drawn: list[TrapMap] = []
    for cell in grid:

        def tell(share: float, words: str = "", snapshot: Any = None, /) -> None:
            if report is not None:
                report((len(drawn) + share) / len(grid), f"Map {len(drawn) + 1} of {len(grid)}", tuple(drawn))

        tell(0)
        point_set = point_sets[cell.point_set]
        coordinates = project(point_set.vectors, report=tell if report else None, **cell.options).coordinates
        first = next((each.coordinates for each in drawn if each.cell.row == cell.row), coordinates)
        trust = quality(point_set.vectors, coordinates, _NEIGHBORS)
        numbers = trap.measure(point_set, coordinates, first)
        drawn.append(TrapMap(cell, coordinates, trust.trustworthiness, trust.neighbor_overlap, numbers))
    return tuple(drawn)


def measured_grid(
    name: str, point_sets: Sequence[PointSet], seed: int = 0, report: ProgressCallback | None = None
) -> Grid:
    """Every map of the trap called ``name``, and what it measures on the vectors themselves.

    Args:
        name: As ``trap`` takes it.
        point_sets: As ``draw`` takes them.
        seed: As ``draw`` takes it.
        report: As ``draw`` takes it.
    """
    asked = trap(name)
    return Grid(draw(asked, point_sets, seed, report), reference_values(asked, point_sets))


def verdict(trap: Trap, maps: Sequence[TrapMap]) -> str:
    """Which of the verdicts of ``trap`` holds, by the ``maps`` that were drawn."""
    rows: dict[int, list[TrapMap]] = {}
    for each in maps:
        if each.cell.point_set == trap.target:
            rows.setdefault(each.cell.row, []).append(each)
    return trap.verdicts[trap.decide(list(rows.values()))]


def median_gap_ratio(maps: Sequence[TrapMap]) -> float:
    """The middle one of the gap ratios of ``maps`` of the trap on gaps."""
    return float(np.median([each.numbers[0] for each in maps]))


def mean_change(maps: Sequence[TrapMap]) -> tuple[float, float]:
    """How ``maps`` of the trap on seeds differ from the first of their row, which is not among them.

    Returns:
        Their mean disparity, and the mean share of a point's ten nearest that are the same.
    """
    disparities, shared = np.mean([each.numbers for each in maps], axis=0)
    return float(disparities), float(shared)


def reference_values(trap: Trap, point_sets: Sequence[PointSet]) -> tuple[tuple[float, ...], ...]:
    """What ``trap`` measures on the vectors of each point set themselves."""
    return tuple(trap.measure(point_set, point_set.vectors, point_set.vectors) for point_set in point_sets)


def seconds(trap: Trap, point_sets: Sequence[PointSet], seed: int = 0) -> float:
    """About how long ``draw`` will take on a machine that does nothing else."""
    return _MORE_THAN_DRAWING * sum(
        estimate_seconds("tsne", *point_sets[cell.point_set].vectors.shape, perplexity=cell.perplexity, init="random")
        for cell in cells(trap, point_sets, seed)
    )


def _groups(point_set: PointSet, places: NDArray, first: NDArray) -> tuple[int, float, float]:
    groups = mst_cluster_labels(places)
    return count_mst_clusters(places), silhouette(places, groups), silhouette(point_set.vectors, groups)


def _shape(point_set: PointSet, places: NDArray, first: NDArray) -> tuple[int, float, float]:
    return count_mst_clusters(places), ring_score(places), aspect_ratio(places)


def _layout(point_set: PointSet, places: NDArray, first: NDArray) -> tuple[float, float]:
    if places is first:
        return 0.0, 1.0
    return disparity(first, places), quality(first, places, _NEIGHBORS).neighbor_overlap


def _column(rows: Sequence[Sequence[TrapMap]], column: int, number: int = 0) -> list[float]:
    return [row[column].numbers[number] for row in rows]


def _all(rows: Sequence[Sequence[TrapMap]]) -> list[float]:
    return [each.numbers[0] for row in rows for each in row]


def _decide_perplexity(rows: Sequence[Sequence[TrapMap]]) -> int:
    small, large = np.mean(_column(rows, 0)), np.mean(_column(rows, -1))
    return 1 if small >= 2 * large else 2 if large >= 2 * small else 0


def _decide_sizes(rows: Sequence[Sequence[TrapMap]]) -> int:
    return 0 if max(_all(rows)) > 2 else 2 if min(_all(rows)) < 0.5 else 1


def _decide_gaps(rows: Sequence[Sequence[TrapMap]]) -> int:
    middle = median_gap_ratio([each for row in rows for each in row])
    return 0 if middle > SEVERAL else 1 if middle > 1 / SEVERAL else 2


def _decide_noise(rows: Sequence[Sequence[TrapMap]]) -> int:
    small, large = _column(rows, 0), _column(rows, -1)
    if max(small + large) <= 2:
        return 0
    return 1 if min(small) > max(large) and max(large) <= 2 else 2


def _decide_lines(rows: Sequence[Sequence[TrapMap]]) -> int:
    small, large = max(_column(rows, 0)), max(_column(rows, -1))
    return 2 if large > 1 else 0 if small == 1 else 1


def _decide_seed(rows: Sequence[Sequence[TrapMap]]) -> int:
    apart, shared = mean_change([each for row in rows for each in row[1:]])
    return 0 if apart < 0.02 else 1 if shared >= 0.5 else 2


_PERPLEXITY = Trap(
    name="perplexity",
    verdicts=("as many", "more at the small one", "more at the large one"),
    measured=("groups", "silhouette on the map", "silhouette in the table"),
    make=points.words_noise_and_clusters,
    measure=_groups,
    decide=_decide_perplexity,
)
_SIZES = Trap(
    name="sizes",
    verdicts=("wider", "as wide", "narrower"),
    measured=("times as wide",),
    make=points.two_scales,
    measure=lambda point_set, places, first: (spread_ratio(places, point_set.labels),),
    decide=_decide_sizes,
)
_GAPS = Trap(
    name="gaps",
    verdicts=("farther", "as far", "nearer"),
    measured=("times as far",),
    make=points.two_gaps,
    measure=lambda point_set, places, first: (gap_ratio(places, point_set.labels),),
    decide=_decide_gaps,
)
_NOISE = Trap(
    name="noise",
    verdicts=("one group", "groups at the small one", "groups at the large one"),
    measured=("groups", "silhouette on the map", "silhouette in the table"),
    make=points.words_and_noise,
    measure=_groups,
    decide=_decide_noise,
    target=1,
)
_LINES = Trap(
    name="lines",
    verdicts=("whole", "whole at the large one", "in pieces"),
    measured=("pieces", "openness", "times as long as wide"),
    make=points.ring_and_years,
    measure=_shape,
    decide=_decide_lines,
    of_words=False,
)
_SEED = Trap(
    name="seeds",
    verdicts=("same layout", "same neighbors", "nothing in common"),
    measured=("difference of layout", "neighbours in common"),
    make=points.words_and_noise,
    measure=_layout,
    decide=_decide_seed,
    varies="seed",
)
