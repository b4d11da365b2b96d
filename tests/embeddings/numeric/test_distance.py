import numpy as np
import pytest

from embeddings.numeric.distance import cosine, cosines, mean_cosine, pairwise_cosines, unit_rows

ROWS = np.random.default_rng(0).normal(size=(20, 7))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_unit_rows_have_length_one_and_keep_their_dtype_and_a_row_of_zeros_stays(dtype):
    rows = np.vstack([ROWS, np.zeros((1, 7))]).astype(dtype)

    units = unit_rows(rows)

    assert units.dtype == dtype
    np.testing.assert_allclose(np.linalg.norm(units, axis=1), [1] * 20 + [0], rtol=1e-6)
    np.testing.assert_allclose(units * np.linalg.norm(rows, axis=1, keepdims=True), rows, rtol=1e-6)


def test_cosines_with_one_vector_and_with_a_row_each_are_the_products_of_unit_rows():
    others = ROWS[::-1]
    expected = unit_rows(ROWS) @ unit_rows(others).T

    np.testing.assert_allclose(cosines(ROWS, others), np.diag(expected), atol=1e-12)
    np.testing.assert_allclose(cosines(ROWS, others[3]), expected[:, 3], atol=1e-12)
    assert cosine(ROWS[0], others[3]) == pytest.approx(expected[0, 3])
    assert mean_cosine(ROWS, others) == pytest.approx(np.diag(expected).mean())


def test_a_cosine_never_passes_one_and_is_zero_beside_zeros():
    doubled = np.outer(np.arange(1, 21), ROWS[0])

    assert cosines(doubled, ROWS[0]).max() <= 1
    assert cosines(np.zeros((2, 7)), ROWS[0]).tolist() == cosines(ROWS[:2], np.zeros((2, 7))).tolist() == [0, 0]
    assert cosine(ROWS[0], np.zeros(7)) == 0


def test_the_cosines_of_all_pairs_are_those_of_each_row_with_all():
    rows = np.vstack([ROWS, np.zeros((1, 7))])

    found = pairwise_cosines(rows)

    np.testing.assert_allclose(found, np.stack([cosines(rows, row) for row in rows]), atol=1e-12)
    assert np.abs(found).max() <= 1
