"""From many dimensions to the two or three that can be drawn.

Each method has a module of its own: ``pca``, ``tsne``, ``umap``, ``axes``. Adding one is a module with ``choose`` (its
options) and the drawing itself, and one line in each of ``_CHOOSE``, ``_DRAW`` and ``_PLACE``.
"""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings import axes, pca, tsne, umap
from embeddings.checks import as_count, as_matrix
from embeddings.errors import InvalidInput
from embeddings.jobs import Report
from embeddings.metric import as_metric, compared_by
from embeddings.pca import PrincipalAxes, principal_axes
from embeddings.tsne import TSNE_MIN_POINTS, TSNE_STEPS, OnStep, max_perplexity

__all__ = [
    "TSNE_MIN_POINTS",
    "TSNE_STEPS",
    "PrincipalAxes",
    "Projection",
    "add_points",
    "estimate_seconds",
    "max_perplexity",
    "options_of",
    "principal_axes",
    "project",
]

_SAME = 1e-6  # of directions: closer than this they are the same within what float32 tells apart


@dataclass(frozen=True)
class Projection:
    """A finished map.

    Attributes:
        coordinates: float32 [n, k], read-only.
        method: "pca", "tsne", "umap" or "axes".
        options: The options used, defaults included.
        seconds: How long it took.
        explained: Share of the variance on each axis, k numbers; only for PCA.
        spectrum: Share of the variance along every principal axis, D numbers; only for PCA.
        loss: What is left of the Kullback-Leibler divergence that t-SNE makes small, in nats: the smaller, the better
            the map among those of the same vectors and perplexity. Only for t-SNE by the live engine.
        seed: What the random numbers started from.
    """

    coordinates: NDArray[np.float32]
    method: str
    options: Mapping[str, Any]
    seconds: float
    explained: tuple[float, ...] | None = None
    spectrum: tuple[float, ...] | None = None
    loss: float | None = None
    seed: int = 0


def project(
    vectors: ArrayLike,
    method: str = "pca",
    n_components: int = 2,
    seed: int = 0,
    on_step: OnStep | None = None,
    report: Report | None = None,
    **options: Any,
) -> Projection:
    """Project ``vectors`` [n, D] to ``n_components`` dimensions; the same arguments give the same map.

    Args:
        vectors: One row a point.
        method: ``"pca"``, ``"tsne"``, ``"umap"`` or ``"axes"``.
        n_components: 2 or 3.
        seed: Of whatever is random in the method, 0 to 2^32 - 1.
        on_step: Called with ``(step, steps, coordinates so far, loss so far)`` every ten steps of t-SNE's live engine.
            What it raises stops the run.
        report: Called several times a second with ``(share done, words)``, as ``jobs`` hands it to work. What it
            raises stops the run within a second. A library that cannot be stopped then runs in another process.
        **options: For all: ``metric``, ``"euclidean"`` or ``"cosine"``, which compares directions by making every row
            a unit vector. For ``"pca"``: ``components``, which ones to draw, counted from 1. For ``"tsne"``:
            ``perplexity``, from 1 to ``max_perplexity(n)``, by default 30 or that bound; ``initialization``, ``"pca"``
            or ``"random"``; ``iterations``; ``engine``, ``"live"``, ``"fast"`` or ``"auto"``, which is by size, see
            ``tsne``. For ``"umap"``: ``n_neighbors``, by default 15; ``min_dist``; ``initialization``,
            ``"spectral"``, ``"pca"`` or ``"random"``; ``iterations``. For ``"axes"``: ``axes``, one ``axes.Axis`` for
            each dimension of the map, made from the same table.

    Raises:
        InvalidInput: Too few points, an option out of range, NaN, nothing but identical points, or a vector of zeros
            where directions are compared.

    References:
        PCA: Pearson 1901, by the covariance's eigenvectors. t-SNE: van der Maaten and Hinton 2008. UMAP: McInnes, Healy
        and Melville 2018. Axes between words: An, Kwak and Ahn 2018. More in the modules of the methods.
    """
    vectors = as_matrix(vectors, "The vectors")
    if len(vectors) < 2:
        raise InvalidInput("A map needs at least two words: with fewer there is nothing to be near to.")
    seed = as_count(seed, "The seed", 0, 2**32 - 1)
    used = options_of(vectors.shape, method, n_components, **options)
    points = compared_by(vectors, used["metric"])
    _refuse_one_place(points, used["metric"])
    started = time.perf_counter()
    drawn = _DRAW[method](points, n_components, seed, on_step, report, used)
    seconds = time.perf_counter() - started
    return replace(drawn, coordinates=_shared(drawn.coordinates), seconds=seconds, seed=seed)


def options_of(shape: tuple[int, int], method: str, n_components: int = 2, **options: Any) -> dict[str, Any]:
    """The options with which ``project`` would draw vectors of this shape, defaults included.

    >>> options_of((100, 50), "umap")["n_neighbors"], options_of((9, 50), "umap")["n_neighbors"]
    (15, 8)

    Raises:
        InvalidInput: An unknown method or option, or one out of range.
    """
    as_count(n_components, "The number of dimensions of the map", 2, 3)
    if method not in _CHOOSE:
        raise InvalidInput(f"There is no method called {method!r}. There are: {', '.join(_CHOOSE)}.")
    unknown = set(options) - _OPTIONS[method] - {"metric"}
    if unknown:
        raise InvalidInput(f"{method} has no option called {sorted(unknown)[0]!r}.")
    metric = as_metric(options.pop("metric", "euclidean"))
    return {**_CHOOSE[method](shape, n_components, **options), "metric": metric}


