"""One id after another through both ways: the row that is copied, and the products that the one-hot row makes."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common import as_matrix
from embeddings.lookup.cost import multiplications, multiplications_by_zero
from embeddings.lookup.equivalence import as_ids_of_any_shape
from embeddings.lookup.variants import refuse_too_large
from embeddings.vectors import one_hot


@dataclass(frozen=True, eq=False)
class Step:
    """What happens for one id.

    Attributes:
        place: Where the id stands in the ids: ``(b,)``, or ``(b, t)`` for ids [B, T].
        id: The id.
        row: float32 [D], ``W[id]``: the lookup's answer, copied.
        one_hot: float32 [V], with its 1 at ``id``.
        products: float32 [V, D], ``one_hot[:, None] * W``: all that the matmul multiplies.
        summed: float32 [D], the products added up over V: the matmul's answer.
        multiplications: V·D.
        by_zero: Of these by a zero of the one-hot row: (V - 1)·D.
        done: How many ids are looked up with this one.
        output_shape: [B, D] or [B, T, D].
    """

    place: tuple[int, ...]
    id: int
    row: NDArray[np.float32]
    one_hot: NDArray[np.float32]
    products: NDArray[np.float32]
    summed: NDArray[np.float32]
    multiplications: int
    by_zero: int
    done: int
    output_shape: tuple[int, ...]


def steps(W: ArrayLike, ids: ArrayLike) -> Iterator[Step]:
    """A ``Step`` for each of ``ids`` [B] or [B, T] in the table ``W`` [V, D], in order.

    Raises (when the first step is asked for):
        InvalidInput: ``W`` is not a finite matrix, there are no ids, or an id is not one of its rows.
        TooLarge: V·D products would not fit in memory.

    >>> [(step.id, step.by_zero) for step in steps(np.eye(4, 5), [2, 3, 1])]
    [(2, 15), (3, 15), (1, 15)]
    """
    W = as_matrix(W, "W")
    V, D = W.shape
    ids = as_ids_of_any_shape(ids, V)
    refuse_too_large(f"{V:,} × {D:,} products", 2 * W.nbytes)
    for done, place in enumerate(np.ndindex(ids.shape), start=1):
        token_id = int(ids[place])
        row = one_hot([token_id], V)[0]  # [V]
        products = row[:, None] * W  # [V, D]
        yield Step(
            place=place,
            id=token_id,
            row=W[token_id].copy(),
            one_hot=row,
            products=products,
            summed=products.sum(axis=0),
            multiplications=multiplications(V, D, 1),
            by_zero=multiplications_by_zero(V, D, 1),
            done=done,
            output_shape=(*ids.shape, D),
        )
