"""t-SNE, which keeps neighbours together, by two engines.

"live" is openTSNE's Barnes-Hut method. It starts from PCA, shows its steps on the way and knows its loss. "fast" is
libscran's, by way of scranpy: several times as fast and as trustworthy, but it starts from random places, draws in
two dimensions only, shows nothing on the way and says nothing about its loss. Both use the exact neighbours, and both
draw the same picture for the same seed, however many threads they have.

References:
    van der Maaten and Hinton, "Visualizing Data using t-SNE", 2008; Barnes-Hut: van der Maaten 2014; started from PCA:
    Kobak and Berens 2019; the learning rate: Belkina et al. 2019; a new point on a finished map: Poličar, Stražar and
    Zupan 2019.
"""

import os
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from embeddings import child
from embeddings.checks import as_count
from embeddings.errors import InvalidInput
from embeddings.nearest import nearest_neighbours, nearest_to

TSNE_STEPS = (250, 500)  # with early exaggeration, then without: openTSNE's defaults
FAST_STEPS = 500  # both together; the fast engine's default
TSNE_MIN_POINTS = 4
LIVE_UP_TO = 500  # points that the live engine is chosen for where nobody asks: under a second
ENGINES = ("auto", "live", "fast")
_REPORT_EVERY = 10  # live steps between two reports; a report costs less than a step
_QUICK_UP_TO = 2_000  # points whose live steps are so quick that ten of them pass between two reports
_ROWS_AT_ONCE = 1_000  # whose affinities are found between two reports: about a tenth of a second
_LIVE_THREADS = 1  # openTSNE's threads add up in the order they end, and crawl where other work keeps a core busy
_FAST_THREADS = min(2, os.cpu_count() or 1)  # more would be taken from other visitors

OnStep = Callable[[int, int, NDArray[np.float32], float], None]


