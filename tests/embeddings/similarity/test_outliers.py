import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput, UnknownToken
from embeddings.similarity.neighbors import cosine_similarities
from embeddings.similarity.outliers import column_contributions, columns_by_contribution, odd_one_out, seriate
from embeddings.vectors.word_vectors import WordVectors

SHAPES = st.tuples(st.integers(3, 9), st.integers(2, 6), st.integers(0, 2**32 - 1))


def cloud(rows: int, dimension: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(1, 1, size=(rows, dimension)).astype(np.float32)


def in_gensim(wv: WordVectors):
    pytest.importorskip("gensim")
    from gensim.models import KeyedVectors

    peer = KeyedVectors(wv.dimension)
    peer.add_vectors(list(wv.tokens), wv.matrix)
    return peer


@given(SHAPES)
def test_the_odd_one_is_the_one_gensim_finds(shape):
    wv = WordVectors.of("random", [f"w{i}" for i in range(shape[0])], cloud(*shape))

    assert odd_one_out(wv, wv.tokens).word == in_gensim(wv).doesnt_match(list(wv.tokens))


@pytest.mark.parametrize(
    ("words", "odd"),
    [
        ("breakfast cereal dinner lunch", "cereal"),
        ("paris london berlin banana", "banana"),
        ("monday tuesday piano friday", "piano"),
    ],
)
def test_the_odd_one_among_words_of_glove_is_the_one_people_name(glove, words, odd):
    assert odd_one_out(glove, words.split()).word == odd


@given(SHAPES)
def test_each_word_comes_with_its_mean_cosine_to_the_others(shape):
    wv = WordVectors.of("random", [f"w{i}" for i in range(shape[0])], cloud(*shape))
    cosines = cosine_similarities(wv.matrix)

    found = odd_one_out(wv, wv.tokens)

    expected = [np.delete(row, i).mean() for i, row in enumerate(cosines)]
    assert [word for word, _ in found.mean_cosines] == list(wv.tokens)
    assert [cosine for _, cosine in found.mean_cosines] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("words", [[], ["cat", "dog"], ["cat", "dog", "cat"]])
def test_less_than_three_different_words_have_no_odd_one(toy, words):
    with pytest.raises(InvalidInput, match=r"at least 3 words|is there twice"):
        odd_one_out(toy, words)


def test_an_unknown_word_is_named(toy):
    with pytest.raises(UnknownToken, match="'cow'"):
        odd_one_out(toy, ["cat", "dog", "cow"])


def trees_orders(tree) -> list[list[int]]:
    """Every order in which the leaves of a tree can be drawn without its branches crossing."""
    if tree.is_leaf():
        return [[tree.id]]
    pairs = itertools.product(trees_orders(tree.left), trees_orders(tree.right))
    return [order for left, right in pairs for order in (left + right, right + left)]


@given(st.tuples(st.integers(2, 7), st.integers(2, 5), st.integers(0, 2**32 - 1)))
def test_no_other_order_of_the_tree_has_neighbours_that_differ_less(shape):
    from scipy.cluster.hierarchy import linkage, to_tree
    from scipy.spatial.distance import pdist, squareform

    pairs = pdist(cloud(*shape).astype(float), "cosine")
    distances = squareform(pairs)
    order = seriate(cloud(*shape))
    orders = trees_orders(to_tree(linkage(pairs, "average")))

    def steps(order):
        return sum(distances[a, b] for a, b in itertools.pairwise(order))

    assert order in orders
    assert steps(order) == pytest.approx(min(map(steps, orders)), abs=1e-5)


def test_like_stands_beside_like_and_the_earlier_row_first():
    rows = np.array([[1, 0, 0], [0, 1, 0], [0.9, 0.1, 0], [0, 0.9, 0.2], [0, 0, 0]])

    order = seriate(rows)

    assert sorted(order) == [0, 1, 2, 3, 4]
    assert order[0] < order[-1]
    assert abs(order.index(0) - order.index(2)) == abs(order.index(1) - order.index(3)) == 1


def test_one_row_or_two_are_in_order_as_they_are():
    assert seriate([[1, 2]]) == [0]
    assert seriate([[1, 2], [2, 1]]) == [0, 1]


def test_more_rows_than_can_be_put_in_order_are_refused():
    with pytest.raises(InvalidInput, match="At most 300 rows"):
        seriate(np.ones((301, 2)))


@given(SHAPES)
def test_what_the_columns_add_is_the_mean_cosine_of_all_pairs(shape):
    vectors = cloud(*shape)
    of_pairs = cosine_similarities(vectors)[np.triu_indices(len(vectors), 1)]

    assert column_contributions(vectors).sum() == pytest.approx(of_pairs.mean(), abs=1e-6)


def test_columns_run_from_agreement_over_nothing_to_disagreement():
    vectors = [[0.1, 3, -0.7, 1], [-0.1, 3, 0.7, 1], [0, 3, 0.7, 1]]

    assert columns_by_contribution(vectors) == [1, 3, 0, 2]


def test_the_agreement_of_one_row_is_refused():
    with pytest.raises(InvalidInput, match="At least two rows"):
        columns_by_contribution([[1, 2]])
