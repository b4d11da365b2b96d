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
MAX_RATE = 100  # of one step by hand
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


@dataclass(frozen=True, eq=False)
class FirstStep:
    """One step of SGD on one example, from a network's weights W [V, D] and U [D, V] on: every number of it.

    Attributes:
        word: The word that goes in.
        target: The word that stands near it, which the network is to find likely.
        rate: How far the step goes against the gradient.
        row: Of ``word`` in W; it is the hidden units' values too: float64 [D].
        logits: The scores of all words, row @ U: float64 [V].
        probabilities: Their softmax: float64 [V].
        loss: -log of the target's probability, in nats.
        error: The gradient of the loss for the logits: the probabilities, less 1 at the target: float64 [V].
        gradient_of_U: float64 [D, V].
        gradient_of_row: float64 [D]; the other rows of W have none.
        new_row: The row after the step: float64 [D].
        new_U: float64 [D, V].
        new_probabilities: What the network then says: float64 [V].
        new_loss: The loss of the same example after the step, in nats.
    """

    word: str
    target: str
    rate: float
    row: NDArray[np.float64]
    logits: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    loss: float
    error: NDArray[np.float64]
    gradient_of_U: NDArray[np.float64]
    gradient_of_row: NDArray[np.float64]
    new_row: NDArray[np.float64]
    new_U: NDArray[np.float64]
    new_probabilities: NDArray[np.float64]
    new_loss: float


def first_step(network: SmallNetwork, word: str, target: str, rate: float = RATE) -> FirstStep:
    """One step of stochastic gradient descent on the pair of ``word`` and ``target``, forward and backward.

    The training itself takes all pairs at once, and goes on a little the way of the steps before (momentum).

    Args:
        network: Its weights, as they are before the step.
        word: What goes in.
        target: What stands near it.
        rate: More than 0, up to 100.

    Raises:
        UnknownToken: One of the words is not in the vocabulary.
        InvalidInput: The rate is out of range.

    References:
        The backward pass: Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", 1986.

    >>> step = first_step(train("the cat drinks milk", steps=0), "cat", "drinks")
    >>> step.new_loss < step.loss
    True
    """
    if not 0 < rate <= MAX_RATE:
        raise InvalidInput(f"The learning rate must be more than 0 and at most {MAX_RATE}, not {rate}.")
    word_id, target_id = network.vocabulary.id(word), network.vocabulary.id(target)
    row, U = network.W[word_id].astype(np.float64), network.U.astype(np.float64)
    logits = row @ U  # [V]
    probabilities = _softmax(logits)
    error = probabilities.copy()
    error[target_id] -= 1
    gradient_of_U, gradient_of_row = np.outer(row, error), U @ error
    new_row, new_U = row - rate * gradient_of_row, U - rate * gradient_of_U
    new_probabilities = _softmax(new_row @ new_U)
    return FirstStep(
        word=word,
        target=target,
        rate=rate,
        row=row,
        logits=logits,
        probabilities=probabilities,
        loss=_surprise(probabilities[target_id]),
        error=error,
        gradient_of_U=gradient_of_U,
        gradient_of_row=gradient_of_row,
        new_row=new_row,
        new_U=new_U,
        new_probabilities=new_probabilities,
        new_loss=_surprise(new_probabilities[target_id]),
    )


def neighbors_of(text: str, word: str, window: int = WINDOW) -> tuple[str, ...]:
    """The words that stand within ``window`` places of ``word`` in the lines of ``text``, sorted.

    >>> neighbors_of("the cat drinks milk", "milk")
    ('cat', 'drinks')

    Raises:
        UnknownToken: ``word`` is not in ``text``.
    """
    lines = [split_words(line) for line in text.splitlines()]
    vocabulary = Vocabulary.from_tokens(word for line in lines for word in line)
    beside = count_pairs(lines, vocabulary, window)[vocabulary.id(word)] > 0
    return tuple(token for token, is_beside in zip(vocabulary.tokens, beside.tolist(), strict=True) if is_beside)


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


def _surprise(probability: float) -> float:
    """-log of the ``probability`` of what is there, in nats."""
    return float(-np.log(max(probability, 1e-30)))


def _softmax(scores: NDArray) -> NDArray:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
