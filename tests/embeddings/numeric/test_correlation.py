import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from embeddings.numeric.correlation import pearson, spearman

NUMBERS = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=2, max_size=30)


@given(NUMBERS)
def test_correlations_are_those_of_scipy_ties_and_all(pairs):
    x, y = zip(*pairs, strict=True)
    if len(set(x)) == 1 or len(set(y)) == 1:
        assert math.isnan(pearson(x, y)) and math.isnan(spearman(x, y))
        return
    assert pearson(x, y) == pytest.approx(stats.pearsonr(x, y).statistic, abs=1e-12)
    assert spearman(x, y) == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-12)


def test_any_rising_curve_has_the_rank_correlation_of_a_line_and_none_of_its_own():
    x = np.arange(1, 20)

    assert spearman(x, np.exp(x)) == pytest.approx(1)
    assert pearson(x, np.exp(x)) < 0.8


@pytest.mark.parametrize("numbers", [[], [1]])
def test_too_few_numbers_go_along_with_nothing(numbers):
    assert math.isnan(pearson(numbers, numbers)) and math.isnan(spearman(numbers, numbers))
