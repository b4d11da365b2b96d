import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput, TooLarge, UnknownToken
from embeddings.similarity.neighbors import (
    MAX_SPELLED,
    closest_spellings,
    cosine_similarities,
    cosines_with,
    distances,
    most_similar,
    nearest,
)
from embeddings.similarity.scores import METRICS, PREPROCESSING
from embeddings.vectors.word_vectors import WordVectors
from tests.memory import allocated


def random_table(words: int, dimension: int, seed: int) -> WordVectors:
    matrix = np.random.default_rng(seed).normal(size=(words, dimension)).astype(np.float32)
    return WordVectors.of("random", [f"w{i}" for i in range(words)], matrix)


def in_gensim(wv: WordVectors):
    pytest.importorskip("gensim")
    from gensim.models import KeyedVectors

    peer = KeyedVectors(wv.dimension)
    peer.add_vectors(list(wv.tokens), wv.matrix)
    return peer


@pytest.fixture(scope="module")
def glove_in_gensim(glove):
    return in_gensim(glove)


def assert_same_answer(ours, theirs):
    """The same cosines at each rank; words may change places only within a tie."""
    assert [cosine for _, cosine in ours] == pytest.approx([cosine for _, cosine in theirs], abs=1e-5)
    peer = dict(theirs)
    floor = theirs[-1][1] + 1e-5 if theirs else 0
    assert all(cosine == pytest.approx(peer[token], abs=1e-5) for token, cosine in ours if cosine > floor)


@given(st.data(), st.integers(3, 40), st.integers(2, 8), st.integers(0, 2**32 - 1))
def test_neighbours_in_any_table_are_those_gensim_finds(data, words, dimension, seed):
    wv = random_table(words, dimension, seed)
    inputs = data.draw(st.lists(st.sampled_from(wv.tokens), min_size=1, max_size=4, unique=True))
    positives = data.draw(st.integers(0, len(inputs)))
    n = data.draw(st.integers(1, words + 5))
    query = {"positive": inputs[:positives], "negative": inputs[positives:]}

    assert_same_answer(most_similar(wv, **query, n=n), in_gensim(wv).most_similar(**query, topn=n))


@pytest.mark.parametrize(("words", "n"), [(999, 1), (2_000, 1), (5_003, 3), (5_003, 4), (12_345, 7)])
def test_neighbours_in_a_table_of_many_blocks_are_those_gensim_finds(words, n):
    wv = random_table(words, dimension=5, seed=words)
    peer = in_gensim(wv)

    for token in ("w0", "w500", f"w{words - 1}"):
        assert_same_answer(most_similar(wv, token, n=n), peer.most_similar(token, topn=n))


@pytest.mark.parametrize("row", [1, 999, 1_000, 4_999, 5_000, 5_002])
def test_a_twin_is_found_wherever_it_stands_in_a_large_table(row):
    matrix = random_table(5_003, 5, seed=0).matrix.copy()
    matrix[row] = 3 * matrix[0]
    wv = WordVectors.of("with twins", [f"w{i}" for i in range(5_003)], matrix)

    assert most_similar(wv, "w0", n=1) == [(f"w{row}", pytest.approx(1))]


@pytest.mark.parametrize(
    ("positive", "negative"),
    [
        ("cat", ()),
        ("france", ()),
        (["king", "woman"], ["man"]),
        (["paris", "germany"], ["france"]),
        (["coffee", "tea", "milk"], ["water", "wine"]),
    ],
)
def test_neighbours_in_glove_are_those_gensim_finds(glove, glove_in_gensim, positive, negative):
    ours = most_similar(glove, positive, negative)
    theirs = glove_in_gensim.most_similar(positive, negative=list(negative), topn=10)

    assert [token for token, _ in ours] == [token for token, _ in theirs]
    assert_same_answer(ours, theirs)


def test_king_without_man_and_with_woman_is_queen(glove):
    assert most_similar(glove, ["king", "woman"], "man", n=1)[0][0] == "queen"


def test_the_word_that_points_the_same_way_comes_first(toy):
    assert [token for token, _ in most_similar(toy, "cat")] == ["dog", "apple", "pear", "void"]


