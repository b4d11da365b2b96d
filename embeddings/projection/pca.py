"""PCA, which keeps the directions in which the points spread most; the arithmetic is in ``embeddings.numeric.pca``.

Options of ``project``: ``components``, which ones to draw, counted from 1; by default the first.

References:
    Pearson 1901, by the covariance's eigenvectors.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.common import ProgressCallback
from embeddings.numeric import chosen_components, fit_pca
from embeddings.projection.method import Components, Fit, Method, StepCallback


def resolve_options(
    shape: tuple[int, int], n_components: int, components: Sequence[int] | None = None
) -> dict[str, Any]:
    """Without a choice ``None`` stays, as the axes that a small table lacks are drawn as zeros.

    Raises:
        InvalidInput: Not as many different components as dimensions, or one that the table does not have.
    """
    if components is not None:
        components = tuple(index + 1 for index in chosen_components(components, n_components, shape))
    return {"components": components}


def fit(
    points: NDArray[np.float32],
    n_components: int,
    seed: int,
    callback: StepCallback | None,
    report: ProgressCallback | None,
    components: Sequence[int] | None,
) -> Fit:
    """Principal components; nothing in it is random."""
    axes = fit_pca(points, n_components, components)
    return Fit(
        axes.transform(points),
        explained_variance_ratio=axes.explained_variance_ratio,
        all_variance_ratios=axes.all_variance_ratios,
    )


def transform(
    coordinates: NDArray[np.float32],
    points: NDArray[np.float32],
    new: NDArray[np.float32],
    components: Sequence[int] | None,
) -> NDArray[np.float32]:
    """Where the rows of ``new`` [m, D] lie on the same axes: float32 [m, k]."""
    return fit_pca(points, coordinates.shape[1], components).transform(new)


def _seconds(n: int, D: int, n_components: int, options: Mapping[str, Any]) -> float:
    return 2e-10 * n * D**2 + 2e-9 * D**3 + 1e-3


METHOD = Method(
    name="pca",
    title="PCA",
    about="To *project* is to squeeze many dimensions into the few of a picture. *PCA* keeps the directions, "
    "called components, in which the words spread most.",
    options=(Components(),),
    resolve_options=resolve_options,
    fit=fit,
    transform=transform,
    seconds=_seconds,
)
