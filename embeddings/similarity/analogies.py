"""Sums of words, and analogies: what is to c as b is to a?"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.common import InvalidInput, as_choice, as_count
from embeddings.numeric import best, cosine, explained_variance, fit_pca, unit_rows
from embeddings.similarity.neighbors import MAX_NEIGHBORS, by_cosine
from embeddings.similarity.scores import rounding_of_products
from embeddings.vectors import WordVectors

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


def combine(wv: WordVectors, weights: Mapping[str, float]) -> NDArray[np.float32]:
    """The weighted mean of the words' unit vectors, as gensim forms its queries: float32 [D].

    Args:
        wv: Where the vectors are.
        weights: A weight for each word; negative ones move away from the word.

    Raises:
        UnknownToken: A word is not in the table.
        InvalidInput: No word, too many, a weight that is not a number within ±1,000, or nothing but zeros.

    >>> vectors = WordVectors.of("toy", ["east", "north"], np.array([[2, 0], [0, 3]]))
    >>> combine(vectors, {"east": 3, "north": -1})
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


def terms_without(weights: Mapping[str, float], word: str) -> dict[str, float]:
    """The sum with the term of ``word`` dropped: what if we left out + woman?

    Raises:
        InvalidInput: The sum has no such term, or no other.

    >>> terms_without({"king": 1, "man": -1, "woman": 1}, "woman")
    {'king': 1, 'man': -1}
    """
    if word not in weights:
        raise InvalidInput(f"{word!r} is not a term of this sum. Its terms are: {', '.join(weights)}.")
    if len(weights) == 1:
        raise InvalidInput(f"{word!r} is the only term; without it nothing is left to compare with.")
    return {term: weight for term, weight in weights.items() if term != word}


