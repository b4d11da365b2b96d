"""Snapshots of a table in training: what ``word2vec.train`` and ``language_model.train`` hand out as they learn."""

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.common import LARGEST, TooLarge, TrainingDiverged, allowed_bytes
from embeddings.tokenizers import Vocabulary
from embeddings.vectors import WordVectors

MAX_SNAPSHOTS = 500
MAX_LOSS_RATIO = 10  # times the loss of a guess: no training that goes well comes near it


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The embedding table at one moment of its training.

    Attributes:
        step: How much was done: tokens gone through (word2vec), steps of the optimiser (language model).
        fraction: The same from 0, the random start, to 1, the end.
        loss: In nats, on a fixed sample of what is trained on.
        held_out_loss: The same on a fixed sample that is never trained on; None where the corpus is too small for one.
        W: float32 [V, D], read-only: the table, a copy of its own.
        vocabulary: The V tokens of its rows.
        words_per_second: Tokens gone through per second of training so far; 0 at the start.
        seconds_left: Training time left at this speed; None at the start.
    """

    step: int
    fraction: float
    loss: float
    held_out_loss: float | None
    W: NDArray[np.float32]
    vocabulary: Vocabulary
    words_per_second: float
    seconds_left: float | None

    def word_vectors(self, name: str = "trained here") -> WordVectors:
        """The table as a source of vectors for everything else that works with one."""
        return WordVectors(name, self.vocabulary, self.W)


def read_only(array: NDArray) -> NDArray[np.float32]:
    """A float32 copy of ``array`` that nobody can write to."""
    copy = np.array(array, dtype=np.float32)
    copy.flags.writeable = False
    return copy


class TrainingClock:
    """Counts the seconds spent in training alone, not those in which whoever watches takes their time or pauses."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._started = 0.0

    def __enter__(self) -> None:
        self._started = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._started

    def speed(self, tokens: int) -> float:
        """Tokens per second; 0 before anything was trained."""
        return tokens / self.seconds if self.seconds else 0.0

    def left(self, fraction: float) -> float | None:
        """Seconds of training to go after ``fraction`` of it; None before anything was trained."""
        return self.seconds * (1 - fraction) / fraction if fraction and self.seconds else None


def check_snapshots_fit(V: int, D: int, snapshots: int, others: int = 0, step: int = 0) -> None:
    """Refuse a training that would not fit into memory.

    Args:
        V: Rows of the table.
        D: Columns.
        snapshots: How many are kept.
        others: Floats beside each table.
        step: Floats that one step holds for itself.

    Raises:
        TooLarge: It would not; nothing was allocated.
    """
    # Beside the snapshots the model itself: two tables, two moments of each gradient.
    needed = 4 * ((V * D + others) * (snapshots + 4) + step)
    if needed > (allowed := allowed_bytes()):
        raise TooLarge(f"A table of {V:,} × {D} and its {snapshots} snapshots", needed, allowed)


def check_not_diverged(loss: float, guessing: float, W: NDArray, last: Snapshot | None) -> None:
    """Stop a training that has gone astray, keeping the last snapshot from before.

    Args:
        loss: Now, in nats.
        guessing: The loss of a guess that knows nothing.
        W: The table; NaN and infinity anywhere reach it sooner or later.
        last: The last good snapshot.

    Raises:
        TrainingDiverged: The loss or a weight is NaN, infinite or absurdly large.
    """
    if not np.isfinite(loss) or not (W.min() >= -LARGEST and W.max() <= LARGEST):  # NaN is within nothing
        raise TrainingDiverged("the numbers grew beyond what a float can hold", last)
    if loss > MAX_LOSS_RATIO * guessing:
        raise TrainingDiverged(f"the loss rose to {loss:.3g}, where knowing nothing gives {guessing:.3g}", last)
