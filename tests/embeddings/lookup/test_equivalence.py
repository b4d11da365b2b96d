import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput, TooLarge
from embeddings.lookup import (
    bytes_in,
    check_bags,
    check_equivalence,
    dense_gradient_bytes,
    equivalence,
    gradient_growth,
    one_hot_dtype_error,
    seeded_table,
    sparse_gradient,
    sparse_gradient_bytes,
)
from embeddings.lookup.equivalence import EQUIVALENCE_DTYPES, MODES

SMALLEST_TABLE = np.arange(20, dtype=np.float32).reshape(4, 5)
# Of each type, how far a sum of at most 20 summands may be from another order's.
TOLERANCES = {"float32": 1e-5, "float64": 1e-13, "bfloat16": 0.1}


@st.composite
def tables(draw):
    V, D = draw(st.integers(1, 30)), draw(st.integers(1, 16))
    return np.random.default_rng(draw(st.integers(0, 2**32 - 1))).normal(size=(V, D))


@st.composite
def tables_and_ids(draw):
    """A table, and ids [B] or [B, T]."""
    W = draw(tables())
    B, T = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    ids = draw(st.lists(st.integers(0, len(W) - 1), min_size=B * T, max_size=B * T))
    return W, np.reshape(ids, draw(st.sampled_from([(B * T,), (B, T)])))


@st.composite
def tables_and_bags(draw):
    W = draw(tables())
    return W, draw(st.lists(st.lists(st.integers(0, len(W) - 1), max_size=6), min_size=1, max_size=5))


def as_type(W, dtype):
    """What is left of the numbers in ``dtype``."""
    return torch.tensor(W).to(getattr(torch, dtype)).double().numpy()


def gradient_of_squares(W, ids):
    expected = np.zeros_like(W)
    np.add.at(expected, ids, 2 * W[ids])
    return expected


@given(tables_and_ids(), st.sampled_from(EQUIVALENCE_DTYPES))
def test_the_three_ways_give_the_tables_rows_to_the_last_bit(case, dtype):
    W, ids = case

    equivalence = check_equivalence(W, ids, dtype)

    assert equivalence.outputs.shape == (3, *ids.shape, W.shape[1])
    assert all(np.array_equal(output, as_type(W, dtype)[ids]) for output in equivalence.outputs)
    assert equivalence.largest_difference == 0


@given(tables_and_ids(), st.sampled_from(EQUIVALENCE_DTYPES))
def test_the_three_gradients_reach_only_the_rows_used_and_repeats_add_up(case, dtype):
    W, ids = case
    expected = gradient_of_squares(as_type(W, dtype), ids)
    tolerance = TOLERANCES[dtype] * max(1, np.abs(expected).max())

    equivalence = check_equivalence(W, ids, dtype)

    assert equivalence.gradients.shape == (3, *W.shape)
    assert all(gradient == pytest.approx(expected, abs=tolerance) for gradient in equivalence.gradients)
    assert not equivalence.gradients[:, np.setdiff1d(np.arange(len(W)), ids)].any()
    assert equivalence.largest_gradient_difference == pytest.approx(0, abs=2 * tolerance)


@given(tables_and_ids(), st.data())
def test_a_padding_id_gives_zeros_and_gets_no_gradient_in_all_three_ways(case, data):
    W, ids = case
    padding = data.draw(st.integers(0, len(W) - 1))
    padded = W.copy()
    padded[padding] = 0

    equivalence = check_equivalence(W, ids, "float64", padding_idx=padding)

    assert all(np.array_equal(output, padded[ids]) for output in equivalence.outputs)
    assert not equivalence.gradients[:, padding].any()
    assert all(gradient == pytest.approx(gradient_of_squares(padded, ids)) for gradient in equivalence.gradients)


@given(tables_and_ids())
def test_a_sparse_gradient_holds_the_rows_used_and_adds_up_to_the_dense_one(case):
    W, ids = case

    sparse = sparse_gradient(W, ids)

    assert np.array_equal(sparse.ids, ids.ravel())
    assert sparse.rows == pytest.approx(2 * W[ids.ravel()], rel=1e-5)
    assert sparse.added_up == pytest.approx(sparse.dense, abs=1e-4)
    assert sparse_gradient_bytes(W.shape[1], ids.size) == sparse.ids.nbytes + sparse.rows.nbytes
    assert dense_gradient_bytes(*W.shape) == sparse.dense.nbytes


def test_a_row_that_is_looked_up_once_more_has_a_gradient_of_as_many_times_the_length():
    assert gradient_growth(SMALLEST_TABLE, [2, 3, 1], 2) == pytest.approx(2)
    assert gradient_growth(SMALLEST_TABLE, [2, 3, 2], 2) == pytest.approx(1.5)


@given(tables_and_bags(), st.sampled_from(MODES))
def test_a_bag_is_the_product_of_its_added_one_hot_rows(case, mode):
    W, bags = case
    combine = {"sum": np.sum, "mean": np.mean}[mode]
    expected = [combine(W[bag], axis=0) if bag else np.zeros(W.shape[1]) for bag in bags]

    found = check_bags(W, bags, mode)

    assert all(output == pytest.approx(np.array(expected), abs=1e-4) for output in found.outputs)
    assert found.largest_difference == pytest.approx(0, abs=1e-4)
    assert found.largest_gradient_difference == pytest.approx(0, abs=1e-3)
    assert not found.gradients[:, np.setdiff1d(np.arange(len(W)), np.concatenate(bags))].any()


def test_the_counts_of_a_bag_are_its_one_hot_rows_added_up_or_averaged():
    assert check_bags(SMALLEST_TABLE, [[2, 3, 2, 2]]).counts.tolist() == [[0, 0, 3, 1]]
    assert check_bags(SMALLEST_TABLE, [[2, 3, 2, 2]], "mean").counts.tolist() == [[0, 0, 0.75, 0.25]]


