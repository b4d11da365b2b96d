import numpy as np
import pytest

from embeddings.common.errors import InvalidInput
from embeddings.similarity.row_lengths import longest_rows, shortest_rows, unused_rows
from embeddings.sources.registry import load
from embeddings.vectors.word_vectors import WordVectors

TOY = WordVectors.of("toy", ["a", "b", "[unused1]", "[unused2]"], np.diag([4.0, 1.0, 2.0, 1.0]))


def test_rows_are_sorted_by_their_length():
    assert longest_rows(TOY, 2) == [("a", 4), ("[unused1]", 2)]
    assert shortest_rows(TOY, 3) == [("b", 1), ("[unused2]", 1), ("[unused1]", 2)]
    with pytest.raises(InvalidInput, match="n must be a whole number from 1 to 4"):
        longest_rows(TOY, 5)


def test_unused_rows_are_those_that_are_called_so():
    marked = WordVectors.of("toy", [*TOY.tokens, "[MASK]"], np.vstack([TOY.matrix, [[0.0, 0.5, 0.0, 0.0]]]))
    assert unused_rows(marked).as_short == ("b",)
    found = unused_rows(TOY)
    assert (found.count, found.length, found.other_length, found.as_short) == (2, 1.5, 2.5, ("b",))
    with pytest.raises(InvalidInput, match=r"few has no tokens beside such as \[unused0\]"):
        unused_rows(WordVectors.of("few", ["[unused1]"], np.eye(1)))


def test_minilms_unused_rows_are_short_and_some_ordinary_ones_are_as_short():
    found = unused_rows(load("minilm-wordpiece"))
    assert found.count == 994
    assert (found.length, found.other_length) == pytest.approx((0.455, 1.086), abs=0.001)
    assert len(found.as_short) > 60
