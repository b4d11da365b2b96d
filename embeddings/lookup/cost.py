"""What each way and phase must compute, move and hold, counted on paper.

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

from embeddings.lookup.ways import BACKWARD, BUILD, EMBEDDING, FORWARD, LINEAR, SPARSE

ID_BYTES = 8


def flops(way: str, phase: str, V: int, D: int, B: int) -> int:
    """Arithmetic operations of one run.

    >>> flops("one-hot @ W", "forward", 4, 5, 3)
    120
    """
    lookup = way in (EMBEDDING, SPARSE)
    if phase == BUILD:
        return 0
    if phase == FORWARD:
        return 0 if lookup else 2 * B * V * D
    if phase == BACKWARD:
        return {EMBEDDING: B * D, SPARSE: 0}.get(way, 2 * B * V * D)
    return 2 * (B if way == SPARSE else V) * D


def bytes_moved(way: str, phase: str, V: int, D: int, B: int, item: int) -> int:
    """Bytes that one run reads and writes, numbers being ``item`` bytes long.

    >>> bytes_moved("nn.Embedding", "forward", 50_257, 768, 8_192, 4)
    50397184
    """
    ids, table, output, rows = ID_BYTES * B, item * V * D, item * B * D, item * B * V
    if phase == BUILD:
        return ids + 2 * 8 * B * V + rows
    if phase == FORWARD:
        return ids + 2 * output if way in (EMBEDDING, SPARSE) else rows + table + output
    if phase == BACKWARD:
        return {EMBEDDING: ids + 3 * output + table, SPARSE: ids + 2 * output}.get(way, rows + output + table)
    return ids + 3 * output if way == SPARSE else 3 * table


def bytes_held(way: str, phase: str, V: int, D: int, B: int, item: int, tables: int = 1, calls: int = 1) -> int:
    """The most bytes that timing it holds at once, with ``calls`` prepared runs over ``tables`` tables.

    >>> bytes_held("one-hot @ W", "forward", 50_257, 768, 8_192, 4)  # 1.6 GB of them the one-hot rows
    1826442240
    """
    return (
        tables * table_bytes(way, phase, V, D, item)
        + calls * call_bytes(way, phase, V, D, B, item)
        + _made_bytes(way, phase, V, D, B, item)
    )


def table_bytes(way: str, phase: str, V: int, D: int, item: int) -> int:
    """Bytes of the table that a run needs."""
    return 0 if phase == BUILD else item * V * D


def call_bytes(way: str, phase: str, V: int, D: int, B: int, item: int) -> int:
    """Bytes that one prepared run needs beside its table: ids, one-hot rows, saved outputs, gradients."""
    lookup = way in (EMBEDDING, SPARSE)
    if phase == BUILD:
        return ID_BYTES * B
    given = ID_BYTES * B + (0 if lookup else item * B * V)
    if phase == FORWARD:
        return given
    if phase == BACKWARD:
        return given + 2 * item * B * D
    return ID_BYTES * B + item * B * D if way == SPARSE else item * V * D


def _made_bytes(way: str, phase: str, V: int, D: int, B: int, item: int) -> int:
    """Bytes that preparing or running allocates on top, for a moment."""
    turned = item * V * D if way == LINEAR else 0  # nn.Linear's weight is W.T, written anew
    if phase == BUILD:
        return 8 * B * V + item * B * V
    if phase == FORWARD:
        return max(turned, item * B * D)
    if phase == BACKWARD:
        return ID_BYTES * B + item * B * D if way == SPARSE else item * V * D
    return 0  # nn.Linear's weight is turned before the gradient takes that place
