"""From many dimensions to the two or three that can be drawn.

Adding a method is one function ``(vectors, n_components, seed, on_step, **options) -> coordinates``
and one line in ``_METHODS``.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.checks import as_count, as_matrix
from embeddings.errors import InvalidInput

TSNE_STEPS = (250, 500)  # with early exaggeration, then without: openTSNE's defaults
TSNE_MIN_POINTS = 4
_REPORT_EVERY = 10  # t-SNE steps between two reports; a report costs less than a step

OnStep = Callable[[int, int, NDArray[np.float32]], None]


@dataclass(frozen=True)
class Projection:
    """A finished map.

    Attributes:
        coordinates: float32 [n, k], read-only.
        method: "pca" or "tsne".
        options: The options used, defaults included.
        seconds: How long it took.
        explained: Share of the variance on each axis, k numbers; only for PCA.
    """

    coordinates: NDArray[np.float32]
    method: str
    options: Mapping[str, Any]
    seconds: float
    explained: tuple[float, ...] | None = None


@dataclass(frozen=True)
class PrincipalAxes:
    """The frame of a PCA map, on which further vectors can be placed.

    Attributes:
        mean: float32 [D], the middle of the map; read-only.
        directions: float32 [k, D], unit vectors at right angles; read-only.
        explained: Share of the variance along each, k numbers.
    """

    mean: NDArray[np.float32]
    directions: NDArray[np.float32]
    explained: tuple[float, ...]

    def place(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Where ``vectors`` [n, D] lie on the map: float32 [n, k]."""
        return (vectors - self.mean) @ self.directions.T


def project(
    vectors: ArrayLike,
    method: str = "pca",
    n_components: int = 2,
    seed: int = 0,
    on_step: OnStep | None = None,
    **options: Any,
) -> Projection:
    """Project ``vectors`` [n, D] to ``n_components`` dimensions; the same arguments give the same map.

    Args:
        vectors: One row a point.
        method: ``"pca"`` or ``"tsne"``.
        n_components: 2 or 3.
        seed: Of whatever is random in the method, 0 to 2^32 - 1.
        on_step: Called with ``(step, steps, coordinates so far)`` while t-SNE runs. What it raises stops the run.
        **options: For ``"tsne"``: ``perplexity``, from 1 to ``max_perplexity(n)``; by default 30 or that bound.

    Raises:
        InvalidInput: Too few points, an option out of range, NaN, or nothing but identical points.

    References:
        PCA: Pearson 1901, by the covariance's eigenvectors. t-SNE: van der Maaten and Hinton 2008; Barnes-Hut, van der
        Maaten 2014; started from PCA, Kobak and Berens 2019, as in openTSNE.
    """
    vectors = as_matrix(vectors, "The vectors")
    if len(vectors) < 2:
        raise InvalidInput("A map needs at least two words: with fewer there is nothing to be near to.")
    n_components = as_count(n_components, "The number of dimensions of the map", 2, 3)
    seed = as_count(seed, "The seed", 0, 2**32 - 1)
    if method not in _METHODS:
        raise InvalidInput(f"There is no method called {method!r}. There are: {', '.join(_METHODS)}.")
    if (vectors == vectors[0]).all():
        raise InvalidInput("All these vectors are the same, so no map can tell them apart. Add a different word.")
    unknown = set(options) - set(_OPTIONS[method])
    if unknown:
        raise InvalidInput(f"{method} has no option called {sorted(unknown)[0]!r}.")
    started = time.perf_counter()
    coordinates, used, explained = _METHODS[method](vectors, n_components, seed, on_step, **options)
    coordinates = np.ascontiguousarray(coordinates, dtype=np.float32)
    coordinates.flags.writeable = False
    seconds = time.perf_counter() - started
    return Projection(coordinates, method, MappingProxyType(used), seconds, explained)


def max_perplexity(n: int) -> int:
    """The largest perplexity for ``n`` points: t-SNE asks three times as many neighbours of each.

    >>> max_perplexity(31), max_perplexity(4)
    (10, 1)
    """
    return max(1, (n - 1) // 3)


def principal_axes(vectors: NDArray[np.float32], n_components: int) -> PrincipalAxes:
    """The directions in which ``vectors`` [n, D] spread most.

    Where n or D allow fewer than ``n_components``, the rest are zero. Each axis points the way in which its
    largest entry is positive, so that the same vectors never give a mirrored map.

    Raises:
        InvalidInput: ``vectors`` is not a finite matrix.
    """
    # The same as sklearn.decomposition.PCA, whose import takes a second that the front page would wait for.
    vectors = as_matrix(vectors, "The vectors")
    mean = vectors.mean(axis=0)  # [D]
    centred = (vectors - mean).astype(np.float64)
    variances, axes = np.linalg.eigh(centred.T @ centred / max(1, len(vectors) - 1))  # [D], [D, D], ascending
    kept = min(n_components, *vectors.shape)
    top = axes[:, ::-1][:, :kept].T  # [kept, D]
    top *= np.sign(top[np.arange(kept), np.abs(top).argmax(axis=1)])[:, None]
    directions = np.zeros((n_components, vectors.shape[1]), dtype=np.float32)
    directions[:kept] = top
    shares = np.zeros(n_components)
    for shared in (mean, directions):
        shared.flags.writeable = False
    shares[:kept] = variances[::-1][:kept].clip(min=0) / max(variances.sum(), np.finfo(float).tiny)
    return PrincipalAxes(mean, directions, tuple(map(float, shares)))


def _pca(vectors, n_components, seed, on_step):
    """Principal components; nothing in it is random."""
    axes = principal_axes(vectors, n_components)
    return axes.place(vectors), {}, axes.explained


def _tsne(vectors, n_components, seed, on_step, perplexity=None):
    """Barnes-Hut t-SNE with exact neighbours, started from PCA."""
    from openTSNE import TSNE

    n = len(vectors)
    if n < TSNE_MIN_POINTS:
        raise InvalidInput(f"t-SNE needs at least {TSNE_MIN_POINTS} words; there are {n}. Add words, or use PCA.")
    bound = max_perplexity(n)
    if perplexity is None:
        perplexity = min(30, bound)
    if isinstance(perplexity, (bool, str)) or not 1 <= perplexity <= bound:
        raise InvalidInput(f"For {n} words the perplexity must be from 1 to {bound}, not {perplexity}.")
    tsne = TSNE(
        n_components=n_components,
        perplexity=perplexity,
        early_exaggeration_iter=TSNE_STEPS[0],
        n_iter=TSNE_STEPS[1],
        initialization="pca" if min(vectors.shape) >= n_components else "random",
        neighbors="exact",
        negative_gradient_method="bh",
        random_state=seed,
        callbacks=[_StepCounter(on_step)] if on_step else None,
        callbacks_every_iters=_REPORT_EVERY,
    )
    return np.asarray(tsne.fit(vectors)), {"perplexity": perplexity}, None


class _StepCounter:
    """openTSNE counts the steps of each phase from 1; this counts on through both."""

    def __init__(self, on_step: OnStep):
        self.on_step = on_step
        self.step = 0

    def __call__(self, iteration, error, embedding) -> bool:
        self.step += _REPORT_EVERY
        # openTSNE goes on to change the array in place, so hand out a copy
        self.on_step(self.step, sum(TSNE_STEPS), np.array(embedding, dtype=np.float32))
        return False


_OPTIONS = MappingProxyType({"pca": (), "tsne": ("perplexity",)})
_METHODS = MappingProxyType({"pca": _pca, "tsne": _tsne})
