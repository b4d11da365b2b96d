"""A random number for each word: distinct, and about nothing."""

from collections.abc import Sequence

import numpy as np

from embeddings.common import InvalidInput, as_count, as_texts

LARGEST = 99


def numbers_for(words: Sequence[str], seed: int) -> list[int]:
    """A different whole number from 0 to ``LARGEST`` for each of ``words``; the same seed gives the same numbers.

    Raises:
        InvalidInput: There are more words than numbers, or ``seed`` is negative.
    """
    if len(words) > LARGEST + 1:
        raise InvalidInput(f"There are {LARGEST + 1} numbers to give away, and {len(words):,} words. Use fewer words.")
    as_texts(words, "The words")
    seed = as_count(seed, "The seed", 0, 2**32 - 1)
    return np.random.default_rng(seed).permutation(LARGEST + 1)[: len(words)].tolist()


def nearest(words: Sequence[str], seed: int) -> dict[str, str]:
    """For each word the one whose number is nearest to its own; of two equally near, either by chance.

    The chance depends on ``seed`` alone, so that no word is favoured and the same seed gives the same answer.

    Raises:
        InvalidInput: As ``numbers_for``, or fewer than two words.
    """
    if len(words) < 2:
        raise InvalidInput("Nothing is near a single word. Give two or more.")
    numbers = np.array(numbers_for(words, seed))
    apart = np.abs(numbers[:, None] - numbers[None, :])  # [N, N]
    np.fill_diagonal(apart, LARGEST + 1)
    lots = np.random.default_rng((seed, 1)).permutation(len(words))  # drawn apart from the numbers; less than 1 below
    order = apart + lots / len(words)
    return {word: words[index] for word, index in zip(words, order.argmin(axis=1), strict=True)}


def share_nearest(words: Sequence[str], shuffles: int) -> dict[str, float]:
    """How often each word was the nearest to the first of ``words`` in ``shuffles`` draws: shares of sum 1.

    Raises:
        InvalidInput: As ``nearest``, or ``shuffles`` is not from 1 to 10,000.
    """
    shuffles = as_count(shuffles, "The number of shuffles", 1, 10_000)
    found = [nearest(words, seed)[words[0]] for seed in range(shuffles)]
    return {word: found.count(word) / shuffles for word in words[1:]}


def chance_of_nearest(words: int) -> float:
    """How often one of ``words`` is the nearest to a given other in the long run: none is favoured.

    >>> chance_of_nearest(6)
    0.2
    """
    return 1 / (words - 1)
