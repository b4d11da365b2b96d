"""Metric MDS, which keeps the distances of all pairs as well as they can be kept, by scikit-learn's SMACOF.

Options of ``project``: ``init``, ``"pca"`` or ``"random"``; ``n_iter``, how many steps at most: it ends earlier where
the map hardly changes any more. The loss is Kruskal's stress-1: how far the distances on the map are from those of the
table, as a share of those on the map; 0 is perfect.

Every step compares all pairs, and their distances are kept: of 2,000 points in some 200 MB.

References:
    Kruskal, "Multidimensional scaling by optimizing goodness of fit to a nonmetric hypothesis", 1964; SMACOF: de Leeuw
    1977, and Borg and Groenen, "Modern Multidimensional Scaling", 2005.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.common import InvalidInput, ProgressCallback, as_count, one_blas_thread, required
from embeddings.numeric import fit_pca
from embeddings.projection.method import Fit, Method, StepCallback, Steps, seconds_of_comparing, start_choice

MDS_MIN_POINTS = 3
MDS_MAX_POINTS = 2_000
MDS_STEPS = 300  # as in scikit-learn; word vectors take some 200
_REPORT_EVERY = 10  # steps, so that a run can be stopped within a second
_STARTS = ("pca", "random")
_START_NOISE = 1e-4  # of the mean distance: parts those that start in one place, which no step would part
_SHIFTS = 100  # of a point that is added


def resolve_options(
    shape: tuple[int, int], n_components: int, init: str = "pca", n_iter: int = MDS_STEPS
) -> dict[str, Any]:
    """The options with their defaults filled in.

    Raises:
        InvalidInput: An option out of range.
    """
    if init not in _STARTS:
        raise InvalidInput(f"MDS can start from 'pca' or 'random', not {init!r}.")
    return {
        "init": init,
        "n_iter": as_count(n_iter, "The number of steps", 10, 10_000),
    }


def fit(
    points: NDArray[np.float32],
    n_components: int,
    seed: int,
    callback: StepCallback | None,
    report: ProgressCallback | None,
    init: str,
    n_iter: int,
) -> Fit:
    """MDS of ``points`` [n, D], ten steps at a time.

    The matrix products' sums depend on the threads in the last digit: hence one thread.
    """
    with required():
        from sklearn.manifold import smacof

    distances = _distances(points, points)
    scale = distances.mean()  # above 0, as not all points are the same
    distances /= scale
    with one_blas_thread():
        places = _start(points, n_components, seed, init) / scale
        places += np.random.default_rng(seed).normal(scale=_START_NOISE, size=places.shape)
        done, taken = 0, _REPORT_EVERY
        while done < n_iter and taken == _REPORT_EVERY:  # fewer are taken where little was left to gain
            wanted = min(_REPORT_EVERY, n_iter - done)
            places, _, taken = smacof(distances, init=places, n_init=1, max_iter=wanted, return_n_iter=True)
            done += taken
            if report is not None:
                report(done / n_iter, f"MDS: step {done} of {n_iter} at most")
            if callback is not None and taken == _REPORT_EVERY:
                callback(done, n_iter, (scale * places).astype(np.float32), stress(distances, places))
    return Fit(scale * places, loss=stress(distances, places))


def stress(distances: NDArray[np.float64], coordinates: NDArray) -> float:
    """Kruskal's stress-1: how far the distances on a map are from those wanted, as a share of those on the map.

    0 is perfect.

    Args:
        distances: Wanted of every pair, [n, n], symmetric, with zeros on the diagonal.
        coordinates: [n, k], not all in one place.

    References:
        Kruskal, "Multidimensional scaling by optimizing goodness of fit to a nonmetric hypothesis", 1964.

    >>> corners = np.array([[0.0], [3.0], [6.0]])
    >>> stress(abs(corners - corners.T), corners), stress(2 * abs(corners - corners.T), corners)
    (0.0, 1.0)
    """
    with required():
        from scipy.spatial.distance import pdist, squareform

    drawn = pdist(np.asarray(coordinates, dtype=np.float64))  # [n (n - 1) / 2]
    apart = drawn - squareform(distances, checks=False)
    return float(np.sqrt((apart @ apart) / (drawn @ drawn)))


def _start(points: NDArray[np.float32], n_components: int, seed: int, init: str) -> NDArray[np.float64]:
    if init == "pca":
        return fit_pca(points, n_components).transform(points).astype(np.float64)
    spread = np.sqrt(points.var(axis=0, dtype=np.float64).sum() / n_components)
    return spread * np.random.default_rng(seed).normal(size=(len(points), n_components))


def _distances(points: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float64]:
    with required():
        from scipy.spatial.distance import cdist

    return cdist(points.astype(np.float64), others.astype(np.float64))


def transform(
    coordinates: NDArray[np.float32], points: NDArray[np.float32], new: NDArray[np.float32], **options: Any
) -> NDArray[np.float64]:
    """Where the rows of ``new`` [m, D] belong on the finished map of ``points``, which stays: [m, k].

    Each starts where its nearest neighbour lies, and takes the steps of SMACOF on its own.
    """
    fixed = coordinates.astype(np.float64)
    return np.array([_among(fixed, away) for away in _distances(new, points)])


def _among(fixed: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """The place whose distances to ``fixed`` [n, k] are nearest to those ``wanted`` [n]."""
    place = fixed[wanted.argmin()]
    for _ in range(_SHIFTS):
        apart = place - fixed  # [n, k]
        lengths = np.linalg.norm(apart, axis=1)
        pull = np.divide(wanted, lengths, out=np.zeros_like(wanted), where=lengths > 0)
        place = (fixed + pull[:, None] * apart).mean(axis=0)  # the mean of where each would have it
    return place


def _seconds(n: int, D: int, n_components: int, options: Mapping[str, Any]) -> float:
    return seconds_of_comparing(n, D) + options["n_iter"] * (1.4e-8 * n**2 + 1e-4)


METHOD = Method(
    name="mds",
    title="MDS",
    about="*MDS* (multidimensional scaling) moves the words until the distances between them, of all pairs, are as "
    "near as they can be to those between their vectors. Far words count as much as near ones.",
    reading="The further apart two words lie, the further apart are their vectors, as well as a map can show it. The "
    "axes themselves mean nothing.",
    options=(
        start_choice("Usual for MDS: PCA."),
        Steps(usual="300 at most for MDS"),
    ),
    resolve_options=resolve_options,
    fit=fit,
    transform=transform,
    seconds=_seconds,
    min_points=MDS_MIN_POINTS,
    max_points=MDS_MAX_POINTS,
    pairs_held=6,
    iterative=True,
    streams=True,
)
