"""Orthogonal Procrustes alignment of a table's snapshots, so that what moves has learned and not merely turned.

Cosines and distances stay as they are when a whole table is rotated, so that a turn means nothing. Each table is turned
to lie as near as may be to the one before it, and all are drawn on the same two axes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common import InvalidInput, as_ids, as_matrix, one_blas_thread, required
from embeddings.numeric import PCA, fit_pca


def procrustes_align(table: ArrayLike, previous: ArrayLike) -> NDArray[np.float32]:
    """``table`` [V, D] rotated, or mirrored, to lie as near as possible to ``previous`` [V, D]: float32, read-only.

    Raises:
        InvalidInput: They are not finite matrices of one shape.

    References:
        Schönemann, "A generalized solution of the orthogonal Procrustes problem", Psychometrika 1966, by
        ``scipy.linalg.orthogonal_procrustes``. For embeddings over time: Hamilton, Leskovec and Jurafsky, 2016.
    """
    with required():
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
class AlignedSnapshot:
    """A table turned to the one before it, and where its rows lie on the map.

    Begin with ``AlignedSnapshot.of``, go on with ``next``.

    Attributes:
        table: float32 [V, D], read-only: turned to the one before.
        ids: int64 [n]: the rows on the map.
        axes: The two directions that the map shows, those in which these rows spread most.
    """

    table: NDArray[np.float32]
    ids: NDArray[np.int64]
    axes: PCA

    @classmethod
    def of(cls, table: ArrayLike, ids: Sequence[int] | None = None) -> "AlignedSnapshot":
        """The first frame, from ``table`` [V, D]; on the map are the rows ``ids``, or all.

        Raises:
            InvalidInput: Not a finite matrix, or ids outside of it.
        """
        table = as_matrix(table, "The table")
        rows = as_ids(np.arange(len(table)) if ids is None else ids, len(table))
        return cls(table, rows, fit_pca(table[rows], 2))

    def next(self, table: ArrayLike) -> "AlignedSnapshot":
        """The frame after this one, as a run goes on.

        The new table's own axes are turned within their plane to where the old ones put the same rows.
        """
        turned = procrustes_align(table, self.table)
        old = self.coordinates
        with one_blas_thread():
            axes = fit_pca(turned[self.ids], 2)
            new = axes.transform(turned[self.ids])
            u, _, v = np.linalg.svd(
                new.T @ (old - old.mean(axis=0, dtype=np.float64))
            )  # orthogonal Procrustes of the map
        components = ((u @ v).T @ axes.components).astype(np.float32)
        components.flags.writeable = False
        return AlignedSnapshot(turned, self.ids, replace(axes, components=components))

    @property
    def coordinates(self) -> NDArray[np.float32]:
        """Where the rows lie on the map: float32 [n, 2]."""
        return self.axes.transform(self.table[self.ids])
