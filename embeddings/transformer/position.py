"""Position of a token: how a transformer learns which token stands where, and what it makes of a text without that.

Attention treats the tokens of a text as a bag: whatever their order, each finds the same others. So something must say
which place a token has. BERT adds a learned row for each place, the transformer of 2017 added sines, and the models of
today turn the vectors that are compared.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common import InvalidInput, ProgressCallback, as_count, as_matrix, no_progress, one_torch_thread
from embeddings.numeric import cosine, mean_cosine
from embeddings.tokenizers import Encoding, Tokenizer
from embeddings.transformer.contextual import MAX_CHARACTERS
from embeddings.transformer.minilm import CLS, MAX_TOKENS, SEP, MiniLM
from embeddings.transformer.smollm import HEAD_SIZE, ROTARY_BASE

SINE_BASE = 10_000.0  # of the sines of 2017
MAX_POSITIONS = 8_192  # rows of a table of sines


@dataclass(frozen=True, eq=False)
class OrderSimilarity:
    """Two sentences as MiniLM reads them with positions, and without.

    Attributes:
        tokens: Those of each sentence.
        with_positions: A vector for each sentence, float32 [2, D].
        without_positions: The same, read with no positions.
    """

    tokens: tuple[tuple[str, ...], tuple[str, ...]]
    with_positions: NDArray[np.float32]
    without_positions: NDArray[np.float32]

    @property
    def tokens_of_one_alone(self) -> tuple[str, ...]:
        """Tokens of which one sentence has more, each once; none where both have the same tokens in some order."""
        first, second = map(Counter, self.tokens)
        return tuple((first - second) + (second - first))

    @property
    def cosine_with_positions(self) -> float:
        """The cosine of the two sentences' vectors."""
        return _cosine(self.with_positions)

    @property
    def cosine_without_positions(self) -> float:
        """The same without positions: 1, up to rounding, where both have the same tokens."""
        return _cosine(self.without_positions)


def order_similarity(model: MiniLM, first: str, second: str, report: ProgressCallback | None = None) -> OrderSimilarity:
    """What MiniLM makes of two sentences with its positions, and without.

    Raises:
        InvalidInput: As ``sentence_tokens``.
    """
    report, vectors = report or no_progress, list[NDArray[np.float32]]()
    tokens = [sentence_tokens(text, model.tokenizer).tokens for text in (first, second)]
    for positions in (True, False):
        for text in (first, second):
            report(len(vectors) / 4, "Reading the sentences")
            with one_torch_thread():
                vectors.append(sentence_vector(model, text, positions))
    return OrderSimilarity((tokens[0], tokens[1]), np.stack(vectors[:2]), np.stack(vectors[2:]))


def sentence_vector(model: MiniLM, text: str, positions: bool = True) -> NDArray[np.float32]:
    """The mean of MiniLM's last states over all tokens of ``text``, [CLS] and [SEP] among them: float32 [D].

    Args:
        model: all-MiniLM-L6-v2.
        text: See ``sentence_tokens``.
        positions: Whether the rows of the places are added to those of the tokens.

    Raises:
        InvalidInput: As ``sentence_tokens``.

    References:
        Reimers and Gurevych, "Sentence-BERT", 2019.
    """
    ids = np.array([CLS, *sentence_tokens(text, model.tokenizer).ids, SEP])
    return model.hidden_states(ids, positions)[-1].mean(axis=0)


