"""Traps: shapes that are known, what t-SNE makes of them, and the question to guess at before one looks.

Each trap makes its points, says with which settings to draw them, and measures one number on the points and on each
map. What happens is not written down but decided from those numbers, so that a reader may take another seed.

References:
    Wattenberg, Viégas and Johnson, "How to Use t-SNE Effectively", Distill 2016, which these follow.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.checks import as_matrix
from embeddings.errors import InvalidInput
from embeddings.noise import Points, clusters, gaussian_like, line, ring
from embeddings.projection import max_perplexity

SMALLEST_CLUMP = 3  # points; one or two alone are no group to tell a story about
FAR = 3  # times the usual step from a point to the next: where clumps part
NOISE_POINTS = 150  # rows that the noise is made like, at most
_LARGEST_PERPLEXITY = 30


@dataclass(frozen=True)
class Trap:
    """One question about what a map shows.

    Attributes:
        name: What ``trap`` takes.
        title: What the trap is, in a few words.
        question: What to guess.
        options: The possible answers.
        answer: Which of them is right: an index. With a rare seed ``decide`` comes to another.
        because: What there is to learn from it.
        measured: What ``measure`` gives, in words.
        settings: What to give ``project`` beside the points, one mapping for each map.
        make: Points from some table of vectors [n, D] and a seed; all but the noise are made without the table.
        measure: One number from places [n, k], be they vectors or coordinates, and the points' labels [n].
        decide: Which option is right, from the number for the vectors and those for the maps, in order of settings.
    """

    name: str
    title: str
    question: str
    options: tuple[str, ...]
    answer: int
    because: str
    measured: str
    settings: tuple[Mapping[str, Any], ...]
    make: Callable[[ArrayLike, int], Points]
    measure: Callable[[NDArray, NDArray], float]
    decide: Callable[[float, Sequence[float]], int]


def traps() -> tuple[Trap, ...]:
    """Every trap there is, in the order of a lesson."""
    return (_PERPLEXITY, _SIZES, _GAPS, _NOISE, _LINE, _RING, _SEEDS)


def trap(name: str) -> Trap:
    """The trap called ``name``.

    Raises:
        InvalidInput: There is none.
    """
    for each in traps():
        if each.name == name:
            return each
    raise InvalidInput(f"There is no trap called {name!r}. There are: {', '.join(each.name for each in traps())}.")


def clumps(places: NDArray, labels: NDArray | None = None) -> int:
    """How many groups of three or more points an eye would see: parts of ``places`` [n, k] with wide gaps between.

    The points are joined by the shortest tree; where a branch is more than three times as long as the middle one,
    there is a gap.

    >>> clumps(np.array([[0, 0], [1, 0], [2, 0], [9, 0], [10, 0], [11, 0], [30, 0]]))
    2
    """
    from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
    from scipy.spatial.distance import pdist, squareform

    # Points that coincide are no edge to SciPy, whose graphs have none of length 0.
    apart = squareform(np.maximum(pdist(places), np.finfo(np.float32).tiny))
    tree = minimum_spanning_tree(apart)
    tree.data[tree.data > FAR * np.median(tree.data)] = 0
    tree.eliminate_zeros()
    groups = connected_components(tree, directed=False)[1]  # [n]
    return int((np.bincount(groups) >= SMALLEST_CLUMP).sum())


def spread_ratio(places: NDArray, labels: NDArray) -> float:
    """How many times as wide as cluster 0 cluster 1 is, by the root mean square distance from the middle.

    >>> spread_ratio(np.array([[0, 0], [2, 0], [10, 0], [30, 0]]), np.array([0, 0, 1, 1]))
    10.0
    """
    tight, wide = (
        np.sqrt(((places[labels == cluster] - middle) ** 2).sum(axis=1).mean())
        for cluster, middle in enumerate(_middles(places, labels)[:2])
    )
    return float(wide / tight)


def gap_ratio(places: NDArray, labels: NDArray) -> float:
    """How many times as far cluster 2 is from cluster 1 as cluster 1 from cluster 0, by their middles.

    >>> gap_ratio(np.array([[0, 0], [2, 0], [12, 0]]), np.array([0, 1, 2]))
    5.0
    """
    first, second, third = _middles(places, labels)
    return float(np.linalg.norm(third - second) / np.linalg.norm(second - first))


def straightness(places: NDArray, labels: NDArray) -> float:
    """How far the two ends are from each other, as a share of the way along the points: 1 is a straight line.

    >>> round(straightness(np.array([[0, 0], [3, 0], [3, 4]]), np.array([0, 1, 2])), 2)
    0.71
    """
    in_order = places[np.argsort(labels)]
    way = np.linalg.norm(np.diff(in_order, axis=0), axis=1).sum()
    return float(np.linalg.norm(in_order[-1] - in_order[0]) / way)


def nearest_cluster(places: NDArray, labels: NDArray) -> int:
    """Which cluster lies nearest to cluster 0, by their middles.

    >>> nearest_cluster(np.array([[0, 0], [9, 0], [2, 0]]), np.array([0, 1, 2]))
    2
    """
    middles = _middles(places, labels)
    return int(np.linalg.norm(middles[1:] - middles[0], axis=1).argmin()) + 1


def disparity(one: ArrayLike, other: ArrayLike) -> float:
    """How differently two maps of the same points are laid out, once moved, turned, mirrored and scaled to match best.

    0 is the same layout, 1 as far from it as can be.

    Raises:
        InvalidInput: The maps do not have the same shape, or all points of one lie in one place.

    References:
        Gower, "Generalized Procrustes analysis", 1975.
    """
    from scipy.spatial import procrustes

    one, other = as_matrix(one, "The first map"), as_matrix(other, "The second map")
    if one.shape != other.shape:
        raise InvalidInput(f"Maps of {one.shape} and {other.shape} numbers do not show the same points.")
    if not (np.ptp(one, axis=0).any() and np.ptp(other, axis=0).any()):
        raise InvalidInput("A map whose points all lie in one place has no layout to compare.")
    return float(procrustes(one.astype(np.float64), other.astype(np.float64))[2])


def _middles(places, labels) -> NDArray:
    return np.stack([places[labels == cluster].mean(axis=0) for cluster in np.unique(labels)])  # [clusters, k]


def _noise_like(vectors: ArrayLike, seed: int) -> Points:
    rows = as_matrix(vectors, "The vectors")[:NOISE_POINTS]
    if max_perplexity(len(rows)) < _LARGEST_PERPLEXITY:
        raise InvalidInput(
            f"For noise to be drawn at perplexity {_LARGEST_PERPLEXITY} it takes {3 * _LARGEST_PERPLEXITY + 1} words "
            f"to make it like; there are {len(rows)}."
        )
    return gaussian_like(rows, seed)


def _tsne(*perplexities: int) -> tuple[Mapping[str, Any], ...]:
    return tuple(MappingProxyType({"method": "tsne", "perplexity": perplexity}) for perplexity in perplexities)


_PERPLEXITY = Trap(
    name="perplexity",
    title="Two clusters, three perplexities",
    question="There are two clusters far apart. How many does t-SNE show at perplexity 2, 10 and 30?",
    options=("Two each time", "Three or more at perplexity 2, and two at the others", "One at perplexity 30"),
    answer=1,
    because="Perplexity says how many neighbours count. With too few, each cluster falls into crumbs.",
    measured="groups of points on the map",
    settings=_tsne(2, 10, 30),
    make=lambda vectors, seed: clusters((60, 60), (1, 1), (0, 60), seed),
    measure=clumps,
    decide=lambda truth, maps: 2 if maps[-1] < truth else int(maps[0] > truth == maps[1] == maps[2]),
)
_SIZES = Trap(
    name="sizes",
    title="A tight and a wide cluster",
    question="One cluster is ten times as wide as the other. What does t-SNE make of it?",
    options=(
        "The wide one stays several times as wide",
        "Both come out about as wide",
        "The tight one comes out wider",
    ),
    answer=1,
    because="t-SNE measures distances by what is usual around each point, so that the size of a cluster means nothing.",
    measured="width of the wide cluster, in widths of the tight one",
    settings=_tsne(5, 30),
    make=lambda vectors, seed: clusters((60, 60), (1, 10), (0, 100), seed),
    measure=spread_ratio,
    decide=lambda truth, maps: 0 if max(maps) > 1.5 else 2 if min(maps) < 1 / 1.5 else 1,
)
_GAPS = Trap(
    name="gaps",
    title="Near and far clusters",
    question="Of three clusters in a row, the third is five times as far from the second as the second from the first. "
    "What does t-SNE show?",
    options=("About five times as far", "Less than twice as far", "The third nearer than the first"),
    answer=1,
    because="Once clusters are apart, t-SNE hardly cares how far. Gaps between groups on the map mean little.",
    measured="the far gap, in near gaps",
    settings=_tsne(5, 30),
    make=lambda vectors, seed: clusters((50, 50, 50), (1, 1, 1), (0, 20, 120), seed),
    measure=gap_ratio,
    decide=lambda truth, maps: 0 if max(maps) > 2 else 2 if max(maps) < 0.8 else 1,
)
_NOISE = Trap(
    name="noise",
    title="Clusters in pure noise",
    question="These points are noise, without any cluster. At which perplexity does t-SNE show groups in it?",
    options=("At none of them", "At perplexity 2, and hardly any from 10 on", "At all of them"),
    answer=1,
    because="Noise has chance neighbours. At low perplexity a map makes groups of them; look at several perplexities.",
    measured="groups of points on the map",
    settings=_tsne(2, 5, 10, _LARGEST_PERPLEXITY),
    make=_noise_like,
    measure=clumps,
    decide=lambda truth, maps: 0 if max(maps) <= 2 else 1 if maps[0] >= 5 and max(maps[2:]) <= 2 else 2,
)
_LINE = Trap(
    name="line",
    title="A straight line",
    question="These points lie on a straight line. What does t-SNE draw at perplexity 2, 5 and 30?",
    options=("A straight line each time", "A bent line each time", "Crumbs each time"),
    answer=1,
    because="t-SNE pushes what is not near apart, which bends what is straight. A curve on a map need not be one.",
    measured="distance between the ends, as a share of the way along the line",
    settings=_tsne(2, 5, 30),
    make=lambda vectors, seed: line(100, seed),
    measure=straightness,
    decide=lambda truth, maps: 0 if min(maps) > 0.95 else 1 if max(maps) < 0.95 and min(maps) > 0.2 else 2,
)
_RING = Trap(
    name="ring",
    title="A ring",
    question="These points lie on a ring, each a little off it. Does t-SNE draw it in one piece at perplexity 2, 10 "
    "and 30?",
    options=("Each time", "Not at perplexity 2, but at the others", "Never"),
    answer=1,
    because="What a map shows in pieces may be whole. Look for a shape at several settings before believing in it.",
    measured="pieces on the map",
    settings=_tsne(2, 10, 30),
    make=lambda vectors, seed: ring(100, seed, blur=0.01),  # as much as from one point to the next
    measure=clumps,
    decide=lambda truth, maps: (0 if max(maps) == 1 else 2) if maps[0] == 1 or max(maps[1:]) > 1 else 1,
)
_SEEDS = Trap(
    name="seeds",
    title="Another seed",
    question="Of six clusters in a row, started from random places with four seeds: is it always the second that lies "
    "nearest to the first?",
    options=("Yes, with each seed", "No, another one with another seed", "No, but the same other one with each seed"),
    answer=1,
    because="From random places t-SNE lays clusters out anew each time, each layout as good as the other by its loss. "
    "Trust only what several seeds show, or start from PCA.",
    measured="number of the cluster nearest to cluster 0",
    settings=tuple(
        MappingProxyType({"method": "tsne", "perplexity": 20, "initialization": "random", "seed": seed})
        for seed in range(4)
    ),
    make=lambda vectors, seed: clusters((25,) * 6, (1,) * 6, tuple(range(0, 120, 20)), seed),
    measure=nearest_cluster,
    decide=lambda truth, maps: 1 if len(set(maps)) > 1 else 0 if set(maps) == {truth} else 2,
)
