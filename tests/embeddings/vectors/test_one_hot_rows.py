from importlib import import_module

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput, TooLarge
from embeddings.tokenizers.vocabulary import Vocabulary
from embeddings.vectors.one_hot_rows import MAX_BYTES, one_hot, one_hot_bytes


@st.composite
def ids_and_size(draw):
    size = draw(st.integers(1, 50))
    return draw(st.lists(st.integers(0, size - 1), max_size=20)), size


@given(ids_and_size())
def test_each_row_holds_a_single_one_at_its_id(case):
    ids, size = case

    rows = one_hot(ids, size)

    assert rows.shape == (len(ids), size)
    assert rows.dtype == np.float32
    assert rows.argmax(axis=1).tolist() == ids
    assert rows.sum(axis=1).tolist() == [1] * len(ids)
    assert np.count_nonzero(rows) == len(ids)


@given(ids_and_size(), st.integers(1, 8), st.integers(0, 2**32 - 1))
def test_one_hot_rows_times_a_table_are_the_tables_rows(case, dimension, seed):
    ids, size = case
    table = np.random.default_rng(seed).normal(size=(size, dimension)).astype(np.float32)

    assert np.array_equal(one_hot(ids, size) @ table, table[np.array(ids, dtype=int)])


@given(ids_and_size())
def test_a_matrix_takes_the_bytes_that_were_foretold(case):
    ids, size = case

    assert one_hot(ids, size).nbytes == one_hot_bytes(len(ids), size)


def test_adding_a_word_widens_every_row():
    before, after = Vocabulary.from_text("the cat sat"), Vocabulary.from_text("the cat sat down")

    narrow = one_hot([before.id("cat"), before.id("the")], len(before))
    wide = one_hot([after.id("cat"), after.id("the")], len(after))

    assert narrow.tolist() == [[1, 0, 0], [0, 0, 1]]
    assert wide.tolist() == [[1, 0, 0, 0], [0, 0, 0, 1]]


@pytest.mark.parametrize("token_id", [-1, 3])
def test_an_id_outside_the_vocabulary_is_refused(token_id):
    with pytest.raises(InvalidInput, match=f"^id {token_id} is outside the vocabulary: ids run from 0 to 2"):
        one_hot([0, token_id], 3)


@pytest.mark.parametrize("size", [0, -1, 2.0, True])
def test_a_size_that_is_no_count_is_refused(size):
    with pytest.raises(InvalidInput, match="The vocabulary size must be a whole number from 1"):
        one_hot([], size)


def test_a_matrix_too_large_to_look_at_is_refused_before_it_is_made(monkeypatch):
    monkeypatch.setattr(np, "zeros", lambda *_, **__: pytest.fail("allocated"))

    with pytest.raises(TooLarge, match=r"1 × 400,000,000 numbers would take 1\.6 GB") as caught:
        one_hot([7], 400_000_000)

    assert (caught.value.needed, caught.value.allowed) == (1_600_000_000, MAX_BYTES)


def test_a_matrix_of_exactly_the_most_bytes_is_made_and_one_more_number_is_not(monkeypatch):
    monkeypatch.setattr(import_module("embeddings.vectors.one_hot_rows"), "MAX_BYTES", one_hot_bytes(2, 3))

    assert one_hot([0, 2], 3).shape == (2, 3)
    with pytest.raises(TooLarge):
        one_hot([0, 2], 4)
