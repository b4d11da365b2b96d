import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from embeddings.numeric import largest_difference, nonzero_rows

NUMBERS = arrays(np.float64, (3, 4, 2), elements=st.integers(-3, 3).map(float))


@given(NUMBERS)
def test_the_largest_difference_is_that_of_any_two_in_any_place(three):
    assert largest_difference(three) == max(np.abs(a - b).max() for a in three for b in three)
    assert largest_difference([three[0], three[0]]) == 0


@given(NUMBERS)
def test_rows_with_anything_in_them_are_those_of_some_length(three):
    assert nonzero_rows(three[0]) == np.flatnonzero(np.linalg.norm(three[0], axis=1) > 0).tolist()
