"""Sums of words, and analogies: what is to c as b is to a?"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.checks import as_choice, as_count
from embeddings.errors import InvalidInput
from embeddings.neighbors import MAX_NEIGHBOURS
from embeddings.projection import principal_axes
from embeddings.ranking import largest
from embeddings.word_vectors import WordVectors

METHODS = ("3CosAdd", "3CosMul")
MAX_TERMS = 100
MAX_WEIGHT = 1_000
_EPSILON = 1e-6  # keeps 3CosMul from dividing by zero; gensim's value (Levy and Goldberg took 0.001)

Ranking = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Rankings:
    """The best tokens for one query, from a single pass over the table.

    Attributes:
        with_inputs: ``(token, score)``, best first, the words of the query among them.
        without_inputs: The same with the words of the query left out, as analogies are usually scored.
    """

    with_inputs: Ranking
    without_inputs: Ranking


def weighted_sum(wv: WordVectors, weights: Mapping[str, float]) -> NDArray[np.float32]:
    """The weighted mean of the words' unit vectors, as gensim forms its queries: float32 [D].

    Args:
        wv: Where the vectors are.
        weights: A weight for each word; negative ones move away from the word.

    Raises:
        UnknownToken: A word is not in the table.
        InvalidInput: No word, too many, a weight that is not a number within ±1,000, or nothing but zeros.

    >>> vectors = WordVectors.of("toy", ["east", "north"], np.array([[2, 0], [0, 3]]))
    >>> weighted_sum(vectors, {"east": 3, "north": -1})
    array([ 0.75, -0.25], dtype=float32)
    """
    if not 1 <= len(weights) <= MAX_TERMS:
        raise InvalidInput(f"A sum needs from 1 to {MAX_TERMS} words, not {len(weights)}.")
    ids = [wv.id(word) for word in weights]
    factors = np.array([_weight(word, weight) for word, weight in weights.items()])
    if not factors.any():
        raise InvalidInput("Every weight is 0, so nothing is left to compare with.")
    units = wv.matrix[ids] * wv.inverse_norms[ids, None]  # [N, D]
    return (factors / np.abs(factors).sum() @ units).astype(np.float32)


def _weight(word: str, weight: float) -> float:
    number = isinstance(weight, (int, float, np.number)) and not isinstance(weight, bool)
    if not number or not abs(weight) <= MAX_WEIGHT:  # NaN is within nothing
        raise InvalidInput(f"The weight of {word!r} must be a number from -{MAX_WEIGHT:,} to {MAX_WEIGHT:,}.")
    return float(weight)


def without(weights: Mapping[str, float], word: str) -> dict[str, float]:
    """The sum with the term of ``word`` dropped: what if we left out + woman?

    Raises:
        InvalidInput: The sum has no such term, or no other.

    >>> without({"king": 1, "man": -1, "woman": 1}, "woman")
    {'king': 1, 'man': -1}
    """
    if word not in weights:
        raise InvalidInput(f"{word!r} is not a term of this sum. Its terms are: {', '.join(weights)}.")
    if len(weights) == 1:
        raise InvalidInput(f"{word!r} is the only term; without it nothing is left to compare with.")
    return {term: weight for term, weight in weights.items() if term != word}


def rank_sum(wv: WordVectors, weights: Mapping[str, float], n: int = 10) -> Rankings:
    """The ``n`` tokens with the largest cosine to ``weighted_sum(wv, weights)``, with and without the sum's own words.

    Raises:
        UnknownToken: A word is not in the table.
        InvalidInput: As ``weighted_sum`` says, ``n`` is not from 1 to 1,000, or the words cancel each other out.
    """
    n = as_count(n, "The number of answers", 1, MAX_NEIGHBOURS)
    query = weighted_sum(wv, weights)
    length = np.linalg.norm(query)
    if not length > 1e-6:
        raise InvalidInput("These words cancel each other out; nothing is left to compare with.")
    cosines = wv.matrix @ (query / length)  # [V]
    cosines *= wv.inverse_norms
    return _rankings(wv, cosines, {wv.id(word) for word in weights}, n)


def analogy_terms(a: str, b: str, c: str) -> dict[str, float]:
    """The sum b - a + c that answers a : b :: c : ?, with a word given twice counted once with both weights.

    >>> analogy_terms("man", "king", "woman")
    {'king': 1, 'man': -1, 'woman': 1}
    """
    terms: dict[str, float] = {}
    for word, weight in ((b, 1), (a, -1), (c, 1)):
        terms[word] = terms.get(word, 0) + weight
    return terms


def analogy(
    wv: WordVectors,
    a: str,
    b: str,
    c: str,
    n: int = 10,
    method: str = "3CosAdd",
    exclude_inputs: bool = True,
) -> list[tuple[str, float]]:
    """The ``n`` best answers to a : b :: c : ?, best first.

    See ``analogy_rankings``, which gives the answers with and without the inputs at the price of one.
    """
    rankings = analogy_rankings(wv, a, b, c, n, method)
    return list(rankings.without_inputs if exclude_inputs else rankings.with_inputs)


def analogy_rankings(wv: WordVectors, a: str, b: str, c: str, n: int = 10, method: str = "3CosAdd") -> Rankings:
    """The ``n`` best answers to a : b :: c : ?, with the inputs among them and without.

    Args:
        wv: The vectors to search.
        a: The word that ``b`` is reached from.
        b: The word reached from ``a``.
        c: The word to go on from.
        n: How many answers, 1 to 1,000.
        method: ``"3CosAdd"`` scores a word x by its cosine with b - a + c, the unit vectors' sum;
            ``"3CosMul"`` by cos(x, b) · cos(x, c) / (cos(x, a) + 1e-6), each cosine shifted to 0 ... 1, so that no
            one term outweighs the others.

    Raises:
        UnknownToken: A word is not in the table.
        InvalidInput: ``n`` or ``method`` out of range, or words that cancel out.

    References:
        3CosAdd: Mikolov, Yih and Zweig, "Linguistic Regularities in Continuous Space Word Representations", NAACL
        2013. 3CosMul: Levy and Goldberg, "Linguistic Regularities in Sparse and Explicit Word Representations",
        CoNLL 2014, equation 4 and footnote 7; as in gensim's ``most_similar_cosmul``.
    """
    n = as_count(n, "The number of answers", 1, MAX_NEIGHBOURS)
    if as_choice(method, "The method", METHODS) == "3CosAdd":
        return rank_sum(wv, analogy_terms(a, b, c), n)
    ids = [wv.id(word) for word in (a, b, c)]
    units = wv.matrix[ids] * wv.inverse_norms[ids, None]  # [3, D]
    shifted = (1 + (wv.matrix @ units.T).T * wv.inverse_norms) / 2  # [3, V], each from 0 to 1
    from_a, to_b, to_c = shifted
    return _rankings(wv, to_b * to_c / (from_a + np.float32(_EPSILON)), set(ids), n)


def _rankings(wv: WordVectors, scores: NDArray[np.float32], inputs: set[int], n: int) -> Rankings:
    best = largest(scores, n + len(inputs))
    ranked = [(int(id), wv.tokens[id], float(scores[id])) for id in best]
    return Rankings(
        with_inputs=tuple((token, score) for _, token, score in ranked[:n]),
        without_inputs=tuple((token, score) for id, token, score in ranked if id not in inputs)[:n],
    )


@dataclass(frozen=True)
class Parallelogram:
    """An analogy a : b :: c : d drawn in a plane, beside the point b - a + c that would make it exact.

    Attributes:
        coordinates: float32 [5, 2], read-only: a, b, c, d and the target b - a + c.
        kept: Share of the five points' variance that the plane keeps, 0 to 1.
        parallel: Cosine of b - a and d - c in all D dimensions; 1 when the two steps point the same way.
        hit: Cosine of the target and d, by which d is ranked.
    """

    coordinates: NDArray[np.float32]
    kept: float
    parallel: float
    hit: float


def parallelogram(wv: WordVectors, a: str, b: str, c: str, d: str) -> Parallelogram:
    """The words' unit vectors and b - a + c in the plane of the five points' first two principal components.

    A projection keeps parallels parallel, so a, b, the target and c are a parallelogram in the drawing as in D
    dimensions; how far d lies from the target may look smaller than it is.

    Raises:
        UnknownToken: A word is not in the table.
        InvalidInput: a and b, or c and d, are the same vector, so that there is no step to compare, or b - a + c is 0.
    """
    ids = [wv.id(word) for word in (a, b, c, d)]
    units = wv.matrix[ids].astype(np.float64) * wv.inverse_norms[ids, None]  # [4, D]
    target = units[1] - units[0] + units[2]
    for start, end, first, last in ((units[0], units[1], a, b), (units[2], units[3], c, d)):
        if np.allclose(start, end, atol=1e-6):
            raise InvalidInput(f"{first!r} and {last!r} point the same way: there is no step from one to the other.")
    if np.linalg.norm(target) < 1e-6:
        raise InvalidInput("These words cancel each other out; b - a + c points nowhere.")
    points = np.vstack([units, target]).astype(np.float32)  # [5, D]
    plane = principal_axes(points, 2)
    coordinates = plane.place(points)
    coordinates.flags.writeable = False
    return Parallelogram(
        coordinates,
        kept=min(1.0, sum(plane.explained)),
        parallel=_cosine(units[1] - units[0], units[3] - units[2]),
        hit=_cosine(target, units[3]),
    )


def _cosine(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    return max(-1.0, min(1.0, float(first @ second) / (math.hypot(*first) * math.hypot(*second))))