def add_points(projection: Projection, vectors: ArrayLike, new: ArrayLike) -> NDArray[np.float32]:
    """Where further points belong on a finished map, on which nothing else moves.

    On a map by t-SNE or UMAP each of them goes among its nearest neighbours, without regard to the others.

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
    place = _PLACE[projection.method]
    return _shared(place(projection, compared_by(vectors, metric), compared_by(new, metric)))


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
    return _SECONDS[method](n, D, n_components, used)


def _refuse_one_place(points: NDArray[np.float32], metric: str) -> None:
    if metric == "cosine" and (np.abs(points - points[0]) <= _SAME).all():
        raise InvalidInput("All these vectors point the same way, so no map can tell them apart. Add a different word.")
    if (points == points[0]).all():
        raise InvalidInput("All these vectors are the same, so no map can tell them apart. Add a different word.")


def _shared(coordinates: NDArray) -> NDArray[np.float32]:
    coordinates = np.ascontiguousarray(coordinates, dtype=np.float32)
    coordinates.flags.writeable = False
    return coordinates


def _drawn(coordinates, method, used, **more) -> Projection:
    return Projection(coordinates, method, MappingProxyType(used), seconds=math.nan, **more)


def _draw_pca(points, n_components, seed, on_step, report, used):
    """Principal components; nothing in it is random."""
    axes = principal_axes(points, n_components, used["components"])
    return _drawn(axes.place(points), "pca", used, explained=axes.explained, spectrum=axes.spectrum)


def _draw_tsne(points, n_components, seed, on_step, report, used):
    perplexity, iterations = used["perplexity"], used["iterations"]
    if used["engine"] == "fast":
        seconds = _tsne_seconds(*points.shape, n_components, used)
        return _drawn(tsne.fast(points, seed, report, perplexity, iterations, seconds), "tsne", used)
    start = used["initialization"]
    coordinates, loss = tsne.live(points, n_components, seed, on_step, report, perplexity, start, iterations)
    return _drawn(coordinates, "tsne", used, loss=loss)


def _draw_umap(points, n_components, seed, on_step, report, used):
    seconds = _umap_seconds(*points.shape, n_components, used)
    options = {name: value for name, value in used.items() if name != "metric"}
    return _drawn(umap.draw(points, n_components, seed, report, seconds, **options), "umap", used)


def _draw_axes(points, n_components, seed, on_step, report, used):
    """Every word where it stands between the ends of each axis; nothing in it is random."""
    return _drawn(axes.place_on(used["axes"], points), "axes", used)


def _place_axes(projection, points, new):
    return axes.place_on(projection.options["axes"], new)


def _place_pca(projection, points, new):
    axes = principal_axes(points, projection.coordinates.shape[1], projection.options["components"])
    return axes.place(new)


def _place_tsne(projection, points, new):
    return tsne.place(projection.coordinates, points, new)


def _place_umap(projection, points, new):
    options = projection.options
    return umap.place(projection.coordinates, points, new, options["n_neighbors"], options["min_dist"])


def _choose_pca(shape, n_components, components=None):
    """Without a choice ``None`` stays, as the axes that a small table lacks are drawn as zeros."""
    if components is not None:
        components = tuple(index + 1 for index in pca.chosen_components(components, n_components, shape))
    return {"components": components}


def _choose_axes(shape, n_components, axes=()):
    chosen = tuple(axes)
    if len(chosen) != n_components:
        raise InvalidInput(f"A map of {n_components} dimensions needs {n_components} axes, not {len(chosen)}.")
    if any(len(each.direction) != shape[1] for each in chosen):
        raise InvalidInput(f"The axes must be of {shape[1]} dimensions, as the vectors: take both from one table.")
    return {"axes": chosen}


def _axes_seconds(n, D, n_components, used):
    return 4e-9 * n * D * n_components + 1e-3


def _pca_seconds(n, D, n_components, used):
    return 2e-10 * n * D**2 + 2e-9 * D**3 + 1e-3


def _tsne_seconds(n, D, n_components, used):
    live = used["engine"] == "live"
    repulsion = (2e-7 if live else 3.5e-8) * n * math.log2(n) * (1 if n_components == 2 else 2.5)  # by a tree
    attraction = (1.5e-8 if live else 4e-9) * n * used["perplexity"]
    return _comparing_seconds(n, D) + used["iterations"] * (repulsion + attraction)


def _umap_seconds(n, D, n_components, used):
    return _comparing_seconds(n, D) + used["iterations"] * n * (1.3e-6 + 2.5e-8 * used["n_neighbors"])


def _comparing_seconds(n, D):
    """Of every pair."""
    return n**2 * (1e-10 * D + 8e-9)


_OPTIONS = MappingProxyType(
    {
        "pca": frozenset({"components"}),
        "tsne": frozenset({"perplexity", "initialization", "iterations", "engine"}),
        "umap": frozenset({"n_neighbors", "min_dist", "initialization", "iterations"}),
        "axes": frozenset({"axes"}),
    }
)
_CHOOSE = MappingProxyType({"pca": _choose_pca, "tsne": tsne.choose, "umap": umap.choose, "axes": _choose_axes})
_DRAW = MappingProxyType({"pca": _draw_pca, "tsne": _draw_tsne, "umap": _draw_umap, "axes": _draw_axes})
_PLACE = MappingProxyType({"pca": _place_pca, "tsne": _place_tsne, "umap": _place_umap, "axes": _place_axes})
_SECONDS = MappingProxyType({"pca": _pca_seconds, "tsne": _tsne_seconds, "umap": _umap_seconds, "axes": _axes_seconds})
