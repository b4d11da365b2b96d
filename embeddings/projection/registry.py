"""Projection methods by name: from many dimensions to the two or three that can be drawn.

A projection method is a module with one ``Method``, and one line in ``METHODS``.
"""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common import InvalidInput, ProgressCallback, TooLarge, allowed_bytes, as_count, as_matrix
from embeddings.numeric import check_metric, normalize_for_metric
from embeddings.projection import axes, mds, pca, tsne, umap
from embeddings.projection.method import Method, StepCallback

METHODS: Mapping[str, Method] = MappingProxyType(
    {
        method.name: method
        for method in (
            pca.METHOD,
            tsne.METHOD,
            umap.METHOD,
            mds.METHOD,
            axes.METHOD,
        )
    }
)
_COPIES = 24  # bytes of each number of a table: as float32, and as float64 with and without the mean
_PER_NEIGHBOR = 48  # bytes of a neighbour: its id, distance and weight, once as found and once as joined
_OWN_PROCESS = 100_000_000  # bytes of a method's libraries, in a process of its own or in this one
_SAME = 1e-6  # of directions: closer than this they are the same within what float32 tells apart


@dataclass(frozen=True)
class Projection:
    """A finished map.

    Attributes:
        coordinates: float32 [n, k], read-only.
        method: One of ``METHODS``.
        options: The options used, defaults included.
        seconds: How long it took.
        explained_variance_ratio: Share of the variance on each axis, k numbers; only for PCA.
        all_variance_ratios: Share of the variance along every principal axis, D numbers; only for PCA.
        loss: What is left of what the method makes small, 0 or more: the smaller, the better the map among those of the
            same vectors and options. Only for methods that know it; the module of each says what it is.
        seed: What the random numbers started from.
    """

    coordinates: NDArray[np.float32]
    method: str
    options: Mapping[str, Any]
    seconds: float
    explained_variance_ratio: tuple[float, ...] | None = None
    all_variance_ratios: tuple[float, ...] | None = None
    loss: float | None = None
    seed: int = 0


def project(
    vectors: ArrayLike,
    method: str = "pca",
    n_components: int = 2,
    seed: int = 0,
    callback: StepCallback | None = None,
    report: ProgressCallback | None = None,
    **options: Any,
) -> Projection:
    """Project ``vectors`` [n, D] to ``n_components`` dimensions.

    The same arguments give the same map on the same machine. Another processor rounds otherwise, and of a last digit
    t-SNE and UMAP make another map.

    Args:
        vectors: One row a point.
        method: One of ``METHODS``: ``"pca"``, ``"tsne"`` …
        n_components: 2 or 3.
        seed: Of whatever is random in the method, 0 to 2^32 - 1.
        callback: Called with ``(step, steps, coordinates so far, loss so far)`` every ten steps of a method that
            streams. What it raises stops the run.
        report: Called several times a second with ``(share done, words)``, as ``jobs`` hands it to work. What it
            raises stops the run within a second. A library that cannot be stopped then runs in another process.
        **options: For all: ``metric``, ``"euclidean"`` or ``"cosine"``, which compares directions by making every row
            a unit vector. The others are the method's own, ``METHODS[method].options``; its module describes them.

    Raises:
        InvalidInput: Too few points or too many, an option out of range, NaN, nothing but identical points, or a
            vector of zeros where directions are compared.
        TooLarge: It would take too much memory; nothing was allocated.
    """
    vectors = as_matrix(vectors, "The vectors")
    if len(vectors) < 2:
        raise InvalidInput("A map needs at least two words: with fewer there is nothing to be near to.")
    seed = as_count(seed, "The seed", 0, 2**32 - 1)
    used = options_of(vectors.shape, method, n_components, **options)
    _check_memory(METHODS[method], vectors.shape, used)
    points = normalize_for_metric(vectors, used["metric"])
    _check_not_degenerate(points, used["metric"])
    own = _own_options(used)
    started = time.perf_counter()
    found = METHODS[method].fit(points, n_components, seed, callback, report, **own)
    seconds = time.perf_counter() - started
    return Projection(
        _shared(found.coordinates),
        method,
        MappingProxyType(used),
        seconds,
        found.explained_variance_ratio,
        found.all_variance_ratios,
        found.loss,
        seed,
    )