def max_perplexity(n: int) -> int:
    """The largest perplexity for ``n`` points: t-SNE asks three times as many neighbours of each.

    >>> max_perplexity(31), max_perplexity(4)
    (10, 1)
    """
    return max(1, (n - 1) // 3)


def choose(shape, n_components, perplexity=None, initialization=None, iterations=None, engine="auto") -> dict:
    """The options with their defaults filled in.

    Raises:
        InvalidInput: Too few points, an option out of range, or options that do not go together.
    """
    n = shape[0]
    if n < TSNE_MIN_POINTS:
        raise InvalidInput(f"t-SNE needs at least {TSNE_MIN_POINTS} words; there are {n}. Add words, or use PCA.")
    bound = max_perplexity(n)
    if perplexity is None:
        perplexity = min(30, bound)
    real = isinstance(perplexity, (int, float, np.integer, np.floating)) and not isinstance(perplexity, bool)
    if not real or not 1 <= perplexity <= bound:
        raise InvalidInput(f"For {n} words the perplexity must be from 1 to {bound}, not {perplexity}.")
    engine = _choose_engine(n, n_components, initialization, engine)
    if initialization is None:
        initialization = "pca" if engine == "live" and min(shape) >= n_components else "random"
    if initialization not in ("pca", "random"):
        raise InvalidInput(f"t-SNE can start from 'pca' or 'random', not {initialization!r}.")
    if initialization == "pca" and min(shape) < n_components:
        raise InvalidInput(
            f"{n} vectors of {shape[1]} numbers have no {n_components} principal components to start from. "
            "Start from 'random'."
        )
    if iterations is None:
        iterations = sum(TSNE_STEPS) if engine == "live" else FAST_STEPS
    return {
        "perplexity": perplexity,
        "initialization": initialization,
        "iterations": as_count(iterations, "The number of steps", 10, 10_000),
        "engine": engine,
    }


def _choose_engine(n: int, n_components: int, initialization: str | None, engine: str) -> str:
    if engine not in ENGINES:
        raise InvalidInput(f"There is no engine called {engine!r}. There are: {', '.join(ENGINES)}.")
    hindrance = None
    if n_components != 2:
        hindrance = "The fast engine draws in two dimensions only."
    elif initialization == "pca":
        hindrance = "The fast engine starts from random places only."
    elif find_spec("scranpy") is None:  # it is not made for every system
        hindrance = "The fast engine is not installed here: pip install scranpy."
    if engine == "fast" and hindrance:
        raise InvalidInput(f"{hindrance} Choose the engine 'live'.")
    if engine == "auto":
        return "live" if hindrance or n <= LIVE_UP_TO else "fast"
    return engine


def live(vectors, n_components, seed, on_step, report, perplexity, initialization, iterations):
    """openTSNE with exact neighbours: coordinates [n, k] and the Kullback-Leibler divergence that they end with."""
    from openTSNE import TSNE, affinity
    from openTSNE import initialization as starts

    n = len(vectors)
    ids, distances = nearest_neighbours(vectors, _neighbours_asked(n, perplexity), _comparing(report))
    affinities = affinity.PrecomputedAffinities(_joint_probabilities(ids, distances, perplexity, report), False)
    if initialization == "pca":
        start = starts.pca(vectors.astype(np.float64), n_components, random_state=seed)
    else:
        start = starts.random(n, n_components, random_state=seed)
    early = early_steps(iterations)
    tsne = TSNE(
        n_components=n_components,
        early_exaggeration_iter=early,
        n_iter=iterations - early,
        negative_gradient_method="bh",
        random_state=seed,
        n_jobs=_LIVE_THREADS,
        callbacks=[_StepCounter(early, iterations, on_step, report)] if on_step or report else None,
        callbacks_every_iters=_REPORT_EVERY if n <= _QUICK_UP_TO else 1,  # so that stopping never takes long
    )
    fitted = tsne.fit(affinities=affinities, initialization=start)
    return np.asarray(fitted), float(fitted.kl_divergence)


def early_steps(iterations: int) -> int:
    """How many of the steps exaggerate the attraction, so that clusters can find each other.

    A multiple of the steps between two reports, so that the reports of both phases fall in with each other.

    >>> early_steps(750), early_steps(35), early_steps(5000)
    (250, 10, 250)
    """
    return min(TSNE_STEPS[0], iterations // 3 // _REPORT_EVERY * _REPORT_EVERY)


def _neighbours_asked(n: int, perplexity: float) -> int:
    return min(n - 1, int(3 * perplexity))


def _comparing(report):
    return None if report is None else lambda share: report(0.09 * share, "t-SNE: comparing every pair")


def _joint_probabilities(ids, distances, perplexity, report):
    """openTSNE's affinities of points to their neighbours, block by block, so that stopping never takes long."""
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


def _probabilities(ids, distances, perplexity, n):
    """How near each of some points is to its neighbours, of ``n`` points: openTSNE's sparse matrix [rows, n]."""
    from openTSNE.affinity import joint_probabilities_nn

    return joint_probabilities_nn(
        ids, distances, [perplexity], symmetrize=False, normalization="point-wise", n_reference_samples=n
    )


class _StepCounter:
    """openTSNE counts the steps of each phase from 1; this counts on through both."""

    def __init__(self, early: int, steps: int, on_step: OnStep | None, report):
        self.early, self.steps, self.on_step, self.report = early, steps, on_step, report
        self.phases = 0

    def optimization_about_to_start(self) -> None:
        self.phases += 1

    def __call__(self, iteration, error, embedding) -> bool:
        step = iteration if self.phases == 1 else self.early + iteration
        if self.report is not None:
            self.report(0.1 + 0.9 * step / self.steps, f"t-SNE: step {step} of {self.steps}")
        if self.on_step is not None and step % _REPORT_EVERY == 0:
            # openTSNE goes on to change the array in place, so hand out a copy
            self.on_step(step, self.steps, np.array(embedding, dtype=np.float32), float(error))
        return False


def fast(vectors, seed, report, perplexity, iterations, seconds):
    """scranpy with exact neighbours: coordinates [n, 2].

    Where somebody watches, it runs in a process of its own, which can be ended.
    """
    ids, distances = nearest_neighbours(vectors, _neighbours_asked(len(vectors), perplexity), _comparing(report))
    options = {"perplexity": float(perplexity), "iterations": iterations, "seed": seed}
    if report is None:
        return libscran(ids, distances, **options)

    def poll(passed):
        report(min(0.95, 0.1 + 0.9 * passed / seconds), f"t-SNE of {len(vectors):,} words: {passed:.0f} s so far")

    return child.run(libscran, ids, distances, poll=poll, **options)


def libscran(ids, distances, perplexity: float, iterations: int, seed: int) -> NDArray[np.float64]:
    """t-SNE from the ``ids`` [n, k] of neighbours and their ``distances``, by scranpy: float64 [n, 2]."""
    from knncolle import FindKnnResults
    from scranpy import run_tsne

    early = min(TSNE_STEPS[0], iterations // 2)
    return run_tsne(
        FindKnnResults(ids.astype(np.uint32), distances),
        perplexity=perplexity,
        num_neighbors=ids.shape[1],
        early_exaggeration_iterations=early,
        momentum_switch_iterations=early,
        eta=max(100, len(ids) / 12),  # n over the exaggeration; 100 as few points are drawn poorly below it
        max_iterations=iterations,
        seed=seed,
        num_threads=_FAST_THREADS,
    )


def place(coordinates, vectors, new):
    """Where the rows of ``new`` [m, D] belong on the finished map of ``vectors``, which stays: float64 [m, k]."""
    from openTSNE import TSNEEmbedding

    middle = (coordinates.max(axis=0) + coordinates.min(axis=0)) / 2
    embedding = TSNEEmbedding(
        coordinates - middle,  # as openTSNE itself does before it adds points
        _affinities_to(vectors),
        negative_gradient_method="bh",
        n_jobs=_LIVE_THREADS,
    )
    perplexity = min(5, max_perplexity(len(vectors)))
    return np.asarray(embedding.transform(new, perplexity=perplexity, k=min(25, 3 * perplexity))) + middle


def _affinities_to(vectors):
    """openTSNE's affinities of new points to ``vectors``; those among ``vectors`` themselves are of no use here."""
    from openTSNE.affinity import Affinities
    from scipy.sparse import csr_matrix

    class ToVectors(Affinities):
        def __init__(self):
            super().__init__()
            self.P = csr_matrix((len(vectors), len(vectors)))

        def to_new(self, data, perplexity, return_distances=False):
            ids, distances = nearest_to(vectors, data, max(1, int(3 * perplexity)))
            P = _probabilities(ids, distances, perplexity, len(vectors))
            return (P, ids, distances) if return_distances else P

    return ToVectors()
