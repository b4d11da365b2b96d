"""UMAP, which draws the graph of nearest neighbours, by fastumap.

fastumap is compiled beforehand, so that the first map is there as quickly as the second; umap-learn compiles itself
for half a minute in every new process. It finds the exact neighbours, and draws the same picture for the same seed
on the same machine.

Options of ``project``: ``n_neighbors``, by default 15 or all others; ``min_dist``, from 0 to 1; ``init``,
``"spectral"``, ``"pca"`` or ``"random"``; ``n_iter``.

References:
    McInnes, Healy and Melville, "UMAP: Uniform Manifold Approximation and Projection", 2018.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from embeddings.common import InvalidInput, ProgressCallback, as_count, one_blas_thread, required
from embeddings.jobs import run_in_subprocess
from embeddings.numeric import fit_pca, knn_graph, knn_query
from embeddings.projection.method import Fit, Method, Range, StepCallback, Steps, seconds_of_comparing, start_choice
from embeddings.projection.spectral import spectral_layout

if TYPE_CHECKING:
    from fastumap.graph import FuzzyGraph

UMAP_MIN_POINTS = 4
N_NEIGHBORS = 15  # as in umap-learn
# Between umap-learn's 0.1, which spreads neighbours apart, and 0, which lays them on top of each other; at 0.05 fewer
# steps make a map of the same trustworthiness.
MIN_DIST = 0.05
UMAP_STEPS = (350, 200)  # up to 10,000 points, and above; umap-learn's are 500 and 200
_STEPS_CHANGE_AT = 10_000
_START_SPREAD = 10  # largest coordinate that the steps start from, as in umap-learn
_START_NOISE = 1e-4  # that parts those that start in one place, as in umap-learn
_SHIFTS = 5  # of a point that is added; it hardly moves after the second
STARTS = ("spectral", "pca", "random")


def resolve_options(
    shape: tuple[int, int],
    n_components: int,
    n_neighbors: int | None = None,
    min_dist: float = MIN_DIST,
    init: str = "spectral",
    n_iter: int | None = None,
) -> dict[str, Any]:
    """The options with their defaults filled in.

    Raises:
        InvalidInput: Too few numbers in each point, or an option out of range.
    """
    n, dimension = shape
    if dimension < n_components:
        raise InvalidInput(f"UMAP cannot draw vectors of {dimension} numbers in {n_components} dimensions. Use PCA.")
    if n_neighbors is None:
        n_neighbors = min(N_NEIGHBORS, n - 1)
    real = isinstance(min_dist, (int, float, np.floating)) and not isinstance(min_dist, bool)
    if not real or not 0 <= min_dist <= 1:
        raise InvalidInput(f"The least distance between drawn neighbours must be from 0 to 1, not {min_dist!r}.")
    if init not in STARTS:
        raise InvalidInput(f"UMAP can start from {', '.join(map(repr, STARTS))}, not {init!r}.")
    if n_iter is None:
        n_iter = UMAP_STEPS[n > _STEPS_CHANGE_AT]
    return {
        "n_neighbors": as_count(n_neighbors, f"For {n} words the number of neighbours", 2, n - 1),
        "min_dist": float(min_dist),
        "init": init,
        "n_iter": as_count(n_iter, "The number of steps", 10, 10_000),
    }


def fit(
    points: NDArray[np.float32],
    n_components: int,
    seed: int,
    callback: StepCallback | None,
    report: ProgressCallback | None,
    **options: Any,
) -> Fit:
    """UMAP by fastumap; where somebody watches, in a process of its own, which can be ended.

    The neighbours are found before, so that the other process needs no scikit-learn, which takes 130 MB.
    """
    asked = {"n_components": n_components, "seed": seed, **options}
    k = asked.pop("n_neighbors") - 1  # as in umap-learn a point is the first of its own
    if report is None:
        return Fit(fastumap_layout(points, *knn_graph(points, k), **asked))
    n, D = points.shape
    comparing, all_seconds = seconds_of_comparing(n, D), _seconds(n, D, n_components, options)
    words = f"UMAP of {n:,} words"

    def on_block(share: float) -> None:
        report(min(0.95, share * comparing / all_seconds), words)

    found = knn_graph(points, k, on_block)

    def poll(passed: float) -> None:
        report(min(0.95, (comparing + passed) / all_seconds), words)

    return Fit(run_in_subprocess(fastumap_layout, points, *found, poll=poll, **asked))


def fastumap_layout(
    vectors: NDArray[np.float32],
    ids: NDArray[np.int64],
    distances: NDArray[np.float64],
    n_components: int,
    seed: int,
    min_dist: float,
    init: str,
    n_iter: int,
) -> NDArray[np.float64]:
    """UMAP of ``vectors`` [n, D], with the ``ids`` [n, k] of their neighbours and ``distances``: float64 [n, 2 or 3].

    The start is found by BLAS, whose sums depend on its threads in the last digit, and the steps make another picture
    of that: hence one thread.
    """
    with required():
        from fastumap.graph import find_ab_params, fuzzy_simplicial_set
        from fastumap.layout import optimize_layout

    itself = np.arange(len(vectors))[:, None]
    graph = fuzzy_simplicial_set(np.hstack([itself, ids]), np.hstack([np.zeros_like(itself), _scaled(distances)]))
    random = np.random.default_rng(seed)
    with one_blas_thread():
        start = _start(vectors, graph, n_components, random, init)
    a, b = find_ab_params(1.0, min_dist)
    return optimize_layout(start, graph, n_iter, a=a, b=b, rng=random)


def _scaled(distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """So that their mean is 1, and fastumap's search for each point's own scale has the same way to go for any."""
    return distances / (distances.mean() or 1.0)


def _start(
    vectors: NDArray[np.float32],
    graph: "FuzzyGraph",
    n_components: int,
    random: np.random.Generator,
    init: str,
) -> NDArray[np.float64]:
    with required():
        from scipy.sparse import csr_array

    if init == "random":
        return random.uniform(-_START_SPREAD, _START_SPREAD, (len(vectors), n_components))
    start = fit_pca(vectors, n_components).transform(vectors).astype(np.float64)
    if init == "spectral":
        shape = (graph.n, graph.n)
        start = spectral_layout(csr_array((graph.weight, (graph.head, graph.tail)), shape), start, random)
    start *= _START_SPREAD / (np.abs(start).max() or 1.0)
    return start + random.normal(scale=_START_NOISE, size=start.shape)


def transform(
    coordinates: NDArray[np.float32],
    vectors: NDArray[np.float32],
    new: NDArray[np.float32],
    n_neighbors: int,
    min_dist: float,
    **options: Any,
) -> NDArray[np.float64]:
    """Where the rows of ``new`` [m, D] belong on the finished map of ``vectors``, which stays: float64 [m, k].

    Each is put at that of its nearest neighbours to which all of them, weighted as UMAP weights them, pull it least
    away from; then it gives way to the pull of those around it. umap-learn and fastumap start from the mean of the
    neighbours, which is among none of them where the map has torn them apart, and shake the point at random.
    """
    with required():
        from fastumap.graph import compute_membership, find_ab_params, smooth_knn_dist

    a, b = find_ab_params(1.0, min_dist)
    ids, distances = knn_query(vectors, new, n_neighbors)
    distances = _scaled(distances)
    sigma, rho = smooth_knn_dist(distances, n_neighbors)
    _, _, weights = compute_membership(ids, distances, sigma, rho, exclude_self=False)
    weights = weights.reshape(ids.shape)  # [m, k]
    return np.array(
        [_among(coordinates[row].astype(np.float64), pull, a, b) for row, pull in zip(ids, weights, strict=True)]
    )


def _among(neighbors: NDArray[np.float64], weights: NDArray[np.float64], a: float, b: float) -> NDArray[np.float64]:
    """The place of a point that is joined to ``neighbors`` [k, 2 or 3] with ``weights`` [k]."""

    # Of UMAP's likeness, 1 / (1 + a d^2b), between each of the places and each neighbour.
    def divisors(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return 1 + a * np.square(places[:, None] - neighbors).sum(axis=2) ** b

    place = neighbors[[(np.log(divisors(neighbors)) @ weights).argmin()]]  # [1, 2 or 3]
    for _ in range(_SHIFTS):
        likeness = weights / divisors(place)[0]
        place = (likeness @ neighbors / likeness.sum())[None]
    return place[0]


def _seconds(n: int, D: int, n_components: int, options: Mapping[str, Any]) -> float:
    moving = n * (1.3e-6 + 2.5e-8 * options["n_neighbors"])
    return seconds_of_comparing(n, D) + options["n_iter"] * moving


METHOD = Method(
    name="umap",
    title="UMAP",
    about="*UMAP* joins each word to its nearest neighbours and draws the net that results. *Neighbours* is how "
    "many each is joined to: few show small groups, many the large picture.",
    options=(
        Range(
            name="n_neighbors",
            address="neighbours",
            label="Neighbours: how many each word is joined to",
            bounds=lambda n: (2, n - 1),
            usual=N_NEIGHBORS,
            shown_up_to=100,
            main=True,
        ),
        start_choice("Usual for UMAP: the net's own slowest vibrations, called spectral."),
        Range(
            name="min_dist",
            address="min_dist",
            label="Least distance: how close together neighbours are drawn",
            bounds=lambda n: (0.0, 1.0),
            usual=MIN_DIST,
            step=0.05,
            help="At 0 neighbours lie on top of each other; at 1 they spread evenly over the map.",
        ),
        Steps(usual="350 for UMAP"),
    ),
    resolve_options=resolve_options,
    fit=fit,
    transform=transform,
    seconds=_seconds,
    min_points=UMAP_MIN_POINTS,
    iterative=True,
)
