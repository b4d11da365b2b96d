"""Spectral initialization of UMAP: the leading eigenvectors of the graph of neighbours.

fastumap and umap-learn start ARPACK from the vector of all ones. Where all points have the same weight that is an
eigenvector already, and ARPACK goes on from random numbers of its own, others each time; where many eigenvalues lie
close together it gives up. Here small graphs are decomposed whole, ARPACK draws what it needs from the map's seed, and
a graph on which it gives up starts from elsewhere.

References:
    Belkin and Niyogi, "Laplacian Eigenmaps for Dimensionality Reduction and Data Representation", 2003.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from embeddings.common import required

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_WHOLE_UP_TO = 1_000  # vertices; decomposed whole in up to a fifth of a second
_TOLERANCE = 1e-4  # as in umap-learn; the steps move the points much further than that
_RESTARTS = 50  # of ARPACK, some seconds for 20,000 vertices
_BASIS = 40  # of ARPACK: twice its default converges where eigenvalues lie close together
_BETWEEN_PARTS = 3.0  # from middle to middle; each part reaches from -1 to 1


def spectral_layout(
    weights: "csr_array", otherwise: NDArray[np.float64], random: np.random.Generator
) -> NDArray[np.float64]:
    """Places [n, k] for the vertices of a graph, in which those that are joined lie near each other.

    Args:
        weights: Of the edges: scipy's sparse array [n, n], symmetric, nothing below 0.
        otherwise: Places [n, k] for those of a part of the graph that is too small for k eigenvectors, or too close to
            having several equal ones.
        random: Where ARPACK starts from.
    """
    with required():
        from scipy.sparse.csgraph import connected_components

    parts, part_of = connected_components(weights, directed=False)
    members_of = np.split(np.argsort(part_of, kind="stable"), np.bincount(part_of).cumsum()[:-1])
    side = int(np.ceil(np.sqrt(parts)))
    places = np.zeros(otherwise.shape)
    for part, members in enumerate(members_of):
        found = _eigenvectors(weights if parts == 1 else weights[members][:, members], otherwise.shape[1], random)
        found = otherwise[members] if found is None else found
        inside = found - (found.max(axis=0) + found.min(axis=0)) / 2
        places[members] = inside / (np.abs(inside).max() or 1.0)
        places[members, :2] += _BETWEEN_PARTS * np.array([part % side, part // side])
    return places


def _eigenvectors(weights: "csr_array", k: int, random: np.random.Generator) -> NDArray[np.float64] | None:
    """Of a joined graph the ``k`` leading ones [n, k] but for the first, which tells nothing apart; None without."""
    with required():
        from scipy.linalg import eigh
        from scipy.sparse import diags_array
        from scipy.sparse.linalg import ArpackNoConvergence, eigsh

    n = weights.shape[0]
    if n <= k + 2:
        return None
    scale = diags_array(1 / np.sqrt(weights.sum(axis=1)))
    normalized = scale @ weights @ scale
    if n <= _WHOLE_UP_TO:
        return eigh(normalized.toarray(), subset_by_index=(n - k - 1, n - 2))[1][:, ::-1]
    options = {"ncv": _BASIS, "maxiter": _RESTARTS, "tol": _TOLERANCE}
    try:
        values, vectors = eigsh(normalized, k + 1, which="LA", v0=random.normal(size=n), rng=random, **options)
    except ArpackNoConvergence:
        return None
    return vectors[:, np.argsort(-values)[1:]]