def rank_expression(wv: WordVectors, weights: Mapping[str, float], n: int = 10) -> Rankings:
    """The ``n`` tokens with the largest cosine to ``combine(wv, weights)``, with and without the sum's own words.

    Raises:
        UnknownToken: A word is not in the table.
        InvalidInput: As ``combine`` says, ``n`` is not from 1 to 1,000, or the words cancel each other out.
    """
    n = as_count(n, "The number of answers", 1, MAX_NEIGHBORS)
    inputs = {wv.id(word) for word in weights}
    return _rankings(wv, by_cosine(wv, combine(wv, weights), n + len(inputs)), inputs, n)


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
        method: ``"3CosAdd"`` scores a word x by its cosine with b - a + c, the unit vectors' sum; ``"3CosMul"`` by
            cos(x, b) · cos(x, c) / (cos(x, a) + 1e-6), each cosine shifted to 0 ... 1, so that no one term outweighs
            the others.

    Raises:
        UnknownToken: A word is not in the table.
        InvalidInput: ``n`` or ``method`` out of range, or words that cancel out.

    References:
        3CosAdd: Mikolov, Yih and Zweig, "Linguistic Regularities in Continuous Space Word Representations", NAACL
        2013. 3CosMul: Levy and Goldberg, "Linguistic Regularities in Sparse and Explicit Word Representations",
        CoNLL 2014, equation 4 and footnote 7; as in gensim's ``most_similar_cosmul``.
    """
    n = as_count(n, "The number of answers", 1, MAX_NEIGHBORS)
    method = as_choice(method, "The method", METHODS)
    ids = [wv.id(word) for word in (a, b, c)]
    if method == "3CosAdd":
        return rank_expression(wv, analogy_terms(a, b, c), n)
    return _rankings(wv, _by_product(wv, ids, n + len(ids)), set(ids), n)


def _by_product(wv: WordVectors, ids: list[int], n: int) -> list[tuple[int, float]]:
    """``(row, score)`` in float64 of the ``n`` best rows by 3CosMul, best first; ``ids`` are those of a, b, c."""
    units = unit_rows(wv.matrix[ids].astype(np.float64))  # [3, D]

    def exact(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        return _product(*_shifted(units @ unit_rows(wv.matrix[rows].astype(np.float64)).T))

    cosines = (wv.matrix @ units.T.astype(np.float32)).T * wv.inverse_norms  # [3, V]
    off = rounding_of_products(wv.dimension)  # of a product; twice that with the lengths'
    (a_low, b_low, c_low), (a_high, b_high, c_high) = _shifted(cosines - 2 * off), _shifted(cosines + 2 * off)
    low, high = _product(a_high, b_low, c_low), _product(a_low, b_high, c_high)
    return best((low + high) / 2, (high - low) / 2 * (1 + 1e-9), n, exact)


def _shifted(cosines: NDArray[np.floating]) -> NDArray[np.float64]:
    """Cosines as numbers from 0 to 1."""
    return (1 + np.clip(cosines.astype(np.float64), -1, 1)) / 2


def _product(from_a: NDArray[np.float64], to_b: NDArray[np.float64], to_c: NDArray[np.float64]) -> NDArray[np.float64]:
    return to_b * to_c / (from_a + _EPSILON)


def _rankings(wv: WordVectors, ranked: list[tuple[int, float]], inputs: set[int], n: int) -> Rankings:
    return Rankings(
        with_inputs=tuple((wv.tokens[token_id], score) for token_id, score in ranked[:n]),
        without_inputs=tuple((wv.tokens[token_id], score) for token_id, score in ranked if token_id not in inputs)[:n],
    )


@dataclass(frozen=True)
class Parallelogram:
    """An analogy a : b :: c : d drawn in a plane, beside the point b - a + c that would make it exact.

    Attributes:
        coordinates: float32 [5, 2], read-only: a, b, c, d and the target b - a + c.
        explained_variance: Share of the five points' variance that the plane keeps, 0 to 1.
        step_cosine: Cosine of b - a and d - c in all D dimensions; 1 when the two steps point the same way.
        answer_cosine: Cosine of the target and d, by which d is ranked.
    """

    coordinates: NDArray[np.float32]
    explained_variance: float
    step_cosine: float
    answer_cosine: float


def parallelogram(wv: WordVectors, a: str, b: str, c: str, d: str) -> Parallelogram:
    """The words' unit vectors and b - a + c in the plane of the five points' first two principal components.

    A projection keeps parallels parallel, so a, b, the target and c are a parallelogram in the drawing as in D
    dimensions; how far d lies from the target may look smaller than it is.

    Raises:
        UnknownToken: A word is not in the table.
        InvalidInput: a and b, or c and d, are the same vector, so that there is no step to compare, or b - a + c is 0.
    """
    units = unit_rows(wv.rows((a, b, c, d)).astype(np.float64))  # [4, D]
    target = _target(units)
    for start, end, first, last in ((units[0], units[1], a, b), (units[2], units[3], c, d)):
        if np.allclose(start, end, atol=1e-6):
            raise InvalidInput(f"{first!r} and {last!r} point the same way: there is no step from one to the other.")
    if np.linalg.norm(target) < 1e-6:
        raise InvalidInput("These words cancel each other out; b - a + c points nowhere.")
    points = np.vstack([units, target]).astype(np.float32)  # [5, D]
    plane = fit_pca(points, 2)
    coordinates = plane.transform(points)
    coordinates.flags.writeable = False
    return Parallelogram(
        coordinates,
        explained_variance=explained_variance(plane.explained_variance_ratio),
        step_cosine=step_cosine(units),
        answer_cosine=answer_cosine(units),
    )


def step_cosine(corners: NDArray[np.floating]) -> float:
    """The cosine of the steps b - a and d - c, of ``corners`` [4, D] in the order a, b, c, d.

    1 when the two steps point the same way; 0 where one of them has no length.

    >>> step_cosine(np.array([[0.0, 0], [1, 0], [0, 1], [1, 1]]))
    1.0
    """
    a, b, c, d = corners
    return cosine(b - a, d - c)


def answer_cosine(corners: NDArray[np.floating]) -> float:
    """The cosine of b - a + c and d, of ``corners`` [4, D] in the order a, b, c, d.

    By it 3CosAdd ranks the answers d, where the four are unit vectors.

    >>> answer_cosine(np.array([[1.0, 0], [1, 1], [1, 0], [0, 1]])) == cosine(np.array([1.0, 1]), np.array([0.0, 1]))
    True
    """
    return cosine(_target(corners), corners[3])


def _target(corners: NDArray[np.floating]) -> NDArray[np.floating]:
    a, b, c, _ = corners
    return b - a + c