def sentence_tokens(text: str, tokenizer: Tokenizer) -> Encoding:
    """The tokens of a sentence that MiniLM can read.

    Raises:
        InvalidInput: There are none, or more than its positions leave room for; or half a character.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidInput(f"The sentence has {len(text):,} characters; at most {MAX_CHARACTERS:,} will do here.")
    encoding = tokenizer.encode(text)
    room = MAX_TOKENS - 2  # for [CLS] and [SEP]
    if not encoding.ids:
        raise InvalidInput("There is no word in one of the sentences. Type some into each.")
    if len(encoding.ids) > room:
        raise InvalidInput(
            f"The sentence has {len(encoding.ids):,} tokens; the model has places for {room}. Shorten it."
        )
    return encoding


def sinusoidal_positions(count: int, dimension: int) -> NDArray[np.float32]:
    """The rows of sines and cosines that the first transformer added for places 0 to ``count`` - 1: [count, D].

    Numbers 2i and 2i + 1 of a place p are the sine and the cosine of p / 10,000^(2i / D): pairs that turn ever slower.

    Raises:
        InvalidInput: ``count`` is not from 1 to ``MAX_POSITIONS``, or ``dimension`` no even number from 2 to 4,096.

    References:
        Vaswani et al., "Attention Is All You Need", 2017, section 3.5.

    >>> sinusoidal_positions(2, 2).round(2).tolist()
    [[0.0, 1.0], [0.8399999737739563, 0.5400000214576721]]
    """
    places = np.arange(as_count(count, "The number of places", 1, MAX_POSITIONS))
    angles = places[:, None] * rotary_frequencies(dimension, SINE_BASE)  # [count, D / 2]
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(count, dimension).astype(np.float32)


def rotary_frequencies(dimension: int = HEAD_SIZE, base: float = ROTARY_BASE) -> NDArray[np.float64]:
    """By how many radians each pair of numbers is turned from one place to the next: float64 [D / 2].

    The first pair turns by 1, each later one more slowly. By default these are the frequencies in a head of SmolLM2.

    Raises:
        InvalidInput: ``dimension`` is no even number from 2 to 4,096, or ``base`` is less than 1.

    >>> rotary_frequencies(4, 100.0).tolist()
    [1.0, 0.1]
    """
    if as_count(dimension, "The dimension", 2, 4_096) % 2:
        raise InvalidInput(f"The dimension must be even, as its numbers are taken in pairs, not {dimension}.")
    if not 1 <= base < float("inf"):
        raise InvalidInput(f"The base must be 1 or more, not {base}.")
    return base ** (-np.arange(0, dimension, 2) / dimension)


def rotated(vectors: ArrayLike, places: ArrayLike, base: float = ROTARY_BASE) -> NDArray[np.float64]:
    """Each of ``vectors`` turned by its place (RoPE): its pairs of neighbouring numbers, each at its own frequency.

    Nothing is added, and no length changes. The dot product of a turned query and a turned key depends on how far
    apart their places are, and on nothing else of them.

    Args:
        vectors: [N, D], D even.
        places: [N], one for each.
        base: Of the frequencies; see ``rotary_frequencies``.

    Returns:
        float64 [N, D].

    Raises:
        InvalidInput: No table of numbers, an odd D, or not one place for each vector.

    References:
        Su et al., "RoFormer: Enhanced Transformer with Rotary Position Embedding", 2021.

    >>> rotated([[1, 0], [1, 0]], [0, 1]).round(2).tolist()
    [[1.0, 0.0], [0.54, 0.84]]
    """
    matrix = as_matrix(vectors, "The vectors").astype(np.float64)
    at = np.asarray(places, dtype=np.float64)
    if at.shape != (len(matrix),) or not np.isfinite(at).all():
        raise InvalidInput(f"Give one place for each of the {len(matrix):,} vectors.")
    angles = at[:, None] * rotary_frequencies(matrix.shape[1], base)  # [N, D / 2]
    pairs = matrix[:, 0::2] + 1j * matrix[:, 1::2]
    turned = pairs * np.exp(1j * angles)
    return np.stack([turned.real, turned.imag], axis=-1).reshape(matrix.shape)


def rotary_products(query: ArrayLike, key: ArrayLike, count: int, base: float = ROTARY_BASE) -> NDArray[np.float64]:
    """The dot product of ``query`` [D] at place m with ``key`` [D] at place n, both turned: float64 [count, count].

    Row m, column n. Along each diagonal, where n - m is the same, all numbers are equal up to rounding.

    Raises:
        InvalidInput: As ``rotated``, or ``count`` is not from 1 to 512.
    """
    places = np.arange(as_count(count, "The number of places", 1, 512))
    queries, keys = (rotated(np.tile(np.asarray(each), (count, 1)), places, base) for each in (query, key))
    return queries @ keys.T


def mean_cosine_at_distance(positions: ArrayLike, distance: int) -> float:
    """The mean cosine of all pairs of rows of ``positions`` [N, D] whose places are ``distance`` apart.

    Raises:
        InvalidInput: No table of numbers, or ``distance`` is not from 0 to N - 1.
    """
    rows = as_matrix(positions, "The positions").astype(np.float64)
    apart = as_count(distance, "The distance", 0, len(rows) - 1)
    return mean_cosine(rows[: len(rows) - apart], rows[apart:])


def _cosine(pair: NDArray[np.float32]) -> float:
    first, second = pair.astype(np.float64)
    return cosine(first, second)
