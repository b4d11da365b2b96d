import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput, UnknownToken
from embeddings.numeric import pairwise_cosines
from embeddings.similarity.analogies import (
    METHODS,
    analogy,
    analogy_rankings,
    analogy_terms,
    combine,
    parallelogram,
    rank_expression,
    terms_without,
)
from embeddings.similarity.neighbors import most_similar
from embeddings.vectors.word_vectors import WordVectors

SHAPES = st.tuples(st.integers(4, 40), st.integers(2, 8), st.integers(0, 2**32 - 1))
WEIGHTS = st.dictionaries(
    st.sampled_from(["w0", "w1", "w2", "w3"]), st.floats(-5, 5).filter(lambda w: abs(w) > 0.1), min_size=1
)


def random_table(words: int, dimension: int, seed: int) -> WordVectors:
    matrix = np.random.default_rng(seed).normal(size=(words, dimension)).astype(np.float32)
    return WordVectors.of("random", [f"w{i}" for i in range(words)], matrix)


def in_gensim(wv: WordVectors):
    pytest.importorskip("gensim")
    from gensim.models import KeyedVectors

    peer = KeyedVectors(wv.dimension)
    peer.add_vectors(list(wv.tokens), wv.matrix)
    return peer


@given(SHAPES, WEIGHTS)
def test_a_weighted_sum_is_the_mean_vector_of_gensim(shape, weights):
    wv = random_table(*shape)

    theirs = in_gensim(wv).get_mean_vector(list(weights), list(weights.values()))

    assert combine(wv, weights) == pytest.approx(theirs, abs=1e-6)


@given(SHAPES, WEIGHTS)
def test_words_near_a_weighted_sum_are_those_gensim_finds(shape, weights):
    wv = random_table(*shape)
    ours = rank_expression(wv, weights, n=3).without_inputs

    theirs = in_gensim(wv).most_similar(positive=list(weights.items()), topn=3)

    assert [cosine for _, cosine in ours] == pytest.approx([cosine for _, cosine in theirs], abs=1e-5)


@given(SHAPES)
def test_3cosmul_scores_are_those_of_its_formula_in_float64(shape):
    wv = random_table(*shape)
    from_a, to_b, to_c = (1 + pairwise_cosines(wv.matrix.astype(float))[:3]) / 2

    ours = analogy(wv, "w0", "w1", "w2", n=5, method="3CosMul", exclude_inputs=False)

    expected = np.sort(to_b * to_c / (from_a + 1e-6))[::-1][:5]
    assert [score for _, score in ours] == pytest.approx(expected, rel=1e-6)


@pytest.mark.filterwarnings("ignore:Call to deprecated `init_sims`")  # gensim's own call
@pytest.mark.parametrize("words", ["man king woman", "france paris germany", "cow calf dog"])
def test_both_methods_answer_on_glove_as_gensim_does(glove, words):
    a, b, c = words.split()
    peer = in_gensim(WordVectors.of("common", glove.tokens[:30_000], glove.matrix[:30_000]))
    ours = WordVectors.of("common", glove.tokens[:30_000], glove.matrix[:30_000])

    added = peer.most_similar(positive=[b, c], negative=[a])
    multiplied = peer.most_similar_cosmul(positive=[b, c], negative=[a])

    assert [word for word, _ in analogy(ours, a, b, c)] == [word for word, _ in added]
    assert [word for word, _ in analogy(ours, a, b, c, method="3CosMul")] == [word for word, _ in multiplied]


@pytest.mark.parametrize("exclude", [True, False])
def test_an_analogy_by_addition_is_a_search_with_plus_and_minus(glove, exclude):
    found = analogy(glove, "man", "king", "woman", exclude_inputs=exclude)

    sought = most_similar(glove, ["king", "woman"], "man", exclude_inputs=exclude)
    assert [word for word, _ in found] == [word for word, _ in sought]
    assert dict(found) == pytest.approx(dict(sought), abs=1e-6)


@pytest.mark.parametrize("method", METHODS)
@given(shape=SHAPES)
def test_the_ranking_without_inputs_is_the_one_with_them_less_the_inputs(method, shape):
    wv = random_table(*shape)

    rankings = analogy_rankings(wv, "w0", "w1", "w2", n=100, method=method)

    kept = [pair for pair in rankings.with_inputs if pair[0] not in ("w0", "w1", "w2")]
    assert list(rankings.without_inputs) == kept
    assert len(rankings.with_inputs) == len(wv)


