import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput, TooLarge
from embeddings.lookup import steps

TABLE = np.arange(20, dtype=np.float32).reshape(4, 5)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12))
def test_in_each_step_the_products_add_up_to_the_row_that_was_copied(ids):
    for step, token_id in zip(steps(TABLE, ids), ids, strict=True):
        assert step.id == token_id
        assert np.array_equal(step.row, TABLE[token_id])
        assert np.array_equal(step.summed, step.row)
        assert np.array_equal(step.products, step.one_hot[:, None] * TABLE)


def test_all_but_one_row_of_products_is_by_zero():
    step = next(steps(TABLE, [2]))

    assert (step.multiplications, step.by_zero) == (20, 15)
    assert step.one_hot.tolist() == [0, 0, 1, 0]
    assert not np.delete(step.products, 2, axis=0).any()


def test_ids_of_two_dimensions_are_gone_through_row_by_row_and_shapes_grow_by_the_dimension():
    walked = list(steps(TABLE, [[2, 3], [1, 2]]))

    assert [(step.place, step.id, step.done) for step in walked] == [
        ((0, 0), 2, 1),
        ((0, 1), 3, 2),
        ((1, 0), 1, 3),
        ((1, 1), 2, 4),
    ]
    assert {step.output_shape for step in walked} == {(2, 2, 5)}


def test_a_step_keeps_nothing_of_the_table_alive_to_be_changed():
    next(steps(TABLE, [2])).row[:] = -1

    assert TABLE[2].tolist() == [10, 11, 12, 13, 14]


def test_steps_that_cannot_be_taken_are_refused(monkeypatch):
    with pytest.raises(InvalidInput, match="id 4 is outside"):
        next(steps(TABLE, [4]))
    monkeypatch.setattr("embeddings.lookup.variants.allowed_bytes", lambda device: 100)
    with pytest.raises(TooLarge, match="4 × 5 products"):
        next(steps(TABLE, [2]))
