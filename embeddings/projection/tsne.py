"""t-SNE, which keeps neighbours together, by two engines, and by a third where they are missing.

"live" is openTSNE's Barnes-Hut method. It starts from PCA, shows its steps on the way and knows its loss. "fast" is
libscran's, by way of scranpy: several times as fast and as trustworthy, but it starts from random places, draws in
two dimensions only, shows nothing on the way and says nothing about its loss. Both use the exact neighbours, and both
draw the same picture for the same seed on the same machine, however many threads they have. "plain" is scikit-learn's,
for machines that openTSNE is not made for: slower, with nothing to show on the way and no loss; it takes 250 steps at
least.

Options of ``project``: ``perplexity``, from 1 to ``max_perplexity(n)``, by default 30 or that bound; ``init``,
``"pca"`` or ``"random"``; ``n_iter``; ``backend``, ``"live"``, ``"fast"``, ``"plain"`` or ``"auto"``, which is by size
and by what is installed. The loss is what is left of the Kullback-Leibler divergence, over all pairs, in nats; only
"live" knows it.

References:
    van der Maaten and Hinton, "Visualizing Data using t-SNE", 2008; Barnes-Hut: van der Maaten 2014; started from PCA:
    Kobak and Berens 2019; the learning rate: Belkina et al. 2019; a new point on a finished map: Poličar, Stražar and
    Zupan 2019.
"""

import math
import os
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from embeddings.common import InvalidInput, ProgressCallback, as_count, installed, required
from embeddings.jobs import run_in_subprocess
from embeddings.numeric import fit_pca, knn_graph, knn_query
from embeddings.projection.method import (
    Backend,
    Fit,
    Method,
    Range,
    StepCallback,
    Steps,
    seconds_of_comparing,
    start_choice,
)

if TYPE_CHECKING:
    from openTSNE.affinity import Affinities
    from scipy.sparse import csr_matrix

TSNE_STEPS = (250, 500)  # with early exaggeration, then without: openTSNE's defaults
FAST_STEPS = 500  # both together; the fast backend's default
TSNE_MIN_POINTS = 4
LIVE_UP_TO = 500  # points that the live backend is chosen for where nobody asks: under a second
PLAIN_MIN_STEPS = 250  # scikit-learn takes no fewer
BACKENDS = ("auto", "live", "fast", "plain")
_REPORT_EVERY = 10  # live steps between two reports; a report costs less than a step
_QUICK_UP_TO = 2_000  # points whose live steps are so quick that ten of them pass between two reports
_PAIRS_AT_ONCE = 1_000_000  # of the divergence: 8 MB, a few times
_ROWS_AT_ONCE = 1_000  # whose affinities are found between two reports: about a tenth of a second
# Of each backend: for a point's way down the tree, and for a point and one of its neighbours.
_STEP_SECONDS = MappingProxyType({"live": (2e-7, 1.5e-8), "fast": (3.5e-8, 4e-9), "plain": (4e-7, 3e-8)})
_LIVE_THREADS = 1  # openTSNE's threads add up in the order they end, and crawl where other work keeps a core busy
_FAST_THREADS = min(2, os.cpu_count() or 1)  # more would be taken from other visitors


