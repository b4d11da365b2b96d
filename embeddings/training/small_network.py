"""The smallest network that learns word vectors: a one-hot row in, D hidden numbers, a softmax over the vocabulary out.

It is shown a word and learns to tell which words stand beside it: the skip-gram of Mikolov et al., "Efficient
Estimation of Word Representations in Vector Space", 2013, with the full softmax, which small vocabularies can afford.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.common import InvalidInput, as_count
from embeddings.tokenizers import Vocabulary, split_words
from embeddings.training.snapshots import read_only

MAX_VOCABULARY = 200
MAX_WORDS = 5_000
WINDOW = 2  # words to each side
STEPS = 400
RATE, MOMENTUM = 1.0, 0.9
EXAMPLE = """the cat drinks milk
the dog drinks water
the cat chases the mouse
the dog chases the cat
the king eats bread
the queen eats cake
the king wears a crown
the queen wears a crown"""


@dataclass(frozen=True, eq=False)
class SmallNetwork:
    """A network of V inputs, D hidden units and V outputs, at one moment of its training.

    Attributes:
        vocabulary: The V words, sorted.
        W: float32 [V, D], read-only: weights from inputs to hidden units. Row ``id`` is the word's vector.
        U: float32 [D, V], read-only: weights from hidden units to outputs.
        losses: Mean cross-entropy in nats before each step so far, and after the last of them.
    """

    vocabulary: Vocabulary
    W: NDArray[np.float32]
    U: NDArray[np.float32]
    losses: tuple[float, ...]

    def probabilities(self, token: str) -> NDArray[np.float32]:
        """How likely the network takes each word to stand beside ``token``: float32 [V], of sum 1.

        Raises:
            UnknownToken: ``token`` is not in the vocabulary.
        """
        return _softmax(self.W[[self.vocabulary.id(token)]] @ self.U)[0]


def train(text: str, D: int = 3, window: int = WINDOW, steps: int = STEPS, seed: int = 0) -> SmallNetwork:
    """Train on ``text``, a sentence a line, by gradient descent over all its pairs at once.

    Args:
        text: Words beside each other count within a line only.
        D: Hidden units, 1 to 64.
        window: How many words to each side count as beside, 1 to 10.
        steps: Of gradient descent, 0 to 5,000. With 0 the weights are the random ones it starts from.
        seed: Of the random start.

    Raises:
        InvalidInput: A number out of range, too much text, or no two words beside each other.
    """
    return train_in_steps(text, [steps], D, window, seed)[0]


def train_in_steps(
    text: str, steps: Sequence[int], D: int = 3, window: int = WINDOW, seed: int = 0
) -> tuple[SmallNetwork, ...]:
    """The network after each of these numbers of ``steps``, all of one training.

    Args:
        text, D, window, seed: As of ``train``.
        steps: Each 0 to 5,000, rising.

    >>> start, end = train_in_steps("the cat drinks milk", [0, 100])
    >>> start.losses[0] == end.losses[0] > end.losses[-1]
    True

    Raises:
        InvalidInput: As of ``train``, or ``steps`` do not rise, or there are none.
    """
    D = as_count(D, "The number of hidden units", 1, 64)
    window = as_count(window, "The window", 1, 10)
    steps = [as_count(step, "The number of steps", 0, 5_000) for step in steps]
    if not steps or steps != sorted(set(steps)):
        raise InvalidInput("The steps to look at must rise, and there must be at least one.")
    lines = [split_words(line) for line in text.splitlines()]
    vocabulary = Vocabulary.from_tokens(word for line in lines for word in line)
    if len(vocabulary) > MAX_VOCABULARY or sum(map(len, lines)) > MAX_WORDS:
        raise InvalidInput(
            f"This small network takes at most {MAX_VOCABULARY} different words and {MAX_WORDS:,} in all. "
            "Shorten the text."
        )
    pairs = count_pairs(lines, vocabulary, window)  # [V, V]
    if not pairs.any():
        raise InvalidInput("There is nothing to learn: no two words stand beside each other. Write a sentence.")
    random = np.random.default_rng(seed)
    W = random.normal(scale=0.5, size=(len(vocabulary), D))
    U = random.normal(scale=0.5, size=(D, len(vocabulary)))
    losses: list[float] = []
    networks = []
    for step, loss in zip(range(steps[-1] + 1), _descend(W, U, pairs / pairs.sum()), strict=False):
        losses.append(loss)
        if step in steps:
            networks.append(SmallNetwork(vocabulary, read_only(W), read_only(U), tuple(losses)))
    return tuple(networks)


def count_pairs(lines: Sequence[Sequence[str]], vocabulary: Vocabulary, window: int) -> NDArray[np.int64]:
    """How often each word has each other within ``window`` places in a line: int64 [V, V], symmetric."""
    pairs = np.zeros((len(vocabulary), len(vocabulary)), dtype=np.int64)
    for line in lines:
        ids = [vocabulary.id(word) for word in line]
        for place, token_id in enumerate(ids):
            for other in ids[place + 1 : place + 1 + window]:
                pairs[token_id, other] += 1
                pairs[other, token_id] += 1
    return pairs


def shared_neighbors(text: str, a: str, b: str, window: int = WINDOW) -> tuple[str, ...]:
    """The words that stand within ``window`` places of both ``a`` and ``b`` in the lines of ``text``, sorted.

    >>> shared_neighbors("the king eats bread\\nthe queen eats cake", "king", "queen")
    ('eats', 'the')

    Raises:
        UnknownToken: ``a`` or ``b`` is not in ``text``.
    """
    lines = [split_words(line) for line in text.splitlines()]
    vocabulary = Vocabulary.from_tokens(word for line in lines for word in line)
    pairs = count_pairs(lines, vocabulary, window)
    both = (pairs[vocabulary.id(a)] > 0) & (pairs[vocabulary.id(b)] > 0)
    return tuple(token for token, shared in zip(vocabulary.tokens, both.tolist(), strict=True) if shared)


def _descend(W: NDArray, U: NDArray, shares: NDArray) -> Iterator[float]:
    """Change ``W`` [V, D] and ``U`` [D, V] in place to lower the cross-entropy with ``shares`` [V, V], of sum 1.

    Each loss is handed out before the step that lowers it.
    """
    speeds = [np.zeros_like(W), np.zeros_like(U)]
    while True:
        predicted = _softmax(W @ U)  # [V, V]
        yield cross_entropy(shares, predicted)
        error = shares.sum(axis=1, keepdims=True) * predicted - shares  # gradient of W @ U
        for weights, speed, gradient in zip((W, U), speeds, (error @ U.T, W.T @ error), strict=True):
            speed *= MOMENTUM
            speed -= RATE * gradient
            weights += speed


def cross_entropy(shares: NDArray, predicted: NDArray) -> float:
    """The small network's loss, in nats: the mean -log of what was ``predicted`` for what is there.

    Args:
        shares: How often each pair is there, [V, V], of sum 1.
        predicted: The probabilities of each row's others, [V, V].

    >>> round(cross_entropy(np.array([[0.5, 0], [0, 0.5]]), np.array([[0.5, 0.5], [0.75, 0.25]])), 4)
    1.0397
    """
    return float(-(shares * np.log(np.maximum(predicted, 1e-30))).sum())


def _softmax(scores: NDArray) -> NDArray:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