def options_of(shape: tuple[int, int], method: str, n_components: int = 2, **options: Any) -> dict[str, Any]:
    """The options with which ``project`` would draw vectors of this shape, defaults included.

    >>> options_of((100, 50), "umap")["n_neighbors"], options_of((9, 50), "umap")["n_neighbors"]
    (15, 8)

    Raises:
        InvalidInput: An unknown method or option, or one out of range.
    """
    as_count(n_components, "The number of dimensions of the map", 2, 3)
    if method not in METHODS:
        raise InvalidInput(f"There is no method called {method!r}. There are: {', '.join(METHODS)}.")
    asked = METHODS[method]
    unknown = set(options) - {option.name for option in asked.options} - {"metric"}
    if unknown:
        raise InvalidInput(f"{method} has no option called {sorted(unknown)[0]!r}.")
    metric = check_metric(options.pop("metric", "euclidean"))
    _check_number_of_points(asked, shape[0])
    return {**asked.resolve_options(shape, n_components, **options), "metric": metric}


def transform(projection: Projection, vectors: ArrayLike, new: ArrayLike) -> NDArray[np.float32]:
    """Where further points belong on a finished map, on which nothing else moves.

    Each of them is placed without regard to the others; by t-SNE and UMAP it goes among its nearest neighbours.

    Args:
        projection: The map.
        vectors: The vectors that it was made from, [n, D].
        new: Further vectors, [m, D].

    Returns:
        float32 [m, k], read-only.

    Raises:
        InvalidInput: The vectors do not fit the map or each other, or a vector of zeros where directions are compared.
    """
    vectors, new = as_matrix(vectors, "The vectors"), as_matrix(new, "The new vectors")
    if len(vectors) != len(projection.coordinates):
        raise InvalidInput(
            f"This map shows {len(projection.coordinates):,} words, not {len(vectors):,}. Give the vectors it shows."
        )
    if new.shape[1] != vectors.shape[1]:
        raise InvalidInput(
            f"The new vectors must have {vectors.shape[1]} numbers each, as the others, not {new.shape}."
        )
    metric = projection.options["metric"]
    points, more = normalize_for_metric(vectors, metric), normalize_for_metric(new, metric)
    transform = METHODS[projection.method].transform
    return _shared(transform(projection.coordinates, points, more, **_own_options(projection.options)))


def estimate_seconds(method: str, n: int, D: int, n_components: int = 2, **options: Any) -> float:
    """About how long ``project`` will take for ``n`` vectors of ``D`` numbers, so that a page can say so beforehand.

    From counts of operations and the time of each as measured on two cores of 2 to 3 GHz that did nothing else; a
    machine that is busy or slow takes several times as long, and small maps up to a second longer while libraries are
    loaded.

    Raises:
        InvalidInput: As ``project`` would for these options.
    """
    n, D = as_count(n, "The number of points", 2, 10_000_000), as_count(D, "The dimension", 1, 1_000_000)
    used = options_of((n, D), method, n_components, **options)
    return METHODS[method].seconds(n, D, n_components, used)


def _own_options(used: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in used.items() if name != "metric"}


def _check_number_of_points(method: Method, n: int) -> None:
    if n < method.min_points:
        raise InvalidInput(
            f"{method.title} needs at least {method.min_points} words; there are {n}. Add words, or use PCA."
        )
    if method.max_points is not None and n > method.max_points:
        raise InvalidInput(
            f"{method.title} draws at most {method.max_points:,} words; there are {n:,}. Choose fewer, or use PCA."
        )


def _check_memory(method: Method, shape: tuple[int, int], used: Mapping[str, Any]) -> None:
    n, D = shape
    neighbors = used.get("n_neighbors", math.ceil(3 * used.get("perplexity", 0)))
    needed = n * (_COPIES * D + _PER_NEIGHBOR * neighbors + 8 * method.pairs_held * n)
    needed += _OWN_PROCESS if method.iterative else 0
    if needed > (allowed := allowed_bytes()):
        raise TooLarge(f"{method.title} of {n:,} words", needed, allowed)


def _check_not_degenerate(points: NDArray[np.float32], metric: str) -> None:
    if metric == "cosine" and (np.abs(points - points[0]) <= _SAME).all():
        raise InvalidInput("All these vectors point the same way, so no map can tell them apart. Add a different word.")
    if (points == points[0]).all():
        raise InvalidInput("All these vectors are the same, so no map can tell them apart. Add a different word.")


def _shared(coordinates: NDArray) -> NDArray[np.float32]:
    coordinates = np.ascontiguousarray(coordinates, dtype=np.float32)
    coordinates.flags.writeable = False
    return coordinates