def test_a_word_is_its_own_best_neighbour_when_it_may_be(toy):
    token, cosine = most_similar(toy, "cat", n=1, exclude_inputs=False)[0]

    assert token == "cat"
    assert cosine == pytest.approx(1)


def test_inputs_are_left_out_of_the_answer_on_both_sides(toy):
    answer = most_similar(toy, ["cat", "apple"], ["pear"])

    assert {token for token, _ in answer} == {"dog", "void"}


def test_one_word_may_be_given_as_it_is_or_in_a_list(toy):
    assert most_similar(toy, "cat", "pear") == most_similar(toy, ["cat"], ["pear"])


def test_no_more_neighbours_come_than_were_asked_for_or_exist(toy):
    assert [len(most_similar(toy, "cat", n=n)) for n in (1, 3, 4, 1_000)] == [1, 3, 4, 4]


def test_a_row_of_zeros_is_near_to_nothing(toy):
    assert dict(most_similar(toy, "cat"))["void"] == 0


@pytest.mark.parametrize(("positive", "negative"), [("cat", "cat"), ("void", ()), (["cat", "pear"], ["pear", "cat"])])
def test_words_that_leave_no_direction_are_refused(toy, positive, negative):
    with pytest.raises(InvalidInput, match=r"nothing is (left to compare with|near them)"):
        most_similar(toy, positive, negative)


def test_no_word_at_all_is_refused(toy):
    with pytest.raises(InvalidInput, match="at least one word"):
        most_similar(toy, [])


@pytest.mark.parametrize("n", [0, 1_001, 2.5])
def test_a_number_of_neighbours_out_of_range_is_refused(toy, n):
    with pytest.raises(InvalidInput, match="The number of neighbours must be a whole number from 1 to 1,000"):
        most_similar(toy, "cat", n=n)


@pytest.mark.parametrize(("positive", "negative"), [("cow", ()), ("cat", "cow")])
def test_an_unknown_word_is_named(toy, positive, negative):
    with pytest.raises(UnknownToken, match="'cow'"):
        most_similar(toy, positive, negative)


TABLES = st.tuples(st.integers(1, 12), st.integers(1, 6), st.integers(0, 2**32 - 1))


@given(TABLES)
def test_cosines_and_distances_of_all_pairs_are_those_sklearn_finds(table):
    from sklearn.metrics.pairwise import cosine_similarity, euclidean_distances

    vectors = random_table(*table).matrix.copy()
    vectors[-1] = 0

    assert cosine_similarities(vectors) == pytest.approx(cosine_similarity(vectors), abs=1e-5)
    assert distances(vectors) == pytest.approx(euclidean_distances(vectors.astype(float)), abs=1e-5)


@given(TABLES)
def test_the_cosines_with_a_word_are_its_row_of_the_table_of_all_pairs(table):
    vectors = random_table(*table)
    all_pairs = cosine_similarities(vectors.matrix)

    assert cosines_with(vectors, vectors.tokens[-1], vectors.tokens) == pytest.approx(all_pairs[-1], abs=1e-6)


def test_a_row_of_zeros_has_the_cosine_0_with_every_word():
    table = WordVectors.of("toy", ["zero", "one"], np.array([[0, 0], [0, 1]]))
    assert cosines_with(table, "zero", ["zero", "one"]).tolist() == [0, 0]
    assert cosines_with(table, "one", ["zero", "one"]).tolist() == [0, 1]


@given(TABLES)
def test_cosines_never_leave_their_range(table):
    cosines = cosine_similarities(random_table(*table).matrix * 1_000)

    assert cosines.dtype == np.float32
    assert -1 <= cosines.min() <= cosines.max() <= 1


def test_one_hot_rows_are_all_equally_far_apart():
    assert distances(np.eye(3)) == pytest.approx(np.sqrt(2) * (1 - np.eye(3)))
    assert cosine_similarities(np.eye(3)).tolist() == np.eye(3).tolist()


@pytest.mark.parametrize("compare", [cosine_similarities, distances])
def test_vectors_with_nan_are_not_compared(compare):
    with pytest.raises(InvalidInput, match="The vectors: there is NaN"):
        compare(np.array([[1, np.nan]]))


