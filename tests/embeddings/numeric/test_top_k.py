import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.numeric.top_k import top_k


@given(st.integers(1, 5_000), st.integers(1, 40), st.integers(1, 50), st.integers(0, 2**32 - 1))
def test_the_largest_are_those_that_sorting_them_all_finds(size, n, different, seed):
    scores = np.random.default_rng(seed).integers(0, different, size).astype(np.float32)

    assert top_k(scores, n).tolist() == np.argsort(-scores, kind="stable")[:n].tolist()


@pytest.mark.parametrize("place", [0, 199, 200, 2_000, 2_002])
def test_the_largest_is_found_wherever_it_stands(place):
    scores = np.zeros(2_003, dtype=np.float32)
    scores[place] = 1

    assert top_k(scores, 1).tolist() == [place]
