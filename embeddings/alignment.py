"""One frame for all snapshots of a table, in which what moves has learned and not merely turned.

Cosines and distances stay as they are when a whole table is rotated, so that a turn means nothing. Each table is turned
to lie as near as may be to the one before it, and all are drawn on the same two axes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.checks import as_ids, as_matrix
from embeddings.errors import InvalidInput
from embeddings.projection import PrincipalAxes, principal_axes
from embeddings.threads import one_blas_thread


def aligned(table: ArrayLike, previous: ArrayLike) -> NDArray[np.float32]:
    """``table`` [V, D] rotated, or mirrored, to lie as near as possible to ``previous`` [V, D]: float32, read-only.

    Raises:
        InvalidInput: They are not finite matrices of one shape.

    References:
        Schönemann, "A generalized solution of the orthogonal Procrustes problem", Psychometrika 1966, by
        ``scipy.linalg.orthogonal_procrustes``. For embeddings over time: Hamilton, Leskovec and Jurafsky, 2016.
    """
    from scipy.linalg import orthogonal_procrustes

    table, previous = as_matrix(table, "The table"), as_matrix(previous, "The table before")
    if table.shape != previous.shape:
        raise InvalidInput(f"A table of {table.shape} cannot be turned to one of {previous.shape}: the shapes differ.")
    with one_blas_thread():
        # in float64, whose rounding does not add up over a long run
        rotation, _ = orthogonal_procrustes(table.astype(np.float64), previous.astype(np.float64))  # [D, D]
        turned = (table @ rotation).astype(np.float32)
    turned.flags.writeable = False
    return turned


@dataclass(frozen=True, eq=False)
class Frame:
    """A table in the common frame, and where its rows lie on the map. Begin with ``Frame.of``, go on with ``next``.

    Attributes:
        table: float32 [V, D], read-only: turned to the one before.
        ids: int64 [n]: the rows on the map.
        axes: The two directions that the map shows, those in which these rows spread most.
    """

    table: NDArray[np.float32]
    ids: NDArray[np.int64]
    axes: PrincipalAxes

    @classmethod
    def of(cls, table: ArrayLike, ids: Sequence[int] | None = None) -> "Frame":
        """The first frame, from ``table`` [V, D]; on the map are the rows ``ids``, or all.

        Raises:
            InvalidInput: Not a finite matrix, or ids outside of it.
        """
        table = as_matrix(table, "The table")
        ids = as_ids(np.arange(len(table)) if ids is None else ids, len(table))
        return cls(table, ids, principal_axes(table[ids], 2))

    def next(self, table: ArrayLike) -> "Frame":
        """The frame after this one, as a run goes on.

        The new table's own axes are turned within their plane to where the old ones put the same rows.
        """
        turned = aligned(table, self.table)
        old = self.coordinates
        with one_blas_thread():
            axes = principal_axes(turned[self.ids], 2)
            new = axes.place(turned[self.ids])
            u, _, v = np.linalg.svd(new.T @ (old - old.mean(axis=0)))  # orthogonal Procrustes of the map
        directions = ((u @ v).T @ axes.directions).astype(np.float32)
        directions.flags.writeable = False
        return Frame(turned, self.ids, replace(axes, directions=directions))

    @property
    def coordinates(self) -> NDArray[np.float32]:
        """Where the rows lie on the map: float32 [n, 2]."""
        return self.axes.place(self.table[self.ids])


def fixed_frame(tables: Iterable[ArrayLike], ids: Sequence[int] | None = None) -> tuple[NDArray[np.float32], ...]:
    """The maps of all ``tables`` of a run in one frame: for each float32 [n, 2], read-only.

    Each table [V, D] is turned to the one before; then all are drawn on the axes of the last, where most is learned.

    Args:
        tables: The ``W`` of each snapshot, in order.
        ids: The rows on the map; all if not given.

    Raises:
        InvalidInput: No table, not finite matrices of one shape, or ids outside of them.

    >>> table = np.array([[1, 0], [0, 1], [-1, -1]])
    >>> first, second = fixed_frame([table, table @ [[0, -1], [1, 0]]])  # a quarter turn
    >>> np.allclose(first, second, atol=1e-6)
    True
    """
    chain: list[NDArray[np.float32]] = []
    for table in tables:
        chain.append(aligned(table, chain[-1]) if chain else as_matrix(table, "The table"))
    if not chain:
        raise InvalidInput("There is no snapshot to draw.")
    last = Frame.of(chain[-1], ids)
    maps = tuple(last.axes.place(table[last.ids]) for table in chain)
    for drawn in maps:
        drawn.flags.writeable = False
    return maps
