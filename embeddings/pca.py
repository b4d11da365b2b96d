"""Principal component analysis: the directions in which points spread most, and the map that they make."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.checks import as_matrix
from embeddings.errors import InvalidInput


@dataclass(frozen=True)
class PrincipalAxes:
    """The frame of a PCA map, on which further vectors can be placed.

    Attributes:
        mean: float32 [D], the middle of the map; read-only.
        directions: float32 [k, D], unit vectors at right angles; read-only.
        explained: Share of the variance along each, k numbers.
        spectrum: Share of the variance along every principal axis, largest first: D numbers that add up to 1.
    """

    mean: NDArray[np.float32]
    directions: NDArray[np.float32]
    explained: tuple[float, ...]
    spectrum: tuple[float, ...]

    def place(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Where ``vectors`` [n, D] lie on the map: float32 [n, k]."""
        return (vectors - self.mean) @ self.directions.T


def principal_axes(
    vectors: NDArray[np.float32], n_components: int, components: Sequence[int] | None = None
) -> PrincipalAxes:
    """The directions in which ``vectors`` [n, D] spread most.

    Where n or D allow fewer than ``n_components``, the rest are zero. Each axis points the way in which its
    largest entry is positive, so that the same vectors never give a mirrored map.

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
    mean = vectors.mean(axis=0)  # [D]
    centred = (vectors - mean).astype(np.float64)
    return axes_of(mean, centred.T @ centred / max(1, len(vectors) - 1), n_components, chosen)


def axes_of(
    mean: NDArray[np.float32], covariance: NDArray[np.float64], n_components: int, chosen: Sequence[int]
) -> PrincipalAxes:
    """The axes of points with this ``mean`` [D] and ``covariance`` [D, D]; ``chosen`` ones, counted from 0."""
    variances, axes = np.linalg.eigh(covariance)  # [D], [D, D], ascending
    top = axes[:, ::-1][:, list(chosen)].T  # [kept, D]
    kept = np.arange(len(chosen))
    top *= np.sign(top[kept, np.abs(top).argmax(axis=1)])[:, None]
    directions = np.zeros((n_components, len(mean)), dtype=np.float32)
    directions[kept] = top
    spectrum = variances[::-1].clip(min=0) / max(variances.clip(min=0).sum(), np.finfo(float).tiny)  # [D]
    shares = np.zeros(n_components)
    shares[kept] = spectrum[list(chosen)]
    for shared in (mean, directions):
        shared.flags.writeable = False
    return PrincipalAxes(mean, directions, tuple(map(float, shares)), tuple(map(float, spectrum)))


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
