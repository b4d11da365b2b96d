import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from embeddings.common.errors import InvalidInput
from embeddings.common.validation import as_choice, as_count, as_ids, as_matrix, as_text, as_words


@given(arrays(np.float32, array_shapes(min_dims=2, max_dims=2), elements=st.floats(-1e6, 1e6, width=32)))
def test_a_finite_table_comes_through_unchanged(table):
    assert as_matrix(table, "W") is table


def test_a_table_of_other_numbers_becomes_float32():
    matrix = as_matrix([[1, 2], [3, 4]], "W")

    assert matrix.dtype == np.float32
    assert matrix.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize("values", [5, [1, 2], [[[1]]], [], [[]], np.zeros((0, 3)), np.zeros((3, 0))])
def test_what_is_no_table_or_an_empty_one_is_refused(values):
    with pytest.raises(InvalidInput, match=r"^W must be a table \[rows, columns\] with at least one of each, not \("):
        as_matrix(values, "W")


@pytest.mark.parametrize("values", [[[1, 2], [3]], [["a", "b"]], [[None, {}]]])
def test_what_cannot_become_numbers_is_refused(values):
    with pytest.raises(InvalidInput, match=r"^W must be a table of numbers with rows of equal length\.$"):
        as_matrix(values, "W")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_one_number_that_is_not_finite_spoils_the_table(value):
    with pytest.raises(InvalidInput, match=r"^W: there is NaN or too large a number"):
        as_matrix([[1, 2], [3, value]], "W")


@given(st.data(), st.integers(1, 1_000))
def test_ids_inside_the_vocabulary_come_through_as_int64(data, size):
    ids = data.draw(st.lists(st.integers(0, size - 1)))

    array = as_ids(ids, size)

    assert array.dtype == np.int64
    assert array.tolist() == ids


@given(st.integers(1, 1_000), st.integers(-(2**40), 2**40))
def test_an_id_passes_exactly_when_it_is_a_row(size, token_id):
    if 0 <= token_id < size:
        assert as_ids([token_id], size) == [token_id]
    else:
        with pytest.raises(
            InvalidInput, match=rf"^id {token_id} is outside the vocabulary: ids run from 0 to {size - 1:,}\.$"
        ):
            as_ids([token_id], size)


def test_unsigned_ids_beyond_int64_do_not_wrap_into_the_vocabulary():
    with pytest.raises(InvalidInput, match="outside the vocabulary"):
        as_ids(np.array([2**64 - 1], dtype=np.uint64), 10)


def test_ids_that_no_machine_number_can_hold_are_outside():
    with pytest.raises(InvalidInput, match=f"^id {2**70} is outside the vocabulary"):
        as_ids([1, 2**70], 10)


@pytest.mark.parametrize("ids", [[1.0], [True], [1, True], ["1"], [None]])
def test_ids_that_are_not_whole_numbers_are_refused(ids):
    with pytest.raises(InvalidInput, match=r"^ids must be whole numbers\.$"):
        as_ids(ids, 10)


@pytest.mark.parametrize("ids", [3, [[1, 2]], np.zeros((1, 0), dtype=int)])
def test_ids_in_another_shape_than_a_list_are_refused(ids):
    with pytest.raises(InvalidInput, match="must be a list of whole numbers, not an array of shape"):
        as_ids(ids, 10)


@given(st.integers(-20, 20), st.integers(-20, 20), st.integers(0, 20))
def test_a_count_passes_exactly_from_low_to_high(value, low, width):
    high = low + width
    if low <= value <= high:
        assert as_count(value, "n", low, high) == value
    else:
        with pytest.raises(InvalidInput, match=rf"^n must be a whole number from {low} to {high}, not {value}\.$"):
            as_count(value, "n", low, high)


def test_a_numpy_count_becomes_an_int():
    assert type(as_count(np.int32(3), "n", 1, 5)) is int


@pytest.mark.parametrize("value", [True, np.True_, 2.0, "2", None, float("nan")])
def test_a_count_that_is_no_whole_number_is_refused(value):
    with pytest.raises(InvalidInput, match=r"^n must be a whole number from 1 to 1,000, not "):
        as_count(value, "n", 1, 1_000)


def test_a_choice_that_there_is_comes_through():
    assert as_choice("dot", "The metric", ("cosine", "dot")) == "dot"


@pytest.mark.parametrize("value", ["", "DOT", None, 1, ["dot"]])
def test_another_choice_is_refused_with_those_there_are(value):
    with pytest.raises(InvalidInput, match="The metric must be one of cosine, dot, not "):
        as_choice(value, "The metric", ("cosine", "dot"))


def test_words_come_as_a_tuple_and_a_string_is_one_word():
    assert as_words("cat", "The pole") == ("cat",)
    assert as_words(iter(["cat", "dog"]), "The pole", at_least=2) == ("cat", "dog")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "The pole: give at least 2 words, not 0"),
        ("cat", "at least 2 words, not 1"),
        (["cat", "dog", "cat"], "'cat' is there twice"),
        (["cat", 3], "The pole must be words"),
    ],
)
def test_too_few_words_or_one_twice_are_refused(words, message):
    with pytest.raises(InvalidInput, match=message):
        as_words(words, "The pole", at_least=2)


@given(st.text())
def test_a_text_comes_through_unchanged(text):
    assert as_text(text) is text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\ud800", "^Character 2 is half of a pair"),
        ("\udc00\ud800", "Character 1 is half of a pair"),  # a pair the wrong way round
        (b"a", "^The text must be text, not bytes"),
        (None, "not NoneType"),
    ],
)
def test_half_a_character_and_what_is_no_text_are_refused(text, message):
    with pytest.raises(InvalidInput, match=message):
        as_text(text)
