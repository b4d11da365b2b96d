import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput, UnknownToken
from embeddings.similarity.semantic_axes import angle, project_onto, semantic_axis, variance_on_axis
from embeddings.vectors.word_vectors import WordVectors

SHAPES = st.tuples(st.integers(4, 12), st.integers(2, 8), st.integers(0, 2**32 - 1))


def random_table(words: int, dimension: int, seed: int) -> WordVectors:
    matrix = np.random.default_rng(seed).normal(size=(words, dimension)).astype(np.float32)
    return WordVectors.of("random", [f"w{i}" for i in range(words)], matrix)


@given(SHAPES)
def test_an_axis_runs_from_one_mean_of_unit_vectors_to_the_other(shape):
    wv = random_table(*shape)
    units = wv.matrix / np.linalg.norm(wv.matrix, axis=1, keepdims=True)
    low, high = units[:2].mean(axis=0), units[2:4].mean(axis=0)

    found = semantic_axis(wv, ["w0", "w1"], ["w2", "w3"])

    assert np.linalg.norm(found.direction) == pytest.approx(1)
    assert found.midpoint + found.half_length * found.direction == pytest.approx(high, abs=1e-6)
    assert found.midpoint - found.half_length * found.direction == pytest.approx(low, abs=1e-6)
    assert found.pole_cosine == pytest.approx(low @ high / np.linalg.norm(low) / np.linalg.norm(high), abs=1e-4)


@given(SHAPES)
def test_places_are_cosines_with_the_axis_but_for_one_shift(shape):
    from sklearn.metrics.pairwise import cosine_similarity

    wv = random_table(*shape)
    found = semantic_axis(wv, "w0", "w1")

    shift = project_onto(found, wv.matrix) - cosine_similarity(wv.matrix, found.direction[None])[:, 0]

    assert shift == pytest.approx(np.full(len(wv), shift[0]), abs=1e-5)


@given(SHAPES)
def test_poles_of_one_word_lie_as_far_on_either_side(shape):
    wv = random_table(*shape)
    found = semantic_axis(wv, "w0", "w1")

    assert project_onto(found, wv.rows(["w0", "w1"])) == pytest.approx(
        [-found.half_length, found.half_length], abs=1e-5
    )


@given(SHAPES)
def test_an_axis_turned_round_mirrors_every_place(shape):
    wv = random_table(*shape)
    there, back = semantic_axis(wv, "w0", "w1"), semantic_axis(wv, "w1", "w0")

    assert project_onto(back, wv.matrix) == pytest.approx(-project_onto(there, wv.matrix), abs=1e-5)
    assert angle(there, back) == pytest.approx(180, abs=1e-3)
    assert angle(there, there) == pytest.approx(0, abs=1e-3)


@given(SHAPES)
def test_axes_at_right_angles_explain_all_the_variance_together(shape):
    wv = random_table(*shape)
    ends = WordVectors.of(
        "ends", [str(i) for i in range(2 * wv.dimension)], np.vstack([np.eye(wv.dimension), -np.eye(wv.dimension)])
    )

    shares = [
        variance_on_axis(semantic_axis(ends, str(i + wv.dimension), str(i)), wv.matrix) for i in range(wv.dimension)
    ]

    assert sum(shares) == pytest.approx(1, abs=1e-5)
    assert all(0 <= share <= 1 for share in shares)


def test_a_vectors_length_does_not_move_it(toy):
    found = semantic_axis(toy, "cat", "apple")

    assert project_onto(found, [[1, 2, 3], [10, 20, 30]]) == pytest.approx([project_onto(found, [[1, 2, 3]])[0]] * 2)


def test_poles_that_hardly_differ_are_told(glove):
    assert semantic_axis(glove, ["monday"], ["tuesday"]).nearly_parallel
    assert not semantic_axis(glove, "man", "woman").nearly_parallel
    assert f"{semantic_axis(glove, 'man', 'woman').pole_cosine:.2f}" == "0.89"  # as the docstring says


def test_an_axis_remembers_its_words_and_cannot_be_written(toy):
    found = semantic_axis(toy, "cat", ["apple", "pear"])

    assert (found.low, found.high) == (("cat",), ("apple", "pear"))
    assert not found.direction.flags.writeable
    assert not found.midpoint.flags.writeable


@pytest.mark.parametrize(
    ("low", "high", "message"),
    [
        ([], "cat", "The low pole: give at least 1 word, not 0"),
        ("cat", ["dog", "dog"], "The high pole: 'dog' is there twice"),
        (["cat", "dog"], "dog", "'dog' stands at both ends"),
        ("void", "cat", "leave no direction"),
    ],
)
def test_poles_that_make_no_axis_are_refused(toy, low, high, message):
    with pytest.raises(InvalidInput, match=message):
        semantic_axis(toy, low, high)


def test_poles_of_one_vector_make_no_axis():
    wv = WordVectors.of("twins", ["a", "b"], np.array([[1, 2], [2, 4]]))

    with pytest.raises(InvalidInput, match="Both poles have the same vector"):
        semantic_axis(wv, "a", "b")


def test_an_unknown_pole_is_named(toy):
    with pytest.raises(UnknownToken, match="'cow'"):
        semantic_axis(toy, "cat", "cow")


@pytest.mark.parametrize("ask", [project_onto, variance_on_axis])
def test_vectors_of_another_dimension_are_refused(toy, ask):
    with pytest.raises(InvalidInput, match="This axis has 3 dimensions, and the vectors 2"):
        ask(semantic_axis(toy, "cat", "apple"), [[1, 2]])


def test_axes_of_different_dimension_have_no_angle(toy):
    flat = WordVectors.of("flat", ["cat", "apple"], np.eye(2))

    with pytest.raises(InvalidInput, match="tables of different dimension"):
        angle(semantic_axis(toy, "cat", "apple"), semantic_axis(flat, "cat", "apple"))


def test_vectors_that_point_one_way_have_no_variance_to_explain(toy):
    with pytest.raises(InvalidInput, match="no variance"):
        variance_on_axis(semantic_axis(toy, "cat", "apple"), [[1, 2, 3], [2, 4, 6]])