@pytest.mark.parametrize("method", METHODS)
def test_as_many_answers_come_as_were_asked_for(glove, method):
    rankings = analogy_rankings(glove, "man", "king", "woman", n=3, method=method)

    assert (len(rankings.with_inputs), len(rankings.without_inputs)) == (3, 3)


def test_without_woman_the_sum_leads_elsewhere(glove):
    terms = analogy_terms("man", "king", "woman")

    whole, rest = (
        rank_expression(glove, each, n=1).without_inputs[0][0] for each in (terms, terms_without(terms, "woman"))
    )

    assert whole == "queen"
    assert rest != "queen"
    assert terms == {"king": 1, "man": -1, "woman": 1}


def test_a_word_given_twice_counts_with_both_weights(toy):
    assert analogy_terms("cat", "cat", "dog") == {"cat": 0, "dog": 1}
    assert analogy_terms("cat", "dog", "dog") == {"dog": 2, "cat": -1}
    assert analogy(toy, "cat", "cat", "apple", n=1)[0][0] == "pear"


def test_a_term_that_is_not_there_or_is_the_only_one_cannot_be_dropped():
    with pytest.raises(InvalidInput, match="'cow' is not a term of this sum"):
        terms_without({"cat": 1, "dog": 2}, "cow")
    with pytest.raises(InvalidInput, match="the only term"):
        terms_without({"cat": 1}, "cat")


@pytest.mark.parametrize("weight", [np.nan, np.inf, 1_001, "1", None, True])
def test_a_weight_that_is_no_number_within_bounds_is_refused(toy, weight):
    with pytest.raises(InvalidInput, match="The weight of 'cat' must be a number"):
        combine(toy, {"cat": weight})


@pytest.mark.parametrize(
    ("weights", "message"),
    [({}, "from 1 to 100 words, not 0"), ({"cat": 0}, "Every weight is 0"), ({"void": 1}, "cancel each other out")],
)
def test_a_sum_of_nothing_is_refused(toy, weights, message):
    with pytest.raises(InvalidInput, match=message):
        rank_expression(toy, weights)


def test_unknown_words_and_methods_are_refused(toy):
    with pytest.raises(UnknownToken, match="'cow'"):
        analogy(toy, "cat", "dog", "cow", method="3CosMul")
    with pytest.raises(InvalidInput, match="The method must be one of 3CosAdd, 3CosMul, not 'add'"):
        analogy(toy, "cat", "dog", "apple", method="add")
    with pytest.raises(InvalidInput, match="The number of answers"):
        analogy(toy, "cat", "dog", "apple", n=0, method="3CosMul")


@given(SHAPES)
def test_in_the_drawing_as_in_space_the_target_completes_the_parallelogram(shape):
    a, b, c, _, target = parallelogram(random_table(*shape), "w0", "w1", "w2", "w3").coordinates

    assert target - c == pytest.approx(b - a, abs=1e-5)


@given(SHAPES)
def test_the_plane_keeps_as_much_of_the_variance_as_sklearns_pca(shape):
    from sklearn.decomposition import PCA

    wv = random_table(*shape)
    a, b, c, d = wv.matrix[:4] / np.linalg.norm(wv.matrix[:4], axis=1, keepdims=True)
    points = np.vstack([a, b, c, d, b - a + c])

    drawn = parallelogram(wv, "w0", "w1", "w2", "w3")

    assert drawn.explained_variance == pytest.approx(PCA(2).fit(points).explained_variance_ratio_.sum(), abs=1e-5)
    assert drawn.step_cosine == pytest.approx(
        (b - a) @ (d - c) / np.linalg.norm(b - a) / np.linalg.norm(d - c), abs=1e-4
    )


def test_an_exact_analogy_is_drawn_as_one():
    turn = np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])
    wv = WordVectors.of("turns", ["east", "north", "west", "south"], turn)

    drawn = parallelogram(wv, "east", "north", "south", "west")

    assert (drawn.explained_variance, drawn.step_cosine, drawn.answer_cosine) == pytest.approx((1, 1, 1))
    assert drawn.coordinates[4] == pytest.approx(drawn.coordinates[3], abs=1e-6)
    assert not drawn.coordinates.flags.writeable


@pytest.mark.parametrize("words", ["cat cat apple pear", "cat apple pear pear", "void void cat apple"])
def test_a_step_from_a_word_to_itself_is_refused(toy, words):
    with pytest.raises(InvalidInput, match="there is no step from one to the other"):
        parallelogram(toy, *words.split())
