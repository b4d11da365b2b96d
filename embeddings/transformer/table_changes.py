"""A language model's embedding table changed by hand, and what the model then says comes next."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common import InvalidInput, as_choice, as_count, as_ids, check_fits
from embeddings.transformer.lens import LayeredModel
from embeddings.transformer.smollm import probabilities

ROW_CHANGES = ("other", "zero", "noise")  # of one row
TABLE_CHANGES = ("shuffle", "random")  # of all rows
_TIE = 1e-3  # of the likeliest; closer than this, machines disagree on which is first
_MAX_SEED = 2**32 - 1


@dataclass(frozen=True)
class TableChange:
    """What is done to a table.

    Attributes:
        kind: For one row: ``"other"``, another token's row takes its place; ``"zero"``, zeros do; ``"noise"``, random
            numbers of the same length do. For all rows: ``"shuffle"``, they change places; ``"random"``, they are
            drawn by chance, as before any training.
        token_id: Whose row is changed.
        other_id: Whose row takes its place.
        share: How much of the other row is taken, from 0 to 1; the rest is of the old row.
        seed: Of what is drawn by chance.
    """

    kind: str
    token_id: int = 0
    other_id: int = 0
    share: float = 1.0
    seed: int = 0


def changed_table(table: NDArray[np.float32], change: TableChange) -> NDArray[np.float32]:
    """A copy of ``table`` [V, D] with one row, or all rows, changed: float32 [V, D].

    Raises:
        InvalidInput: There is no such change, no such row, or a share or seed is out of range.
        TooLarge: A copy does not fit into memory.
    """
    random = _checked(change, len(table))
    check_fits("A changed table", table.nbytes)
    if change.kind == "shuffle":
        return table[random.permutation(len(table))]
    if change.kind == "random":
        drawn = random.standard_normal(table.shape, dtype=np.float32)
        drawn *= table.shape[1] ** -0.5  # as long as rows are at the start of a training
        return drawn
    changed = table.copy()
    changed[change.token_id] = _new_row(table, change, random)
    return changed


def changed_row(table: NDArray[np.float32], change: TableChange) -> NDArray[np.float32]:
    """The one row of ``table`` [V, D] that ``change`` leaves different: float32 [D]; the table is not copied.

    Raises:
        InvalidInput: It is no change of one row, there is no such row, or a share or seed is out of range.
    """
    random = _checked(change, len(table))
    as_choice(change.kind, "The change of one row", ROW_CHANGES)
    return _new_row(table, change, random)


def next_token_probabilities(
    model: LayeredModel,
    ids: ArrayLike,
    input_table: NDArray[np.float32] | None = None,
    output_table: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """How likely each token of the vocabulary is to come after ``ids`` [T]: float32 [V].

    Args:
        model: The language model.
        ids: Of a text.
        input_table: Where the rows are looked up [V, D]; by default the model's own.
        output_table: What the last hidden state is compared with [V, D]; by default the model's own.

    Raises:
        InvalidInput: No ids, too many, or one that is not a row of the table.
    """
    table = model.W if input_table is None else input_table
    last = model.hidden_states(table[as_ids(ids, len(table))])[-1, -1]  # [D]
    return probabilities(model.logits(last, output_table))


def changed_probabilities(
    model: LayeredModel, ids: ArrayLike, change: TableChange, both: bool = False
) -> NDArray[np.float32]:
    """How likely each token is to come after ``ids`` [T] with a changed table: float32 [V].

    As ``next_token_probabilities`` with ``changed_table``; where one row alone is changed, no table is copied: only the
    rows that are read and the one score that differs are computed anew.

    Args:
        model: The language model.
        ids: Of a text.
        change: What is done to its table.
        both: Whether the output side, which is the same table, is changed too.

    Raises:
        InvalidInput: See ``changed_table`` and ``next_token_probabilities``.
        TooLarge: All rows are changed, and a copy of the table does not fit into memory.
    """
    if change.kind not in ROW_CHANGES:
        table = changed_table(model.W, change)
        return next_token_probabilities(model, ids, table, table if both else None)
    row, read = changed_row(model.W, change), as_ids(ids, len(model.W))
    rows = model.rows(read)  # [T, D]
    rows[read == change.token_id] = row
    last = model.hidden_states(rows)[-1, -1]  # [D]
    logits = model.logits(last)
    if both:
        logits[change.token_id] = model.logits(last, row[None])[0]
    return probabilities(logits)


def likeliest(shares: NDArray[np.float32]) -> tuple[int, ...]:
    """The ids of the likeliest tokens of ``shares`` [V]: one, or several that no machine can tell apart.

    >>> likeliest(np.array([0.2, 0.4, 0.4], dtype=np.float32))
    (1, 2)
    """
    return tuple(np.flatnonzero(shares >= (1 - _TIE) * shares.max()).tolist())


def _checked(change: TableChange, V: int) -> np.random.Generator:
    """What draws by chance for ``change``, once it is one that a table of ``V`` rows can undergo."""
    as_choice(change.kind, "The change", (*ROW_CHANGES, *TABLE_CHANGES))
    as_ids([change.token_id, change.other_id], V)
    if not 0 <= change.share <= 1:
        raise InvalidInput(f"The share must lie from 0 to 1, not {change.share}.")
    return np.random.default_rng(as_count(change.seed, "The seed", 0, _MAX_SEED))


def _new_row(table: NDArray[np.float32], change: TableChange, random: np.random.Generator) -> NDArray[np.float32]:
    own = table[change.token_id]
    match change.kind:
        case "other":
            return (1 - change.share) * own + change.share * table[change.other_id]
        case "zero":
            return np.zeros_like(own)
        case _:
            return _noise(own, random)


def _noise(row: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """Random numbers [D], of the same length as ``row``."""
    noise = random.standard_normal(row.shape, dtype=np.float32)
    return noise * (np.linalg.norm(row) / np.linalg.norm(noise))
