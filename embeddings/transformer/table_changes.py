"""A language model's embedding table changed by hand, and what the model then says comes next."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common import InvalidInput, as_choice, as_count, as_ids, check_fits
from embeddings.transformer.smollm import SmolLM, probabilities

ROW_CHANGES = ("other", "zero", "noise")  # of one row
TABLE_CHANGES = ("shuffle", "random")  # of all rows
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
    as_choice(change.kind, "The change", (*ROW_CHANGES, *TABLE_CHANGES))
    token, other = as_ids([change.token_id, change.other_id], len(table)).tolist()
    if not 0 <= change.share <= 1:
        raise InvalidInput(f"The share must lie from 0 to 1, not {change.share}.")
    random = np.random.default_rng(as_count(change.seed, "The seed", 0, _MAX_SEED))
    check_fits("A changed table", table.nbytes)
    if change.kind == "shuffle":
        return table[random.permutation(len(table))]
    if change.kind == "random":
        drawn = random.standard_normal(table.shape, dtype=np.float32)
        drawn *= table.shape[1] ** -0.5  # as large as SmolLM2's rows were at the start of its training
        return drawn
    changed = table.copy()
    if change.kind == "other":
        changed[token] = (1 - change.share) * table[token] + change.share * table[other]
    else:
        changed[token] = 0 if change.kind == "zero" else _noise(table[token], random)
    return changed


def next_token_probabilities(
    model: SmolLM,
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
    table = model.table if input_table is None else input_table
    last = model.hidden_states(table[as_ids(ids, len(table))])[-1, -1]  # [D]
    return probabilities(model.logits(last, output_table))


def _noise(row: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """Random numbers [D], of the same length as ``row``."""
    noise = random.standard_normal(row.shape, dtype=np.float32)
    return noise * (np.linalg.norm(row) / np.linalg.norm(noise))
