import numpy as np
import pytest

from embeddings.common.errors import InvalidInput, UnknownToken
from embeddings.vectors.word_vectors import WordVectors


def test_a_token_leads_to_its_row(toy):
    assert toy.id("apple") == 2
    assert toy["apple"].tolist() == [0, 5, 1]
    assert toy.tokens[2] == "apple"


def test_a_table_knows_its_size_and_its_words(toy):
    assert (len(toy), toy.dimension) == (5, 3)
    assert "cat" in toy
    assert "cow" not in toy


def test_rows_come_in_the_order_asked_and_repeat(toy):
    rows = toy.rows(["pear", "cat", "pear"])

    assert rows.tolist() == [[0, 9, 1], [4, 0, 1], [0, 9, 1]]
    assert rows.dtype == np.float32
    assert toy.rows([]).shape == (0, 3)


def test_changing_copied_rows_leaves_the_table_as_it_was(toy):
    toy.rows(["cat"])[:] = 100

    assert toy["cat"].tolist() == [4, 0, 1]


def test_nothing_in_the_table_can_be_written(toy):
    for array in (toy.matrix, toy["cat"], toy.inverse_norms, toy.mean, toy.centered_inverse_norms):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_the_callers_own_array_stays_writable():
    matrix = np.eye(2, dtype=np.float32)

    WordVectors.of("toy", ["cat", "dog"], matrix)
    matrix[0, 0] = 5

    assert matrix[0, 0] == 5


@pytest.mark.parametrize("order", ["C", "F"])
def test_a_float32_table_is_not_copied_whatever_its_order(order):
    matrix = np.ones((3, 2), dtype=np.float32, order=order)

    assert np.shares_memory(WordVectors.of("toy", ["a", "b", "c"], matrix).matrix, matrix)


def test_a_table_of_other_numbers_becomes_float32():
    assert WordVectors.of("toy", ["a"], np.array([[1, 2]])).matrix.dtype == np.float32


def test_inverse_norms_make_rows_one_long_and_leave_zeros_alone(toy):
    lengths = np.linalg.norm(toy.matrix * toy.inverse_norms[:, None], axis=1)

    assert lengths == pytest.approx([1, 1, 1, 1, 0])


@pytest.mark.parametrize("matrix", [np.eye(3), np.ones(2), np.ones((2, 1, 1))])
def test_a_table_without_one_row_for_each_token_is_refused(matrix):
    with pytest.raises(InvalidInput, match=r"^(2 tokens need a table|The table must be a table \[rows, columns\])"):
        WordVectors.of("toy", ["cat", "dog"], matrix)


def test_a_table_with_a_token_twice_is_refused():
    with pytest.raises(InvalidInput, match="only once"):
        WordVectors.of("toy", ["cat", "cat"], np.eye(2))


def test_an_unknown_token_is_named(toy):
    for ask in (toy.__getitem__, toy.id, lambda token: toy.rows(["cat", token])):
        with pytest.raises(UnknownToken, match="'cow' is not in") as caught:
            ask("cow")
        assert caught.value.token == "cow"


def test_an_unknown_token_is_missed_in_the_table_by_its_name(toy):
    with pytest.raises(UnknownToken, match="is not in toy"):
        toy["cow"]


def test_the_mean_row_and_the_distances_from_it_are_those_of_float64():
    wv = WordVectors.of("long", [str(i) for i in range(9_000)], np.random.default_rng(0).normal(5, 1, (9_000, 3)))
    mean = wv.matrix.astype(np.float64).mean(axis=0)

    assert wv.mean == pytest.approx(mean, rel=1e-12)
    assert 1 / wv.centered_inverse_norms == pytest.approx(np.linalg.norm(wv.matrix - mean, axis=1), rel=1e-6)


def test_a_row_that_is_the_mean_has_no_direction_from_it():
    wv = WordVectors.of("three", ["low", "middle", "high"], np.array([[1], [3], [5]]))

    assert wv.centered_inverse_norms.tolist() == [0.5, 0, 0.5]
