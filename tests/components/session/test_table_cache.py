"""The tables that the pages share."""

from components.session.table_cache import word_vectors
from embeddings.sources import DEFAULT


def test_the_usual_table_is_in_memory_once_however_it_is_asked_for():
    assert word_vectors() is word_vectors(DEFAULT) is word_vectors(name=DEFAULT)
