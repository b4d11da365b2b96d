"""Logit lens: what a language model's head would say if it read the hidden states of each layer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common import ProgressCallback, no_progress
from embeddings.transformer.smollm import SmolLM, probabilities


@dataclass(frozen=True, eq=False)
class LogitLens:
    """What the head makes of each layer at each of T places, the rows of the table being layer 0.

    Attributes:
        ids: The likeliest token to come next, int64 [31, T].
        shares: Its probability, float32 [31, T].
        ranks: Where the token that the last layer finds likeliest stands in each layer, int64 [31, T]; 1 is first.
    """

    ids: NDArray[np.int64]
    shares: NDArray[np.float32]
    ranks: NDArray[np.int64]


def logit_lens(model: SmolLM, ids: ArrayLike, report: ProgressCallback = no_progress) -> LogitLens:
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
    states = model.hidden_states(model.rows(ids))  # [31, T, D]
    answers = model.logits(states[-1]).argmax(axis=-1)  # [T]
    best, shares, ranks = [], [], []
    for layer, state in enumerate(states):
        report(layer / len(states), f"Reading layer {layer} of {len(states) - 1}")
        logits = model.logits(state)  # [T, V]
        best.append(logits.argmax(axis=-1))
        shares.append(probabilities(logits).max(axis=-1))
        ranks.append(1 + (logits > np.take_along_axis(logits, answers[:, None], axis=-1)).sum(axis=-1))
    return LogitLens(np.stack(best), np.stack(shares), np.stack(ranks))
