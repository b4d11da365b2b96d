"""The rows of a table, dealt out to the wrong words."""

import numpy as np
import pytest

from embeddings.common import InvalidInput
from embeddings.evaluation import shuffled
from embeddings.vectors import WordVectors

TABLE = WordVectors.of("toy", [f"word{row}" for row in range(50)], np.arange(100, dtype=np.float32).reshape(50, 2))


def test_the_rows_stay_and_are_not_copied_while_their_words_change():
    mixed = shuffled(TABLE, 40)
    assert np.shares_memory(mixed.matrix, TABLE.matrix)
    assert mixed.matrix.tolist() == TABLE.matrix[:40].tolist()
    assert sorted(mixed.tokens) == sorted(TABLE.tokens[:40])
    assert mixed.tokens != TABLE.tokens[:40]


def test_the_same_seed_deals_alike_and_another_otherwise():
    assert shuffled(TABLE, 50, seed=3).tokens == shuffled(TABLE, 50, seed=3).tokens
    assert shuffled(TABLE, 50, seed=3).tokens != shuffled(TABLE, 50, seed=4).tokens


@pytest.mark.parametrize(("limit", "seed"), [(0, 0), (10, -1)])
def test_what_is_out_of_range_is_refused(limit, seed):
    with pytest.raises(InvalidInput):
        shuffled(TABLE, limit, seed)
