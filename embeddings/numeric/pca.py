"""Principal component analysis: the directions in which points spread most, and the map that they make."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.common import InvalidInput, as_matrix

_BLOCK = 20_000  # rows, in float64


@dataclass(frozen=True)
class PCA:
    """The frame of a PCA map, on which further vectors can be placed.

    Attributes:
        mean: float64 [D], the middle of the map; read-only.
        components: float32 [k, D], unit vectors at right angles; read-only.
        explained_variance_ratio: Share of the variance along each, k numbers.
        all_variance_ratios: Share of the variance along every principal axis, largest first: D numbers; they sum to 1.
    """

    mean: NDArray[np.float64]
    components: NDArray[np.float32]
    explained_variance_ratio: tuple[float, ...]
    all_variance_ratios: tuple[float, ...]

    def transform(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Where ``vectors`` [n, D] lie on the map: float32 [n, k]."""
        places = np.empty((len(vectors), len(self.components)), dtype=np.float32)
        for rows in _blocks(len(vectors)):
            places[rows] = (vectors[rows] - self.mean) @ self.components.T  # float64 until the end
        return places


def fit_pca(vectors: NDArray[np.float32], n_components: int, components: Sequence[int] | None = None) -> PCA:
    """The directions in which ``vectors`` [n, D] spread most.

    Where n or D allow fewer than ``n_components``, the rest are zero. Each axis points the way in which its
    largest entry is positive, so that the same vectors give no mirrored map, unless two entries are equally large.

    Args:
        vectors: One row a point.
        n_components: How many directions, k.
        components: Which of them, counted from 1; by default the first k.

    Raises:
        InvalidInput: ``vectors`` is not a finite matrix, or ``components`` are not k different ones that it has.
    """
    # The same as sklearn.decomposition.PCA, whose import takes a second that the front page would wait for.
    vectors = as_matrix(vectors, "The vectors")
    chosen = chosen_components(components, n_components, vectors.shape)
    mean = vectors.mean(axis=0, dtype=np.float64)  # [D]
    return axes_of(mean, covariance_of(vectors, mean), n_components, chosen)


def covariance_of(
    vectors: NDArray[np.float32], mean: NDArray[np.float64], on_block: Callable[[int], object] | None = None
) -> NDArray[np.float64]:
    """The covariance [D, D] of ``vectors`` [n, D] around their ``mean``, block by block: nothing of their size is made.

    ``on_block`` is called with the first row of each block before it. What it raises stops the work.
    """
    products = np.zeros((len(mean), len(mean)))
    for rows in _blocks(len(vectors)):
        if on_block is not None:
            on_block(rows.start)
        centred = vectors[rows] - mean  # float64
        products += centred.T @ centred
    return products / max(1, len(vectors) - 1)


def _blocks(n: int) -> Iterator[slice]:
    return (slice(start, start + _BLOCK) for start in range(0, n, _BLOCK))


def axes_of(
    mean: NDArray[np.float64], covariance: NDArray[np.float64], n_components: int, chosen: Sequence[int]
) -> PCA:
    """The axes of points with this ``mean`` [D] and ``covariance`` [D, D]; ``chosen`` ones, counted from 0."""
    variances, axes = np.linalg.eigh(covariance)  # [D], [D, D], ascending
    top = axes[:, ::-1][:, list(chosen)].T  # [kept, D]
    kept = np.arange(len(chosen))
    top *= np.sign(top[kept, np.abs(top).argmax(axis=1)])[:, None]
    components = np.zeros((n_components, len(mean)), dtype=np.float32)
    components[kept] = top
    spectrum = explained_variance_ratio(variances[::-1])  # [D]
    shares = np.zeros(n_components)
    shares[kept] = spectrum[list(chosen)]
    for shared in (mean, components):
        shared.flags.writeable = False
    return PCA(mean, components, tuple(map(float, shares)), tuple(map(float, spectrum)))


def explained_variance_ratio(variances: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of the variance along each axis, float64 [D]: of the ``variances`` [D] along all of them.

    What rounding has left below 0 counts as 0; so does everything where nothing varies.

    >>> explained_variance_ratio(np.array([3.0, 1.0])).tolist()
    [0.75, 0.25]
    """
    variances = variances.clip(min=0)
    return variances / max(variances.sum(), np.finfo(float).tiny)


def explained_variance(ratios: Iterable[float]) -> float:
    """The share of the variance, 0 to 1, that all axes of a map keep together: the sum of their ``ratios``.

    >>> explained_variance([0.5, 0.25])
    0.75
    """
    return min(1.0, sum(ratios))  # rounding may take it a little beyond


def chosen_components(components: Sequence[int] | None, n_components: int, shape: tuple[int, int]) -> list[int]:
    """The indices, from 0, of the components to draw; without a choice the first ones that a table of ``shape`` has.

    Raises:
        InvalidInput: Not ``n_components`` different whole numbers from 1 to the smaller of n and D.
    """
    bound = min(shape)
    if components is None:
        return list(range(min(n_components, bound)))
    chosen = list(components)
    whole = all(isinstance(each, (int, np.integer)) and not isinstance(each, bool) for each in chosen)
    if not whole or len(set(chosen)) != n_components or len(chosen) != n_components or min(chosen) < 1:
        raise InvalidInput(f"Choose {n_components} different components, counted from 1, not {components!r}.")
    if max(chosen) > bound:
        raise InvalidInput(
            f"There is no component {max(chosen)}: {shape[0]:,} vectors of {shape[1]} numbers have {bound}."
        )
    return [int(each) - 1 for each in chosen]
