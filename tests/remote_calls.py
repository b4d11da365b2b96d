"""Functions that a job's call may name on another machine: small, and steered by files."""

import os
import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.common import ProgressCallback, UnknownToken
from embeddings.tokenizers import Vocabulary
from embeddings.vectors import WordVectors

_MOMENT = 0.005  # seconds between two reports


def until(folder: str, report: ProgressCallback) -> str:
    """Report this process's id until the file ``go`` is in ``folder``; write ``ended`` there, however it ends."""
    go, count, moment = Path(folder, "go"), 0, threading.Event()
    try:
        while not go.exists():
            count += 1
            report(0.25, f"{count} reports", os.getpid())
            moment.wait(_MOMENT)
        return f"went on after {count} reports"
    finally:
        Path(folder, "ended").touch()


def here(report: ProgressCallback) -> int:
    """The id of this process."""
    return os.getpid()


def refuse(token: str, report: ProgressCallback) -> None:
    """Refuse in a sentence."""
    raise UnknownToken(token, "this table")


def fail(report: ProgressCallback) -> None:
    """Fail as a bug does."""
    raise ZeroDivisionError


def ids_of(vocabulary: Vocabulary, tokens: list[str], report: ProgressCallback) -> list[int]:
    """The ids of ``tokens``."""
    return [vocabulary.id(token) for token in tokens]


def grow(arrays: tuple, steps: int, report: ProgressCallback) -> tuple:
    """Report a growing tuple of ``arrays``, as a training reports its history."""
    for count in range(1, steps + 1):
        report(count / steps, f"{count}", arrays[:count])
    return arrays[:steps]


def first_row(table: WordVectors, report: ProgressCallback) -> NDArray:
    """A copy of the first row."""
    return table.matrix[0].copy()


def toy_table() -> WordVectors:
    """Two words."""
    return WordVectors.of("toy", ["one", "two"], np.array([[1, 2], [3, 4]]))
