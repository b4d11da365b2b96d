"""Which words are suggested while typing."""

import numpy as np

from components.word_choice import suggestions
from embeddings.word_vectors import WordVectors


def test_a_word_stands_before_the_longer_ones_that_begin_with_it():
    table = WordVectors.of("toy", ["catholic", "the", "cat", "3rd", "at"], np.eye(5))
    assert suggestions(table) == ["cat", "catholic", "the"]
