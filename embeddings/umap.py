"""UMAP, which draws the graph of nearest neighbours, by fastumap.

fastumap is compiled beforehand, so that the first map is there as quickly as the second; umap-learn compiles itself
for half a minute in every new process. It finds the exact neighbours and draws the same picture for the same seed.

References:
    McInnes, Healy and Melville, "UMAP: Uniform Manifold Approximation and Projection", 2018.
"""

import numpy as np
from numpy.typing import NDArray

from embeddings import child
from embeddings.checks import as_count
from embeddings.errors import InvalidInput
from embeddings.pca import principal_axes
from embeddings.threads import one_blas_thread

UMAP_MIN_POINTS = 4
N_NEIGHBORS = 15  # as in umap-learn
# Between umap-learn's 0.1, which spreads neighbours apart, and 0, which lays them on top of each other; at 0.05 fewer
# steps make a map of the same trustworthiness.
MIN_DIST = 0.05
UMAP_STEPS = (350, 200)  # up to 10,000 points, and above; umap-learn's are 500 and 200
_STEPS_CHANGE_AT = 10_000
_START_SPREAD = 10  # largest coordinate that the steps start from, as in umap-learn
STARTS = ("spectral", "pca", "random")


def choose(shape, n_components, n_neighbors=None, min_dist=MIN_DIST, initialization="spectral", iterations=None):
    """The options with their defaults filled in.

    Raises:
        InvalidInput: Too few points or numbers in each, an option out of range.
    """
    n, dimension = shape
    if n < UMAP_MIN_POINTS:
        raise InvalidInput(f"UMAP needs at least {UMAP_MIN_POINTS} words; there are {n}. Add words, or use PCA.")
    if dimension < n_components:
        raise InvalidInput(f"UMAP cannot draw vectors of {dimension} numbers in {n_components} dimensions. Use PCA.")
    if n_neighbors is None:
        n_neighbors = min(N_NEIGHBORS, n - 1)
    real = isinstance(min_dist, (int, float, np.floating)) and not isinstance(min_dist, bool)
    if not real or not 0 <= min_dist <= 1:
        raise InvalidInput(f"The least distance between drawn neighbours must be from 0 to 1, not {min_dist!r}.")
    if initialization not in STARTS:
        raise InvalidInput(f"UMAP can start from {', '.join(map(repr, STARTS))}, not {initialization!r}.")
    if iterations is None:
        iterations = UMAP_STEPS[n > _STEPS_CHANGE_AT]
    return {
        "n_neighbors": as_count(n_neighbors, f"For {n} words the number of neighbours", 2, n - 1),
        "min_dist": float(min_dist),
        "initialization": initialization,
        "iterations": as_count(iterations, "The number of steps", 10, 10_000),
    }


def draw(vectors, n_components, seed, report, seconds, **options) -> NDArray[np.float64]:
    """UMAP's coordinates [n, k]; where somebody watches, in a process of its own, which can be ended."""
    if report is None:
        return fastumap_layout(vectors, n_components=n_components, seed=seed, **options)

    def poll(passed):
        report(min(0.95, passed / seconds), f"UMAP of {len(vectors):,} words: {passed:.0f} s so far")

    return child.run(fastumap_layout, vectors, poll=poll, n_components=n_components, seed=seed, **options)


def fastumap_layout(vectors, n_components, seed, n_neighbors, min_dist, initialization, iterations):
    """UMAP of ``vectors`` [n, D] by fastumap: float64 [n, k].

    Between few points fastumap multiplies with BLAS, whose sums depend on its threads in the last digit, and the steps
    make another picture of that: hence one thread.
    """
    from fastumap import umap_project

    with one_blas_thread():
        return umap_project(
            vectors,
            n_components,
            n_neighbors=n_neighbors,
            min_dist=min_dist,
            n_epochs=iterations,
            random_state=seed,
            knn="exact",
            init=_start(vectors, n_components, seed, initialization),
        )


def _start(vectors, n_components, seed, initialization) -> NDArray[np.float64] | None:
    if initialization == "spectral":
        return None  # fastumap's own
    if initialization == "random":
        return np.random.default_rng(seed).uniform(-_START_SPREAD, _START_SPREAD, (len(vectors), n_components))
    start = principal_axes(vectors, n_components).place(vectors).astype(np.float64)
    return start * (_START_SPREAD / np.abs(start).max())


def place(coordinates, vectors, new, n_neighbors, min_dist) -> NDArray[np.float64]:
    """Where the rows of ``new`` [m, D] belong on the finished map of ``vectors``, which stays: float64 [m, k]."""
    from fastumap import UMAPModel, transform
    from fastumap.graph import find_ab_params

    a, b = find_ab_params(1.0, min_dist)
    model = UMAPModel(
        train=vectors,
        embedding=np.ascontiguousarray(coordinates, dtype=np.float64),
        a=a,
        b=b,
        n_neighbors=n_neighbors,
        dimensions=coordinates.shape[1],
        metric="euclidean",
        random_state=0,
        negative_sample_rate=5,
        n_features=vectors.shape[1],
    )
    return transform(model, new)
