"""FLOPs and bytes: what each variant and phase must compute, move and hold, counted on paper.

With ids [B] of 8 bytes, a table [V, D] and numbers of s bytes (``one-hot rows`` are [B, V]):

    way and phase                    operations   bytes moved: read and written once, nothing kept in a cache
    build one-hot                    0            8B + 16BV + sBV: int64 rows written, read again, written as numbers
    forward,        lookup           0            8B + 2sBD: B rows read and written
                    product          2BVD         s(BV + VD + BD)
    backward,       lookup           BD           8B + 3sBD + sVD: a gradient of zeros, and B rows added into it
                    lookup, sparse   0            8B + 2sBD: ids and rows of the output's gradient, as they are
                    product          2BVD         s(BV + BD + VD)
    optimiser step, dense gradient   2VD          3sVD: W and its gradient read, W written
                    sparse gradient  2BD          8B + 3sBD

A multiplication and an addition count as two operations. Products count all, those by zero too, as the machine does.

References:
    Williams, Waterman and Patterson, "Roofline: An Insightful Visual Performance Model for Multicore Architectures",
    2009, for operations against bytes.
"""

from embeddings.lookup.variants import BACKWARD, BUILD, EMBEDDING, FORWARD, LINEAR, SPARSE

ID_BYTES = 8


def multiplications(V: int, D: int, B: int) -> int:
    """How many multiplications the product of ``B`` one-hot rows [V] with a table [V, D] takes.

    >>> multiplications(4, 5, 3)
    60
    """
    return B * V * D


def multiplications_by_zero(V: int, D: int, B: int) -> int:
    """How many of these are by a zero, which a lookup saves: all but one number of each one-hot row is one.

    >>> multiplications_by_zero(4, 5, 3)
    45
    """
    return B * (V - 1) * D


def flops(variant: str, phase: str, V: int, D: int, B: int) -> int:
    """Arithmetic operations of one run.

    >>> flops("one-hot @ W", "forward", 4, 5, 3)
    120
    """
    lookup = variant in (EMBEDDING, SPARSE)
    if phase == BUILD:
        return 0
    if phase == FORWARD:
        return 0 if lookup else 2 * multiplications(V, D, B)
    if phase == BACKWARD:
        return {EMBEDDING: B * D, SPARSE: 0}.get(variant, 2 * multiplications(V, D, B))
    return 2 * (B if variant == SPARSE else V) * D


def bytes_moved(variant: str, phase: str, V: int, D: int, B: int, item: int) -> int:
    """Bytes that one run reads and writes, numbers being ``item`` bytes long.

    >>> bytes_moved("nn.Embedding", "forward", 50_257, 768, 8_192, 4)
    50397184
    """
    ids, table, output, rows = ID_BYTES * B, item * V * D, item * B * D, item * B * V
    if phase == BUILD:
        return ids + 2 * 8 * B * V + rows
    if phase == FORWARD:
        return ids + 2 * output if variant in (EMBEDDING, SPARSE) else rows + table + output
    if phase == BACKWARD:
        return {EMBEDDING: ids + 3 * output + table, SPARSE: ids + 2 * output}.get(variant, rows + output + table)
    return ids + 3 * output if variant == SPARSE else 3 * table


def bytes_held(variant: str, phase: str, V: int, D: int, B: int, item: int, tables: int = 1, calls: int = 1) -> int:
    """The most bytes that timing it holds at once, with ``calls`` prepared runs over ``tables`` tables.

    >>> bytes_held("one-hot @ W", "forward", 50_257, 768, 8_192, 4)  # 1.6 GB of them the one-hot rows
    1826442240
    """
    return (
        tables * table_bytes(variant, phase, V, D, item)
        + calls * call_bytes(variant, phase, V, D, B, item)
        + _made_bytes(variant, phase, V, D, B, item)
    )


def table_bytes(variant: str, phase: str, V: int, D: int, item: int) -> int:
    """Bytes of the table that a run needs."""
    return 0 if phase == BUILD else item * V * D


def call_bytes(variant: str, phase: str, V: int, D: int, B: int, item: int) -> int:
    """Bytes that one prepared run needs beside its table: ids, one-hot rows, saved outputs, gradients."""
    lookup = variant in (EMBEDDING, SPARSE)
    if phase == BUILD:
        return ID_BYTES * B
    given = ID_BYTES * B + (0 if lookup else item * B * V)
    if phase == FORWARD:
        return given
    if phase == BACKWARD:
        return given + 2 * item * B * D
    return ID_BYTES * B + item * B * D if variant == SPARSE else item * V * D


def _made_bytes(variant: str, phase: str, V: int, D: int, B: int, item: int) -> int:
    """Bytes that preparing or running allocates on top, for a moment."""
    turned = item * V * D if variant == LINEAR else 0  # nn.Linear's weight is W.T, written anew
    if phase == BUILD:
        return 8 * B * V + item * B * V
    if phase == FORWARD:
        return max(turned, item * B * D)
    if phase == BACKWARD:
        return ID_BYTES * B + item * B * D if variant == SPARSE else item * V * D
    return 0  # nn.Linear's weight is turned before the gradient takes that place
