"""Optimal leaf ordering: the best order in which to draw the leaves of a clustering tree."""

import numpy as np
from numpy.typing import NDArray


def optimal_leaf_ordering(merges: NDArray[np.integer], distances: NDArray[np.float64]) -> list[int]:
    """Of all orders that the tree allows, one with the least sum of distances between neighbours.

    scipy's ``optimal_leaf_ordering`` sets out to do this, but its order is on average a tenth longer than the best
    (issue 11227 of scipy).

    Args:
        merges: [N - 1, 2], each row two nodes joined, numbered as in scipy's linkage: leaves 0 ... N - 1, then the
            joined nodes in their order.
        distances: float64 [N, N] between the leaves.

    Returns:
        The N leaves.

    References:
        Bar-Joseph, Gifford and Jaakkola, "Fast optimal leaf ordering for hierarchical clustering", Bioinformatics 2001.
    """
    leaves = [np.array([leaf]) for leaf in range(len(distances))]
    costs = [np.zeros((1, 1))] * len(distances)  # of each node: [first leaf, last leaf] to the least sum, or inf
    seams: list = [None] * len(distances)  # of each node: which leaves meet where its two parts do
    for left, right in merges.tolist():
        between = distances[np.ix_(leaves[left], leaves[right])]  # [L, R]
        to_seam = costs[left][:, :, None] + between  # [first, last of left, first of right]
        to_end = to_seam.min(axis=1)[:, :, None] + costs[right]  # [first, first of right, last]
        seams.append((len(between), to_seam.argmin(axis=1), to_end.argmin(axis=1)))
        costs.append(_either_way(to_end.min(axis=1)))
        leaves.append(np.concatenate([leaves[left], leaves[right]]))
    first, last = np.unravel_index(costs[-1].argmin(), costs[-1].shape)
    return _unfold(len(seams) - 1, int(first), int(last), merges.tolist(), seams)


def _either_way(cost: NDArray[np.float64]) -> NDArray[np.float64]:
    """``cost`` [L, R] of orders that start in the left part, as [L + R, L + R] with those that start in the right."""
    left, right = cost.shape
    both = np.full((left + right, left + right), np.inf)
    both[:left, left:] = cost
    both[left:, :left] = cost.T
    return both


def _unfold(node: int, first: int, last: int, merges: list, seams: list) -> list[int]:
    """The leaves of ``node`` from its ``first`` to its ``last``, both counted within the node."""
    if seams[node] is None:
        return [node]
    left_size, last_of_left, first_of_right = seams[node]
    backwards = first >= left_size
    if backwards:
        first, last = last, first
    last -= left_size
    meeting = int(first_of_right[first, last])
    left, right = merges[node - len(seams) + len(merges)]
    order = _unfold(left, first, int(last_of_left[first, meeting]), merges, seams)
    order += _unfold(right, meeting, last, merges, seams)
    return order[::-1] if backwards else order