def spellings(*tokens):
    return WordVectors.of("toy", tokens, np.ones((len(tokens), 1)))


def test_the_nearest_spelling_comes_first_and_of_two_the_more_frequent():
    wv = spellings("train", "queens", "queue", "queen", "queer")

    assert closest_spellings(wv, "queen", n=4) == ["queen", "queens", "queer", "queue"]


@pytest.mark.parametrize("typed", ["elephnt", "elepphant", "elehpant", "elephamt", "ELEPHANT", "elehpnat"])
def test_a_slip_of_the_finger_is_seen_through(typed):
    assert closest_spellings(spellings("house", "elephant"), typed) == ["elephant"]


def test_a_word_three_letters_away_is_not_proposed():
    assert closest_spellings(spellings("elephant"), "alaphunt") == []


def test_a_short_word_is_not_turned_into_any_other():
    wv = spellings("it", "is", "the", "a")

    assert closest_spellings(wv, "xq") == []
    assert closest_spellings(wv, "z") == []
    assert closest_spellings(wv, "ot") == ["it"]


def test_a_slip_is_seen_through_among_all_the_words_of_glove(glove):
    assert closest_spellings(glove, "elephnt", n=1) == ["elephant"]
    assert closest_spellings(glove, "Kign", n=2) == ["king", "sign"]


def test_what_is_too_long_to_be_a_word_is_compared_with_nothing():
    long = "ab" * (MAX_SPELLED // 2)

    assert closest_spellings(spellings(long), long[:-1]) == [long]
    assert closest_spellings(spellings(long + "ab"), long + "a") == []


def test_a_word_of_100_000_letters_costs_no_more_than_a_short_one(glove):
    def seconds(word):
        began = time.thread_time()
        closest_spellings(glove, word)
        return time.thread_time() - began

    short = max(seconds("elephnt") for _ in range(5))
    assert seconds("acgt" * 25_000) < 2 * short


def test_no_more_spellings_come_than_were_asked_for():
    wv = spellings("cats", "cat", "bat", "rat")

    assert [len(closest_spellings(wv, "catt", n=n)) for n in (1, 2, 9)] == [1, 2, 4]


@pytest.mark.parametrize("of_all_pairs", [cosine_similarities, distances])
def test_too_many_pairs_are_refused_with_the_bytes(of_all_pairs):
    with pytest.raises(TooLarge, match="800 MB"):
        of_all_pairs(np.ones((10_000, 1)))


def naive_nearest(wv: WordVectors, query: np.ndarray, metric: str, preparation: str) -> np.ndarray:
    """Every row's score in float64, by the definitions, larger is nearer."""
    table, query = wv.matrix.astype(np.float64), query.astype(np.float64)
    if preparation == "mean_centered":
        table, query = table - table.mean(axis=0), query - table.mean(axis=0)
    if preparation == "unit":
        table, query = table / np.linalg.norm(table, axis=1, keepdims=True), query / np.linalg.norm(query)
    if metric == "euclidean":
        return np.sqrt(((table - query) ** 2).sum(axis=1))
    scale = np.linalg.norm(table, axis=1) * np.linalg.norm(query) if metric == "cosine" else 1
    return (table * query).sum(axis=1) / scale


WAYS = [(metric, preparation) for metric in METRICS for preparation in PREPROCESSING]


@pytest.mark.parametrize(("metric", "preparation"), WAYS)
@given(st.integers(2, 3_000), st.integers(2, 8), st.sampled_from([0, 3, -30]), st.integers(0, 2**32 - 1))
def test_the_nearest_by_every_measure_are_those_of_its_definition(metric, preparation, words, dimension, offset, seed):
    even = random_table(words, dimension, seed)
    lengths = np.random.default_rng(seed).lognormal(size=(words, 1))
    wv = WordVectors.of("shifted", even.tokens, offset + lengths * even.matrix)
    scores = naive_nearest(wv, wv["w1"], metric, preparation)
    best = np.argsort(scores if metric == "euclidean" else -scores, kind="stable")[:7]

    answer = nearest(wv, "w1", n=7, metric=metric, preprocessing=preparation)

    assert [token for token, _ in answer] == [wv.tokens[i] for i in best]
    assert [score for _, score in answer] == pytest.approx(scores[best], rel=1e-9, abs=1e-7)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_the_nearest_in_glove_are_those_sklearn_finds(glove, metric):
    from sklearn.neighbors import NearestNeighbors

    search = NearestNeighbors(n_neighbors=10, metric=metric, algorithm="brute").fit(glove.matrix)
    distances, ids = search.kneighbors(glove.rows(["cat"]))

    answer = nearest(glove, "cat", metric=metric)

    assert [token for token, _ in answer] == [glove.tokens[i] for i in ids[0]]
    found = np.array([score for _, score in answer])
    assert (found if metric == "euclidean" else 1 - found) == pytest.approx(distances[0], abs=2e-3)


def test_the_largest_dot_products_in_glove_are_those_sklearn_finds(glove):
    from sklearn.metrics.pairwise import linear_kernel

    products = linear_kernel(glove.rows(["cat"]), glove.matrix)[0]

    answer = nearest(glove, "cat", n=5, metric="dot")

    assert [token for token, _ in answer] == [glove.tokens[i] for i in np.argsort(-products)[:5]]
    assert answer[0][0] == "dog"  # a longer vector than the cat's own


def test_a_vector_may_be_asked_for_in_place_of_a_word(toy):
    assert nearest(toy, [4, 0, 1]) == nearest(toy, "cat")
    assert nearest(toy, [0, 0, 0], metric="euclidean")[0] == ("void", 0)


def test_only_the_words_to_exclude_are_left_out(toy):
    assert nearest(toy, "cat", n=1)[0] == ("cat", pytest.approx(1))
    assert [token for token, _ in nearest(toy, "cat", exclude=["cat", "apple"])] == ["dog", "pear", "void"]
    assert nearest(toy, "cat", exclude="cat")[0][0] == "dog"


def test_nothing_of_the_tables_size_is_allocated_to_centre_it():
    def search():
        wv = random_table(100_000, 50, seed=1)
        return lambda: nearest(wv, "w0", preprocessing="mean_centered", metric="euclidean")

    assert allocated(search) < 100_000 * 50 * 4 / 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"metric": "manhattan"}, r"The metric must be one of cosine, dot, euclidean, not 'manhattan'"),
        ({"preprocessing": "whitened"}, "The preparation must be one of raw, mean_centered, unit"),
        ({"n": 0}, "The number of neighbours must be"),
    ],
)
def test_a_search_by_other_measures_or_numbers_is_refused(toy, options, message):
    with pytest.raises(InvalidInput, match=message):
        nearest(toy, "cat", **options)


