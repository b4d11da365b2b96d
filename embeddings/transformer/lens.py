"""Logit lens: what a language model's head would say if it read the hidden states of each layer."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common import ProgressCallback, no_progress
from embeddings.transformer.smollm import probabilities

_ROWS = 64  # of hidden states that the head reads at once: it takes as long to fetch its table for one as for many


class LayeredModel(Protocol):
    """A language model that can be looked into: ``SmolLM``, or a ``LanguageSnapshot`` of one trained here."""

    @property
    def W(self) -> NDArray[np.float32]:
        """The table that ids are looked up in: float32 [V, D], read-only."""

    def rows(self, ids: ArrayLike) -> NDArray[np.float32]:
        """The rows of its table for ``ids`` [T]: float32 [T, D]."""

    def hidden_states(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """What each layer makes of ``rows`` [T, D]: float32 [L + 1, T, D], the first being the rows themselves."""

    def logits(self, states: NDArray[np.float32], head: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """What its norm and head, or another ``head`` [V, D], make of hidden states [..., D]: float32 [..., V]."""


@dataclass(frozen=True, eq=False)
class LogitLens:
    """What the head makes of each of L layers at each of T places, the rows of the table being layer 0.

    Attributes:
        ids: The likeliest token to come next, int64 [L + 1, T].
        probabilities: Its probability, float32 [L + 1, T].
        ranks: Where the token that the last layer finds likeliest stands in each layer, int64 [L + 1, T]; 1 is first.
    """

    ids: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    ranks: NDArray[np.int64]


def logit_lens(model: LayeredModel, ids: ArrayLike, report: ProgressCallback = no_progress) -> LogitLens:
    """Read every layer's hidden states of ``ids`` [T] with the model's norm and head.

    Args:
        model: The language model.
        ids: Of a text.
        report: Called as ``report(fraction, words)``; what it raises ends the work.

    Raises:
        InvalidInput: No ids, too many, or one that is not a row of the table.

    References:
        nostalgebraist, "interpreting GPT: the logit lens", 2020.
    """
    states = model.hidden_states(model.rows(ids))  # [L + 1, T, D]
    at_once = max(1, _ROWS // states.shape[1])
    answers, parts = None, []
    for end in range(len(states), 0, -at_once):  # from the last layer, whose answers the ranks are of
        report(1 - end / len(states), f"Reading layer {end - 1} of {len(states) - 1}")
        logits = model.logits(states[max(0, end - at_once) : end])  # [layers at once, T, V]
        best = logits.argmax(axis=-1)
        answers = best[-1] if answers is None else answers  # [T]
        ranks = 1 + (logits > np.take_along_axis(logits, answers[None, :, None], axis=-1)).sum(axis=-1)
        parts.append((best, probabilities(logits).max(axis=-1), ranks))
    return LogitLens(*map(np.concatenate, zip(*reversed(parts), strict=True)))


def read_rows(model: LayeredModel, ids: ArrayLike) -> NDArray[np.int64]:
    """The token that the head finds likeliest where it reads the raw row of each of ``ids`` [T]: int64 [T].

    With no layer between, a head of its own says something of what comes after the token (Elhage et al., "A
    Mathematical Framework for Transformer Circuits", 2021). A tied head compares the row with itself too, but a longer
    row can score higher.

    Raises:
        InvalidInput: An id is not a row of the table.
    """
    rows = model.rows(ids)
    starts = range(0, max(len(rows), 1), _ROWS)
    return np.concatenate([model.logits(rows[start : start + _ROWS]).argmax(axis=-1) for start in starts])


def own_token_share(model: LayeredModel, ids: ArrayLike) -> float:
    """The share of ``ids`` [T] whose raw row has the head say the token itself, from 0 to 1.

    Raises:
        InvalidInput: An id is not a row of the table.
    """
    return float((read_rows(model, ids) == np.asarray(ids)).mean())


def unembed(states: NDArray[np.float32], table: NDArray[np.float32]) -> NDArray[np.float32]:
    """The unembedding: the dot product of ``states`` [..., D] with every row of ``table`` [V, D], the logits [..., V].

    >>> unembed(np.array([1.0, 2.0]), np.array([[3.0, 0.0], [0.0, 3.0]])).tolist()
    [3.0, 6.0]
    """
    return states @ table.T