def max_perplexity(n: int) -> int:
    """The largest perplexity for ``n`` points: t-SNE asks three times as many neighbours of each.

    >>> max_perplexity(31), max_perplexity(4)
    (10, 1)
    """
    return max(1, (n - 1) // 3)


def resolve_options(
    shape: tuple[int, int],
    n_components: int,
    perplexity: float | None = None,
    init: str | None = None,
    n_iter: int | None = None,
    backend: str = "auto",
) -> dict[str, Any]:
    """The options with their defaults filled in.

    Raises:
        InvalidInput: An option out of range, or options that do not go together.
    """
    n = shape[0]
    bound = max_perplexity(n)
    if perplexity is None:
        perplexity = min(30, bound)
    real = isinstance(perplexity, (int, float, np.integer, np.floating)) and not isinstance(perplexity, bool)
    if not real or not 1 <= perplexity <= bound:
        raise InvalidInput(f"For {n} words the perplexity must be from 1 to {bound}, not {perplexity}.")
    backend = _choose_backend(n, n_components, init, backend)
    if init is None:
        init = "pca" if backend != "fast" and min(shape) >= n_components else "random"
    if init not in ("pca", "random"):
        raise InvalidInput(f"t-SNE can start from 'pca' or 'random', not {init!r}.")
    if init == "pca" and min(shape) < n_components:
        raise InvalidInput(
            f"{n} vectors of {shape[1]} numbers have no {n_components} principal components to start from. "
            "Start from 'random'."
        )
    if n_iter is None:
        n_iter = FAST_STEPS if backend == "fast" else sum(TSNE_STEPS)
    fewest = PLAIN_MIN_STEPS if backend == "plain" else 10
    return {
        "perplexity": perplexity,
        "init": init,
        "n_iter": as_count(n_iter, "The number of steps", fewest, 10_000),
        "backend": backend,
    }


def _choose_backend(n: int, n_components: int, init: str | None, backend: str) -> str:
    if backend not in BACKENDS:
        raise InvalidInput(f"There is no backend called {backend!r}. There are: {', '.join(BACKENDS)}.")
    hindrance = None
    if n_components != 2:
        hindrance = "The fast backend draws in two dimensions only."
    elif init == "pca":
        hindrance = "The fast backend starts from random places only."
    elif not (installed("scranpy") and installed("knncolle")):  # they are not made for every system
        hindrance = "The fast backend is not installed here: pip install scranpy knncolle."
    if backend == "fast" and hindrance:
        raise InvalidInput(f"{hindrance} Choose the backend 'live'.")
    if backend != "auto":
        return backend
    if n > LIVE_UP_TO and not hindrance:
        return "fast"
    return "live" if installed("openTSNE") else "plain"


def _fast_for(n: int, n_components: int, options: Mapping[str, Any]) -> bool:
    """Whether the fast backend, where it is installed, draws if nobody chooses, and the live one could."""
    return n > LIVE_UP_TO and n_components == 2 and options.get("init") != "pca" and installed("openTSNE")


def tsne_stand_in() -> str:
    """A sentence on why no backend shows its steps here, and what draws instead; empty where one does."""
    if installed("openTSNE"):
        return ""
    return (
        "The package openTSNE is not installed here, so the steps of t-SNE cannot be watched. "
        "Another program draws the map."
    )


def fit(
    points: NDArray[np.float32],
    n_components: int,
    seed: int,
    callback: StepCallback | None,
    report: ProgressCallback | None,
    perplexity: float,
    init: str,
    n_iter: int,
    backend: str,
) -> Fit:
    """t-SNE by the backend that was chosen."""
    if backend == "live":
        coordinates, loss = fit_opentsne(points, n_components, seed, callback, report, perplexity, init, n_iter)
        return Fit(coordinates, loss=loss)
    n, D = points.shape
    options = {"perplexity": perplexity, "n_iter": n_iter, "backend": backend}
    run = _run_watched(report, n, _seconds(n, D, n_components, options))
    if backend == "fast":
        return Fit(fit_scranpy(points, seed, report, perplexity, n_iter, run))
    start = {"init": init, "n_components": n_components, "seed": seed}
    return Fit(run(scikit_learn, points, perplexity=float(perplexity), n_iter=n_iter, **start))


def _run_watched(report: ProgressCallback | None, n: int, seconds: float) -> Callable[..., NDArray[np.float64]]:
    """How a library is called that tells nothing on the way: where somebody watches, in a process that can be ended."""
    if report is None:
        return lambda function, *arrays, **options: function(*arrays, **options)

    def poll(passed: float) -> None:
        report(min(0.95, 0.1 + 0.9 * passed / seconds), f"t-SNE of {n:,} words")

    return partial(run_in_subprocess, poll=poll)


def fit_opentsne(
    vectors: NDArray[np.float32],
    n_components: int,
    seed: int,
    callback: StepCallback | None,
    report: ProgressCallback | None,
    perplexity: float,
    init: str,
    n_iter: int,
) -> tuple[NDArray[np.float64], float]:
    """openTSNE with exact neighbours: coordinates [n, k] and their ``divergence``."""
    with required("Without it, leave the backend at 'auto'."):
        from openTSNE import TSNE, affinity
        from openTSNE import initialization as starts

    n = len(vectors)
    ids, distances = knn_graph(vectors, _neighbors_asked(n, perplexity), _comparing(report))
    P = _joint_probabilities(ids, distances, perplexity, report)
    if init == "pca":
        start = starts.pca(vectors.astype(np.float64), n_components, random_state=seed)
    else:
        start = starts.random(n, n_components, random_state=seed)
    early = early_steps(n_iter)
    tsne = TSNE(
        n_components=n_components,
        early_exaggeration_iter=early,
        n_iter=n_iter - early,
        negative_gradient_method="bh",
        random_state=seed,
        n_jobs=_LIVE_THREADS,
        callbacks=[_StepCounter(early, n_iter, P, callback, report)] if callback or report else None,
        callbacks_every_iters=_REPORT_EVERY if n <= _QUICK_UP_TO else 1,  # so that stopping never takes long
    )
    fitted = np.asarray(tsne.fit(affinities=affinity.PrecomputedAffinities(P.copy(), False), initialization=start))
    return fitted, divergence(P, fitted)


def divergence(P: "csr_matrix", coordinates: NDArray) -> float:
    """The Kullback-Leibler divergence of a map's likenesses from ``P``, over every pair of points, in nats.

    openTSNE's own takes the sum of all likenesses from its tree, which can be so far off that it falls below 0.

    Args:
        P: Probabilities of pairs, with the sum 1: scipy's sparse [n, n].
        coordinates: [n, k].
    """
    with required():
        from scipy.spatial.distance import cdist

    pairs, places = P.tocoo(), np.asarray(coordinates, dtype=np.float64)
    rows, total = max(1, _PAIRS_AT_ONCE // len(places)), -float(len(places))  # a point is not its own neighbour
    for start in range(0, len(places), rows):
        block, later = places[start : start + rows], places[start + rows :]
        total += (1 / (1 + cdist(block, block, "sqeuclidean"))).sum()
        total += 2 * (1 / (1 + cdist(block, later, "sqeuclidean"))).sum()
    squared = np.square(places[pairs.row] - places[pairs.col]).sum(axis=1)
    there = pairs.data > 0
    logarithms = np.log(pairs.data[there]) + np.log1p(squared[there])
    return max(0.0, float(pairs.data[there] @ logarithms + np.log(total)))  # of nothing left, rounding may take a bit


def early_steps(n_iter: int) -> int:
    """How many of the steps exaggerate the attraction, so that clusters can find each other.

    A multiple of the steps between two reports, so that the reports of both phases fall in with each other.

    >>> early_steps(750), early_steps(35), early_steps(5000)
    (250, 10, 250)
    """
    return min(TSNE_STEPS[0], n_iter // 3 // _REPORT_EVERY * _REPORT_EVERY)


def _neighbors_asked(n: int, perplexity: float) -> int:
    return min(n - 1, int(3 * perplexity))


def _comparing(report: ProgressCallback | None) -> Callable[[float], None] | None:
    if report is None:
        return None

    def on_block(share: float) -> None:
        report(0.09 * share, "t-SNE: comparing every pair")

    return on_block


def _joint_probabilities(
    ids: NDArray[np.int64], distances: NDArray[np.float64], perplexity: float, report: ProgressCallback | None
) -> "csr_matrix":
    """openTSNE's affinities of points to their neighbours, block by block, so that stopping never takes long."""
    with required():
        from scipy.sparse import csr_matrix, vstack

    n, blocks = len(ids), []
    for start in range(0, n, _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        blocks.append(_probabilities(ids[rows], distances[rows], perplexity, n))
        if report is not None:
            report(0.09 + 0.01 * min(1, rows.stop / n), "t-SNE: how near is near, around each word?")
    P = vstack(blocks)
    P = (P + P.T) / 2
    return csr_matrix(P / P.sum())


def _probabilities(ids: NDArray[np.int64], distances: NDArray[np.float64], perplexity: float, n: int) -> "csr_matrix":
    """How near each of some points is to its neighbours, of ``n`` points: openTSNE's sparse matrix [rows, n]."""
    with required():
        from openTSNE.affinity import joint_probabilities_nn

    return joint_probabilities_nn(
        ids, distances, [perplexity], symmetrize=False, normalization="point-wise", n_reference_samples=n
    )


class _StepCounter:
    """openTSNE counts the steps of each phase from 1; this counts on through both."""

    def __init__(
        self, early: int, steps: int, P: "csr_matrix", callback: StepCallback | None, report: ProgressCallback | None
    ):
        self.early, self.steps, self.P, self.callback, self.report = early, steps, P, callback, report
        self.phases = 0

    def optimization_about_to_start(self) -> None:
        self.phases += 1

    def __call__(self, iteration: int, error: float, embedding: NDArray[np.float64]) -> bool:
        step = iteration if self.phases == 1 else self.early + iteration
        if self.report is not None:
            self.report(0.1 + 0.9 * step / self.steps, f"t-SNE: step {step} of {self.steps}")
        if self.callback is not None and step % _REPORT_EVERY == 0:
            # openTSNE goes on to change the array in place, so hand out a copy
            places = np.array(embedding, dtype=np.float32)
            self.callback(step, self.steps, places, divergence(self.P, embedding))
        return False


def fit_scranpy(
    vectors: NDArray[np.float32],
    seed: int,
    report: ProgressCallback | None,
    perplexity: float,
    n_iter: int,
    run: Callable[..., NDArray[np.float64]],
) -> NDArray[np.float64]:
    """scranpy with exact neighbours, called by ``run``: coordinates [n, 2]."""
    ids, distances = knn_graph(vectors, _neighbors_asked(len(vectors), perplexity), _comparing(report))
    return run(libscran, ids, distances, perplexity=float(perplexity), n_iter=n_iter, seed=seed)


def libscran(
    ids: NDArray[np.int64], distances: NDArray[np.float64], perplexity: float, n_iter: int, seed: int
) -> NDArray[np.float64]:
    """t-SNE from the ``ids`` [n, k] of neighbours and their ``distances``, by scranpy: float64 [n, 2]."""
    with required():
        from knncolle import FindKnnResults
        from scranpy import run_tsne

    early = min(TSNE_STEPS[0], n_iter // 2)
    return run_tsne(
        FindKnnResults(ids.astype(np.uint32), distances),
        perplexity=perplexity,
        num_neighbors=ids.shape[1],
        early_exaggeration_iterations=early,
        momentum_switch_iterations=early,
        eta=max(100, len(ids) / 12),  # n over the exaggeration; 100 as few points are drawn poorly below it
        max_iterations=n_iter,
        seed=seed,
        num_threads=_FAST_THREADS,
    )


def scikit_learn(
    vectors: NDArray[np.float32], n_components: int, perplexity: float, init: str, n_iter: int, seed: int
) -> NDArray[np.float64]:
    """t-SNE of ``vectors`` [n, D] by scikit-learn, on one thread, as sums of several differ: float64 [n, k]."""
    with required():
        from sklearn.manifold import TSNE
        from threadpoolctl import threadpool_limits

    start = _pca_start(vectors, n_components, seed) if init == "pca" else init
    tsne = TSNE(n_components, perplexity=perplexity, init=start, max_iter=n_iter, random_state=seed)
    with threadpool_limits(1):
        return tsne.fit_transform(vectors).astype(np.float64)


def _pca_start(vectors: NDArray[np.float32], n_components: int, seed: int) -> NDArray[np.float32]:
    """The first principal components, so small that all can still move, and shaken a hundredth so as to part twins."""
    places = fit_pca(vectors, n_components).transform(vectors)
    places *= 1e-4 / np.std(places[:, 0])
    return places + np.random.default_rng(seed).normal(scale=1e-6, size=places.shape).astype(np.float32)


def transform(
    coordinates: NDArray[np.float32], vectors: NDArray[np.float32], new: NDArray[np.float32], **options: Any
) -> NDArray[np.float64]:
    """Where the rows of ``new`` [m, D] belong on the finished map of ``vectors``, which stays: float64 [m, k].

    Without openTSNE it is the median of their nearest neighbours' places, from which openTSNE starts.
    """
    perplexity = min(5, max_perplexity(len(vectors)))
    if not installed("openTSNE"):
        ids, _ = knn_query(vectors, new, min(len(vectors), 3 * perplexity))
        return np.median(coordinates[ids].astype(np.float64), axis=1)
    with required():
        from openTSNE import TSNEEmbedding

    middle = (coordinates.max(axis=0) + coordinates.min(axis=0)) / 2
    embedding = TSNEEmbedding(
        coordinates - middle,  # as openTSNE itself does before it adds points
        _affinities_to(vectors),
        negative_gradient_method="bh",
        n_jobs=_LIVE_THREADS,
    )
    return np.asarray(embedding.transform(new, perplexity=perplexity, k=min(25, 3 * perplexity))) + middle


def _affinities_to(vectors: NDArray[np.float32]) -> "Affinities":
    """openTSNE's affinities of new points to ``vectors``; those among ``vectors`` themselves are of no use here."""
    with required():
        from openTSNE.affinity import Affinities
        from scipy.sparse import csr_matrix

    class ToVectors(Affinities):
        def __init__(self) -> None:
            super().__init__()
            self.P = csr_matrix((len(vectors), len(vectors)))

        def to_new(
            self, data: NDArray[np.float32], perplexity: float, return_distances: bool = False
        ) -> "csr_matrix | tuple[csr_matrix, NDArray[np.int64], NDArray[np.float64]]":
            ids, distances = knn_query(vectors, data, max(1, int(3 * perplexity)))
            P = _probabilities(ids, distances, perplexity, len(vectors))
            return (P, ids, distances) if return_distances else P

    return ToVectors()


def _seconds(n: int, D: int, n_components: int, options: Mapping[str, Any]) -> float:
    tree, pair = _STEP_SECONDS[options["backend"]]
    repulsion = tree * n * math.log2(n) * (1 if n_components == 2 else 2.5)
    attraction = pair * n * options["perplexity"]
    return seconds_of_comparing(n, D) + options["n_iter"] * (repulsion + attraction)


METHOD = Method(
    name="tsne",
    title="t-SNE",
    about="*t-SNE* tries to keep each word's neighbours beside it.",
    options=(
        Range(
            name="perplexity",
            address="perplexity",
            label="Perplexity: about how many neighbours each word tries to keep",
            bounds=lambda n: (1, max_perplexity(n)),
            usual=15,
            shown_up_to=100,
            main=True,
        ),
        start_choice("Usual for t-SNE: PCA where it can be watched, and random places where the faster program draws."),
        Backend(choices=("live", "fast", "plain"), fast_for=_fast_for, stand_in=tsne_stand_in),
        Steps(usual="750 for t-SNE, 500 where the faster program draws"),
    ),
    resolve_options=resolve_options,
    fit=fit,
    transform=transform,
    seconds=_seconds,
    min_points=TSNE_MIN_POINTS,
    iterative=True,
    streams=True,
)