@pytest.mark.parametrize(
    ("vector", "message"),
    [
        ([1, 2], "A vector to compare with toy must have 3 numbers, not 2"),
        ([[1, 2, 3]], r"The vector, as one row, must be a table \[rows, columns\]"),
        (5, r"The vector, as one row, must be a table \[rows, columns\]"),
        ([[1], [2, 3]], "rows of equal length"),
        ([1, 2, np.nan], "there is NaN"),
    ],
)
def test_what_is_no_vector_of_the_tables_space_is_refused(toy, vector, message):
    with pytest.raises(InvalidInput, match=message):
        nearest(toy, vector)


@pytest.mark.parametrize(("metric", "preparation"), [("cosine", "raw"), ("dot", "raw"), ("euclidean", "unit")])
def test_a_query_of_zeros_is_refused_where_a_direction_is_needed(toy, metric, preparation):
    with pytest.raises(InvalidInput, match="points nowhere"):
        nearest(toy, "void", metric=metric, preprocessing=preparation)


def test_the_mean_itself_points_nowhere_once_it_is_subtracted():
    wv = WordVectors.of("equal", ["a", "b", "c"], np.full((3, 4), 0.1))

    with pytest.raises(InvalidInput, match="points nowhere"):
        nearest(wv, "a", preprocessing="mean_centered")


def test_an_unknown_word_is_named_whether_sought_or_excluded(toy):
    for ask in ({"word_or_vector": "cow"}, {"word_or_vector": "cat", "exclude": ["cow"]}):
        with pytest.raises(UnknownToken, match="'cow'"):
            nearest(toy, **ask)