def test_three_rows_of_a_small_table_come_three_times_the_same():
    equivalence = check_equivalence(SMALLEST_TABLE, [2, 3, 1])

    assert equivalence.outputs.tolist() == [SMALLEST_TABLE[[2, 3, 1]].tolist()] * 3


def test_an_id_given_three_times_gets_three_times_the_gradient():
    once, thrice = check_equivalence(SMALLEST_TABLE, [2]), check_equivalence(SMALLEST_TABLE, [2, 2, 2])

    assert once.gradients[:, 2].all()
    assert np.array_equal(thrice.gradients, 3 * once.gradients)


def test_in_bfloat16_an_embeddings_gradient_stands_still_where_a_products_goes_on():
    """256 + 1 is 256 in 8 bits; a product adds up in float32 and rounds once."""
    looked_up, product, layer = check_equivalence([[0.5]], [0] * 1_000, "bfloat16").gradients

    assert looked_up == 256
    assert product == layer == 1_000


def test_a_way_that_went_astray_would_be_seen(monkeypatch):
    right = torch.nn.functional.embedding
    monkeypatch.setattr(torch.nn.functional, "embedding", lambda *arguments: right(*arguments) + 0.5)

    equivalence = check_equivalence(SMALLEST_TABLE, [2, 3, 1])

    assert equivalence.largest_difference == 0.5
    assert equivalence.largest_gradient_difference == 1


def test_checking_leaves_the_table_as_it_was():
    W = SMALLEST_TABLE.copy()
    W.flags.writeable = False

    check_equivalence(W, [0, 0, 3], padding_idx=0)

    assert np.array_equal(W, SMALLEST_TABLE)


def test_a_seeded_table_is_the_one_that_torch_starts_a_layer_with():
    torch.manual_seed(7)
    layer = torch.nn.Embedding(4, 5)

    assert np.array_equal(seeded_table(4, 5, seed=7), layer.weight.detach().numpy())


def test_one_hot_rows_as_they_come_are_whole_numbers_that_no_product_takes():
    trap = one_hot_dtype_error(SMALLEST_TABLE, [2, 3, 1])

    assert trap.dtype == "int64"
    assert "same dtype" in trap.message
    assert (trap.bytes_as_given, trap.bytes_as_float32) == (3 * 4 * 8, 3 * 4 * 4)


@pytest.mark.parametrize(
    ("W", "ids", "sentence"),
    [
        (SMALLEST_TABLE, [], "Give at least one id"),
        (SMALLEST_TABLE, [4], "id 4 is outside the vocabulary"),
        (SMALLEST_TABLE, [[0, -1]], "id -1 is outside the vocabulary"),
        (SMALLEST_TABLE, [0.5], "ids must be whole numbers"),
        (SMALLEST_TABLE, [[0], [1, 2]], "lists of the same length"),
        (SMALLEST_TABLE, [[[0]]], r"not of shape \(1, 1, 1\)"),
        (SMALLEST_TABLE, 2, r"not of shape \(\)"),
        ([[1, np.nan]], [0], "W: there is NaN"),
        ([1, 2], [0], "W must be a table"),
    ],
)
@pytest.mark.parametrize("check", [check_equivalence, sparse_gradient, one_hot_dtype_error])
def test_what_cannot_be_looked_up_is_refused(check, W, ids, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        check(W, ids)


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        (lambda: check_equivalence(SMALLEST_TABLE, [0], "int8"), "no type 'int8' here. There are: float32"),
        (lambda: check_equivalence(SMALLEST_TABLE, [0], padding_idx=4), "The padding id must be"),
        (lambda: check_bags(SMALLEST_TABLE, [[0]], "max"), "no mode 'max'. There are: sum, mean"),
        (lambda: check_bags(SMALLEST_TABLE, []), "at least one bag"),
        (lambda: check_bags(SMALLEST_TABLE, [[0], [4]]), "id 4 is outside"),
        (lambda: seeded_table(0, 5), "The vocabulary size"),
    ],
)
def test_what_is_not_offered_is_refused_with_what_is(check, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        check()


@pytest.mark.parametrize(
    "check",
    [
        lambda: check_equivalence(np.ones((100, 5)), [1, 2]),
        lambda: sparse_gradient(np.ones((100, 5)), [1, 2]),
        lambda: check_bags(np.ones((100, 5)), [[1, 2]]),
        lambda: one_hot_dtype_error(np.ones((100, 5)), [1, 2]),
        lambda: seeded_table(100, 5),
    ],
)
def test_more_than_fits_in_memory_is_refused_before_it_begins(check, monkeypatch):
    monkeypatch.setattr("embeddings.lookup.variants.allowed_bytes", lambda device: 1_000)
    for name in ("tensor", "from_numpy", "randn"):
        monkeypatch.setattr(torch, name, lambda *_, **__: pytest.fail("allocated"))

    with pytest.raises(TooLarge, match=r"100 × 5|2 × 100") as caught:
        check()

    assert caught.value.needed > caught.value.allowed == 1_000


def test_the_module_says_how_many_bytes_it_compares_with():
    assert equivalence.equivalence_bytes(4, 5, 3) == 4 * 14 * 20 + 12 * 12 + 48 * 15


@pytest.mark.parametrize("dtype", EQUIVALENCE_DTYPES)
def test_the_bytes_of_a_type_are_those_of_torch(dtype):
    assert bytes_in(dtype, 20) == torch.zeros(20, dtype=getattr(torch, dtype)).nbytes


def test_a_type_that_is_not_there_has_no_bytes():
    with pytest.raises(InvalidInput, match="There is no type 'int7' here"):
        bytes_in("int7", 1)
